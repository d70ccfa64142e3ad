//! Stores.

use wasmtime_c_api::wasmtime::{ResourceLimiter, Result};
use wasmtime_c_api::wasmtime_store_t;

use crate::error::guard_value;
use crate::layout;

/// The largest size of a table, in elements: 1 GiB. Growing a table writes to every new element, so without this limit
/// a single instruction of a guest could exhaust the host's memory.
const MAX_TABLE_ELEMENTS: usize = 1 << 27;

/// The store's limits. There are none on the numbers of instances, memories and tables, for which wasmtime's default is
/// 10,000.
struct Limiter;

/// Whether the host has memory for that many elements. When a table grows, wasmtime at least doubles its allocation.
fn has_memory(current: usize, desired: usize) -> bool {
    let mut probe: Vec<usize> = Vec::new();
    probe.try_reserve_exact(desired.max(current.saturating_mul(2))).is_ok()
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }

    /// If this returns false, table.grow returns -1. If it returns true and the allocation fails, the guest traps.
    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let most = maximum.map_or(MAX_TABLE_ELEMENTS, |maximum| maximum.min(MAX_TABLE_ELEMENTS));
        Ok(desired <= most && has_memory(current, desired))
    }

    fn instances(&self) -> usize {
        usize::MAX
    }

    fn tables(&self) -> usize {
        usize::MAX
    }

    fn memories(&self) -> usize {
        usize::MAX
    }
}

/// Sets the limits of a store.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_store_limit(store: &mut wasmtime_store_t) {
    guard_value((), || {
        // Limiter has no size, so the box does not allocate, and nothing leaks.
        layout::store(store).limiter(|_data| Box::leak(Box::new(Limiter)));
    });
}

/// `wasmtime_store_delete()`.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_store_delete(store: Box<wasmtime_store_t>) {
    guard_value((), || drop(store));
}
