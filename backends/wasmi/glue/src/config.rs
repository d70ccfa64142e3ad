//! The configuration of engines. The benchmark uses the same configuration.

use wasmi::{CompilationMode, Config};

/// How deeply guest calls may nest within one call from the host. wasmi does not keep their frames on the native stack.
const MAX_RECURSION_DEPTH: usize = 16_384;
/// The size of the stack for the values of these calls, in bytes.
const MAX_STACK_HEIGHT: usize = 4 << 20;
/// How many unused stacks an engine keeps. Each call in progress uses one stack.
const MAX_CACHED_STACKS: usize = 16;

pub fn configure(fuel: bool) -> Config {
    let mut config = Config::default();
    config
        .wasm_mutable_global(true)
        .wasm_sign_extension(true)
        .wasm_saturating_float_to_int(true)
        .wasm_multi_value(true)
        .wasm_multi_memory(true)
        .wasm_bulk_memory(true)
        .wasm_reference_types(true)
        .wasm_tail_call(true)
        .wasm_extended_const(true)
        .wasm_custom_page_sizes(true)
        .wasm_memory64(true)
        .wasm_wide_arithmetic(true)
        .wasm_simd(true)
        .wasm_relaxed_simd(true)
        // The core reads custom sections itself.
        .ignore_custom_sections(true)
        .compilation_mode(CompilationMode::Eager);
    config.consume_fuel(fuel || cfg!(feature = "fuzz"));
    config.set_max_recursion_depth(MAX_RECURSION_DEPTH);
    config.set_max_stack_height(MAX_STACK_HEIGHT);
    config.set_max_cached_stacks(MAX_CACHED_STACKS);
    config
}
