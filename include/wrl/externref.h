/**
 * @file
 * Externrefs: references to objects of the host. Guests can hold them and pass them on, but cannot access the objects.
 */
#ifndef WRL_EXTERNREF_H
#define WRL_EXTERNREF_H

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Lifetime. The same rule applies to externrefs and to wrl_ref_t (wrl/ref.h):
 *
 * - An argument of a host function is *borrowed*: its handle is valid until the callback returns, when the library
 *   releases it. A callback that uses the handle later has to call wrl_externref_retain().
 * - A *hold* of the program keeps a handle valid. Every externref that wrl_externref_new(), wrl_func_call(),
 *   wrl_func_call_raw(), wrl_global_get() or wrl_table_get() returns comes with one hold, also inside a callback. Holds
 *   are counted for each handle. wrl_externref_release() releases one. A program that never releases a hold keeps
 *   everything until its store is deleted.
 * - A result of a callback may be a borrowed handle or one with a hold. Returning it does not release the hold; a
 *   callback that does not want to keep the hold calls wrl_externref_autorelease().
 *
 * A handle is valid while there is a hold on it, or while it is borrowed. A handle that is no longer valid is rejected.
 * An externref of the program has the same handle each time that a guest passes it to the host, even if the program has
 * released it before: the handle is then valid again.
 *
 * The finalizer of an externref runs once, when the program has no hold on it and no guest can reach it. How this is
 * detected depends on the engine:
 *
 * | engine          | how an externref is found to be unreachable                                                    |
 * |-----------------|------------------------------------------------------------------------------------------------|
 * | wasmtime        | By its collector, which runs when its heap is full, and when many externrefs have been         |
 * |                 | released.                                                                                      |
 * | JS hosts        | By the collector of JS, at its own pace, through FinalizationRegistry.                         |
 * | wasmi, others   | By a rule: no call of the store is in progress, and the store has no place where a guest could |
 * |                 | keep an externref. Otherwise the externref lasts as long as the store.                         |
 *
 * A store has such a place once it contains one of these:
 * - a table or a global of references other than function references, defined by a module or made by the program;
 * - an instance of a module that declares a struct or array type;
 * - a wrl_ref_t, or an externref made by a guest, that was passed to the host.
 *
 * Finalizers run inside functions that the program calls: wrl_externref_release(), wrl_ref_release(),
 * wrl_externref_autorelease(), wrl_ref_autorelease(), wrl_store_collect(), wrl_store_delete(), and at the end of a call
 * that carries references. They may use the store. Inside wrl_store_delete() they may only read, release and retain:
 * functions that call, or that make functions, externrefs or instances, return INVALID_ARGUMENT ("store"). An externref
 * is no longer valid once its finalizer has begun, so two finalizers may each release the other's externref.
 */

/**
 * Makes an externref to any pointer. NULL is allowed, but does not make the null reference. The program receives one
 * hold on the externref.
 *
 * @param store      One thread per store.
 * @param data       Never dereferenced.
 * @param finalizer  Receives `data` once: when neither the program nor a guest refers to the externref any more (see
 *                   above), when the store is deleted, or before this function returns if it fails. May be NULL.
 * @param externref  Receives the reference.
 *
 * Errors: UNSUPPORTED without WRL_FEATURE_REFERENCE_TYPES; OUT_OF_MEMORY, INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_new(wrl_store_t *store, void *data, wrl_finalizer_t finalizer,
                                                     wrl_externref_t *externref);

/**
 * Returns the pointer that the externref was made with. The pointer's owner does not change. Externrefs of one store
 * may hold pointers of different types; the program has to distinguish them. Returns NULL where wrl_externref_get()
 * returns an error.
 */
WRL_API void *wrl_externref_data(const wrl_store_t *store, wrl_externref_t externref);

/**
 * Reports the pointer that the externref was made with, or why there is none.
 *
 * @param store      One thread per store.
 * @param externref  An externref of that store.
 * @param data       Receives the pointer, which may be NULL. May itself be NULL, to check only the handle.
 *
 * Errors: INVALID_ARGUMENT for the null reference (wrl_externref_is_null()) and, with another message, for a handle of
 * another store or one that is no longer valid; UNSUPPORTED for an externref that the guest made from an object of its
 * own (extern.convert_any). Such an externref has no pointer, and gets a new handle each time that it is passed to the
 * host.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_get(const wrl_store_t *store, wrl_externref_t externref, void **data);

/**
 * Adds a hold to a valid handle, so that a borrowed handle outlasts its callback. Accepts the null reference. After
 * 2^32 - 1 holds the handle stays valid as long as its store. Errors: INVALID_ARGUMENT. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_retain(wrl_store_t *store, wrl_externref_t externref);

/**
 * Releases one hold, and runs finalizers that are due. The handle becomes invalid when its last hold is released,
 * unless it is also borrowed. References that guests have are not affected. Accepts the null reference.
 *
 * Errors: INVALID_ARGUMENT, also for a handle that the program has no hold on: one that was already released, or that
 * is only borrowed. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_release(wrl_store_t *store, wrl_externref_t externref);

/**
 * Releases one hold when the host function in progress returns; until then the handle is borrowed. A callback can thus
 * return a reference that it made. Accepts the null reference. Errors: INVALID_ARGUMENT as for wrl_externref_release();
 * OUT_OF_MEMORY, in which case the program keeps the hold.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_autorelease(wrl_caller_t *caller, wrl_externref_t externref);

#ifdef __cplusplus
}
#endif

#endif
