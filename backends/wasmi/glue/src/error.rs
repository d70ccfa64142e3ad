//! Converts wasmi's errors and Rust's panics to the core's errors.

use crate::abi::{Code, Core, Kind, WrlError};
use crate::panics::catch;
use std::borrow::Cow;
use std::fmt;
use std::ptr;
use wasmi::TrapCode;
use wasmi::errors::{ErrorKind, HostError, InstantiationError, MemoryError, TableError};

/// The error of a function in this crate.
pub enum Fault {
    /// An error of the engine or of a host function.
    Engine(wasmi::Error),
    /// An error without a message.
    Plain(Kind),
    /// An error with a message of this crate.
    Words(Kind, &'static str),
}

impl<E> From<E> for Fault
where
    wasmi::Error: From<E>,
{
    fn from(error: E) -> Self {
        Fault::Engine(error.into())
    }
}

/// Carries an error of a host function through the engine.
pub struct Thrown {
    core: &'static Core,
    error: *mut WrlError,
}

// SAFETY: any thread may use an error, one thread at a time, and a shared reference gives no access to it.
unsafe impl Send for Thrown {}
// SAFETY: as above.
unsafe impl Sync for Thrown {}

impl Thrown {
    pub fn new(core: &'static Core, error: *mut WrlError) -> Self {
        Thrown { core, error }
    }

    fn into_raw(mut self) -> *mut WrlError {
        std::mem::replace(&mut self.error, ptr::null_mut())
    }
}

impl Drop for Thrown {
    fn drop(&mut self) {
        if !self.error.is_null() {
            // SAFETY: the error is owned here, and the core has not received it.
            unsafe { (self.core.error_delete)(self.error) }
        }
    }
}

impl HostError for Thrown {}

impl fmt::Debug for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Thrown")
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("host function failed")
    }
}

/// Runs `body`. Returns its failure, or its panic, as an error of the core. NULL is success.
#[inline]
pub fn guard(core: &'static Core, if_panics: (Kind, Code), body: impl FnOnce() -> Result<(), Fault>) -> *mut WrlError {
    let run = || match body() {
        Ok(()) => ptr::null_mut(),
        Err(fault) => from_fault(core, fault),
    };
    catch(run).unwrap_or_else(|text| make(core, if_panics, &text))
}

/// Runs `body`, which cannot report a failure. Returns `fallback` if `body` panics.
#[inline]
pub fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch(body).unwrap_or(fallback)
}

/// Runs `body` in a call from the interpreter. Returns a panic of `body` as an error, so that it does not unwind the
/// interpreter.
#[inline]
pub fn guard_host<T>(core: &'static Core, body: impl FnOnce() -> Result<T, wasmi::Error>) -> Result<T, wasmi::Error> {
    catch(body).unwrap_or_else(|text| Err(wasmi::Error::host(Thrown::new(core, make(core, CALL, &text)))))
}

/// The class of a panic during a call, including a panic in the interpreter.
pub const CALL: (Kind, Code) = (Kind::Trap, Code::Other);
/// The class of other panics in a store: wasmi panics when it runs out of numbers for the store's items.
pub const STORE: (Kind, Code) = (Kind::ResourceLimit, Code::None);
/// The class of a panic in the compiler.
pub const COMPILE: (Kind, Code) = (Kind::Invalid, Code::None);

fn make(core: &Core, (kind, code): (Kind, Code), text: &str) -> *mut WrlError {
    // SAFETY: the core copies the text.
    unsafe { (core.error)(kind, code, text.as_ptr().cast(), text.len()) }
}

#[cold]
fn from_fault(core: &Core, fault: Fault) -> *mut WrlError {
    match fault {
        Fault::Plain(kind) => make(core, (kind, Code::None), ""),
        Fault::Words(kind, text) => make(core, (kind, Code::None), text),
        Fault::Engine(error) if error.downcast_ref::<Thrown>().is_some() => {
            error.downcast::<Thrown>().map_or(ptr::null_mut(), Thrown::into_raw)
        }
        Fault::Engine(error) => {
            let (kind, code) = classify(error.kind());
            // The core has messages for the other codes.
            let text = if matches!(code, Code::None | Code::Other) { words(error.kind()) } else { Cow::Borrowed("") };
            make(core, (kind, code), &text)
        }
    }
}

/// Returns an error's message, without names of Rust types.
fn words(kind: &ErrorKind) -> Cow<'static, str> {
    let text = match kind {
        ErrorKind::Memory(error) => memory_words(error),
        ErrorKind::Table(error) => table_words(error),
        ErrorKind::Instantiation(InstantiationError::FailedToInstantiateMemory(error)) => memory_words(error),
        ErrorKind::Instantiation(InstantiationError::FailedToInstantiateTable(error)) => table_words(error),
        ErrorKind::Instantiation(
            InstantiationError::ImportsExternalsMismatch { .. }
            | InstantiationError::GlobalTypeMismatch { .. }
            | InstantiationError::FuncTypeMismatch { .. }
            | InstantiationError::TableTypeMismatch { .. }
            | InstantiationError::MemoryTypeMismatch { .. },
        ) => "type mismatch",
        _ => return Cow::Owned(kind.to_string()),
    };
    Cow::Borrowed(text)
}

fn memory_words(error: &MemoryError) -> &'static str {
    match error {
        MemoryError::OutOfSystemMemory => "the host has too little memory",
        MemoryError::OutOfBoundsGrowth => "the memory cannot grow that far",
        MemoryError::OutOfBoundsAccess => "out of bounds memory access",
        MemoryError::InvalidMemoryType | MemoryError::InvalidStaticBufferSize => {
            "the type of the memory is not supported"
        }
        MemoryError::ResourceLimiterDeniedAllocation => "the host has too little memory for a memory of this size",
        MemoryError::MinimumSizeOverflow => "the minimum size of the memory is larger than the address space",
        MemoryError::MaximumSizeOverflow => "the maximum size of the memory is larger than the address space",
        MemoryError::OutOfFuel { .. } => "out of fuel",
    }
}

fn table_words(error: &TableError) -> &'static str {
    match error {
        TableError::OutOfSystemMemory => "the host has too little memory",
        TableError::GrowOutOfBounds => "the table cannot grow that far",
        TableError::ResourceLimiterDeniedAllocation => "the table is larger than the limit on tables",
        TableError::MinimumSizeOverflow => "the minimum size of the table is larger than the address space",
        TableError::MaximumSizeOverflow => "the maximum size of the table is larger than the address space",
        TableError::ElementTypeMismatch => "the table has elements of a different type",
        TableError::OutOfFuel { .. } => "out of fuel",
        _ => "out of bounds table access",
    }
}

fn classify(kind: &ErrorKind) -> (Kind, Code) {
    match kind {
        ErrorKind::TrapCode(code) => classify_trap(*code),
        ErrorKind::Memory(error) => classify_memory(error),
        ErrorKind::Table(error) => classify_table(error),
        ErrorKind::Instantiation(error) => classify_instantiation(error),
        ErrorKind::Global(_) | ErrorKind::Func(_) => (Kind::InvalidArgument, Code::None),
        ErrorKind::Linker(_) => (Kind::Link, Code::None),
        ErrorKind::Read(_) => (Kind::Malformed, Code::None),
        ErrorKind::Wasm(error) if is_beyond_limit(error.message()) => (Kind::ResourceLimit, Code::None),
        ErrorKind::Wasm(_) => (Kind::Invalid, Code::None),
        // A valid module that fails here is too large for wasmi's internal code.
        ErrorKind::Translation(_) | ErrorKind::Ir(_) | ErrorKind::Limits(_) => (Kind::ResourceLimit, Code::None),
        _ => (Kind::Trap, Code::Other),
    }
}

/// Whether the message says that a valid module exceeds an implementation limit of the validator. No names from the
/// module precede the phrases that this function looks for.
fn is_beyond_limit(message: &str) -> bool {
    let is_count = message
        .split_once(" count exceeds limit of ")
        .is_some_and(|(what, _)| what.bytes().all(|byte| byte == b' ' || byte.is_ascii_lowercase()));
    is_count || message.starts_with("effective type size exceeds") || message.starts_with("string size out of bounds")
}

fn classify_trap(code: TrapCode) -> (Kind, Code) {
    let code = match code {
        TrapCode::UnreachableCodeReached => Code::Unreachable,
        TrapCode::MemoryOutOfBounds => Code::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Code::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Code::IndirectCallToNull,
        TrapCode::IntegerDivisionByZero => Code::IntegerDivisionByZero,
        TrapCode::IntegerOverflow => Code::IntegerOverflow,
        TrapCode::BadConversionToInteger => Code::BadConversionToInteger,
        TrapCode::StackOverflow => Code::StackOverflow,
        TrapCode::BadSignature => Code::BadSignature,
        TrapCode::OutOfFuel => Code::OutOfFuel,
        TrapCode::GrowthOperationLimited => return (Kind::ResourceLimit, Code::None),
    };
    (Kind::Trap, code)
}

fn classify_memory(error: &MemoryError) -> (Kind, Code) {
    match error {
        MemoryError::OutOfBoundsAccess => (Kind::Trap, Code::MemoryOutOfBounds),
        MemoryError::InvalidMemoryType | MemoryError::InvalidStaticBufferSize => (Kind::Unsupported, Code::None),
        MemoryError::OutOfFuel { .. } => (Kind::Trap, Code::OutOfFuel),
        MemoryError::OutOfSystemMemory
        | MemoryError::OutOfBoundsGrowth
        | MemoryError::ResourceLimiterDeniedAllocation
        | MemoryError::MinimumSizeOverflow
        | MemoryError::MaximumSizeOverflow => (Kind::ResourceLimit, Code::None),
    }
}

fn classify_table(error: &TableError) -> (Kind, Code) {
    match error {
        TableError::InitOutOfBounds
        | TableError::FillOutOfBounds
        | TableError::SetOutOfBounds
        | TableError::CopyOutOfBounds => (Kind::Trap, Code::TableOutOfBounds),
        TableError::ElementTypeMismatch => (Kind::InvalidArgument, Code::None),
        TableError::OutOfFuel { .. } => (Kind::Trap, Code::OutOfFuel),
        _ => (Kind::ResourceLimit, Code::None),
    }
}

fn classify_instantiation(error: &InstantiationError) -> (Kind, Code) {
    match error {
        InstantiationError::InvalidNumberOfImports { .. }
        | InstantiationError::ImportsExternalsMismatch { .. }
        | InstantiationError::GlobalTypeMismatch { .. }
        | InstantiationError::FuncTypeMismatch { .. }
        | InstantiationError::TableTypeMismatch { .. }
        | InstantiationError::MemoryTypeMismatch { .. } => (Kind::Link, Code::None),
        InstantiationError::ElementSegmentDoesNotFit { .. } => (Kind::Trap, Code::TableOutOfBounds),
        InstantiationError::UnexpectedStartFn { .. } => (Kind::Unsupported, Code::None),
        InstantiationError::TooManyInstances
        | InstantiationError::TooManyTables
        | InstantiationError::TooManyMemories => (Kind::ResourceLimit, Code::None),
        InstantiationError::FailedToInstantiateMemory(error) => classify_memory(error),
        InstantiationError::FailedToInstantiateTable(error) => classify_table(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::fake::{CORE, take};
    use crate::panics::init;
    use wasmi::{AsContextMut, Engine, Func, Instance, Module, Store, Val};

    #[test]
    fn a_panic_becomes_an_error_of_the_class_given() {
        init();
        let made = take(guard(&CORE, STORE, || panic!("no more room for {}", "this")));
        assert!(made.kind == Kind::ResourceLimit && made.code == Code::None);
        assert!(made.text.starts_with("no more room for this (error.rs:"), "{}", made.text);
        let made = take(guard(&CORE, CALL, || panic!("lost its way")));
        assert!(made.kind == Kind::Trap && made.code == Code::Other);
        assert!(guard(&CORE, CALL, || Ok(())).is_null());
        assert_eq!(guard_value(7, || panic!("lost its way")), 7);
    }

    /// An error whose formatting panics. The guard formats it.
    struct Speechless;

    impl HostError for Speechless {}

    impl fmt::Debug for Speechless {
        fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("no words")
        }
    }

    impl fmt::Display for Speechless {
        fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("no words")
        }
    }

    #[test]
    fn a_panic_within_an_errors_words_is_caught() {
        init();
        let made = take(guard(&CORE, COMPILE, || Err(Fault::Engine(wasmi::Error::host(Speechless)))));
        assert!(made.kind == Kind::Invalid);
        assert!(made.text.starts_with("no words (error.rs:"), "{}", made.text);
    }

    /// The core puts its own message for the code before the text.
    #[test]
    fn a_trap_with_a_code_has_no_words_of_its_own() {
        for code in (0..=u8::MAX).map_while(|number| TrapCode::try_from(number).ok()) {
            let (kind, number) = classify_trap(code);
            let made = take(from_fault(&CORE, Fault::Engine(code.into())));
            assert!(made.kind == kind && made.code == number);
            assert_eq!(made.text.is_empty(), !matches!(number, Code::None | Code::Other), "{}", made.text);
        }
    }

    /// A table with one element, and a segment that writes beyond the end of the table.
    const SEGMENT: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x04\x04\x01\x70\0\x01\
        \x09\x07\x01\0\x41\x01\x0b\x01\0\x0a\x04\x01\x02\0\x0b";
    /// Imports a memory of two pages, env.f.
    const MEMORY: &[u8] = b"\0asm\x01\0\0\0\x02\x0a\x01\x03env\x01f\x02\0\x02";

    #[test]
    fn no_error_of_an_instance_names_types_of_rust() {
        let engine = Engine::default();
        let mut store = Store::new(&engine, ());
        let ty = wasmi::MemoryType::new(1, None);
        let memory = wasmi::Memory::new(&mut store, ty).expect("it is small");
        let cases: [(&[u8], Vec<wasmi::Extern>); 2] = [(SEGMENT, vec![]), (MEMORY, vec![memory.into()])];
        for (bytes, imports) in cases {
            let module = Module::new(&engine, bytes).expect("the module is valid");
            let error = Instance::new(&mut store, &module, &imports).expect_err("it does not fit");
            let made = take(from_fault(&CORE, error.into()));
            assert!(!made.text.contains(['{', '(', '`']), "{}", made.text);
        }
    }

    /// Imports env.f and exports "run", which calls it; both () -> ().
    const FORWARD: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x09\x01\x03env\x01f\0\0\x03\x02\x01\0\
        \x07\x07\x01\x03run\0\x01\x0a\x06\x01\x04\0\x10\0\x0b";

    /// The interpreter's frames are between the panic and the call.
    #[test]
    fn a_panic_under_the_interpreter_becomes_an_error_and_the_store_goes_on() {
        init();
        let engine = Engine::default();
        let mut store = Store::new(&engine, 0_u32);
        let module = Module::new(&engine, FORWARD).expect("the module is valid");
        let ty = wasmi::FuncType::new([], []);
        let host =
            Func::new(store.as_context_mut(), ty, |mut caller: wasmi::Caller<'_, u32>, _: &[Val], _: &mut [Val]| {
                *caller.data_mut() += 1;
                let round = *caller.data();
                guard_host(&CORE, || if round == 1 { panic!("lost its way") } else { Ok(()) })
            });
        let instance = Instance::new(&mut store, &module, &[host.into()]).expect("the imports fit");
        let run = instance.get_func(&store, "run").expect("it is exported");
        let made = take(guard(&CORE, STORE, || Ok(run.call(&mut store, &[], &mut [])?)));
        assert!(made.kind == Kind::Trap && made.code == Code::Other);
        assert!(made.text.starts_with("lost its way (error.rs:"), "{}", made.text);
        assert!(guard(&CORE, STORE, || Ok(run.call(&mut store, &[], &mut [])?)).is_null());
        assert_eq!(*store.data(), 2);
    }

    /// Like a panic of the interpreter itself.
    #[test]
    fn a_panic_that_unwinds_the_interpreter_becomes_an_error_and_the_store_goes_on() {
        init();
        let engine = Engine::default();
        let mut store = Store::new(&engine, 0_u32);
        let module = Module::new(&engine, FORWARD).expect("the module is valid");
        let host = Func::wrap(&mut store, |mut caller: wasmi::Caller<'_, u32>| {
            *caller.data_mut() += 1;
            assert!(*caller.data() > 1, "lost its way");
        });
        let instance = Instance::new(&mut store, &module, &[host.into()]).expect("the imports fit");
        let run = instance.get_func(&store, "run").expect("it is exported");
        let made = take(guard(&CORE, CALL, || Ok(run.call(&mut store, &[], &mut [])?)));
        assert!(made.kind == Kind::Trap && made.code == Code::Other);
        assert!(made.text.starts_with("lost its way (error.rs:"), "{}", made.text);
        assert!(guard(&CORE, CALL, || Ok(run.call(&mut store, &[], &mut [])?)).is_null());
        assert_eq!(*store.data(), 2);
    }
}
