/**
 * @file
 * References to what only the guest sees into: values of types such as anyref, eqref, structref, arrayref, i31ref,
 * exnref, and of the struct and array types of a module. The program can keep them and hand them back.
 *
 * WRL_FEATURE_ALL_REFERENCES tells whether they cross the interface. A guest may use them without (WRL_FEATURE_GC,
 * WRL_FEATURE_EXCEPTIONS, WRL_FEATURE_FUNCTION_REFERENCES); then what would hand one out is WRL_ERROR_UNSUPPORTED.
 */
#ifndef WRL_REF_H
#define WRL_REF_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What the reference is: gives a type that is not nullable, with WRL_HEAP_I31, WRL_HEAP_STRUCT, WRL_HEAP_ARRAY,
 * WRL_HEAP_EXN, or WRL_HEAP_ANY for something of the host's that the guest made an anyref of. Each time that the same
 * object is handed out it gets a handle of its own, so that different handles may stand for one object.
 * Errors: INVALID_ARGUMENT, also for the null reference. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_type(wrl_store_t *store, wrl_ref_t ref, wrl_valtype_t *type);

/**
 * Lets go of a reference. As long as a handle is good, the engine cannot collect what it stands for; handles end with
 * their store or by this function, which a program calls that is handed many references by one store. The null
 * reference is allowed. Errors: INVALID_ARGUMENT; a handle that was released before is invalid. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_release(wrl_store_t *store, wrl_ref_t ref);

#ifdef __cplusplus
}
#endif

#endif
