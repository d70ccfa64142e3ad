//! Mirrors of the structs of `wrl/sys/backend.h`. wasmi.c asserts the same sizes and offsets on the C side.

use std::ffi::{c_char, c_void};
use std::mem::{align_of, offset_of, size_of};

/// `wrl_error_t`.
#[repr(C)]
pub struct WrlError {
    _opaque: [u8; 0],
}

/// `wrl_error_kind_t`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    InvalidArgument = 1,
    Unsupported = 2,
    Malformed = 3,
    Invalid = 4,
    Link = 5,
    Trap = 6,
    ResourceLimit = 8,
    OutOfMemory = 9,
}

/// `wrl_trap_code_t`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Code {
    None = 0,
    Other = 1,
    Unreachable = 2,
    MemoryOutOfBounds = 3,
    TableOutOfBounds = 4,
    IndirectCallToNull = 5,
    BadSignature = 6,
    IntegerOverflow = 7,
    IntegerDivisionByZero = 8,
    BadConversionToInteger = 9,
    StackOverflow = 10,
    OutOfFuel = 18,
}

/// `wrl_raw_t`. Only the bytes of the active member are defined.
#[derive(Clone, Copy)]
#[repr(C)]
pub union Raw {
    pub i32: i32,
    pub i64: i64,
    pub f32: u32,
    pub f64: u64,
    pub v128: [u8; 16],
    pub words: [u64; 2],
}

impl Raw {
    pub const ZERO: Raw = Raw { words: [0, 0] };
}

/// `wrl_backend_ref_t`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Ref {
    pub words: [u64; 2],
}

/// `wrl_externkind_t`.
pub type ExternKind = u32;
pub const EXTERN_FUNC: ExternKind = 1;
pub const EXTERN_GLOBAL: ExternKind = 2;
pub const EXTERN_MEMORY: ExternKind = 3;
pub const EXTERN_TABLE: ExternKind = 4;

/// `wrl_backend_extern_t`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Extern {
    pub kind: ExternKind,
    pub item: Ref,
}

/// `wrl_valkind_t`.
pub type ValKind = u8;
pub const I32: ValKind = 1;
pub const I64: ValKind = 2;
pub const F32: ValKind = 3;
pub const F64: ValKind = 4;
pub const V128: ValKind = 5;
pub const FUNCREF: ValKind = 6;
pub const EXTERNREF: ValKind = 7;

/// `wrl_valtype_t`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ValType {
    pub kind: ValKind,
    pub flags: u8,
    pub reserved: u16,
    pub heap: i32,
}

/// `wrl_functype_t`.
#[repr(C)]
pub struct FuncType {
    params: *const ValType,
    param_count: usize,
    results: *const ValType,
    result_count: usize,
    name: *const c_char,
}

impl FuncType {
    pub fn params(&self) -> &[ValType] {
        // SAFETY: the core passes an array of that many types, or a count of 0.
        unsafe { slice(self.params, self.param_count) }
    }

    pub fn results(&self) -> &[ValType] {
        // SAFETY: as above.
        unsafe { slice(self.results, self.result_count) }
    }
}

/// `wrl_globaltype_t`.
#[repr(C)]
pub struct GlobalType {
    pub content: ValType,
    pub is_mutable: bool,
}

/// `WRL_NO_MAX`.
pub const NO_MAX: u64 = u64::MAX;

/// `wrl_memorytype_t`.
#[repr(C)]
pub struct MemoryType {
    pub min: u64,
    pub max: u64,
    pub is_64: bool,
    pub is_shared: bool,
    pub page_size_log2: u8,
}

/// `wrl_tabletype_t`.
#[repr(C)]
pub struct TableType {
    pub element: ValType,
    pub min: u64,
    pub max: u64,
    pub is_64: bool,
}

/// `wrl_host_func_t`.
#[repr(C)]
pub struct HostFunc {
    pub call: unsafe extern "C" fn(*mut HostFunc, *mut c_void, *mut Raw) -> *mut WrlError,
    pub ty: *const FuncType,
}

/// `wrl_core_t`.
#[repr(C)]
pub struct Core {
    size: usize,
    abi: u32,
    pub error: unsafe extern "C" fn(Kind, Code, *const c_char, usize) -> *mut WrlError,
    error_add_frame: unsafe extern "C" fn(*mut WrlError, *const c_void),
    error_frame_count: unsafe extern "C" fn(*const WrlError) -> usize,
    pub error_delete: unsafe extern "C" fn(*mut WrlError),
    alloc: unsafe extern "C" fn(usize) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
}

/// `wrl_backend_entry_t`.
pub type Entry = unsafe extern "C" fn(*mut c_void, Ref, *const FuncType, *mut Raw) -> *mut WrlError;

/// Returns a slice of an array from C, whose pointer may be NULL if it is empty.
///
/// # Safety
///
/// `data` points to `len` elements, unless `len` is 0.
pub unsafe fn slice<'a, T>(data: *const T, len: usize) -> &'a [T] {
    if len == 0 {
        &[]
    } else {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(data, len) }
    }
}

const WORD: usize = size_of::<usize>();
const _: () = {
    assert!(size_of::<Raw>() == 16 && align_of::<Raw>() == align_of::<u64>());
    assert!(size_of::<Ref>() == 16);
    assert!(size_of::<Extern>() == offset_of!(Extern, item) + 16);
    assert!(size_of::<ValType>() == 8 && offset_of!(ValType, heap) == 4);
    assert!(size_of::<FuncType>() == 5 * WORD && offset_of!(FuncType, results) == 2 * WORD);
    assert!(offset_of!(GlobalType, content) == 0);
    assert!(offset_of!(GlobalType, is_mutable) == 8);
    assert!(offset_of!(MemoryType, page_size_log2) == offset_of!(MemoryType, max) + 10);
    assert!(offset_of!(TableType, is_64) == offset_of!(TableType, max) + 8);
    assert!(size_of::<HostFunc>() == 2 * WORD);
    assert!(size_of::<Core>() == 8 * WORD && offset_of!(Core, error) == 2 * WORD);
};

/// For tests: a core whose errors hold the arguments that they were made from.
#[cfg(test)]
pub mod fake {
    use super::*;

    pub struct Made {
        pub kind: Kind,
        pub code: Code,
        pub text: String,
    }

    pub static CORE: Core =
        Core { size: size_of::<Core>(), abi: 1, error, error_add_frame, error_frame_count, error_delete, alloc, free };

    unsafe extern "C" fn error(kind: Kind, code: Code, text: *const c_char, size: usize) -> *mut WrlError {
        // SAFETY: the crate passes `size` bytes.
        let text = String::from_utf8(unsafe { slice(text.cast::<u8>(), size) }.to_vec()).expect("UTF-8");
        Box::into_raw(Box::new(Made { kind, code, text })).cast()
    }

    unsafe extern "C" fn error_add_frame(_error: *mut WrlError, _frame: *const c_void) {}

    unsafe extern "C" fn error_frame_count(_error: *const WrlError) -> usize {
        0
    }

    unsafe extern "C" fn error_delete(error: *mut WrlError) {
        drop(take(error));
    }

    unsafe extern "C" fn alloc(_size: usize) -> *mut c_void {
        std::ptr::null_mut()
    }

    unsafe extern "C" fn free(_memory: *mut c_void) {}

    /// Returns the arguments that an error was made from, and deletes the error.
    pub fn take(error: *mut WrlError) -> Made {
        assert!(!error.is_null(), "there is no error");
        // SAFETY: error() made it, and this is the only place that deletes it.
        *unsafe { Box::from_raw(error.cast::<Made>()) }
    }
}
