/**
 * @file
 * References to what only the guest sees into: values of types such as anyref, eqref, structref, arrayref, i31ref,
 * exnref, and of the struct and array types of a module. The program can keep them and hand them back. As arguments of
 * a host function they are borrowed until it returns; otherwise they come with one hold. The rule stands in
 * wrl/externref.h.
 *
 * WRL_FEATURE_GC_REFERENCES tells whether they cross the interface. A guest may use them without (WRL_FEATURE_GC,
 * WRL_FEATURE_EXCEPTIONS, WRL_FEATURE_FUNCTION_REFERENCES); then what would hand one out is WRL_ERROR_UNSUPPORTED.
 */
#ifndef WRL_REF_H
#define WRL_REF_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Returns the type of what the reference refers to. The type is not nullable, and its heap is WRL_HEAP_I31,
 * WRL_HEAP_STRUCT, WRL_HEAP_ARRAY, WRL_HEAP_EXN, or WRL_HEAP_ANY for something of the host's that the guest made an
 * anyref of. For a bad handle, and for the null reference, the kind is WRL_VALKIND_NONE. Each time that the same object
 * is passed to the host it gets another handle, so that different handles may refer to one object. One thread per
 * store.
 */
WRL_API wrl_valtype_t wrl_ref_type(const wrl_store_t *store, wrl_ref_t ref);

/** Checks that the handle is valid. Errors: INVALID_ARGUMENT, also for the null reference. One thread per store. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_check(const wrl_store_t *store, wrl_ref_t ref);

/**
 * Adds a hold to a handle that is good, so that a borrowed one outlasts its callback. The null reference is allowed.
 * Errors: INVALID_ARGUMENT. After 2^32 - 1 holds the handle stays good as long as its store. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_retain(wrl_store_t *store, wrl_ref_t ref);

/**
 * Gives up one hold. As long as a handle is good, the engine cannot collect what it stands for; it ends with the last
 * hold, unless it is borrowed as well, and with its store. The null reference is allowed. Errors: INVALID_ARGUMENT,
 * also for a handle that the program has no hold on: one that was released before, or that is borrowed only. One thread
 * per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_release(wrl_store_t *store, wrl_ref_t ref);

/**
 * Gives up one hold when the host function that is under way returns: the handle is borrowed until then. So a callback
 * can return a reference that a call of its own returned. The null reference is allowed. Errors: INVALID_ARGUMENT as
 * for wrl_ref_release(); OUT_OF_MEMORY, then the hold is still the program's.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_autorelease(wrl_caller_t *caller, wrl_ref_t ref);

#ifdef __cplusplus
}
#endif

#endif
