//! The functions of the wasmi backend's table, in the C ABI; see `wrl/sys/backend.h` for what each must do.
//!
//! Everything here translates: between C's structs and wasmi's types, between wasmi's errors and the core's. No panic
//! leaves this crate.

mod abi;
mod call;
mod caller;
mod compile;
mod config;
mod copies;
mod engine;
mod error;
mod host;
mod instance;
mod leb128;
mod limits;
mod maximum;
mod memory;
#[path = "../../../../rust/panics.rs"]
mod panics;
mod segments;
mod shape;
mod store;
mod table;
mod value;
mod variable;
