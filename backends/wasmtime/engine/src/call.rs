//! Calls into the guest.

use std::mem::{MaybeUninit, take};
use std::ptr::slice_from_raw_parts_mut;

use wasmtime_c_api::wasmtime::{AsContextMut, Error, Func, Result, RootScope, Val, ValRaw, ValType};
use wasmtime_c_api::{WasmtimeStoreContextMut, wasm_trap_t, wasmtime_val_t};

use crate::error::{Failure, guard, guard_run, guard_value};

/// `wasmtime_func_call_unchecked()`.
///
/// # Safety
///
/// As for that function: `slots` has space for the parameters and for the results, and holds parameters of the
/// function's types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmtime_call_unchecked(
    store: WasmtimeStoreContextMut<'_>,
    func: &Func,
    slots: *mut ValRaw,
    count: usize,
    trap: &mut *mut wasm_trap_t,
) -> Failure {
    // SAFETY: the caller's promise.
    guard_run(trap, || unsafe { func.call_unchecked(store, slice_from_raw_parts_mut(slots, count)) })
}

/// `wasmtime_func_call()`. The C API's function catches panics too, but does not distinguish them from other errors.
///
/// # Safety
///
/// `args` points to `arg_count` values, and `results` to space for `result_count` values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmtime_call(
    mut store: WasmtimeStoreContextMut<'_>,
    func: &Func,
    args: *const wasmtime_val_t,
    arg_count: usize,
    results: *mut MaybeUninit<wasmtime_val_t>,
    result_count: usize,
    trap: &mut *mut wasm_trap_t,
) -> Failure {
    guard_run(trap, || {
        let mut scope = RootScope::new(&mut store);
        // The store keeps the buffer between calls, so that calls do not allocate. A nested call allocates a buffer of
        // its own.
        let mut vals = take(&mut scope.as_context_mut().data_mut().wasm_val_storage);
        vals.clear();
        for i in 0..arg_count {
            // SAFETY: the caller's promise.
            vals.push(unsafe { (*args.add(i)).to_val(&mut scope) });
        }
        vals.resize(arg_count + result_count, Val::null_func_ref());
        let (params, returned) = vals.split_at_mut(arg_count);
        let outcome = func.call(&mut scope, params, returned);
        if outcome.is_ok() {
            for (i, val) in returned.iter().enumerate() {
                let val = wasmtime_val_t::from_val(&mut scope, *val);
                // SAFETY: the caller's promise.
                unsafe { (*results.add(i)).write(val) };
            }
        }
        vals.clear();
        scope.as_context_mut().data_mut().wasm_val_storage = vals;
        outcome
    })
}

/// Discards the exception that a call has left in the store. `wasmtime_context_take_exception()` would root it outside
/// of any scope, which keeps everything that it refers to until the store is deleted.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_end_exception(mut store: WasmtimeStoreContextMut<'_>) -> bool {
    guard_value(false, || RootScope::new(&mut store).as_context_mut().take_pending_exception().is_some())
}

fn expect(
    scope: &mut RootScope<&mut WasmtimeStoreContextMut<'_>>,
    val: &Val,
    ty: Option<ValType>,
    words: &str,
) -> Result<()> {
    let Some(ty) = ty else { return Err(Error::msg(format!("{words}: too many values"))) };
    if val.matches_ty(scope.as_context_mut(), &ty)? {
        return Ok(());
    }
    Err(Error::msg(format!("{words}: type mismatch: expected {ty}")))
}

/// Checks that values have the types of a function's parameters, or of its results, as `wrl__wasmtime_call()` does.
///
/// # Safety
///
/// `vals` points to `count` values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmtime_expect(
    mut store: WasmtimeStoreContextMut<'_>,
    func: &Func,
    are_results: bool,
    vals: *const wasmtime_val_t,
    count: usize,
) -> Failure {
    guard(|| {
        let mut scope = RootScope::new(&mut store);
        let types = func.ty(scope.as_context_mut());
        for i in 0..count {
            // SAFETY: the caller's promise.
            let val = unsafe { (*vals.add(i)).to_val(&mut scope) };
            if are_results {
                expect(&mut scope, &val, types.result(i), "function attempted to return an incompatible value")?;
            } else {
                expect(&mut scope, &val, types.param(i), "argument type mismatch")?;
            }
        }
        Ok(())
    })
}
