/**
 * @file
 * The wasmtime backend as part of the program.
 *
 * As a rule wasmtime is the shared object wrl-wasmtime.so beside the library, loaded when its name is first asked for,
 * and no program needs this header. A program that is linked statically cannot load shared objects. It links
 * libwrl-wasmtime.a (with pkg-config the package wrl-wasmtime, with CMake the target wrl::wasmtime) and makes the
 * backend known at its start:
 *
 *     wrl_error_t *error = wrl_backend_register(wrl_backend_wasmtime);
 *
 * From then on "wasmtime" in wrl_engine_config_t::backend is this one.
 */
#ifndef WRL_WASMTIME_H
#define WRL_WASMTIME_H

#include "backend.h"

#ifdef __cplusplus
extern "C" {
#endif

/** For wrl_backend_register(). It is in libwrl-wasmtime.a, not in the library itself. Any thread. */
const wrl_backend_t *wrl_backend_wasmtime(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif
