/* How engines are configured. The benchmark configures its own likewise. */
#include "config.h"

/*
 * How much of the native stack one outermost call may take, guest frames and the host's frames between them together.
 * wasmtime's own 512 KiB would let deep re-entry through larger host functions end in a stack overflow well before the
 * core's limit; common threads have 2 MiB or more.
 */
#define WT_STACK_SIZE ((size_t)1024 * 1024)

wasm_config_t *wt_config(void)
{
    wasm_config_t *config = wasm_config_new();
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
    return config;
}
