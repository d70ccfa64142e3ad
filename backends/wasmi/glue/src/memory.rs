//! Memories.

use crate::abi::{Kind, MemoryType, NO_MAX, Ref, WrlError};
use crate::error::{Fault, STORE, guard, guard_value};
use crate::maximum::clamp;
use crate::store::Store;
use crate::value::{name, resolve};
use std::ffi::c_void;
use std::ptr;
use wasmi::Memory;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_memory_new(store: *mut c_void, ty: &MemoryType, memory: &mut Ref) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made it.
    let store = unsafe { Store::from_raw(store) };
    guard(store.core, STORE, || {
        if ty.is_shared {
            return Err(Fault::Plain(Kind::Unsupported));
        }
        let mut builder = wasmi::MemoryType::builder();
        builder
            .min(ty.min)
            .max(clamp((ty.max != NO_MAX).then_some(ty.max), ty.page_size_log2.into(), ty.is_64))
            .memory64(ty.is_64)
            .page_size_log2(ty.page_size_log2);
        *memory = name(Memory::new(store.context(), builder.build()?)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_memory_size(store: *mut c_void, memory: Ref) -> u64 {
    // SAFETY: wrl__wasmi_store_new made the store, and the memory is in it.
    let (store, memory) = unsafe { (Store::from_raw(store), resolve::<Memory>(memory)) };
    guard_value(0, || memory.size(store.context()))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_memory_grow(
    store: *mut c_void,
    memory: Ref,
    delta: u64,
    previous_pages: &mut u64,
) -> *mut WrlError {
    // SAFETY: as above.
    let (store, memory) = unsafe { (Store::from_raw(store), resolve::<Memory>(memory)) };
    guard(store.core, STORE, || {
        *previous_pages = memory.grow(store.context(), delta)?;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_memory_data(store: *mut c_void, memory: Ref, data: &mut *mut u8, size: &mut u64) {
    // SAFETY: as above.
    let (store, memory) = unsafe { (Store::from_raw(store), resolve::<Memory>(memory)) };
    (*data, *size) = guard_value((ptr::null_mut(), 0), || {
        let bytes = memory.data_mut(store.context());
        (bytes.as_mut_ptr(), bytes.len() as u64)
    });
}
