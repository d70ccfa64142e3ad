//! Modules. The C API's struct cannot be constructed outside of its crate, so a module is a `Module` of wasmtime's Rust
//! API.

use wasmtime_c_api::wasm_engine_t;
use wasmtime_c_api::wasmtime::Module;

use crate::error::{Failure, guard, guard_value};
use crate::layout;

/// `wasmtime_module_new()`. Panics of the threads that compile are resumed on the calling thread.
///
/// # Safety
///
/// `bytes` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmtime_module_new(
    engine: &wasm_engine_t,
    bytes: *const u8,
    size: usize,
    out: &mut *mut Module,
) -> Failure {
    guard(|| {
        // SAFETY: the caller's promise.
        let bytes = unsafe { std::slice::from_raw_parts(bytes, size) };
        *out = Box::into_raw(Box::new(Module::from_binary(layout::engine(engine), bytes)?));
        Ok(())
    })
}

/// `wasmtime_module_validate()`.
///
/// # Safety
///
/// `bytes` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmtime_module_validate(
    engine: &wasm_engine_t,
    bytes: *const u8,
    size: usize,
) -> Failure {
    guard(|| {
        // SAFETY: the caller's promise.
        let bytes = unsafe { std::slice::from_raw_parts(bytes, size) };
        Module::validate(layout::engine(engine), bytes)
    })
}

/// `wasmtime_module_delete()`.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_module_delete(module: Box<Module>) {
    guard_value((), || drop(module));
}
