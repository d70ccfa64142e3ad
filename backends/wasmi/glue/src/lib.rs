//! The functions of the wasmi backend's table, with the C ABI; `wrl/sys/backend.h` specifies them.
//!
//! The crate translates between C structs and wasmi's types, and from wasmi's errors to the core's. No panic leaves it.

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
