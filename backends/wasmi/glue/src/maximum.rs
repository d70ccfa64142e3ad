//! Clamps the maximum of memories that wasmi would let grow too far, or whose growth would make wasmi panic. The
//! clamped maximum allows the same sizes in practice.
//!
//! When a memory grows, wasmi computes the maximum in bytes, in 64 bits, and panics if that overflows. The call would
//! trap instead of growing the memory. No host has that much memory, so a maximum that is a few pages smaller is
//! equivalent.
//!
//! wasmi lets a memory with 32-bit addresses and pages of one byte grow to 2^32 pages, which the guest would read as a
//! size of 0.

use crate::leb128::number;
use std::borrow::Cow;
use wasmparser::{MemorySectionReader, MemoryType, Parser, Payload};

const DEFAULT_PAGE_SIZE_LOG2: u32 = 16;
const MEMORY_SECTION: u8 = 5;

/// Flags of a memory's type.
const HAS_MAX: u8 = 1;
const SHARED: u8 = 2;
const IS_64: u8 = 4;
const HAS_PAGE_SIZE: u8 = 8;

/// Returns the clamped maximum, in pages, of a memory with the maximum `max`, or with none.
pub fn clamp(max: Option<u64>, page_size_log2: u32, is_64: bool) -> Option<u64> {
    let countable = u64::MAX.checked_shr(page_size_log2).unwrap_or(0);
    let max = max.map(|max| max.min(countable));
    if is_64 || page_size_log2 > 0 { max } else { Some(max.unwrap_or(u64::MAX).min(u32::MAX.into())) }
}

fn clamped(memory: &MemoryType) -> Option<u64> {
    let max = clamp(memory.maximum, memory.page_size_log2.unwrap_or(DEFAULT_PAGE_SIZE_LOG2), memory.memory64);
    // A module stays valid even if its memory is too large for any host.
    max.map(|max| max.max(memory.initial))
}

/// Returns the module with all memories clamped. Returns a malformed module unchanged; wasmi rejects it.
pub fn clamp_module(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut header = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::MemorySection(memories)) => {
                return rewrite(bytes, header, memories).map_or(Cow::Borrowed(bytes), Cow::Owned);
            }
            Ok(Payload::Version { range, .. }) => header = range.end,
            Ok(Payload::CodeSectionStart { .. }) | Err(_) => break,
            Ok(other) => header = other.as_section().map_or(header, |(_, range)| range.end),
        }
    }
    Cow::Borrowed(bytes)
}

/// Returns the module with clamped memories, or None if no memory changes or the section is malformed. `header` is
/// where the memory section begins.
fn rewrite(bytes: &[u8], header: usize, memories: MemorySectionReader<'_>) -> Option<Vec<u8>> {
    let end = memories.range().end;
    let memories = memories.into_iter().collect::<Result<Vec<_>, _>>().ok()?;
    if memories.iter().all(|memory| clamped(memory) == memory.maximum) {
        return None;
    }
    let mut section = number(memories.len() as u64);
    section.extend(memories.iter().flat_map(encode));
    let mut module = bytes[..header].to_vec();
    module.push(MEMORY_SECTION);
    module.extend(number(section.len() as u64));
    module.extend(section);
    module.extend(&bytes[end..]);
    Some(module)
}

fn encode(memory: &MemoryType) -> Vec<u8> {
    let max = clamped(memory);
    let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
    let mut out = vec![
        flag(max.is_some(), HAS_MAX)
            | flag(memory.shared, SHARED)
            | flag(memory.memory64, IS_64)
            | flag(memory.page_size_log2.is_some(), HAS_PAGE_SIZE),
    ];
    let numbers = [Some(memory.initial), max, memory.page_size_log2.map(u64::from)];
    out.extend(numbers.into_iter().flatten().flat_map(number));
    out
}
