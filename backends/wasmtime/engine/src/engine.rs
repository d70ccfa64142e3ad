//! Engines.

use wasmtime_c_api::wasmtime::Engine;
use wasmtime_c_api::{wasm_config_t, wasm_engine_t};

use crate::error::{Failure, guard};
use crate::{layout, panics};

/// `wasm_engine_new_with_config()`. The C API's function panics if the host refuses a resource that an engine needs.
#[unsafe(no_mangle)]
pub extern "C" fn wrl__wasmtime_engine_new(config: Box<wasm_config_t>, out: &mut *mut wasm_engine_t) -> Failure {
    guard(|| {
        panics::init();
        *out = Box::into_raw(layout::new_engine(Engine::new(layout::config(&config))?));
        Ok(())
    })
}
