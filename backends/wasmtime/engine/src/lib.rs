//! wasmtime's C API, and beside it functions of our own, declared in `../../glue.h`, for what can panic.
//!
//! A panic in a function of the C API ends the process, as it cannot unwind into C. The functions here have the same
//! parameters and call wasmtime's Rust API, with what catches panics around it. The panic becomes an error.
//!
//! What stays with the C API's own functions only reads, or makes values of checked parts: types, references, names of
//! exports, globals, single elements of tables, and new memories and tables. Their types are private to that crate.

pub use wasmtime_c_api::*;

mod call;
mod engine;
mod error;
mod growth;
mod instance;
mod layout;
mod module;
#[path = "../../../../rust/panics.rs"]
mod panics;
mod store;
