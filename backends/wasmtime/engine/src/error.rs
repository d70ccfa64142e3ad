//! From wasmtime's errors and panics to the C API's errors and traps.

use std::fmt;

use wasmtime_c_api::wasmtime::{Error, Result, ThrownException, Trap};
use wasmtime_c_api::{wasm_trap_t, wasmtime_error_t};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panics::init;

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
