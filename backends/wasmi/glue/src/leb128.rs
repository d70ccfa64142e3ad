//! Numbers as modules have them (core specification, "Integers" of the binary format).

pub fn number(value: u64) -> Vec<u8> {
    leb128(value, 0x80)
}

/// As number(), signed.
pub fn signed(value: u64) -> Vec<u8> {
    leb128(value, 0x40)
}

/// `limit` is what the last byte has to be less than.
fn leb128(mut value: u64, limit: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= limit {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// How many bytes the number takes that they begin with.
pub fn number_size(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte & 0x80 != 0).count() + 1
}
