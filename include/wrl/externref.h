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

/*
 * Lifetime. The rule is the same for externrefs and for references of all other types (wrl/ref.h):
 *
 * - An argument of a host function is *borrowed*: its handle is valid until the callback returns. Then the library
 *   releases it. A callback that wants to use the handle later calls wrl_externref_retain().
 * - What wrl_externref_new() makes, and every externref that wrl_func_call(), wrl_func_call_raw(), wrl_global_get() or
 *   wrl_table_get() returns, inside a callback as well, comes with one hold of the program's. Holds are counted by
 *   handle. wrl_externref_release() gives one up. A program that never releases keeps everything until its store ends.
 * - A result of a callback may be a borrowed handle or a held one; the result takes no hold. A callback that is to give
 *   up its hold on what it returns calls wrl_externref_autorelease().
 *
 * A handle is valid while there is a hold on it, or while it is borrowed. A handle that is no longer valid is refused.
 * The same externref of the program has the same handle whenever a guest hands it out, also when the program has
 * released it before: then the handle is valid again.
 *
 * The finalizer of an externref runs once, when the program has no hold on it and no guest can reach it. Who finds out
 * depends on the engine:
 *
 * | engine          | what tells                                                                                     |
 * |-----------------|------------------------------------------------------------------------------------------------|
 * | wasmtime        | Its collector, which runs when its heap is full, and when many externrefs have been released.  |
 * | js hosts        | The collector of JS, in its own time, through FinalizationRegistry.                            |
 * | wasmi, others   | A rule: no call of the store is under way, and the store has nothing where a guest could keep  |
 * |                 | an externref. Otherwise the externref lasts as long as the store.                              |
 *
 * A store counts as having such a place once one of these is in it:
 * - a table or a global of references other than to functions, defined by a module or made by the program;
 * - an instance of a module that declares a type of struct or array;
 * - a wrl_ref_t, or an externref of a guest's own, that was handed out.
 *
 * Finalizers run inside functions that the program calls: wrl_externref_release(), wrl_ref_release(),
 * wrl_externref_autorelease(), wrl_ref_autorelease(),
 * wrl_store_collect(), at the end of a call that carries references, and wrl_store_delete(). They may use the store. In
 * wrl_store_delete() they may do no more than look, release and retain: calls, new functions, externrefs and instances
 * are refused (INVALID_ARGUMENT, "store"). An externref whose finalizer has begun is no longer valid, so that two
 * that release each other are no harm.
 */

/**
 * Makes an externref to any pointer, NULL included (which is not the null reference). The program gets one hold on it.
 *
 * @param store      One thread per store.
 * @param data       Never looked at.
 * @param finalizer  Gets `data` once: when neither program nor guest refers to the externref any more (see above), when
 *                   the store is deleted, or before this function returns if it fails. May be NULL.
 * @param externref  Gets the reference.
 *
 * Errors: UNSUPPORTED without WRL_FEATURE_REFERENCE_TYPES; OUT_OF_MEMORY, INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_new(wrl_store_t *store, void *data, wrl_finalizer_t finalizer,
                                                     wrl_externref_t *externref);

/**
 * Returns the pointer that the externref was made with, still owned as it was there. Externrefs of one store may hold
 * pointers of different types; telling them apart is the program's matter. Returns NULL where wrl_externref_get()
 * returns an error.
 */
WRL_API void *wrl_externref_data(const wrl_store_t *store, wrl_externref_t externref);

/**
 * Reports the pointer that the externref was made with, and tells apart why there is none.
 *
 * @param store      One thread per store.
 * @param externref  Of that store.
 * @param data       Receives the pointer, which may be NULL. May be NULL itself, to check the handle alone.
 *
 * Errors: INVALID_ARGUMENT for the null reference (wrl_externref_is_null()) and, with another message, for a handle of
 * another store or one that is no longer valid; UNSUPPORTED for an externref that the guest made of something of its
 * own (extern.convert_any), which has no pointer and gets a new handle each time that it is passed to the host.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_get(const wrl_store_t *store, wrl_externref_t externref, void **data);

/**
 * Adds a hold to a handle that is good, so that a borrowed one outlasts its callback. The null reference is allowed.
 * Errors: INVALID_ARGUMENT. After 2^32 - 1 holds the handle stays good as long as its store. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_retain(wrl_store_t *store, wrl_externref_t externref);

/**
 * Gives up one hold. With the last one the handle ends, unless it is borrowed as well; guests keep what they have. The
 * null reference is allowed. Errors: INVALID_ARGUMENT, also for a handle that the program has no hold on: one that was
 * released before, or that is borrowed only. One thread per store. Runs finalizers that are due.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_release(wrl_store_t *store, wrl_externref_t externref);

/**
 * Gives up one hold when the host function that is under way returns: the handle is borrowed until then. So a callback
 * can return what it has made. The null reference is allowed. Errors: INVALID_ARGUMENT as for wrl_externref_release();
 * OUT_OF_MEMORY, then the hold is still the program's.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_externref_autorelease(wrl_caller_t *caller, wrl_externref_t externref);

#ifdef __cplusplus
}
#endif

#endif
