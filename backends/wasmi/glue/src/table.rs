//! Tables.

use crate::abi::{Kind, NO_MAX, Raw, Ref, TableType, WrlError};
use crate::error::{Fault, STORE, guard, guard_value};
use crate::store::Store;
use crate::value::{down_ref, name, reftype, resolve, up};
use std::ffi::c_void;
use wasmi::Table;
use wasmi::errors::TableError;

fn tabletype(ty: &TableType) -> Result<wasmi::TableType, Fault> {
    let element = reftype(&ty.element)?;
    let max = (ty.max != NO_MAX).then_some(ty.max);
    if ty.is_64 {
        return Ok(wasmi::TableType::new64(element, ty.min, max));
    }
    let min = u32::try_from(ty.min).map_err(|_| TableError::MinimumSizeOverflow)?;
    // A maximum beyond the address space has no effect.
    let max = max.map(|max| u32::try_from(max).unwrap_or(u32::MAX));
    Ok(wasmi::TableType::new(element, min, max))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_table_new(
    store: *mut c_void,
    ty: &TableType,
    initial: &Raw,
    table: &mut Ref,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made it.
    let store = unsafe { Store::from_raw(store) };
    guard(store.core, STORE, || {
        let made = tabletype(ty)?;
        // SAFETY: the core has checked the value.
        let initial = unsafe { down_ref(initial, &ty.element) }?;
        *table = name(Table::new(store.context(), made, initial)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_table_size(store: *mut c_void, table: Ref) -> u64 {
    // SAFETY: wrl__wasmi_store_new made the store, and the table is in it.
    let (store, table) = unsafe { (Store::from_raw(store), resolve::<Table>(table)) };
    guard_value(0, || table.size(store.context()))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_table_get(
    store: *mut c_void,
    table: Ref,
    _ty: &TableType,
    index: u64,
    value: &mut Raw,
) -> *mut WrlError {
    // SAFETY: as above.
    let (store, table) = unsafe { (Store::from_raw(store), resolve::<Table>(table)) };
    guard(store.core, STORE, || {
        let context = store.context();
        let element = table.get(&context, index).ok_or(Fault::Plain(Kind::InvalidArgument))?;
        *value = up(&element, &context);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_table_set(
    store: *mut c_void,
    table: Ref,
    ty: &TableType,
    index: u64,
    value: &Raw,
) -> *mut WrlError {
    // SAFETY: as above; the core has checked the value.
    let (store, table) = unsafe { (Store::from_raw(store), resolve::<Table>(table)) };
    guard(store.core, STORE, || {
        // SAFETY: as above.
        let value = unsafe { down_ref(value, &ty.element) }?;
        table.set(store.context(), index, value)?;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_table_grow(
    store: *mut c_void,
    table: Ref,
    ty: &TableType,
    delta: u64,
    initial: &Raw,
    previous_size: &mut u64,
) -> *mut WrlError {
    // SAFETY: as above; the core has checked the value.
    let (store, table) = unsafe { (Store::from_raw(store), resolve::<Table>(table)) };
    guard(store.core, STORE, || {
        // SAFETY: as above.
        let initial = unsafe { down_ref(initial, &ty.element) }?;
        *previous_size = table.grow(store.context(), delta, initial)?;
        Ok(())
    })
}
