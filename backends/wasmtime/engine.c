/* Engines. */
#include "backend.h"

/* In a call from a guest to a host function, the engine copies all parameters or results to the native stack, and may
 * spill each of them once more. It does not check how much stack is left, although the guest may have used its whole
 * share. VALUES_STACK is therefore added to that share. Host functions can be made while a guest runs, so VALUES_STACK
 * is large enough for any host function. */
enum { VALUES_STACK = sizeof(wasmtime_val_raw_t) * 2 * WRL_MAX_PARAMS };

wrl_error_t *wt_engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    wt_engine_t *self = core->alloc(sizeof(*self));
    if (self == NULL) {
        return wt_plain_error(core, WRL_ERROR_OUT_OF_MEMORY);
    }
    self->core = core;
    self->takes_fuel = config->fuel;
    self->stack_size = config->stack_size ? config->stack_size : WT_STACK_SIZE;
    wasmtime_error_t *error = wrl__wasmtime_engine_new(wt_config(self->stack_size, config->fuel), &self->engine);
    if (error != NULL) {
        core->free(self);
        return wt_error(core, WRL_ERROR_RESOURCE_LIMIT, error);
    }
    *engine = self;
    return NULL;
}

void wt_engine_delete(void *engine)
{
    wt_engine_t *self = engine;
    wasm_engine_delete(self->engine);
    self->core->free(self);
}

void wt_engine_stack(void *engine, size_t *call, size_t *compile)
{
    const wt_engine_t *self = engine;
    *call = self->stack_size + VALUES_STACK;
    /* Measured for the smallest modules: 136 KiB. */
    *compile = (size_t)192 * 1024;
}

void wt_engine_features(void *engine, uint64_t features[2])
{
    static const wrl_feature_t all[] = {
        WRL_FEATURE_MUTABLE_GLOBALS,
        WRL_FEATURE_SIGN_EXTENSION,
        WRL_FEATURE_SATURATING_FLOAT_TO_INT,
        WRL_FEATURE_MULTI_VALUE,
        WRL_FEATURE_BULK_MEMORY,
        WRL_FEATURE_REFERENCE_TYPES,
        WRL_FEATURE_SIMD,
        WRL_FEATURE_RELAXED_SIMD,
        WRL_FEATURE_EXTENDED_CONST,
        WRL_FEATURE_TAIL_CALL,
        WRL_FEATURE_MULTI_MEMORY,
        WRL_FEATURE_MEMORY64,
#ifdef WASMTIME_FEATURE_THREADS
        WRL_FEATURE_THREADS,
#endif
        WRL_FEATURE_EXCEPTIONS,
        WRL_FEATURE_FUNCTION_REFERENCES,
        WRL_FEATURE_GC,
        WRL_FEATURE_CUSTOM_PAGE_SIZES,
        WRL_FEATURE_WIDE_ARITHMETIC,
        WRL_FEATURE_EXECUTION,
        WRL_FEATURE_CALLER_EXPORTS,
        WRL_FEATURE_MEMORY_DATA,
        WRL_FEATURE_BACKTRACE,
        WRL_FEATURE_THREAD_SAFE,
        WRL_FEATURE_GC_REFERENCES,
        WRL_FEATURE_FUEL,
    };
    (void)engine;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        features[all[i] / 64] |= (uint64_t)1 << (all[i] % 64);
    }
}
