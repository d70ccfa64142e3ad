//! Re-exports wasmtime's C API, so that cargo puts its symbols into a static library.

pub use wasmtime_c_api::*;
