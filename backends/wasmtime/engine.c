/* Engines and their configuration. */
#include "backend.h"

/*
 * How much of the native stack one outermost call may take, guest frames and the host's frames between them together.
 * wasmtime's own 512 KiB would let deep re-entry through larger host functions end in a stack overflow well before the
 * core's limit; common threads have 2 MiB or more.
 */
#define WT_STACK_SIZE ((size_t)1024 * 1024)

static void configure(wasm_config_t *config)
{
    wasmtime_config_max_wasm_stack_set(config, WT_STACK_SIZE);
    wasmtime_config_wasm_reference_types_set(config, true);
    wasmtime_config_wasm_function_references_set(config, true);
    wasmtime_config_wasm_gc_set(config, true);
    wasmtime_config_wasm_exceptions_set(config, true);
    wasmtime_config_wasm_simd_set(config, true);
    wasmtime_config_wasm_relaxed_simd_set(config, true);
    wasmtime_config_wasm_bulk_memory_set(config, true);
    wasmtime_config_wasm_multi_value_set(config, true);
    wasmtime_config_wasm_multi_memory_set(config, true);
    wasmtime_config_wasm_memory64_set(config, true);
    wasmtime_config_wasm_tail_call_set(config, true);
    wasmtime_config_wasm_custom_page_sizes_set(config, true);
    wasmtime_config_wasm_wide_arithmetic_set(config, true);
#ifdef WASMTIME_FEATURE_THREADS
    wasmtime_config_wasm_threads_set(config, true);
    wasmtime_config_shared_memory_set(config, true);
#endif
#ifdef WASMTIME_FEATURE_PARALLEL_COMPILATION
    wasmtime_config_parallel_compilation_set(config, true);
#endif
    /* Signals rather than Mach ports, so that several engines in one process see the same kind of trap handling. */
    wasmtime_config_macos_use_mach_ports_set(config, false);
}

wrl_error_t *wt_engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    (void)config;
    wt_engine_t *self = core->alloc(sizeof(*self));
    if (self == NULL) {
        return wt_plain_error(core, WRL_ERROR_OUT_OF_MEMORY);
    }
    wasm_config_t *engine_config = wasm_config_new();
    configure(engine_config);
    self->core = core;
    self->engine = wasm_engine_new_with_config(engine_config);
    *engine = self;
    return NULL;
}

void wt_engine_delete(void *engine)
{
    wt_engine_t *self = engine;
    wasm_engine_delete(self->engine);
    self->core->free(self);
}

void wt_engine_features(void *engine, uint64_t features[2])
{
    static const wrl_feature_t all[] = {
        WRL_FEATURE_MUTABLE_GLOBALS,
        WRL_FEATURE_SIGN_EXTENSION,
        WRL_FEATURE_SATURATING_FLOAT,
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
    };
    (void)engine;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        features[all[i] / 64] |= (uint64_t)1 << (all[i] % 64);
    }
}
