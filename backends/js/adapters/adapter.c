/* Adapters: small wasm modules between the program and guests. They import the program's memory, and load and store
 * slots in it. One module serves all functions of a signature. */
#include "adapter.h"

#include "glue.h"
#include "module_glue.h"

const js_refs_t *wrl__jsb_refs;

static unsigned type_code(wrl_valkind_t kind)
{
    static const uint8_t codes[] = {0, CODE_I32, CODE_I64, CODE_F32, CODE_F64, CODE_V128, CODE_FUNCREF, CODE_EXTERNREF};
    return codes[kind];
}

void wrl__jsb_put_type(wrl_writer_t *out, const wrl_valtype_t *type)
{
    if (type->kind == WRL_VALKIND_REF) {
        wrl__put(out, type->flags & WRL_VALTYPE_NULLABLE ? CODE_REF_NULL : CODE_REF);
        wrl__put_i32(out, type->heap);
    } else {
        wrl__put(out, type_code(type->kind));
    }
}

void wrl__jsb_access_number(wrl_writer_t *out, wrl_valkind_t kind, bool store, uint32_t offset)
{
    /* The opcodes of the loads of i32, i64, f32 and f64 are consecutive, and so are those of the stores. */
    static const uint8_t aligns[] = {0, 2, 3, 2, 3};
    if (kind == WRL_VALKIND_V128) {
        wrl__put(out, OP_SIMD);
        access(out, store ? 11 : 0, 3, offset);
    } else {
        access(out, (store ? OP_I32_STORE : OP_I32_LOAD) + kind - WRL_VALKIND_I32, aligns[kind], offset);
    }
}

/* ---- Sections ---- */

size_t wrl__jsb_begin_section(wrl_writer_t *out, unsigned id, uint32_t count)
{
    wrl__put(out, id);
    size_t section = wrl__put_begin(out);
    wrl__put_u32(out, count);
    return section;
}

void wrl__jsb_put_functions(wrl_writer_t *out, uint32_t count, uint32_t type, bool same)
{
    size_t section = wrl__jsb_begin_section(out, SECTION_FUNCTION, count);
    for (uint32_t i = 0; i < count; i++) {
        wrl__put_u32(out, same ? type : type + i);
    }
    wrl__put_end(out, section);
}

void wrl__jsb_put_export(wrl_writer_t *out, const char *name, unsigned kind, uint32_t index)
{
    wrl__put_text(out, name);
    wrl__put(out, kind);
    wrl__put_u32(out, index);
}

/* ---- Converters: imported functions that convert references ---- */

/* Their import names and types. */
static const struct {
    char name[2];
    uint8_t type_size;
    uint8_t type[7];
} converters[] = {
    {"p", 4, {TYPE_FUNC, 1, CODE_I32, 0}},
    {"d", 5, {TYPE_FUNC, 1, CODE_I32, 1, CODE_EXTERNREF}},
    {"u", 6, {TYPE_FUNC, 3, CODE_EXTERNREF, CODE_I32, CODE_I32, 0}},
    {"g", 5, {TYPE_FUNC, 1, CODE_I32, 1, CODE_FUNCREF}},
    {"w", 6, {TYPE_FUNC, 3, CODE_FUNCREF, CODE_I32, CODE_I32, 0}},
    {"l", 6, {TYPE_FUNC, 2, CODE_I32, CODE_I32, 1, CODE_ANYREF}},
    {"k", 6, {TYPE_FUNC, 3, CODE_ANYREF, CODE_I32, CODE_I32, 0}},
    {"x", 6, {TYPE_FUNC, 2, CODE_I32, CODE_I32, 1, CODE_I32}},
    {"y", 6, {TYPE_FUNC, 2, CODE_I32, CODE_I32, 1, CODE_EXNREF}},
    {"z", 6, {TYPE_FUNC, 3, CODE_EXNREF, CODE_I32, CODE_I32, 0}},
};

/* Returns the converter that passes a reference of the type to the guest. The next converter passes one to the host. */
static uint32_t converter_of(const wrl_valtype_t *type)
{
    if (type->kind == WRL_VALKIND_REF) {
        return wrl__jsb_refs->converter(type);
    }
    return type->kind == WRL_VALKIND_FUNCREF ? CONVERT_FUNC : CONVERT_EXTERN;
}

void wrl__jsb_put_converter_types(wrl_writer_t *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        wrl__put_all(out, converters[i].type, converters[i].type_size);
    }
}

void wrl__jsb_import(wrl_writer_t *out, const char *name, unsigned kind)
{
    wrl__put_text(out, "e");
    wrl__put_text(out, name);
    wrl__put(out, kind);
}

void wrl__jsb_import_func(wrl_writer_t *out, const char *name, uint32_t type)
{
    wrl__jsb_import(out, name, KIND_FUNC);
    wrl__put_u32(out, type);
}

/* The program's memory is shared if it is linked with -pthread. All objects are then compiled with -pthread. */
#ifdef __wasm_atomics__
#define HAS_SHARED_MEMORY wrl__js_has_shared_memory()
#else
#define HAS_SHARED_MEMORY 0
#endif

void wrl__jsb_import_memory(wrl_writer_t *out)
{
    /* The minimum is 0 pages. A shared memory must have a maximum: 65,536 pages, the largest possible size. */
    static const uint8_t own[] = {0, 0}, shared[] = {3, 0, 0x80, 0x80, 4};
    wrl__jsb_import(out, "m", KIND_MEMORY);
    if (HAS_SHARED_MEMORY) {
        wrl__put_all(out, shared, sizeof shared);
    } else {
        wrl__put_all(out, own, sizeof own);
    }
}

void wrl__jsb_import_converters(wrl_writer_t *out, uint32_t count, uint32_t type)
{
    for (uint32_t i = 0; i < count; i++) {
        wrl__jsb_import_func(out, converters[i].name, type + i);
    }
}

/* ---- Values between slots and the operand stack ---- */

/* A call adapter receives the store as an argument. A shim loads it from its js_shims_t. */
void wrl__jsb_put_store(wrl_writer_t *out, const frame_t *frame)
{
    if (frame->is_host) {
        op(out, OP_GLOBAL_GET, 0);
        access(out, OP_I32_LOAD, 2, offsetof(js_shims_t, store));
    } else {
        op(out, OP_LOCAL_GET, CALL_STORE);
    }
}

void wrl__jsb_load_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index)
{
    uint32_t offset = (uint32_t)(SLOT * index);
    if (type->kind == WRL_VALKIND_REF) {
        wrl__jsb_refs->load(out, frame, type, index);
        return;
    }
    op(out, OP_LOCAL_GET, frame->slots);
    if (type->kind < WRL_VALKIND_FUNCREF) {
        wrl__jsb_access_number(out, type->kind, false, offset);
        return;
    }
    /* The value that externref_new returned is in words[1], which is zero for null as well. */
    access(out, OP_I32_LOAD, 2, type->kind == WRL_VALKIND_EXTERNREF ? offset + SLOT / 2 : offset);
    op(out, OP_CALL, frame->converters + converter_of(type));
}

void wrl__jsb_store_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index,
                         uint32_t local)
{
    uint32_t offset = (uint32_t)(SLOT * index);
    bool is_number = type->kind < WRL_VALKIND_FUNCREF;
    op(out, OP_LOCAL_GET, is_number ? frame->slots : local);
    op(out, OP_LOCAL_GET, is_number ? local : frame->slots);
    if (is_number) {
        wrl__jsb_access_number(out, type->kind, true, offset);
        return;
    }
    i32_const(out, offset);
    wrl__put(out, OP_I32_ADD);
    wrl__jsb_put_store(out, frame);
    op(out, OP_CALL, frame->converters + converter_of(type) + 1);
}

void wrl__jsb_put_probe(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind >= WRL_VALKIND_FUNCREF) {
            i32_const(out, 0);
            op(out, OP_CALL, frame->converters + CONVERT_PROBE);
            return;
        }
    }
}

void wrl__jsb_put_func_type(wrl_writer_t *out, const js_signature_t *signature)
{
    wrl__put(out, TYPE_FUNC);
    wrl__put_u32(out, (uint32_t)signature->param_count);
    for (size_t i = 0; i < signature->param_count; i++) {
        wrl__jsb_put_type(out, &signature->values[i]);
    }
    wrl__put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        wrl__jsb_put_type(out, &signature->values[signature->param_count + i]);
    }
}

uint32_t wrl__jsb_count_converters(const js_signature_t *signature)
{
    uint32_t count = 0;
    for (size_t i = 0; i < signature->param_count + signature->result_count; i++) {
        const wrl_valtype_t *type = &signature->values[i];
        uint32_t more = type->kind < WRL_VALKIND_FUNCREF    ? 0
                        : type->kind < WRL_VALKIND_REF      ? CONVERT_ANY
                        : converter_of(type) == CONVERT_EXN ? CONVERTERS
                                                            : CONVERT_EXN;
        count = more > count ? more : count;
    }
    return count;
}

void wrl__jsb_load_i32(wrl_writer_t *out, uint32_t place)
{
    i32_const(out, 0);
    access(out, OP_I32_LOAD, 2, place);
}

void wrl__jsb_put_end_guest(wrl_writer_t *out)
{
    access(out, OP_I32_STORE, 2, 0);
    wrl__put(out, OP_UNREACHABLE);
    wrl__put(out, OP_END);
}

int wrl__jsb_compile(wrl_writer_t *out)
{
    int module = out->failed ? 0 : wrl__js_compile(out->data, (int)out->size);
    out->core->free(out->data);
    return module;
}
