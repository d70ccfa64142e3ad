//! Calls from the host.

use crate::abi::{Entry, FuncType, Raw, Ref, ValType, WrlError};
use crate::error::{CALL, Fault, STORE, guard, guard_value};
use crate::shape::{Params, Results, Visitor, select};
use crate::store::Store;
use crate::value::{down, from_valtype, resolve, up};
use std::ffi::c_void;
use std::mem::{size_of, transmute_copy};
use wasmi::{Func, TypedFunc, Val};

/// Returns the function as one with a static type.
///
/// # Safety
///
/// The function has the type `P -> R`, for which func_entry() selected the entry.
#[inline]
unsafe fn typed<P: Params, R: Results>(func: Func) -> TypedFunc<P, R> {
    const { assert!(size_of::<TypedFunc<P, R>>() == size_of::<Func>()) }
    // SAFETY: TypedFunc is a transparent wrapper of Func.
    unsafe { transmute_copy(&func) }
}

/// The entry for functions whose type is a shape.
unsafe extern "C" fn call_shape<P: Params, R: Results>(
    store: *mut c_void,
    func: Ref,
    _ty: *const FuncType,
    slots: *mut Raw,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made the store; the core has checked function, type and slots.
    unsafe {
        let store = Store::from_raw(store);
        guard(store.core, CALL, || {
            let results = typed::<P, R>(resolve(func)).call(store.context(), P::load(slots))?;
            results.store(slots);
            Ok(())
        })
    }
}

/// The entry for all other functions.
unsafe extern "C" fn call_vals(store: *mut c_void, func: Ref, ty: *const FuncType, slots: *mut Raw) -> *mut WrlError {
    // SAFETY: as above.
    let (store, func, ty) = unsafe { (Store::from_raw(store), resolve::<Func>(func), &*ty) };
    guard(store.core, CALL, || {
        let (params, results) = (ty.params(), ty.results());
        let fill = [const { Val::I32(0) }; 16];
        store.vals.with(params.len() + results.len(), fill, |vals| {
            let (inputs, outputs) = vals.split_at_mut(params.len());
            for (i, (input, ty)) in inputs.iter_mut().zip(params).enumerate() {
                // SAFETY: as above.
                *input = unsafe { down(&*slots.add(i), ty) }?;
            }
            func.call(store.context(), inputs, outputs)?;
            let context = store.context();
            for (i, output) in outputs.iter().enumerate() {
                // SAFETY: as above.
                unsafe { *slots.add(i) = up(output, &context) };
            }
            Ok(())
        })
    })
}

struct PickEntry;

impl Visitor for PickEntry {
    type Made = Entry;

    fn visit<P: Params, R: Results>(self) -> Entry {
        call_shape::<P, R>
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_func_entry(_store: *mut c_void, _func: Ref, ty: &FuncType) -> Entry {
    guard_value(call_vals, || select(ty, PickEntry).unwrap_or(call_vals))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_func_type(
    store: *mut c_void,
    func: Ref,
    types: *mut ValType,
    param_count: &mut usize,
    result_count: &mut usize,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made the store, and the function is in it.
    let (store, func) = unsafe { (Store::from_raw(store), resolve::<Func>(func)) };
    guard(store.core, STORE, || {
        let ty = func.ty(store.context());
        for (i, ty) in ty.params().iter().chain(ty.results()).enumerate() {
            // SAFETY: the buffer has space for 2 * WRL_MAX_PARAMS types, and wasmi's limits are not larger.
            unsafe { *types.add(i) = from_valtype(*ty) };
        }
        *param_count = ty.params().len();
        *result_count = ty.results().len();
        Ok::<(), Fault>(())
    })
}
