//! Host functions: calls from the guest.

use crate::abi::{HostFunc, Raw, Ref, WrlError};
use crate::error::{Fault, STORE, Thrown, guard, guard_host};
use crate::shape::{MAX_SLOTS, Params, Results, Visitor, select};
use crate::store::{Caller, Context, Store};
use crate::value::{down, functype, name, up};
use std::ffi::c_void;
use wasmi::{AsContextMut, Error, Func, Val};

/// A host function and the store that it was made for.
#[derive(Clone, Copy)]
pub struct Host {
    store: *const Store,
    func: *mut HostFunc,
}

// SAFETY: wasmi calls host functions on the thread that runs their store. Dropping a Host does not access the pointers.
unsafe impl Send for Host {}
// SAFETY: as above.
unsafe impl Sync for Host {}

impl Host {
    /// Calls the function with the arguments in the slots.
    #[inline]
    fn call(self, mut caller: Caller<'_>, slots: *mut Raw) -> Result<(), Error> {
        // SAFETY: the store outlives its functions.
        let store = unsafe { &*self.store };
        let caller = &raw mut caller;
        // SAFETY: the context borrows the caller until the call has returned. Meanwhile caller_instance() only reads
        // the caller's instance, to which the context gives no access.
        let context = unsafe { (*caller).as_context_mut() };
        // SAFETY: the core keeps the function alive; the arguments are in the slots.
        let error = store.enter(context, || unsafe { ((*self.func).call)(self.func, caller.cast(), slots) });
        if error.is_null() { Ok(()) } else { Err(Error::host(Thrown::new(store.core, error))) }
    }

    /// Calls a function whose type is a shape. Nothing here panics, so there is nothing to catch.
    #[inline]
    pub fn call_shape<P: Params, R: Results>(self, caller: Caller<'_>, params: P) -> Result<R, Error> {
        const { assert!(P::COUNT <= MAX_SLOTS && R::COUNT <= MAX_SLOTS) }
        let mut slots = [Raw::ZERO; MAX_SLOTS];
        // SAFETY: there are enough slots for the parameters and for the results. After a success they hold the results.
        unsafe {
            params.store(slots.as_mut_ptr());
            self.call(caller, slots.as_mut_ptr())?;
            Ok(R::load(slots.as_ptr()))
        }
    }

    /// Calls a function of any type.
    fn call_vals(self, caller: Caller<'_>, params: &[Val], results: &mut [Val]) -> Result<(), Error> {
        // SAFETY: the store outlives its functions, and the core keeps the function and its type alive.
        let (store, ty) = unsafe { (&*self.store, &*(*self.func).ty) };
        let count = params.len().max(results.len());
        store.slots.with(count, [Raw::ZERO; 16], |slots| {
            let mut caller = caller;
            let context = caller.as_context_mut();
            for (slot, param) in slots.iter_mut().zip(params) {
                *slot = up(param, &context);
            }
            self.call(caller, slots.as_mut_ptr())?;
            for ((slot, result), ty) in slots.iter().zip(results).zip(ty.results()) {
                // SAFETY: after a success the slots hold the results.
                *result = unsafe { down(slot, ty) }.map_err(unsupported)?;
            }
            Ok(())
        })
    }
}

/// Converts an error from down(). The only such error is an unsupported type, which func_new() has already rejected.
fn unsupported(fault: Fault) -> Error {
    match fault {
        Fault::Engine(error) => error,
        Fault::Plain(_) | Fault::Words(..) => Error::new(""),
    }
}

struct Wrap<'a> {
    context: Context<'a>,
    host: Host,
}

impl Visitor for Wrap<'_> {
    type Made = Func;

    fn visit<P: Params, R: Results>(self) -> Func {
        P::wrap::<R>(self.context, self.host)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_func_new(store: *mut c_void, func: *mut HostFunc, item: &mut Ref) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made it.
    let store = unsafe { Store::from_raw(store) };
    guard(store.core, STORE, || {
        let host = Host { store, func };
        let core = store.core;
        // SAFETY: the core keeps the function and its type alive.
        let ty = unsafe { &*(*func).ty };
        let context = store.context();
        let made = match select(ty, Wrap { context, host }) {
            Some(made) => made,
            None => Func::new(
                store.context(),
                functype(ty)?,
                move |caller: Caller<'_>, params: &[Val], results: &mut [Val]| {
                    guard_host(core, || host.call_vals(caller, params, results))
                },
            ),
        };
        *item = name(made);
        Ok(())
    })
}
