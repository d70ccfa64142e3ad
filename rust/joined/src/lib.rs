//! All Rust parts of the library in one archive, chosen by features.
//!
//! Each Rust static library brings its own copy of Rust's runtime. Natively the copies are hidden from each other
//! (cmake/WrlRust.cmake); objects of wasm cannot be joined like that, so there the crates share one.

// Named for their C functions alone, which the archive shows.
#[cfg(feature = "wasmi")]
extern crate wrl_wasmi_glue as _;
#[cfg(feature = "wat")]
extern crate wrl_wat_glue as _;
