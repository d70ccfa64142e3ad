//! LEB128, the encoding of integers in modules (core specification, binary format, "Integers").

pub fn number(value: u64) -> Vec<u8> {
    leb128(value, 0x80)
}

/// Encodes a non-negative number as a signed integer.
pub fn signed(value: u64) -> Vec<u8> {
    leb128(value, 0x40)
}

/// The last byte is less than `limit`.
fn leb128(mut value: u64, limit: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= limit {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Returns the size of the number at the start of the bytes.
pub fn number_size(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte & 0x80 != 0).count() + 1
}
