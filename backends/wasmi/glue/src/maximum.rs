//! Memories whose maximum is the whole 64-bit address space.
//!
//! wasmi counts the maximum in bytes, in 64 bits, when such a memory grows, and panics if that overflows: the call would
//! trap instead of growing the memory. Nobody can have so much memory, so a maximum of one page less means the same.

use std::borrow::Cow;
use wasmparser::{MemoryType, Parser, Payload};

const DEFAULT_PAGE_SIZE_LOG2: u32 = 16;

/// The maximum, in pages, or the largest below it that can be counted in bytes.
pub fn clamp(max: u64, page_size_log2: u32) -> u64 {
    max.min(u64::MAX.checked_shr(page_size_log2).unwrap_or(0))
}

/// The module, in which no memory has more than clamp() allows. What is wrong with a module is left to wasmi.
pub fn clamp_module(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut module = Cow::Borrowed(bytes);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::MemorySection(memories)) => {
                for (offset, memory) in memories.into_iter_with_offsets().flatten() {
                    clamp_memory(&mut module, offset, &memory);
                }
            }
            Ok(Payload::CodeSectionStart { .. }) | Err(_) => break,
            Ok(_) => {}
        }
    }
    module
}

/// `offset` is where the memory's type starts: flags, minimum, maximum.
fn clamp_memory(module: &mut Cow<'_, [u8]>, offset: usize, memory: &MemoryType) {
    let Some(max) = memory.maximum else {
        return;
    };
    let clamped = clamp(max, memory.page_size_log2.unwrap_or(DEFAULT_PAGE_SIZE_LOG2));
    if clamped == max {
        return;
    }
    let mut rest = clamped;
    let minimum = number_size(&module[offset + 1..]);
    let start = offset + 1 + minimum;
    let end = start + number_size(&module[start..]);
    for byte in &mut module.to_mut()[start..end] {
        *byte = *byte & 0x80 | (rest & 0x7f) as u8;
        rest >>= 7;
    }
}

/// The length of a LEB128 number.
pub fn number_size(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte & 0x80 != 0).count() + 1
}
