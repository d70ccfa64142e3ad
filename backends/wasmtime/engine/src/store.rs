//! Stores.

use wasmtime_c_api::wasmtime::{ResourceLimiter, Result};
use wasmtime_c_api::wasmtime_store_t;

use crate::error::guard_value;
use crate::layout;

/// Growing a table writes to every new element, so that a guest could exhaust the host's memory with a single
/// instruction. So many elements are 1 GiB.
const MAX_TABLE_ELEMENTS: usize = 1 << 27;

/// Numbers of instances, memories and tables are not ours to limit; wasmtime would stop at 10,000.
struct Limiter;

/// Whether the host has memory for that many elements. wasmtime's table takes twice what it has, if that is more.
fn has_memory(current: usize, desired: usize) -> bool {
    let mut probe: Vec<usize> = Vec::new();
    probe.try_reserve_exact(desired.max(current.saturating_mul(2))).is_ok()
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }

    /// To a guest, false is a table.grow that returns -1. A table that finds no memory once it was true is a trap.
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

/// Limits what the guests of a store may take.
#[unsafe(no_mangle)]
pub extern "C" fn wrl_wasmtime_store_limit(store: &mut wasmtime_store_t) {
    guard_value((), || {
        // It has no size, so nothing is allocated, and nothing leaks.
        layout::store(store).limiter(|_data| Box::leak(Box::new(Limiter)));
    });
}

/// `wasmtime_store_delete()`.
#[unsafe(no_mangle)]
pub extern "C" fn wrl_wasmtime_store_delete(store: Box<wasmtime_store_t>) {
    guard_value((), || drop(store));
}
