//! Instances.

use wasmtime_c_api::wasmtime::{Instance, Module};
use wasmtime_c_api::{WasmtimeStoreContextMut, wasm_trap_t, wasmtime_extern_t};

use crate::error::{Failure, guard_run};

/// `wasmtime_instance_new()`. An exception that leaves the start function is also reported in `trap`.
///
/// # Safety
///
/// `imports` points to `import_count` externs, unless `import_count` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmtime_instance_new(
    store: WasmtimeStoreContextMut<'_>,
    module: &Module,
    imports: *const wasmtime_extern_t,
    import_count: usize,
    instance: &mut Instance,
    trap: &mut *mut wasm_trap_t,
) -> Failure {
    guard_run(trap, || {
        let mut externs = Vec::with_capacity(import_count);
        for i in 0..import_count {
            // SAFETY: the caller's promise.
            externs.push(unsafe { (*imports.add(i)).to_extern() });
        }
        *instance = Instance::new(store, module, &externs)?;
        Ok(())
    })
}
