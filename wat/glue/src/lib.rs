//! The text format for C: see ../../src/wat.c, the only caller.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

/// What a translation gives: the module's bytes, or the words of the error.
enum Outcome {
    Module(Vec<u8>),
    Error(String),
}

fn translate(text: &[u8]) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| wat::parse_bytes(text).map(|bytes| bytes.into_owned()))) {
        Ok(Ok(bytes)) => Outcome::Module(bytes),
        Ok(Err(error)) => Outcome::Error(error.to_string()),
        Err(_) => Outcome::Error("the text format's parser panicked".to_string()),
    }
}

/// Translates `size` bytes of text. Returns 1 and the module's bytes, or 0 and the error's words (UTF-8). The bytes are
/// to be given back to `wrl_wat_glue_free`.
///
/// # Safety
/// `text` points to `size` bytes, `data` and `data_size` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wat_glue_translate(
    text: *const u8,
    size: usize,
    data: *mut *mut u8,
    data_size: *mut usize,
) -> i32 {
    let text = if size == 0 { &[][..] } else { unsafe { slice::from_raw_parts(text, size) } };
    let (bytes, status) = match translate(text) {
        Outcome::Module(bytes) => (bytes, 1),
        Outcome::Error(words) => (words.into_bytes(), 0),
    };
    let bytes = bytes.into_boxed_slice();
    unsafe {
        *data_size = bytes.len();
        *data = Box::into_raw(bytes).cast();
    }
    status
}

/// Frees what `wrl_wat_glue_translate` gave.
///
/// # Safety
/// `data` and `size` come from one call of `wrl_wat_glue_translate`, and are given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wat_glue_free(data: *mut u8, size: usize) {
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, size)) });
}
