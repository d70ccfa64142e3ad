//! The text format for C: see ../../src/wat.c, the only caller.

#[path = "../../../rust/panics.rs"]
mod panics;

use std::borrow::Cow;
use std::slice;

/// What a translation gives: the module's bytes, or the words of the error.
enum Outcome {
    Module(Vec<u8>),
    Error(String),
}

type Parser = fn(&[u8]) -> wat::Result<Cow<'_, [u8]>>;

fn translate(text: &[u8], parse: Parser) -> Outcome {
    let parsed = panics::catch(|| match parse(text) {
        Ok(bytes) => Outcome::Module(bytes.into_owned()),
        Err(error) => Outcome::Error(error.to_string()),
    });
    parsed.unwrap_or_else(|words| Outcome::Error(format!("the parser failed: {words}")))
}

/// Runs `body`; `fallback` stands for a panic.
fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    panics::catch(body).unwrap_or(fallback)
}

/// Translates `size` bytes of text. Returns 1 and the module's bytes, or 0 and the error's words (UTF-8). The bytes are
/// to be given back to `wrl_wat_glue_free`. If there are none to give, `data` and `data_size` are left as they are.
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
    guard_value(0, || {
        panics::init();
        let text = if size == 0 { &[][..] } else { unsafe { slice::from_raw_parts(text, size) } };
        let (bytes, status) = match translate(text, wat::parse_bytes) {
            Outcome::Module(bytes) => (bytes, 1),
            Outcome::Error(words) => (words.into_bytes(), 0),
        };
        let bytes = bytes.into_boxed_slice();
        unsafe {
            *data_size = bytes.len();
            *data = Box::into_raw(bytes).cast();
        }
        status
    })
}

/// Frees what `wrl_wat_glue_translate` gave. NULL is allowed.
///
/// # Safety
/// `data` and `size` come from one call of `wrl_wat_glue_translate`, and are given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wat_glue_free(data: *mut u8, size: usize) {
    guard_value((), || {
        if !data.is_null() {
            drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, size)) });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_parser_is_an_error() {
        panics::init();
        let Outcome::Error(words) = translate(b"(module)", |_| panic!("lost its way")) else {
            panic!("there is no module");
        };
        assert!(words.starts_with("the parser failed: lost its way (lib.rs:"), "{words}");
    }

    #[test]
    fn text_becomes_a_module_or_an_error() {
        let Outcome::Module(bytes) = translate(b"(module)", wat::parse_bytes) else {
            panic!("there is a module");
        };
        assert_eq!(bytes, b"\0asm\x01\0\0\0");
        assert!(matches!(translate(b"(modul)", wat::parse_bytes), Outcome::Error(_)));
    }
}
