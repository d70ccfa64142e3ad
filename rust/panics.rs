//! Panics in crates that are private parts of C libraries. Each of these crates includes this file.
//!
//! The message of a caught panic becomes part of an error. It is not printed to standard error, which belongs to the
//! program. A panic that cannot be caught ends the process, so it is printed, together with the panic that led to it.
//! Rust's runtime is private to the crate, so the hook does not affect other Rust code in the process.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::Path;
use std::sync::Once;

/// A panic that has not been caught yet.
struct Pending {
    report: String,
    place: String,
}

thread_local! {
    static PENDING: RefCell<Option<Pending>> = const { RefCell::new(None) };
}

/// Installs the hook. Must be called before anything can panic. After the first call, it only checks a flag.
pub fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(note)));
}

/// Runs `body`. Returns the message of a panic, and where in the engine's source it happened.
#[inline]
pub fn catch<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(body)).map_err(|payload| words(&*payload))
}

/// Rust's messages for a panic that reached a frame that cannot be unwound.
const CANNOT_UNWIND: [&str; 2] = ["panic in a function that cannot unwind", "panic in a destructor during cleanup"];

/// The hook. It cannot conclude from a pending panic that this one ends the process: a thread pool catches a panic on
/// one thread and resumes it on another, so the first thread's panic stays pending.
fn note(info: &PanicHookInfo<'_>) {
    if cfg!(panic = "abort") {
        eprintln!("{info}");
        return;
    }
    let place = info.location().map(|at| {
        let file = Path::new(at.file()).file_name().unwrap_or_default();
        format!(" ({}:{})", file.to_string_lossy(), at.line())
    });
    let pending = Pending { report: info.to_string(), place: place.unwrap_or_default() };
    // The slot is already destroyed while a thread ends.
    let former = PENDING.try_with(|slot| slot.replace(Some(pending))).ok().flatten();
    if text(info.payload()).is_some_and(|text| CANNOT_UNWIND.contains(&text)) {
        if let Some(former) = former {
            eprintln!("{}", former.report);
        }
        eprintln!("{info}");
    }
}

fn text(payload: &(dyn Any + Send)) -> Option<&str> {
    payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

#[cold]
fn words(payload: &(dyn Any + Send)) -> String {
    let pending = PENDING.try_with(RefCell::take).ok().flatten();
    let place = pending.map(|pending| pending.place).unwrap_or_default();
    format!("{}{place}", text(payload).unwrap_or("panic"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;
    use std::process::{Command, Stdio};

    /// Runs one of the tests below in a process of its own, in which no other test uses the hook.
    fn run(test: &str) -> (bool, String) {
        let program = env::current_exe().expect("the test knows its program");
        let output = Command::new(program)
            .args(["--exact", "--ignored", "--nocapture", test])
            .stdout(Stdio::null())
            .output()
            .expect("the test program runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    #[test]
    fn a_caught_panic_is_not_printed() {
        let (lived, printed) = run("panics::tests::panic_that_is_caught");
        assert!(lived, "{printed}");
        assert!(!printed.contains("lost its way"), "{printed}");
    }

    #[test]
    #[ignore = "run by a_caught_panic_is_not_printed"]
    fn panic_that_is_caught() {
        init();
        for round in 0..3 {
            let text = catch(|| panic!("lost its way {round}")).unwrap_err();
            assert!(text.starts_with(&format!("lost its way {round} (panics.rs:")), "{text}");
        }
        assert!(catch(|| panic!("no arguments")).unwrap_err().starts_with("no arguments (panics.rs:"));
        assert!(catch(|| panic::panic_any(7)).unwrap_err().starts_with("panic (panics.rs:"));
        assert_eq!(catch(|| 7), Ok(7));
    }

    #[test]
    fn a_panic_that_moves_to_another_thread_is_not_printed() {
        let (lived, printed) = run("panics::tests::panics_that_move");
        assert!(lived, "{printed}");
        assert!(!printed.contains("lost its way"), "{printed}");
    }

    #[test]
    #[ignore = "run by a_panic_that_moves_to_another_thread_is_not_printed"]
    fn panics_that_move() {
        init();
        let worker = std::thread::spawn(|| [0, 1].map(|round| panic::catch_unwind(|| panic!("lost its way {round}"))));
        for (round, payload) in worker.join().expect("the worker ends").into_iter().enumerate() {
            let text = catch(|| panic::resume_unwind(payload.unwrap_err())).unwrap_err();
            assert_eq!(text, format!("lost its way {round}"));
        }
    }

    #[test]
    fn a_panic_that_ends_the_process_is_printed() {
        let (lived, printed) = run("panics::tests::panic_that_cannot_unwind");
        assert!(!lived);
        assert!(printed.contains("lost its way"), "{printed}");
    }

    extern "C" fn lose_way() {
        panic!("lost its way");
    }

    #[test]
    #[ignore = "run by a_panic_that_ends_the_process_is_printed"]
    fn panic_that_cannot_unwind() {
        init();
        let _ = catch(|| lose_way());
    }
}
