//! All Rust parts of the library in one archive, chosen by features.
//!
//! Each Rust static library contains a copy of Rust's runtime. Native builds hide the copies from each other
//! (cmake/WrlRust.cmake). Wasm objects cannot be joined like that, so these crates share one copy.

// Links the crates, whose C functions the archive exports.
#[cfg(feature = "wasmi")]
extern crate wrl_wasmi_glue as _;
#[cfg(feature = "wat")]
extern crate wrl_wat_glue as _;
