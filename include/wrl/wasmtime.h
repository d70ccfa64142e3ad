/**
 * @file
 * The wasmtime backend as part of the program.
 *
 * Most programs do not need this header: wasmtime is the shared object wrl-wasmtime.so beside the library. The library
 * loads it when the program first uses the name "wasmtime". A statically linked program cannot load shared objects.
 * Such a program links libwrl-wasmtime.a (with pkg-config the package wrl-wasmtime, with CMake the target
 * wrl::wasmtime) and registers the backend when it starts:
 *
 *     wrl_error_t *error = wrl_backend_register(wrl_backend_wasmtime);
 *
 * From then on "wasmtime" in wrl_engine_config_t::backend means this backend.
 */
#ifndef WRL_WASMTIME_H
#define WRL_WASMTIME_H

#include "backend.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Returns the description of the backend, for wrl_backend_register(). Part of libwrl-wasmtime.a, not of the library
 * itself. Any thread.
 */
const wrl_backend_t *wrl_backend_wasmtime(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif
