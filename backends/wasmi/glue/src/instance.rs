//! Instances.

use crate::abi::{
    EXTERN_FUNC, EXTERN_GLOBAL, EXTERN_MEMORY, EXTERN_TABLE, Extern, ExternKind, Kind, Ref, WrlError, slice,
};
use crate::engine::Module;
use crate::error::{CALL, Fault, STORE, guard};
use crate::host::from_extern;
use crate::segments::Segments;
use crate::store::Store;
use crate::value::{bits, name, resolve};
use std::ffi::c_void;
use wasmi::errors::ErrorKind;
use wasmi::{Error, Func, Instance, Ref as Nullable, Table, Val, ValType};

/// # Safety
///
/// The name is of the store's, and of that kind.
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

/// The imports in wasmi's order. Those of one kind keep theirs.
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

/// Tables that a new instance imports, guarded against what a failure leaves in them (segments.rs). Where the instance
/// cannot be made again, its functions are taken out: the guest that calls one finds null.
struct ImportedTables<'a> {
    store: &'a Store,
    tables: Vec<Table>,
    /// A function older than those of the new instance.
    mark: Option<Func>,
    armed: bool,
}

impl<'a> ImportedTables<'a> {
    fn new(store: &'a Store, imports: &[wasmi::Extern]) -> Self {
        let tables: Vec<Table> = imports
            .iter()
            .filter_map(|item| item.into_table())
            .filter(|table| table.ty(store.context()).element() == ValType::FuncRef)
            .collect();
        let mark = (!tables.is_empty()).then(|| Func::wrap(store.context(), || {}));
        ImportedTables { store, tables, mark, armed: true }
    }

    /// The functions of the new instance are whole if it got as far as its start function.
    fn finish(&mut self, result: &Result<Instance, Error>) {
        self.armed = match result {
            Ok(_) => false,
            Err(error) => !matches!(
                error.kind(),
                ErrorKind::TrapCode(_) | ErrorKind::Host(_) | ErrorKind::Message(_) | ErrorKind::I32ExitStatus(_)
            ),
        };
    }

    /// Goes through the places of functions of an instance that failed.
    fn each_left(&self, mut visit: impl FnMut(&Table, u64)) {
        let (true, Some(mark)) = (self.armed, self.mark) else {
            return;
        };
        for table in &self.tables {
            for index in 0..table.size(self.store.context()) {
                if let Some(Val::FuncRef(Nullable::Val(func))) = table.get(self.store.context(), index)
                    && is_newer(func, mark)
                {
                    visit(table, index);
                }
            }
        }
    }

    /// Puts functions of a whole instance in the place of those that were left.
    fn mend(&mut self, segments: &Segments, imports: &[wasmi::Extern]) {
        let mut any = false;
        self.each_left(|_, _| any = true);
        if any && segments.instantiate(self.store, imports) {
            self.armed = false;
        }
    }
}

impl Drop for ImportedTables<'_> {
    fn drop(&mut self) {
        self.each_left(|table, index| {
            // The index and the type are right, so that it cannot fail.
            let _ = table.set(self.store.context(), index, Val::FuncRef(Nullable::Null));
        });
    }
}

/// Whether a function was made after another of the same store. A handle is the store's number, which both share, and
/// the function's, which counts up; the compiler orders the two halves.
fn is_newer(func: Func, mark: Func) -> bool {
    let halves = |func| {
        let bits = bits::<Func>(func);
        ((bits >> 32) as u32, bits as u32)
    };
    let ((high, low), (mark_high, mark_low)) = (halves(func), halves(mark));
    if low == mark_low { high > mark_high } else { low > mark_low }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wasmi_instance_new(
    store: *mut c_void,
    module: *mut c_void,
    imports: *const Extern,
    import_count: usize,
    key: u64,
    instance: &mut Ref,
) -> *mut WrlError {
    // SAFETY: wrl_wasmi_store_new and wrl_wasmi_module_new made them; the core gives so many imports of the store's.
    let (store, module, imports) =
        unsafe { (Store::from_raw(store), &*module.cast::<Module>(), slice(imports, import_count)) };
    guard(store.core, CALL, || {
        // SAFETY: as above.
        let imports = unsafe { arrange(module, imports) }?;
        let attempt = store.attempts.begin(store, key)?;
        let mut tables = ImportedTables::new(store, &imports);
        let result = Instance::new(store.context(), &module.module, &imports);
        tables.finish(&result);
        if let Some(segments) = &module.segments {
            tables.mend(segments, &imports);
        }
        drop(tables);
        let made = result?;
        store.attempts.finish(attempt, made);
        *instance = name(made);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wasmi_instance_export(
    store: *mut c_void,
    instance: Ref,
    _index: usize,
    text: *const u8,
    text_size: usize,
    _ty: *const c_void,
    item: &mut Ref,
) -> *mut WrlError {
    // SAFETY: wrl_wasmi_store_new made the store, the instance is in it, and the core gives so many bytes.
    let (store, instance, text) =
        unsafe { (Store::from_raw(store), resolve::<Instance>(instance), slice(text, text_size)) };
    guard(store.core, STORE, || {
        let export = std::str::from_utf8(text)
            .ok()
            .and_then(|text| instance.get_export(store.context(), text))
            .ok_or(Fault::Plain(Kind::InvalidArgument))?;
        *item = from_extern(export).item;
        Ok(())
    })
}
