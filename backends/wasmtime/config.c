/* The configuration of engines. The benchmark uses the same configuration. */
#include "config.h"

wasm_config_t *wt_config(size_t stack_size, bool fuel)
{
    wasm_config_t *config = wasm_config_new();
    wasmtime_config_max_wasm_stack_set(config, stack_size);
    wasmtime_config_consume_fuel_set(config, fuel);
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
    /* Signals instead of Mach ports, so that all engines in a process handle traps in the same way. */
    wasmtime_config_macos_use_mach_ports_set(config, false);
    return config;
}
