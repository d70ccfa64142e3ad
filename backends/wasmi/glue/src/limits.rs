//! Limits on what a guest can take from the host.
//!
//! wasmi writes to every byte of a memory as soon as the memory has it. Where the host promises more than it has, the
//! allocation succeeds and the process is ended while it writes; so growth that the host cannot serve is refused first.

use std::fs;
use wasmi::ResourceLimiter;
use wasmi_core::LimiterError;

/// The limit of the JS embedding, in elements.
const MAX_TABLE_SIZE: usize = if cfg!(feature = "fuzz") { 100_000 } else { 10_000_000 };

/// In bytes. The fuzzers would otherwise run out of memory, and take that for a failure.
const MAX_MEMORY_SIZE: Option<usize> = if cfg!(feature = "fuzz") { Some(16 << 20) } else { None };

/// In bytes. A memory that grows within a multiple of it does so without a look at the host.
const STEP: usize = 64 << 20;

pub struct Limits;

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        let added = desired.saturating_sub(current) as u64;
        if MAX_MEMORY_SIZE.is_some_and(|most| desired > most) {
            return Ok(false);
        }
        Ok(desired / STEP == current / STEP || available().is_none_or(|available| added <= available))
    }

    fn table_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> Result<bool, LimiterError> {
        Ok(desired <= MAX_TABLE_SIZE && maximum.is_none_or(|maximum| desired <= maximum))
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

/// How many bytes the host can still give, where it tells.
fn available() -> Option<u64> {
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kibibytes.checked_mul(1024)
}
