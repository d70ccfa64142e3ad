//! Shapes: function types with specialised code.
//!
//! Calls of these types pass numbers in registers. Calls of other types pass lists of values, which is slower; for a
//! host function, wasmi allocates such a list in each call. The shapes are those that are common in real modules.

use crate::abi::{self, Raw, ValType};
use crate::host::Host;
use crate::store::{Caller, Context};
use wasmi::{Error, F32, F64, Func, WasmParams, WasmResults, WasmRet, WasmTy};

/// A number in a slot.
pub trait Num: WasmTy + Copy + 'static {
    /// # Safety
    ///
    /// The slot holds a number of this type.
    unsafe fn load(slot: *const Raw) -> Self;
    /// # Safety
    ///
    /// The slot is valid for writes.
    unsafe fn store(self, slot: *mut Raw);
}

macro_rules! impl_num {
    ($type:ty, $member:ident, $from:expr, $to:expr) => {
        impl Num for $type {
            #[inline(always)]
            unsafe fn load(slot: *const Raw) -> Self {
                // SAFETY: the caller's promise.
                $from(unsafe { (*slot).$member })
            }

            #[inline(always)]
            unsafe fn store(self, slot: *mut Raw) {
                // SAFETY: the caller's promise.
                unsafe { (*slot).$member = $to(self) }
            }
        }
    };
}
impl_num!(i32, i32, std::convert::identity, std::convert::identity);
impl_num!(i64, i64, std::convert::identity, std::convert::identity);
impl_num!(F32, f32, F32::from_bits, F32::to_bits);
impl_num!(F64, f64, F64::from_bits, F64::to_bits);

/// Several numbers in as many slots.
pub trait Slots: Sized {
    const COUNT: usize;
    /// # Safety
    ///
    /// The slots hold numbers of these types.
    unsafe fn load(slots: *const Raw) -> Self;
    /// # Safety
    ///
    /// The slots are valid for writes.
    unsafe fn store(self, slots: *mut Raw);
}

/// The parameters of a shape.
pub trait Params: Slots + WasmParams {
    /// Makes a host function with these parameters.
    fn wrap<R: Results>(context: Context<'_>, host: Host) -> Func;
}

/// The results of a shape.
pub trait Results: Slots + WasmResults {
    /// The type that a host function with these results returns to wasmi.
    type Fallible: WasmRet + From<Result<Self, Error>>;
}

impl Results for () {
    type Fallible = Result<(), Error>;
}

impl<A: Num> Results for (A,) {
    type Fallible = Result<(A,), Error>;
}

impl Slots for () {
    const COUNT: usize = 0;

    unsafe fn load(_slots: *const Raw) -> Self {}

    unsafe fn store(self, _slots: *mut Raw) {}
}

macro_rules! impl_slots {
    ($count:literal, $($type:ident $index:tt),*) => {
        impl<$($type: Num),*> Slots for ($($type,)*) {
            const COUNT: usize = $count;

            #[inline(always)]
            unsafe fn load(slots: *const Raw) -> Self {
                // SAFETY: the caller's promise.
                unsafe { ($($type::load(slots.add($index)),)*) }
            }

            #[inline(always)]
            unsafe fn store(self, slots: *mut Raw) {
                // SAFETY: the caller's promise.
                unsafe { $(self.$index.store(slots.add($index));)* }
            }
        }
    };
}
impl_slots!(1, A 0);
impl_slots!(2, A 0, B 1);
impl_slots!(3, A 0, B 1, C 2);
impl_slots!(4, A 0, B 1, C 2, D 3);
impl_slots!(5, A 0, B 1, C 2, D 3, E 4);
impl_slots!(6, A 0, B 1, C 2, D 3, E 4, F 5);
impl_slots!(7, A 0, B 1, C 2, D 3, E 4, F 5, G 6);
impl_slots!(8, A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

macro_rules! impl_params {
    ($($type:ident $name:ident),*) => {
        impl<$($type: Num),*> Params for ($($type,)*) {
            fn wrap<R: Results>(context: Context<'_>, host: Host) -> Func {
                Func::wrap(context, move |caller: Caller<'_>, $($name: $type),*| {
                    R::Fallible::from(host.call_shape::<Self, R>(caller, ($($name,)*)))
                })
            }
        }
    };
}
impl_params!();
impl_params!(A a);
impl_params!(A a, B b);
impl_params!(A a, B b, C c);
impl_params!(A a, B b, C c, D d);
impl_params!(A a, B b, C c, D d, E e);
impl_params!(A a, B b, C c, D d, E e, F f);
impl_params!(A a, B b, C c, D d, E e, F f, G g);
impl_params!(A a, B b, C c, D d, E e, F f, G g, H h);

/// The largest number of slots that a shape needs.
pub const MAX_SLOTS: usize = 8;

/// Makes something for a shape.
pub trait Visitor {
    type Made;
    fn visit<P: Params, R: Results>(self) -> Self::Made;
}

/// Runs `$body` with `$type` as the Rust type of a number type. None for other types.
macro_rules! any {
    ($valtype:expr, $type:ident => $body:expr) => {
        match $valtype.kind {
            abi::I32 => {
                type $type = i32;
                $body
            }
            abi::I64 => {
                type $type = i64;
                $body
            }
            abi::F32 => {
                type $type = F32;
                $body
            }
            abi::F64 => {
                type $type = F64;
                $body
            }
            _ => None,
        }
    };
}

/// Like any!, but for integers only.
macro_rules! int {
    ($valtype:expr, $type:ident => $body:expr) => {
        match $valtype.kind {
            abi::I32 => {
                type $type = i32;
                $body
            }
            abi::I64 => {
                type $type = i64;
                $body
            }
            _ => None,
        }
    };
}

/// Calls the visitor for a function type if the type is a shape: up to two numbers, three or four integers, or up to
/// eight i32; with at most one result, which is an integer if there are more than two parameters.
pub fn select<V: Visitor>(ty: &abi::FuncType, visitor: V) -> Option<V::Made> {
    let results = ty.results();
    match ty.params() {
        [] => any_result::<(), V>(results, visitor),
        [a] => any!(a, A => any_result::<(A,), V>(results, visitor)),
        [a, b] => any!(a, A => any!(b, B => any_result::<(A, B), V>(results, visitor))),
        [a, b, c] => int!(a, A => int!(b, B => int!(c, C => int_result::<(A, B, C), V>(results, visitor)))),
        [a, b, c, d] => {
            int!(a, A => int!(b, B => int!(c, C => int!(d, D => int_result::<(A, B, C, D), V>(results, visitor)))))
        }
        many if many.iter().any(|param| param.kind != abi::I32) => None,
        [_, _, _, _, _] => int_result::<(i32, i32, i32, i32, i32), V>(results, visitor),
        [_, _, _, _, _, _] => int_result::<(i32, i32, i32, i32, i32, i32), V>(results, visitor),
        [_, _, _, _, _, _, _] => int_result::<(i32, i32, i32, i32, i32, i32, i32), V>(results, visitor),
        [_, _, _, _, _, _, _, _] => int_result::<(i32, i32, i32, i32, i32, i32, i32, i32), V>(results, visitor),
        _ => None,
    }
}

fn any_result<P: Params, V: Visitor>(results: &[ValType], visitor: V) -> Option<V::Made> {
    match results {
        [] => Some(visitor.visit::<P, ()>()),
        [r] => any!(r, R => Some(visitor.visit::<P, (R,)>())),
        _ => None,
    }
}

fn int_result<P: Params, V: Visitor>(results: &[ValType], visitor: V) -> Option<V::Made> {
    match results {
        [] => Some(visitor.visit::<P, ()>()),
        [r] => int!(r, R => Some(visitor.visit::<P, (R,)>())),
        _ => None,
    }
}
