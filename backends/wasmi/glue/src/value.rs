//! References to objects in a store, types and values.

use crate::abi::{self, Kind, Raw, Ref};
use crate::error::Fault;
use crate::store::{Context, Store};
use std::mem::{size_of, transmute_copy};
use wasmi::{
    ExternRef, F32, F64, Func, FuncType, Global, Instance, Memory, Ref as Nullable, Table, V128, Val, ValType,
};

/// wasmi's handles: 8 bytes without padding, equal exactly if they refer to the same object.
pub trait Handle: Copy {}
impl Handle for Func {}
impl Handle for Global {}
impl Handle for Memory {}
impl Handle for Table {}
impl Handle for Instance {}
impl Handle for ExternRef {}

const _: () = {
    assert!(size_of::<Func>() == 8 && size_of::<Global>() == 8 && size_of::<Memory>() == 8);
    assert!(size_of::<Table>() == 8 && size_of::<Instance>() == 8 && size_of::<ExternRef>() == 8);
};

/// Returns the bytes of a handle, which may all be zero.
#[inline]
pub fn bits<H: Handle>(handle: H) -> u64 {
    // SAFETY: a handle has 8 bytes, all initialised.
    unsafe { transmute_copy(&handle) }
}

/// # Safety
///
/// The bytes are those of a handle of that type.
#[inline]
pub unsafe fn from_bits<H: Handle>(bits: u64) -> H {
    // SAFETY: the caller's promise.
    unsafe { transmute_copy(&bits) }
}

/// The second word of every reference, which distinguishes it from null.
const PRESENT: u64 = 1;

#[inline]
pub fn name<H: Handle>(handle: H) -> Ref {
    Ref { words: [bits(handle), PRESENT] }
}

/// # Safety
///
/// name() made it from a handle of that type.
#[inline]
pub unsafe fn resolve<H: Handle>(name: Ref) -> H {
    // SAFETY: the caller's promise.
    unsafe { from_bits(name.words[0]) }
}

pub fn valtype(ty: &abi::ValType) -> Result<ValType, Fault> {
    Ok(match ty.kind {
        abi::I32 => ValType::I32,
        abi::I64 => ValType::I64,
        abi::F32 => ValType::F32,
        abi::F64 => ValType::F64,
        abi::V128 => ValType::V128,
        abi::FUNCREF => ValType::FuncRef,
        abi::EXTERNREF => ValType::ExternRef,
        _ => return Err(Fault::Plain(Kind::Unsupported)),
    })
}

pub fn reftype(ty: &abi::ValType) -> Result<ValType, Fault> {
    match ty.kind {
        abi::FUNCREF => Ok(ValType::FuncRef),
        abi::EXTERNREF => Ok(ValType::ExternRef),
        _ => Err(Fault::Plain(Kind::Unsupported)),
    }
}

pub fn functype(ty: &abi::FuncType) -> Result<FuncType, Fault> {
    let params = ty.params().iter().map(valtype).collect::<Result<Vec<_>, _>>()?;
    let results = ty.results().iter().map(valtype).collect::<Result<Vec<_>, _>>()?;
    Ok(FuncType::new(params, results))
}

pub fn from_valtype(ty: ValType) -> abi::ValType {
    let kind = match ty {
        ValType::I32 => abi::I32,
        ValType::I64 => abi::I64,
        ValType::F32 => abi::F32,
        ValType::F64 => abi::F64,
        ValType::V128 => abi::V128,
        ValType::FuncRef => abi::FUNCREF,
        ValType::ExternRef => abi::EXTERNREF,
    };
    abi::ValType { kind, flags: 0, reserved: 0, heap: 0 }
}

/// Lowers a value: converts a slot to a value for the engine.
///
/// # Safety
///
/// The slot holds a value of that type, of the store that receives it.
pub unsafe fn down(slot: &Raw, ty: &abi::ValType) -> Result<Val, Fault> {
    // SAFETY: the caller's promise.
    unsafe {
        Ok(match ty.kind {
            abi::I32 => Val::I32(slot.i32),
            abi::I64 => Val::I64(slot.i64),
            abi::F32 => Val::F32(F32::from_bits(slot.f32)),
            abi::F64 => Val::F64(F64::from_bits(slot.f64)),
            abi::V128 => Val::V128(V128::from(u128::from_le_bytes(slot.v128))),
            _ => return down_ref(slot, ty),
        })
    }
}

/// Like down(), but for references.
///
/// # Safety
///
/// As for down().
pub unsafe fn down_ref(slot: &Raw, ty: &abi::ValType) -> Result<Val, Fault> {
    // SAFETY: the caller's promise. The first word of an externref is its key, which is never 0.
    unsafe {
        let words = slot.words;
        Ok(match ty.kind {
            abi::FUNCREF if words[1] != PRESENT => Val::FuncRef(Nullable::Null),
            abi::FUNCREF => Val::FuncRef(Nullable::Val(from_bits(words[0]))),
            abi::EXTERNREF if words[0] == 0 => Val::ExternRef(Nullable::Null),
            abi::EXTERNREF => Val::ExternRef(Nullable::Val(from_bits(words[1]))),
            _ => return Err(Fault::Plain(Kind::Unsupported)),
        })
    }
}

/// Lifts a value: converts a value of the engine to a slot.
pub fn up(val: &Val, context: &Context<'_>) -> Raw {
    match val {
        Val::I32(value) => Raw { i32: *value },
        Val::I64(value) => Raw { i64: *value },
        Val::F32(value) => Raw { f32: value.to_bits() },
        Val::F64(value) => Raw { f64: value.to_bits() },
        Val::V128(value) => Raw { v128: value.as_u128().to_le_bytes() },
        Val::FuncRef(Nullable::Val(func)) => Raw { words: name(*func).words },
        Val::ExternRef(Nullable::Val(externref)) => Raw { words: [key(externref, context), 0] },
        Val::FuncRef(Nullable::Null) | Val::ExternRef(Nullable::Null) => Raw::ZERO,
    }
}

/// Returns the key of an externref. externref_new() made every externref of a store, with its key inside.
fn key(externref: &ExternRef, context: &Context<'_>) -> u64 {
    externref.data(context).downcast_ref::<u64>().copied().unwrap_or_default()
}

pub fn externref_new(store: &Store, key: u64) -> u64 {
    bits(ExternRef::new(store.context(), key))
}
