//! Engines and modules.

use crate::abi::{Core, EXTERN_FUNC, EXTERN_GLOBAL, EXTERN_MEMORY, EXTERN_TABLE, ExternKind, WrlError, slice};
use crate::compile::compile;
use crate::config::configure;
use crate::copies::copies_between_imports;
use crate::error::{COMPILE, STORE, guard, guard_value};
use crate::limits::Limits;
use crate::maximum::clamp_module;
use crate::panics;
use std::ffi::c_void;
use std::sync::atomic::AtomicBool;
use wasmi::ExternType;

pub struct Module {
    pub module: wasmi::Module,
    /// The kinds of the imports in wasmi's order. wasmi groups imports by kind, so this is not the module's order.
    pub import_kinds: Vec<ExternKind>,
    /// See copies.rs.
    pub copies_between_imports: bool,
}

pub struct Engine {
    pub core: &'static Core,
    pub engine: wasmi::Engine,
    has_refused: AtomicBool,
}

// WRL_FEATURE_THREAD_SAFE: any thread may use engines and modules, and stores may move between threads.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    const fn moved<T: Send>() {}
    shared::<wasmi::Engine>();
    shared::<wasmi::Module>();
    moved::<wasmi::Store<Limits>>();
};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_engine_new(
    core: &'static Core,
    fuel: bool,
    engine: &mut *mut c_void,
) -> *mut WrlError {
    guard(core, STORE, || {
        panics::init();
        let made = Box::new(Engine {
            core,
            engine: wasmi::Engine::new(&configure(fuel)),
            has_refused: AtomicBool::new(false),
        });
        *engine = Box::into_raw(made).cast();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_engine_delete(engine: *mut c_void) {
    // SAFETY: wrl__wasmi_engine_new made it, and the core does not use it any more.
    guard_value((), || drop(unsafe { Box::from_raw(engine.cast::<Engine>()) }));
}

fn kind(ty: &ExternType) -> ExternKind {
    match ty {
        ExternType::Func(_) => EXTERN_FUNC,
        ExternType::Global(_) => EXTERN_GLOBAL,
        ExternType::Memory(_) => EXTERN_MEMORY,
        ExternType::Table(_) => EXTERN_TABLE,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_module_new(
    engine: *mut c_void,
    bytes: *const u8,
    size: usize,
    module: &mut *mut c_void,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_engine_new made it.
    let engine = unsafe { &*engine.cast::<Engine>() };
    guard(engine.core, COMPILE, || {
        // SAFETY: the core passes `size` bytes.
        let bytes = unsafe { slice(bytes, size) };
        let bytes = clamp_module(bytes);
        let made = compile(&engine.engine, &engine.has_refused, &bytes)?;
        let import_kinds = made.imports().map(|import| kind(import.ty())).collect();
        let copies_between_imports = copies_between_imports(&bytes);
        let made = Box::new(Module { module: made, import_kinds, copies_between_imports });
        *module = Box::into_raw(made).cast();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_module_validate(
    engine: *mut c_void,
    bytes: *const u8,
    size: usize,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_engine_new made it.
    let engine = unsafe { &*engine.cast::<Engine>() };
    guard(engine.core, COMPILE, || {
        // SAFETY: the core passes `size` bytes.
        let bytes = unsafe { slice(bytes, size) };
        Ok(wasmi::Module::validate(&engine.engine, &clamp_module(bytes))?)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_module_delete(module: *mut c_void) {
    // SAFETY: wrl__wasmi_module_new made it, and the core does not use it any more.
    guard_value((), || drop(unsafe { Box::from_raw(module.cast::<Module>()) }));
}
