/**
 * @file
 * References to objects that only the guest can access: values of types such as anyref, eqref, structref, arrayref,
 * i31ref, exnref, and of the struct and array types of a module. The program can keep such references and pass them
 * back. As arguments of a host function they are borrowed until it returns; otherwise they come with one hold.
 * wrl/externref.h states the rule.
 *
 * Only engines with WRL_FEATURE_GC_REFERENCES support such references as values of this interface. Without this
 * feature, guests may still use such references (WRL_FEATURE_GC, WRL_FEATURE_EXCEPTIONS,
 * WRL_FEATURE_FUNCTION_REFERENCES), but a function that would pass one to the program returns WRL_ERROR_UNSUPPORTED.
 */
#ifndef WRL_REF_H
#define WRL_REF_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Returns the type of the object that a reference refers to. The type is not nullable, and its heap is WRL_HEAP_I31,
 * WRL_HEAP_STRUCT, WRL_HEAP_ARRAY, WRL_HEAP_EXN, or WRL_HEAP_ANY for an object of the host that the guest converted to
 * anyref. For an invalid handle and for the null reference the kind is WRL_VALKIND_NONE.
 *
 * An object gets a new handle each time that it is passed to the host, so different handles may refer to one object.
 * One thread per store.
 */
WRL_API wrl_valtype_t wrl_ref_type(const wrl_store_t *store, wrl_ref_t ref);

/** Checks that a handle is valid. Errors: INVALID_ARGUMENT, also for the null reference. One thread per store. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_check(const wrl_store_t *store, wrl_ref_t ref);

/**
 * Adds a hold to a valid handle, so that a borrowed handle outlasts its callback. Accepts the null reference. After
 * 2^32 - 1 holds the handle stays valid as long as its store. Errors: INVALID_ARGUMENT. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_retain(wrl_store_t *store, wrl_ref_t ref);

/**
 * Releases one hold. The engine cannot collect the object while the handle is valid. The handle becomes invalid when
 * its last hold is released, unless it is also borrowed, and when its store is deleted. Accepts the null reference.
 *
 * Errors: INVALID_ARGUMENT, also for a handle that the program has no hold on: one that was already released, or that
 * is only borrowed. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_release(wrl_store_t *store, wrl_ref_t ref);

/**
 * Releases one hold when the host function in progress returns; until then the handle is borrowed. A callback can thus
 * return a reference that one of its own calls returned. Accepts the null reference. Errors: INVALID_ARGUMENT as for
 * wrl_ref_release(); OUT_OF_MEMORY, in which case the program keeps the hold.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_ref_autorelease(wrl_caller_t *caller, wrl_ref_t ref);

#ifdef __cplusplus
}
#endif

#endif
