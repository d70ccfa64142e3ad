//! Calls as those from one instruction of wasmi to the next: through a pointer, nine arguments, some of them floats. If one
//! of them keeps native stack, so many end the process.
#![feature(explicit_tail_calls)]
#![allow(incomplete_features)]

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("wasmi's tail calls are not tried on this machine");

macro_rules! handlers {
    ($($abi:literal)?) => {
        type Handler = $(extern $abi)? fn(&mut u64, *const Step, usize, *mut u8, usize, usize, i64, f32, f64) -> u64;

        $(extern $abi)? fn count(
            sum: &mut u64, ip: *const Step, left: usize, a: *mut u8, b: usize, c: usize, d: i64, e: f32, f: f64,
        ) -> u64 {
            // What a call that is no jump would have to keep.
            let mut kept = [d; 16];
            std::hint::black_box(&mut kept);
            *sum += (kept[left % 16] == d) as u64;
            if left == 0 {
                return *sum + e as u64 + f as u64;
            }
            // SAFETY: both steps are there.
            let next = unsafe { ip.add(left % 2) };
            let handler = std::hint::black_box(unsafe { (*next).handler });
            become handler(sum, ip, left - 1, a, b, c, d + 1, e, f)
        }
    };
}

#[cfg(target_arch = "x86_64")]
handlers!("sysv64");
#[cfg(not(target_arch = "x86_64"))]
handlers!();

struct Step {
    handler: Handler,
}

fn main() {
    const STEPS: usize = 10_000_000;
    let steps = [const { Step { handler: count } }; 2];
    let mut sum = 0;
    let first = steps[0].handler;
    let end = first(
        &mut sum,
        steps.as_ptr(),
        STEPS,
        std::ptr::null_mut(),
        0,
        0,
        0,
        1.0,
        2.0,
    );
    assert_eq!(end, STEPS as u64 + 4);
}
