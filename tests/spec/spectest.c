#include "spectest.h"

#include <string.h>

typedef struct context {
    const wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_imports_t *imports;
} context_t;

static wrl_error_t *define(const context_t *context, const char *name, wrl_extern_t item)
{
    return wrl_imports_define(context->imports, "spectest", name, item);
}

/* ---- Functions. They print nothing, since the tests check no output. ---- */

static wrl_error_t *print(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                          size_t result_count)
{
    (void)env;
    (void)caller;
    (void)args;
    (void)arg_count;
    (void)results;
    (void)result_count;
    return NULL;
}

static wrl_error_t *define_functions(const context_t *context)
{
    static const wrl_valtype_t i32[] = {WRL_TYPE_I32};
    static const wrl_valtype_t i64[] = {WRL_TYPE_I64};
    static const wrl_valtype_t f32[] = {WRL_TYPE_F32};
    static const wrl_valtype_t f64[] = {WRL_TYPE_F64};
    static const wrl_valtype_t i32_f32[] = {WRL_TYPE_I32, WRL_TYPE_F32};
    static const wrl_valtype_t f64_f64[] = {WRL_TYPE_F64, WRL_TYPE_F64};
    static const struct {
        const char *name;
        const wrl_valtype_t *params;
        size_t count;
    } functions[] = {
        {"print", NULL, 0},    {"print_i32", i32, 1},         {"print_i64", i64, 1},         {"print_f32", f32, 1},
        {"print_f64", f64, 1}, {"print_i32_f32", i32_f32, 2}, {"print_f64_f64", f64_f64, 2},
    };
    wrl_error_t *error = NULL;
    for (size_t i = 0; !error && i < sizeof(functions) / sizeof(functions[0]); i++) {
        const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(functions[i].params, functions[i].count), WRL_NO_TYPES);
        wrl_func_t func;
        error = wrl_func_new(context->store, &type, print, NULL, NULL, &func);
        if (!error) {
            error = define(context, functions[i].name, wrl_extern_from_func(func));
        }
    }
    return error;
}

/* ---- Globals ---- */

static wrl_error_t *define_globals(const context_t *context)
{
    const struct {
        const char *name;
        wrl_val_t value;
    } globals[] = {
        {"global_i32", WRL_I32(666)},
        {"global_i64", WRL_I64(666)},
        {"global_f32", WRL_F32(666.6F)},
        {"global_f64", WRL_F64(666.6)},
    };
    wrl_error_t *error = NULL;
    for (size_t i = 0; !error && i < sizeof(globals) / sizeof(globals[0]); i++) {
        const wrl_globaltype_t type = WRL_GLOBALTYPE(globals[i].value.kind, false);
        wrl_global_t global;
        error = wrl_global_new(context->store, &type, &globals[i].value, &global);
        if (!error) {
            error = define(context, globals[i].name, wrl_extern_from_global(global));
        }
    }
    return error;
}

/* ---- Tables and memories ---- */

static wrl_error_t *define_table(const context_t *context, const char *name, bool is_64)
{
    wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 10, 20);
    type.is_64 = is_64;
    const wrl_val_t initial = WRL_NULL_FUNCREF;
    wrl_table_t table;
    wrl_error_t *error = wrl_table_new(context->store, &type, &initial, &table);
    return error ? error : define(context, name, wrl_extern_from_table(table));
}

static wrl_error_t *define_memory(const context_t *context, const char *name, bool is_shared)
{
    wrl_memorytype_t type = WRL_MEMORYTYPE(1, 2);
    type.is_shared = is_shared;
    wrl_memory_t memory;
    wrl_error_t *error = wrl_memory_new(context->store, &type, &memory);
    return error ? error : define(context, name, wrl_extern_from_memory(memory));
}

wrl_error_t *spec_spectest_define(const wrl_engine_t *engine, wrl_store_t *store, wrl_imports_t *imports)
{
    const context_t context = {engine, store, imports};
    wrl_error_t *error = define_functions(&context);
    error = error ? error : define_globals(&context);
    error = error ? error : define_table(&context, "table", false);
    error = error ? error : define_memory(&context, "memory", false);
    if (!error && wrl_engine_supports(engine, WRL_FEATURE_MEMORY64)) {
        error = define_table(&context, "table64", true);
    }
    if (!error && wrl_engine_supports(engine, WRL_FEATURE_THREADS)) {
        error = define_memory(&context, "shared_memory", true);
    }
    return error;
}
