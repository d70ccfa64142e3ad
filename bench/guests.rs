//! The declarations of bench.h about guests, for the sides that are written in Rust.

/// `BENCH_STORE_INSTANCES`.
pub const STORE_INSTANCES: u64 = 64;

/// `bench_guests_t`.
#[repr(C)]
pub struct Guests {
    pub guest: *const u8,
    pub guest_size: usize,
    pub empty: *const u8,
    pub empty_size: usize,
    pub large: *const u8,
    pub large_size: usize,
}

/// # Safety
///
/// `data` points to `size` bytes, which stay valid while the side is open. NULL means no bytes.
pub unsafe fn bytes(data: *const u8, size: usize) -> &'static [u8] {
    // SAFETY: the caller's promise.
    if data.is_null() { &[] } else { unsafe { std::slice::from_raw_parts(data, size) } }
}
