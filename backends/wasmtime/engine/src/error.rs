//! From wasmtime's errors and panics to the C API's errors and traps.

use std::{fmt, ptr};

use wasmtime_c_api::wasmtime::{Error, Result, ThrownException, Trap, WasmBacktrace};
use wasmtime_c_api::{wasm_byte_vec_t, wasm_trap_t, wasmtime_error_t};

use crate::layout;
use crate::panics::catch;

/// An error for C; none is success.
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

/// wasmtime looks up whose memory a faulting address is in, after it has unwound the guest, and asserts that there is one
/// alone. A shared memory that is in a store several times is found several times. The fault is a fault all the same.
const TWO_OWNERS_OF_A_FAULT: &str = "assertion failed: fault.is_none()";

#[cold]
fn panicked(words: String) -> Error {
    if words.starts_with(TWO_OWNERS_OF_A_FAULT) {
        return Error::from(Trap::MemoryOutOfBounds);
    }
    Error::new(Panicked(words))
}

/// What is not a success, for C.
fn failure(error: Error) -> Failure {
    Some(Box::new(wasmtime_error_t::from(error)))
}

/// Traps and exceptions go to `trap`, all else is returned.
#[cold]
fn stopped(error: Error, trap: &mut *mut wasm_trap_t) -> Failure {
    if error.is::<Trap>() || error.is::<ThrownException>() {
        *trap = Box::into_raw(layout::new_trap(error));
        return None;
    }
    failure(error)
}

/// Runs `body`. What it fails with, or panics with, becomes an error.
pub fn guard(body: impl FnOnce() -> Result<()>) -> Failure {
    match catch(body) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => failure(error),
        Err(words) => failure(panicked(words)),
    }
}

/// As `guard()`, for what runs the guest's code.
#[inline]
pub fn guard_run(trap: &mut *mut wasm_trap_t, body: impl FnOnce() -> Result<()>) -> Failure {
    match catch(body) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => stopped(error, trap),
        Err(words) => stopped(panicked(words), trap),
    }
}

/// Runs `body`, which has no way to report failure; `fallback` stands for a panic.
pub fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch(body).unwrap_or(fallback)
}

/// Whether an error was a panic.
#[unsafe(no_mangle)]
pub extern "C" fn wrl_wasmtime_error_is_panic(error: &wasmtime_error_t) -> bool {
    guard_value(true, || layout::error(error).is::<Panicked>())
}

/// Where a cause lies. A context has no type that could be asked for, but lies where what it was made of lies.
fn place<T: ?Sized>(cause: &T) -> *const () {
    ptr::from_ref(cause).cast()
}

/// A line for each cause, outermost first, all but the last with a colon. Left out are the trap, unless `with_trap`, and
/// the backtrace, which is never formatted: its words are the guest's names, and wasmtime demangles them, with no bound on
/// time, memory and native stack. The C API's `wasm_trap_message()` and `wasmtime_error_message()` format it.
fn words(error: &Error, with_trap: bool) -> String {
    let backtrace = error.downcast_ref::<WasmBacktrace>().map(place);
    let trap = error.downcast_ref::<Trap>().filter(|_| !with_trap).map(place);
    let is_left_out = |at| Some(at) == backtrace || Some(at) == trap;
    let causes = error.chain().filter(|cause| !is_left_out(place(*cause)));
    causes.map(|cause| one_line(&cause.to_string())).collect::<Vec<_>>().join(":\n")
}

/// Names that the guest has chosen may be in a cause. They begin no line.
fn one_line(cause: &str) -> String {
    cause.lines().map(str::trim_start).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What an error says, without its backtrace.
#[unsafe(no_mangle)]
pub extern "C" fn wrl_wasmtime_error_words(error: &wasmtime_error_t, out: &mut wasm_byte_vec_t) {
    guard_value((), || out.set_buffer(words(layout::error(error), true).into_bytes()));
}

/// What a trap says, without its backtrace.
#[unsafe(no_mangle)]
pub extern "C" fn wrl_wasmtime_trap_words(trap: &wasm_trap_t, with_code: bool, out: &mut wasm_byte_vec_t) {
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
        assert!(wrl_wasmtime_error_is_panic(&error));
        let text = layout::error(&error).to_string();
        assert!(text.starts_with("wasmtime panicked: lost its way (error.rs:"), "{text}");
    }

    #[test]
    fn an_error_stays_what_it_is() {
        let error = guard(|| Err(Error::msg("no"))).expect("an error");
        assert!(!wrl_wasmtime_error_is_panic(&error));
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
