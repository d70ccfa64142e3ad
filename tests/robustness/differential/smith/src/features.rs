//! Proposals, as the bits of smith.h. A profile is a set of these bits.

use wasmparser::{Validator, WasmFeatures};

pub const TAIL_CALL: u32 = 1 << 0;
pub const MULTI_MEMORY: u32 = 1 << 1;
pub const MEMORY64: u32 = 1 << 2;
pub const CUSTOM_PAGE_SIZES: u32 = 1 << 3;
pub const WIDE_ARITHMETIC: u32 = 1 << 4;
pub const THREADS: u32 = 1 << 5;
pub const EXCEPTIONS: u32 = 1 << 6;
pub const GC: u32 = 1 << 7;
pub const EXTENDED_CONST: u32 = 1 << 8;
pub const RELAXED_SIMD: u32 = 1 << 9;
/// No engine reports this proposal, but JS engines support it.
const LEGACY_EXCEPTIONS: u32 = 1 << 10;

/// The proposals that every tested engine supports.
const ALWAYS: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::GC_TYPES);

const OPTIONAL: [(u32, WasmFeatures); 11] = [
    (TAIL_CALL, WasmFeatures::TAIL_CALL),
    (MULTI_MEMORY, WasmFeatures::MULTI_MEMORY),
    (MEMORY64, WasmFeatures::MEMORY64),
    (CUSTOM_PAGE_SIZES, WasmFeatures::CUSTOM_PAGE_SIZES),
    (WIDE_ARITHMETIC, WasmFeatures::WIDE_ARITHMETIC),
    (THREADS, WasmFeatures::THREADS),
    (EXCEPTIONS, WasmFeatures::EXCEPTIONS),
    (GC, WasmFeatures::GC.union(WasmFeatures::FUNCTION_REFERENCES)),
    (EXTENDED_CONST, WasmFeatures::EXTENDED_CONST),
    (RELAXED_SIMD, WasmFeatures::RELAXED_SIMD),
    (LEGACY_EXCEPTIONS, WasmFeatures::LEGACY_EXCEPTIONS),
];

pub fn validator(proposals: u32) -> Validator {
    let chosen = OPTIONAL.iter().filter(|(bit, _)| proposals & bit != 0);
    Validator::new_with_features(chosen.fold(ALWAYS, |all, (_, feature)| all | *feature))
}
