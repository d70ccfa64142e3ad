/* Call adapters, which call guest functions: (store, ref, slots), see wrl__jsb_signature_entry. This file also makes
 * modules that check whether a function has a signature. */
#include "adapter.h"

/* The callee may change its copy of the function's identity (wrl_backend_ref_t). The adapter stores two values in this
 * copy: the top of the slot stack and the number of calls in progress. JS restores the top after an exception. */
enum { REF_INDEX = 0, REF_TOP = 4, REF_CALLS = 8 };

/* The name of the adapter's function, by which JS recognizes the function's frames (glue.c). */
static const char *const call_name = "wrl:call";

static void import_funcs(wrl_writer_t *out)
{
    static const uint8_t type[] = {CODE_FUNCREF, 0, 1};
    wrl__jsb_import(out, "F", KIND_TABLE);
    wrl__put_all(out, type, sizeof type);
}

/* Begins the type section with the signature's types. `others` more types follow. wrl__put_end ends the section. */
static size_t begin_types(wrl_writer_t *out, const js_signature_t *signature, uint32_t others)
{
    size_t section = wrl__jsb_begin_section(out, SECTION_TYPE, signature->group_count + others);
    if (signature->types) {
        wrl__put_all(out, signature->types->bytes, signature->types->size);
    } else {
        wrl__jsb_put_func_type(out, signature);
    }
    return section;
}

static void put_call_body(wrl_writer_t *out, const js_signature_t *signature)
{
    const frame_t frame = {CALL_SLOTS, 0, false};
    size_t body = wrl__put_begin(out);
    wrl__put_u32(out, (uint32_t)signature->result_count);
    for (size_t i = 0; i < signature->result_count; i++) {
        wrl__put(out, 1);
        wrl__jsb_put_type(out, &signature->values[signature->param_count + i]);
    }
    wrl__jsb_put_probe(out, &frame, signature->values + signature->param_count, signature->result_count);
    op(out, OP_LOCAL_GET, CALL_REF);
    wrl__jsb_load_i32(out, wrl__jsb_top_place());
    access(out, OP_I32_STORE, 2, REF_TOP);
    op(out, OP_LOCAL_GET, CALL_REF);
    wrl__jsb_load_i32(out, wrl__jsb_calls_place());
    access(out, OP_I32_STORE, 2, REF_CALLS);
    for (size_t i = 0; i < signature->param_count; i++) {
        wrl__jsb_load_slot(out, &frame, &signature->values[i], i);
    }
    op(out, OP_LOCAL_GET, CALL_REF);
    access(out, OP_I32_LOAD, 2, REF_INDEX);
    op(out, OP_CALL_INDIRECT, signature->type);
    wrl__put(out, 0);
    for (size_t i = signature->result_count; i-- > 0;) {
        op(out, OP_LOCAL_SET, (uint32_t)(CALL_PARAMS + i));
    }
    for (size_t i = 0; i < signature->result_count; i++) {
        wrl__jsb_store_slot(out, &frame, &signature->values[signature->param_count + i], i,
                            (uint32_t)(CALL_PARAMS + i));
    }
    wrl__put(out, OP_END);
    wrl__put_end(out, body);
}

int wrl__jsb_compile_call(const wrl_core_t *core, const js_signature_t *signature)
{
    static const uint8_t call_type[] = {TYPE_FUNC, 3, CODE_I32, CODE_I32, CODE_I32, 0};
    wrl_writer_t out = {.core = core};
    uint32_t count = wrl__jsb_count_converters(signature);
    uint32_t type = signature->type_count;
    wrl__put_header(&out);
    size_t section = begin_types(&out, signature, 1 + count);
    wrl__put_all(&out, call_type, sizeof call_type);
    wrl__jsb_put_converter_types(&out, count);
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_IMPORT, 2 + count);
    wrl__jsb_import_memory(&out);
    import_funcs(&out);
    wrl__jsb_import_converters(&out, count, type + 1);
    wrl__put_end(&out, section);
    wrl__jsb_put_functions(&out, 1, type, true);
    section = wrl__jsb_begin_section(&out, SECTION_EXPORT, 1);
    wrl__jsb_put_export(&out, "c", KIND_FUNC, count);
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_CODE, 1);
    put_call_body(&out, signature);
    wrl__put_end(&out, section);
    wrl__put_names(&out, count, 1, &call_name, 0);
    return wrl__jsb_compile(&out);
}

int wrl__jsb_compile_check(const wrl_core_t *core, const js_signature_t *signature)
{
    wrl_writer_t out = {.core = core};
    wrl__put_header(&out);
    size_t section = wrl__jsb_begin_section(&out, SECTION_TYPE, 1);
    wrl__jsb_put_func_type(&out, signature);
    wrl__put_end(&out, section);
    section = wrl__jsb_begin_section(&out, SECTION_IMPORT, 1);
    wrl__jsb_import_func(&out, "f", 0);
    wrl__put_end(&out, section);
    return wrl__jsb_compile(&out);
}
