//! wasmtime's C API, and replacements for those of its functions that can panic, declared in `../../glue.h`.
//!
//! A panic in a function of the C API ends the process, because it cannot unwind into C. The functions here have the
//! same parameters, call wasmtime's Rust API, and catch panics. A panic becomes an error.
//!
//! The backend still calls C API functions that only read, or that make values from checked parts: types, references,
//! names of exports, globals, single elements of tables, and new memories and tables. The types of these functions are
//! private to that crate.

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
