//! Globals and externrefs.

use crate::abi::{GlobalType, Raw, Ref, WrlError};
use crate::error::{STORE, guard};
use crate::store::Store;
use crate::value::{down, externref_new, name, resolve, up};
use std::ffi::c_void;
use wasmi::{Global, Mutability};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_global_new(
    store: *mut c_void,
    ty: &GlobalType,
    initial: &Raw,
    global: &mut Ref,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made it.
    let store = unsafe { Store::from_raw(store) };
    guard(store.core, STORE, || {
        // SAFETY: the core has checked the value.
        let initial = unsafe { down(initial, &ty.content) }?;
        let mutability = if ty.is_mutable { Mutability::Var } else { Mutability::Const };
        *global = name(Global::new(store.context(), initial, mutability));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_global_get(
    store: *mut c_void,
    global: Ref,
    _ty: &GlobalType,
    value: &mut Raw,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made the store, and the global is in it.
    let (store, global) = unsafe { (Store::from_raw(store), resolve::<Global>(global)) };
    guard(store.core, STORE, || {
        let context = store.context();
        *value = up(&global.get(&context), &context);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_global_set(
    store: *mut c_void,
    global: Ref,
    ty: &GlobalType,
    value: &Raw,
) -> *mut WrlError {
    // SAFETY: as above; the core has checked the value.
    let (store, global) = unsafe { (Store::from_raw(store), resolve::<Global>(global)) };
    guard(store.core, STORE, || {
        // SAFETY: as above.
        let value = unsafe { down(value, &ty.content) }?;
        global.set(store.context(), value)?;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_externref_new(store: *mut c_void, key: u64, word: &mut u64) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made it.
    let store = unsafe { Store::from_raw(store) };
    guard(store.core, STORE, || {
        *word = externref_new(store, key);
        Ok(())
    })
}
