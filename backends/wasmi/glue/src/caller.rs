//! Finds the instance that called the host.
//!
//! wasmi numbers the instances of a store in the order in which it makes them. It returns the handle of an instance
//! only after the instance is complete. But an instance may call host functions earlier, from its start function. It
//! may also call them after its instantiation failed, through functions that it left in a table. In both cases the
//! handle is unknown.
//!
//! Each attempt to make an instance therefore owns a range of handles: from the last handle that is known to be used
//! when the attempt begins, to where the range of the next attempt begins. Only instances of one module are in that
//! range. The end of a range must be certain. If the handle of the previous attempt's instance is unknown, an attempt
//! therefore makes an empty instance first, whose handle separates the two ranges.

use crate::abi::{Kind, Ref};
use crate::error::{Fault, guard_value};
use crate::store::{Caller, Store};
use crate::value::{bits, name};
use std::cell::RefCell;
use std::ffi::c_void;
use std::mem::{size_of, transmute_copy};
use wasmi::{AsContext, Instance, Module, StoreContext};

/// A module without anything in it.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// An attempt to make an instance.
struct Attempt {
    /// The core's number for the instance.
    key: u64,
    /// An instance that is older than this attempt's. None for the first attempt.
    after: Option<Instance>,
    /// This attempt's instance, once it is known.
    instance: Option<Instance>,
}

/// All attempts of a store, in order.
#[derive(Default)]
pub struct Attempts(RefCell<Vec<Attempt>>);

impl Attempts {
    /// Begins an attempt and returns its index. finish() ends it if it succeeds.
    pub fn begin(&self, store: &Store, key: u64) -> Result<usize, Fault> {
        let last = self.0.borrow().last().map(|last| last.instance);
        let after = match last {
            None => None,
            Some(Some(known)) => Some(known),
            Some(None) => Some(barrier(store)?),
        };
        let mut attempts = self.0.borrow_mut();
        attempts.try_reserve(1).map_err(|_| Fault::Plain(Kind::OutOfMemory))?;
        attempts.push(Attempt { key, after, instance: None });
        Ok(attempts.len() - 1)
    }

    pub fn finish(&self, attempt: usize, instance: Instance) {
        self.0.borrow_mut()[attempt].instance = Some(instance);
    }

    /// Returns the core's number for a calling instance.
    fn key(&self, instance: Instance) -> Option<u64> {
        let mut attempts = self.0.borrow_mut();
        let count = attempts.partition_point(|attempt| attempt.after.is_none_or(|after| is_newer(instance, after)));
        let attempt = attempts[..count].last_mut()?;
        (bits(*attempt.instance.get_or_insert(instance)) == bits(instance)).then_some(attempt.key)
    }
}

/// Makes an empty instance, which is newer than all others.
fn barrier(store: &Store) -> Result<Instance, Fault> {
    let module = Module::new(store.context().engine(), EMPTY).map_err(Fault::Engine)?;
    Instance::new(store.context(), &module, &[]).map_err(Fault::Engine)
}

/// Whether an instance was made after another instance of the same store. A handle consists of the store's number,
/// which is the same in both, and of the instance's number, which counts up. The compiler chooses the order of these
/// two halves.
fn is_newer(instance: Instance, other: Instance) -> bool {
    let halves = |instance| {
        let bits = bits::<Instance>(instance);
        ((bits >> 32) as u32, bits as u32)
    };
    let ((high, low), (other_high, other_low)) = (halves(instance), halves(other));
    if low == other_low { high > other_high } else { low > other_low }
}

const WORD: usize = size_of::<usize>();
const OPTION: usize = size_of::<Option<Instance>>();
const _: () = assert!(size_of::<Caller<'static>>() == (WORD + OPTION).next_multiple_of(WORD));
const _: () = assert!(size_of::<StoreContext<'static, ()>>() == WORD);

/// Returns the calling instance, or None if the host called or if the layout of a caller is not as expected. wasmi has
/// no function for this. A caller consists of its context and the instance. wasmi returns the context, so comparing
/// shows which part of the caller holds it; the rest is the instance.
fn instance_of(caller: &Caller<'_>) -> Option<Instance> {
    // SAFETY: a context is one pointer.
    let context: usize = unsafe { transmute_copy(&caller.as_context()) };
    let base = (&raw const *caller).cast::<u8>();
    let word = |offset: usize| {
        // SAFETY: the offset is in the caller, whose size is asserted above.
        unsafe { base.add(offset).cast::<usize>().read() }
    };
    let offset = if word(0) == context {
        WORD
    } else if word(size_of::<Caller<'static>>() - WORD) == context {
        0
    } else {
        return None;
    };
    // SAFETY: a caller holds nothing but the context and this.
    unsafe { base.add(offset).cast::<Option<Instance>>().read() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_caller_instance(
    store: *mut c_void,
    caller: *mut c_void,
    key: &mut u64,
    instance: &mut Ref,
) -> bool {
    if caller.is_null() {
        return false;
    }
    // SAFETY: wrl__wasmi_store_new made the store; Host::call() passed the caller, and has not returned.
    let (store, caller) = unsafe { (Store::from_raw(store), &*caller.cast::<Caller<'_>>()) };
    guard_value(false, || {
        let Some(found) = instance_of(caller) else {
            return false;
        };
        let Some(number) = store.attempts.key(found) else {
            return false;
        };
        *key = number;
        *instance = name(found);
        true
    })
}
