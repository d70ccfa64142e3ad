/* Accessors for globals with number types. JS would change the payload of a NaN, and has no v128. */
#include "adapter.h"

static void put_global_type(wrl_writer_t *out, const wrl_globaltype_t *type)
{
    wrl__jsb_put_type(out, &type->content);
    wrl__put(out, type->is_mutable);
}

static void put_constant(wrl_writer_t *out, wrl_valkind_t kind, const wrl_raw_t *value)
{
    switch (kind) {
    case WRL_VALKIND_F32:
        wrl__put(out, OP_F32_CONST);
        wrl__put_all(out, value->v128.bytes, 4);
        break;
    case WRL_VALKIND_F64:
        wrl__put(out, OP_F64_CONST);
        wrl__put_all(out, value->v128.bytes, 8);
        break;
    default:
        wrl__put(out, OP_SIMD);
        wrl__put(out, 12);
        wrl__put_all(out, value->v128.bytes, 16);
    }
    wrl__put(out, OP_END);
}

static void put_accessors(wrl_writer_t *out, wrl_valkind_t kind, bool is_mutable)
{
    size_t body = wrl__put_begin(out);
    wrl__put(out, 0);
    op(out, OP_LOCAL_GET, 0);
    op(out, OP_GLOBAL_GET, 0);
    wrl__jsb_access_number(out, kind, true, 0);
    wrl__put(out, OP_END);
    wrl__put_end(out, body);
    if (is_mutable) {
        body = wrl__put_begin(out);
        wrl__put(out, 0);
        op(out, OP_LOCAL_GET, 0);
        wrl__jsb_access_number(out, kind, false, 0);
        op(out, OP_GLOBAL_SET, 0);
        wrl__put(out, OP_END);
        wrl__put_end(out, body);
    }
}

int wrl__jsb_global_module(const wrl_core_t *core, const wrl_globaltype_t *type, const wrl_raw_t *value)
{
    static const uint8_t accessor_type[] = {TYPE_FUNC, 1, CODE_I32, 0};
    wrl_writer_t out = {.core = core};
    wrl_valkind_t kind = type->content.kind;
    uint32_t functions = type->is_mutable ? 2 : 1;
    wrl__put_header(&out);
    size_t section = wrl__jsb_begin_section(&out, SECTION_TYPE, 1);
    wrl__put_all(&out, accessor_type, sizeof accessor_type);
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_IMPORT, value ? 1 : 2);
    wrl__jsb_import_memory(&out);
    if (!value) {
        wrl__jsb_import(&out, "g", KIND_GLOBAL);
        put_global_type(&out, type);
    }
    wrl__put_end(&out, section);
    wrl__jsb_put_functions(&out, functions, 0, true);
    if (value) {
        section = wrl__jsb_begin_section(&out, SECTION_GLOBAL, 1);
        put_global_type(&out, type);
        put_constant(&out, kind, value);
        wrl__put_end(&out, section);
    }
    section = wrl__jsb_begin_section(&out, SECTION_EXPORT, functions + (value ? 1 : 0));
    wrl__jsb_put_export(&out, "get", KIND_FUNC, 0);
    if (type->is_mutable) {
        wrl__jsb_put_export(&out, "set", KIND_FUNC, 1);
    }
    if (value) {
        wrl__jsb_put_export(&out, "g", KIND_GLOBAL, 0);
    }
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_CODE, functions);
    put_accessors(&out, kind, type->is_mutable);
    wrl__put_end(&out, section);
    return wrl__jsb_compile(&out);
}
