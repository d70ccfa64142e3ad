/*
 * Tests that functions have the layout that funcset.c expects. The version of wasmtime is pinned, but the engine may
 * have been built from other sources, or by a compiler that orders fields differently. With another layout, one
 * function could get two identities, or two functions the same identity. Once in each process, before the first module
 * is used, this file therefore compares functions that are known to be the same or different.
 */
#include "backend.h"

#include <stdatomic.h>

/* (module (import "" "" (func)) (import "" "" (func)) (export "a" (func 0)) (export "b" (func 1))
 *   (func (export "c")) (func (export "d") nop)) */
static const uint8_t bytes[] = {
    0,  'a', 's', 'm', 1,   0,  0, 0,                                         /* header */
    1,  4,   1,   96,  0,   0,                                                /* types */
    2,  9,   2,   0,   0,   0,  0, 0, 0,   0,  0,                             /* imports */
    3,  3,   2,   0,   0,                                                     /* functions */
    7,  17,  4,   1,   'a', 0,  0, 1, 'b', 0,  1, 1, 'c', 0, 2, 1, 'd', 0, 3, /* exports */
    10, 8,   2,   2,   0,   11, 3, 0, 1,   11,                                /* code */
};

enum { A, B, C, D, FUNCS };

static wasm_trap_t *nothing(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t count)
{
    (void)env;
    (void)caller;
    (void)values;
    (void)count;
    return NULL;
}

/* Makes an instance and looks up its functions. */
static bool instantiate(wasmtime_context_t *context, const wrl_wasmtime_module_t *module,
                        const wasmtime_extern_t imports[2], const void *funcs[FUNCS])
{
    static const char names[] = {'a', 'b', 'c', 'd'};
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = wrl__wasmtime_instance_new(context, module, imports, 2, &instance, &trap);
    if (error != NULL) {
        wasmtime_error_delete(error);
    }
    if (trap != NULL) {
        wasm_trap_delete(trap);
    }
    if (error != NULL || trap != NULL) {
        return false;
    }
    for (size_t i = 0; i < FUNCS; i++) {
        wasmtime_extern_t found;
        if (!wasmtime_instance_export_get(context, &instance, &names[i], 1, &found) ||
            found.kind != WASMTIME_EXTERN_FUNC) {
            return false;
        }
        funcs[i] = found.of.func.__private;
    }
    return true;
}

static bool compare(wasmtime_context_t *context, const wrl_wasmtime_module_t *module)
{
    wasm_functype_t *type = wasm_functype_new_0_0();
    wasmtime_extern_t imports[2] = {{.kind = WASMTIME_EXTERN_FUNC}, {.kind = WASMTIME_EXTERN_FUNC}};
    for (size_t i = 0; i < 2; i++) {
        wasmtime_func_new_unchecked(context, type, nothing, NULL, NULL, &imports[i].of.func);
    }
    wasm_functype_delete(type);
    const void *first[FUNCS], *second[FUNCS];
    if (!instantiate(context, module, imports, first) || !instantiate(context, module, imports, second)) {
        return false;
    }
    return wt_funcset_same(first[A], imports[0].of.func.__private) && wt_funcset_same(first[A], second[A]) &&
           wt_funcset_same(first[B], second[B]) && wt_funcset_same(first[C], first[C]) &&
           !wt_funcset_same(first[A], first[B]) && !wt_funcset_same(first[A], first[C]) &&
           !wt_funcset_same(first[C], first[D]) && !wt_funcset_same(first[C], second[C]);
}

bool wt_layout_is_known(const wt_engine_t *engine)
{
    static atomic_bool is_known;
    if (atomic_load_explicit(&is_known, memory_order_relaxed)) {
        return true;
    }
    wrl_wasmtime_module_t *module = NULL;
    wasmtime_error_t *error = wrl__wasmtime_module_new(engine->engine, bytes, sizeof(bytes), &module);
    if (error != NULL) {
        wasmtime_error_delete(error);
        return false;
    }
    wasmtime_store_t *store = wasmtime_store_new(engine->engine, NULL, NULL);
    bool is_same = compare(wasmtime_store_context(store), module);
    wrl__wasmtime_store_delete(store);
    wrl__wasmtime_module_delete(module);
    if (is_same) {
        atomic_store_explicit(&is_known, true, memory_order_relaxed);
    }
    return is_same;
}
