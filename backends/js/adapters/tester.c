/*
 * Testers: how the backend finds out which of a guest's own types a function has. A module for each type would contain
 * all types each time, so one module tests for all of them: function i tests for type i. The functions are in a table,
 * and the exported function calls one of them.
 * (type …)                                 the guest's types
 * (type $test (func (param funcref) (result i32)))
 * (table funcref (elem …))
 * (func (type $test) (ref.test (ref $i) (local.get 0)))   for each type $i
 * (func (export "t") (param funcref i32) (result i32) (call_indirect (type $test) (local.get 0) (local.get 1)))
 */
#include "adapter.h"
#include "binary/scan.h"
#include "func_glue.h"
#include "glue.h"

static void put_types(wrl_writer_t *out, const js_module_t *module)
{
    static const uint8_t own[] = {TYPE_FUNC, 1, CODE_FUNCREF, 1, CODE_I32, TYPE_FUNC, 2, CODE_FUNCREF,
                                  CODE_I32,  1, CODE_I32};
    size_t section = wrl__jsb_begin_section(out, SECTION_TYPE, module->group_count + 2);
    wrl__put_all(out, module->types->bytes, module->types->size);
    wrl__put_all(out, own, sizeof own);
    wrl__put_end(out, section);
}

static void put_functions(wrl_writer_t *out, uint32_t count)
{
    size_t section = wrl__jsb_begin_section(out, SECTION_FUNCTION, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        wrl__put_u32(out, count);
    }
    wrl__put_u32(out, count + 1);
    wrl__put_end(out, section);
}

static void put_table(wrl_writer_t *out, uint32_t count)
{
    size_t section = wrl__jsb_begin_section(out, SECTION_TABLE, 1);
    wrl__put(out, CODE_FUNCREF);
    wrl__put(out, 0);
    wrl__put_u32(out, count);
    wrl__put_end(out, section);
    section = wrl__jsb_begin_section(out, SECTION_EXPORT, 1);
    wrl__jsb_put_export(out, "t", KIND_FUNC, count);
    wrl__put_end(out, section);
    section = wrl__jsb_begin_section(out, SECTION_ELEMENT, 1);
    wrl__put(out, 0);
    i32_const(out, 0);
    wrl__put(out, OP_END);
    wrl__put_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        wrl__put_u32(out, i);
    }
    wrl__put_end(out, section);
}

/* No function has a type that is none of functions. */
static void put_test(wrl_writer_t *out, uint32_t type, bool is_func)
{
    size_t body = wrl__put_begin(out);
    wrl__put(out, 0);
    if (is_func) {
        op(out, OP_LOCAL_GET, 0);
        wrl__put(out, OP_GC);
        wrl__put(out, GC_REF_TEST);
        wrl__put_i32(out, (int32_t)type);
    } else {
        i32_const(out, 0);
    }
    wrl__put(out, OP_END);
    wrl__put_end(out, body);
}

static void put_code(wrl_writer_t *out, const js_module_t *module)
{
    size_t section = wrl__jsb_begin_section(out, SECTION_CODE, module->type_count + 1);
    for (uint32_t i = 0; i < module->type_count; i++) {
        put_test(out, i, module->type_at[i] < WRL_SCAN_ARRAY);
    }
    size_t body = wrl__put_begin(out);
    wrl__put(out, 0);
    op(out, OP_LOCAL_GET, 0);
    op(out, OP_LOCAL_GET, 1);
    op(out, OP_CALL_INDIRECT, module->type_count);
    wrl__put(out, 0);
    wrl__put(out, OP_END);
    wrl__put_end(out, body);
    wrl__put_end(out, section);
}

static int compile(const js_module_t *module)
{
    wrl_writer_t out = {.core = module->core};
    wrl__put_header(&out);
    put_types(&out, module);
    put_functions(&out, module->type_count);
    put_table(&out, module->type_count);
    put_code(&out, module);
    return wrl__jsb_compile(&out);
}

int wrl__jsb_module_tester(js_module_t *module)
{
    if (!module->tester) {
        int compiled = compile(module);
        if (compiled) {
            module->tester = wrl__js_tester(compiled);
            wrl__js_release(compiled);
        }
    }
    return module->tester;
}
