//! Growth of memories and tables.

use wasmtime_c_api::wasmtime::{Error, Memory, RootScope, SharedMemory, Table};
use wasmtime_c_api::{WasmtimeStoreContextMut, wasmtime_val_t};

use crate::error::{Failure, guard};

/// `wasmtime_memory_grow()`.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_memory_grow(
    store: WasmtimeStoreContextMut<'_>,
    memory: &Memory,
    delta: u64,
    previous: &mut u64,
) -> Failure {
    guard(|| {
        *previous = memory.grow(store, delta)?;
        Ok(())
    })
}

/// `wasmtime_sharedmemory_grow()`.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_sharedmemory_grow(memory: &SharedMemory, delta: u64, previous: &mut u64) -> Failure {
    guard(|| {
        *previous = memory.grow(delta)?;
        Ok(())
    })
}

/// `wasmtime_table_grow()`.
///
/// # Safety
///
/// `initial` is a value of the store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmtime_table_grow(
    mut store: WasmtimeStoreContextMut<'_>,
    table: &Table,
    delta: u64,
    initial: &wasmtime_val_t,
    previous: &mut u64,
) -> Failure {
    guard(|| {
        let mut scope = RootScope::new(&mut store);
        // SAFETY: the caller's promise.
        let initial = unsafe { initial.to_val(&mut scope) };
        let initial = initial.ref_().ok_or_else(|| Error::msg("the value is not a reference"))?;
        *previous = table.grow(&mut scope, delta, initial)?;
        Ok(())
    })
}
