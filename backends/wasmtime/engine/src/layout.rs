//! Access to structs of the C API whose fields are private. Each is `#[repr(C)]` with one field, so it has the layout
//! of that field. The version of the crate is pinned.

use std::mem::{align_of, size_of};

use wasmtime_c_api::wasmtime::{Config, Engine, Error, Store};
use wasmtime_c_api::{
    WasmtimeStoreData, wasm_config_t, wasm_engine_t, wasm_trap_t, wasmtime_error_t, wasmtime_store_t,
};

const fn same<A, B>() -> bool {
    size_of::<A>() == size_of::<B>() && align_of::<A>() == align_of::<B>()
}

const _: () = {
    assert!(same::<wasm_config_t, Config>());
    assert!(same::<wasm_engine_t, Engine>());
    assert!(same::<wasm_trap_t, Error>());
    assert!(same::<wasmtime_error_t, Error>());
    assert!(same::<wasmtime_store_t, Store<WasmtimeStoreData>>());
};

pub fn config(from: &wasm_config_t) -> &Config {
    // SAFETY: see above.
    unsafe { &*std::ptr::from_ref(from).cast() }
}

pub fn engine(from: &wasm_engine_t) -> &Engine {
    // SAFETY: see above.
    unsafe { &*std::ptr::from_ref(from).cast() }
}

pub fn new_engine(engine: Engine) -> Box<wasm_engine_t> {
    // SAFETY: see above.
    unsafe { Box::from_raw(Box::into_raw(Box::new(engine)).cast()) }
}

pub fn store(from: &mut wasmtime_store_t) -> &mut Store<WasmtimeStoreData> {
    // SAFETY: see above.
    unsafe { &mut *std::ptr::from_mut(from).cast() }
}

pub fn error(from: &wasmtime_error_t) -> &Error {
    // SAFETY: see above.
    unsafe { &*std::ptr::from_ref(from).cast() }
}

pub fn trap(from: &wasm_trap_t) -> &Error {
    // SAFETY: see above.
    unsafe { &*std::ptr::from_ref(from).cast() }
}

pub fn new_trap(error: Error) -> Box<wasm_trap_t> {
    // SAFETY: see above.
    unsafe { Box::from_raw(Box::into_raw(Box::new(error)).cast()) }
}
