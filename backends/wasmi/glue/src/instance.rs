//! Instances.

use crate::abi::{
    EXTERN_FUNC, EXTERN_GLOBAL, EXTERN_MEMORY, EXTERN_TABLE, Extern, ExternKind, Kind, Ref, WrlError, slice,
};
use crate::copies::has_one_twice;
use crate::engine::Module;
use crate::error::{CALL, Fault, STORE, guard};
use crate::store::Store;
use crate::value::{name, resolve};
use std::ffi::c_void;
use wasmi::Instance;

/// # Safety
///
/// `item` refers to an object of the store, of the kind `item.kind`.
unsafe fn to_extern(item: &Extern) -> Result<wasmi::Extern, Fault> {
    // SAFETY: the caller's promise.
    unsafe {
        Ok(match item.kind {
            EXTERN_FUNC => wasmi::Extern::Func(resolve(item.item)),
            EXTERN_GLOBAL => wasmi::Extern::Global(resolve(item.item)),
            EXTERN_MEMORY => wasmi::Extern::Memory(resolve(item.item)),
            EXTERN_TABLE => wasmi::Extern::Table(resolve(item.item)),
            _ => return Err(Fault::Plain(Kind::Unsupported)),
        })
    }
}

fn name_of(item: wasmi::Extern) -> Ref {
    match item {
        wasmi::Extern::Func(func) => name(func),
        wasmi::Extern::Global(global) => name(global),
        wasmi::Extern::Memory(memory) => name(memory),
        wasmi::Extern::Table(table) => name(table),
    }
}

/// Returns the imports in wasmi's order. Imports of one kind keep their order.
///
/// # Safety
///
/// As for to_extern().
unsafe fn arrange(module: &Module, imports: &[Extern]) -> Result<Vec<wasmi::Extern>, Fault> {
    if imports.len() != module.import_kinds.len() {
        return Err(Fault::Plain(Kind::Link));
    }
    let of_kind = |kind| imports.iter().filter(move |item| item.kind == kind);
    let (mut funcs, mut globals) = (of_kind(EXTERN_FUNC), of_kind(EXTERN_GLOBAL));
    let (mut memories, mut tables) = (of_kind(EXTERN_MEMORY), of_kind(EXTERN_TABLE));
    let next = |kind: &ExternKind| match *kind {
        EXTERN_FUNC => funcs.next(),
        EXTERN_GLOBAL => globals.next(),
        EXTERN_MEMORY => memories.next(),
        EXTERN_TABLE => tables.next(),
        _ => None,
    };
    let arranged = module.import_kinds.iter().map(next);
    // SAFETY: the caller's promise.
    arranged.map(|item| unsafe { to_extern(item.ok_or(Fault::Plain(Kind::Link))?) }).collect()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_instance_new(
    store: *mut c_void,
    module: *mut c_void,
    imports: *const Extern,
    import_count: usize,
    key: u64,
    instance: &mut Ref,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made the store and wrl__wasmi_module_new the module. The core passes `import_count`
    // imports of the store.
    let (store, module, imports) =
        unsafe { (Store::from_raw(store), &*module.cast::<Module>(), slice(imports, import_count)) };
    guard(store.core, CALL, || {
        if module.copies_between_imports && has_one_twice(imports) {
            let reason = "the module copies between two of its imports, which are the same memory or table";
            return Err(Fault::Words(Kind::Unsupported, reason));
        }
        // SAFETY: as above.
        let imports = unsafe { arrange(module, imports) }?;
        let attempt = store.attempts.begin(store, key)?;
        let made = Instance::new(store.context(), &module.module, &imports)?;
        store.attempts.finish(attempt, made);
        *instance = name(made);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_instance_export(
    store: *mut c_void,
    instance: Ref,
    _index: usize,
    text: *const u8,
    text_size: usize,
    _ty: *const c_void,
    item: &mut Ref,
) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made the store, the instance is in it, and the core passes `text_size` bytes.
    let (store, instance, text) =
        unsafe { (Store::from_raw(store), resolve::<Instance>(instance), slice(text, text_size)) };
    guard(store.core, STORE, || {
        let export = std::str::from_utf8(text)
            .ok()
            .and_then(|text| instance.get_export(store.context(), text))
            .ok_or(Fault::Plain(Kind::InvalidArgument))?;
        *item = name_of(export);
        Ok(())
    })
}
