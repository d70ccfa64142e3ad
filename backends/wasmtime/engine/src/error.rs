//! Converts wasmtime's errors and panics to the C API's errors and traps.

use std::{fmt, ptr};

use wasmtime_c_api::wasmtime::{Error, Result, ThrownException, Trap, WasmBacktrace};
use wasmtime_c_api::{wasm_byte_vec_t, wasm_trap_t, wasmtime_error_t};

use crate::layout;
use crate::panics::catch;

/// An error for C. None is success.
pub type Failure = Option<Box<wasmtime_error_t>>;

/// A panic that was caught.
#[derive(Debug)]
struct Panicked(String);

impl fmt::Display for Panicked {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "wasmtime panicked: {}", self.0)
    }
}

impl std::error::Error for Panicked {}

/// The message of an assertion that also fails for an ordinary fault. After wasmtime has unwound the guest, it looks up
/// the memory that contains the faulting address, and asserts that there is only one. A shared memory that is in a
/// store several times is found several times.
const TWO_OWNERS_OF_A_FAULT: &str = "assertion failed: fault.is_none()";

#[cold]
fn panicked(words: String) -> Error {
    if words.starts_with(TWO_OWNERS_OF_A_FAULT) {
        return Error::from(Trap::MemoryOutOfBounds);
    }
    Error::new(Panicked(words))
}

/// Returns an error for C.
fn failure(error: Error) -> Failure {
    Some(Box::new(wasmtime_error_t::from(error)))
}

/// Writes traps and exceptions to `trap`, and returns all other errors.
#[cold]
fn stopped(error: Error, trap: &mut *mut wasm_trap_t) -> Failure {
    if error.is::<Trap>() || error.is::<ThrownException>() {
        *trap = Box::into_raw(layout::new_trap(error));
        return None;
    }
    failure(error)
}

/// Runs `body`. Returns its failure or its panic as an error.
pub fn guard(body: impl FnOnce() -> Result<()>) -> Failure {
    match catch(body) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => failure(error),
        Err(words) => failure(panicked(words)),
    }
}

/// Like `guard()`, but for functions that run guest code.
#[inline]
pub fn guard_run(trap: &mut *mut wasm_trap_t, body: impl FnOnce() -> Result<()>) -> Failure {
    match catch(body) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => stopped(error, trap),
        Err(words) => stopped(panicked(words), trap),
    }
}

/// Runs `body`, which cannot report a failure. Returns `fallback` if `body` panics.
pub fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch(body).unwrap_or(fallback)
}

/// Whether an error was a panic.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_error_is_panic(error: &wasmtime_error_t) -> bool {
    guard_value(true, || layout::error(error).is::<Panicked>())
}

/// Returns the address of a cause. Contexts cannot be recognised by their type, but a context has the address of the
/// value that it was made from.
fn place<T: ?Sized>(cause: &T) -> *const () {
    ptr::from_ref(cause).cast()
}

/// Returns a line for each cause, outermost first; each line except the last ends with a colon. The trap is included
/// only if `with_trap`. The backtrace is not included, and never formatted: it contains names of the guest, which
/// wasmtime demangles without a bound on time, memory and native stack. The C API's `wasm_trap_message()` and
/// `wasmtime_error_message()` format it.
fn words(error: &Error, with_trap: bool) -> String {
    let backtrace = error.downcast_ref::<WasmBacktrace>().map(place);
    let trap = error.downcast_ref::<Trap>().filter(|_| !with_trap).map(place);
    let is_left_out = |at| Some(at) == backtrace || Some(at) == trap;
    let causes = error.chain().filter(|cause| !is_left_out(place(*cause)));
    causes.map(|cause| one_line(&cause.to_string())).collect::<Vec<_>>().join(":\n")
}

/// Joins the lines of a cause. A cause may contain names that the guest has chosen, and these must not begin a line.
fn one_line(cause: &str) -> String {
    cause.lines().map(str::trim_start).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Reports an error's message without its backtrace.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_error_words(error: &wasmtime_error_t, out: &mut wasm_byte_vec_t) {
    guard_value((), || out.set_buffer(words(layout::error(error), true).into_bytes()));
}

/// Reports a trap's message without its backtrace.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_trap_words(trap: &wasm_trap_t, with_code: bool, out: &mut wasm_byte_vec_t) {
    guard_value((), || out.set_buffer(words(layout::trap(trap), with_code).into_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panics::init;

    #[test]
    fn each_cause_is_a_line() {
        let error = Error::msg("a\nCaused by:\n  b").context("c").context(Trap::Interrupt);
        assert_eq!(words(&error, true), "wasm trap: interrupt:\nc:\na Caused by: b");
        assert_eq!(words(&error, false), "c:\na Caused by: b");
        assert_eq!(words(&Error::from(Trap::Interrupt), false), "");
    }

    #[test]
    fn a_panic_becomes_an_error() {
        init();
        let error = guard(|| panic!("lost its way")).expect("an error");
        assert!(wrl__wasmtime_error_is_panic(&error));
        let text = layout::error(&error).to_string();
        assert!(text.starts_with("wasmtime panicked: lost its way (error.rs:"), "{text}");
    }

    #[test]
    fn an_error_stays_what_it_is() {
        let error = guard(|| Err(Error::msg("no"))).expect("an error");
        assert!(!wrl__wasmtime_error_is_panic(&error));
        assert!(guard(|| Ok(())).is_none());
    }

    #[test]
    fn a_fault_in_two_memories_is_a_trap() {
        init();
        let fault = Some(());
        let mut trap = std::ptr::null_mut();
        let error = guard_run(&mut trap, || {
            assert!(fault.is_none());
            Ok(())
        });
        assert!(error.is_none());
        assert!(!trap.is_null());
        // SAFETY: stopped() made it.
        drop(unsafe { Box::from_raw(trap) });
    }
}
