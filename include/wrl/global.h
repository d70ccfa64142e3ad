/**
 * @file
 * Global variables.
 */
#ifndef WRL_GLOBAL_H
#define WRL_GLOBAL_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a global. The type is copied. Errors: INVALID_ARGUMENT if the initial value is not of the type; UNSUPPORTED for
 * types that the engine does not support; OUT_OF_MEMORY.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_global_new(wrl_store_t *store, const wrl_globaltype_t *type,
                                                  const wrl_val_t *initial, wrl_global_t *global);

/** Returns the type of a global. For an invalid handle its content has the kind WRL_VALKIND_NONE. */
WRL_API wrl_globaltype_t wrl_global_type(const wrl_store_t *store, wrl_global_t global);

/**
 * Reports the global's current value. A reference to anything but a function comes with a hold, see
 * wrl_externref_release(). Errors: INVALID_ARGUMENT; UNSUPPORTED for reference types that values cannot carry.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_global_get(wrl_store_t *store, wrl_global_t global, wrl_val_t *value);

/** Sets the global's value. Errors: INVALID_ARGUMENT if the global is immutable or the value is not of its type. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_global_set(wrl_store_t *store, wrl_global_t global, const wrl_val_t *value);

#ifdef __cplusplus
}
#endif

#endif
