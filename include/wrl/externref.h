/**
 * @file
 * Externrefs: references to something of the host's, which guests can hold and pass on but not look into.
 */
#ifndef WRL_EXTERNREF_H
#define WRL_EXTERNREF_H

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes an externref to any pointer, NULL included (which is not the null reference). It lives as long as the store.
 *
 * @param store      One thread per store.
 * @param data       Never looked at.
 * @param finalizer  Gets `data` once: when the store is deleted, or before this function returns if it fails. May be
 *                   NULL. It does not run when the guest drops its last copy: a store that makes externrefs without
 *                   end keeps them all.
 * @param externref  Gets the reference.
 *
 * Errors: UNSUPPORTED without WRL_FEATURE_REFERENCE_TYPES; OUT_OF_MEMORY, INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_new(wrl_store_t *store, void *data, wrl_finalizer_t finalizer,
                                                     wrl_externref_t *externref);

/**
 * The pointer that the externref was made with, still owned as it was there. Externrefs of one store may hold pointers
 * of different types; telling them apart is the program's matter. Errors: INVALID_ARGUMENT, also for the null
 * reference, and for an externref that the guest made of something of its own (extern.convert_any): that one has no
 * pointer, and gets a new handle, which lasts as long as the store, each time that it is handed out.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_data(const wrl_store_t *store, wrl_externref_t externref, void **data);

#ifdef __cplusplus
}
#endif

#endif
