//! Functions on modules that the differential fuzzer needs and no engine provides: makes modules from seeds, validates,
//! reads, prints and shrinks them. smith.h has the C side of the interface.

mod cut;
mod features;
mod make;
#[path = "../../../../../rust/panics.rs"]
mod panics;
mod reflect;

use std::ffi::c_void;
use std::slice;
use wasm_shrink::WasmShrink;

/// smith_bytes_t in C. Owned by the caller that received it, until smith_free().
#[repr(C)]
pub struct Bytes {
    data: *mut u8,
    size: usize,
}

impl Bytes {
    fn set(&mut self, bytes: Vec<u8>) {
        let bytes = Box::leak(bytes.into_boxed_slice());
        self.size = bytes.len();
        self.data = bytes.as_mut_ptr();
    }
}

/// Runs `body` and passes its bytes to the caller. If `body` fails or panics, prints the reason to standard error and
/// returns false.
fn give(out: &mut Bytes, what: &str, body: impl FnOnce() -> Result<Vec<u8>, String>) -> bool {
    panics::init();
    match panics::catch(body).unwrap_or_else(Err) {
        Ok(bytes) => {
            out.set(bytes);
            true
        }
        Err(why) => {
            eprintln!("smith: {what}: {why}");
            false
        }
    }
}

/// # Safety
///
/// `data` points to `size` bytes.
unsafe fn slice<'a>(data: *const u8, size: usize) -> &'a [u8] {
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(data, size) }
}

#[unsafe(no_mangle)]
pub extern "C" fn smith_module(seed: u64, profile: u32, module: &mut Bytes) -> bool {
    give(module, "making a module", || make::module(seed, profile))
}

/// # Safety
///
/// `data` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn smith_plant(data: *const u8, size: usize, module: &mut Bytes) -> bool {
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice(data, size) };
    give(module, "planting a fault", || make::with_fault(bytes))
}

/// # Safety
///
/// `data` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn smith_is_valid(proposals: u32, data: *const u8, size: usize) -> bool {
    panics::init();
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice(data, size) };
    panics::catch(|| features::validator(proposals).validate_all(bytes).is_ok()).unwrap_or_else(|why| {
        eprintln!("smith: validating: {why}");
        false
    })
}

/// # Safety
///
/// `data` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn smith_why_invalid(data: *const u8, size: usize, text: &mut Bytes) -> bool {
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice(data, size) };
    give(text, "validating a module", || {
        Ok(features::validator(u32::MAX)
            .validate_all(bytes)
            .map_or_else(|error| error.to_string(), |_| String::new())
            .into())
    })
}

/// # Safety
///
/// `data` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn smith_reflect(data: *const u8, size: usize, text: &mut Bytes) -> bool {
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice(data, size) };
    give(text, "reading a module", || reflect::items(bytes).map(String::into_bytes))
}

/// # Safety
///
/// `data` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn smith_print(data: *const u8, size: usize, text: &mut Bytes) -> bool {
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice(data, size) };
    give(text, "printing a module", || {
        wasmprinter::print_bytes(bytes).map(String::into_bytes).map_err(|error| error.to_string())
    })
}

/// # Safety
///
/// `data` points to `size` bytes; `is_interesting` takes bytes, a size and `env`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn smith_shrink(
    data: *const u8,
    size: usize,
    attempts: u32,
    is_interesting: unsafe extern "C" fn(env: *mut c_void, data: *const u8, size: usize) -> bool,
    env: *mut c_void,
    module: &mut Bytes,
) -> bool {
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice(data, size) }.to_vec();
    give(module, "shrinking a module", || {
        // SAFETY: the caller's promise.
        let is_interesting = |tried: &[u8]| unsafe { is_interesting(env, tried.as_ptr(), tried.len()) };
        WasmShrink::default()
            .attempts(attempts)
            .run(bytes, |tried: &[u8]| Ok(is_interesting(tried)))
            .map_err(|error| error.to_string())
            .and_then(|info| cut::cut(info.output, attempts, is_interesting))
    })
}

/// # Safety
///
/// A function above set `bytes`, or they are all zeros.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn smith_free(bytes: &mut Bytes) {
    if !bytes.data.is_null() {
        // SAFETY: Bytes::set() leaked a box of this size.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(bytes.data, bytes.size)) });
    }
    bytes.data = std::ptr::null_mut();
    bytes.size = 0;
}
