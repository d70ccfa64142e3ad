/**
 * @file
 * Stores: the owners of instances and of everything inside them.
 *
 * A store may be used by one thread at a time and may move between threads. Instances, functions, globals, memories,
 * tables and externrefs live in it: handles refer to them, and deleting the store deletes them. Two stores share
 * nothing except modules.
 *
 * References may end before the store is deleted (wrl/externref.h describes when). Nothing else in a store is freed
 * before the store is: a program that keeps making instances or functions has to make a new store from time to time.
 */
#ifndef WRL_STORE_H
#define WRL_STORE_H

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The configuration of a store. Start from WRL_STORE_CONFIG_INIT:
 *
 *     wrl_store_config_t config = WRL_STORE_CONFIG_INIT;
 *     config.data = session;
 *     config.finalizer = session_delete;
 */
typedef struct wrl_store_config {
    size_t size;               /**< sizeof(wrl_store_config_t), set by WRL_STORE_CONFIG_INIT. */
    void *data;                /**< A pointer of the program's own, see wrl_store_data(). May be NULL. */
    wrl_finalizer_t finalizer; /**< Receives `data` once: when the store is deleted, or before wrl_store_new() returns
                                  if it fails, unless wrl_store_take_data() or wrl_store_set_data() was called before.
                                  May be NULL. */
} wrl_store_config_t;

/** The defaults, and the struct's size. */
#define WRL_STORE_CONFIG_INIT                                                                                          \
    {                                                                                                                  \
        sizeof(wrl_store_config_t), NULL, NULL                                                                         \
    }

/**
 * Makes a store.
 *
 * @param engine  The engine whose modules the store will run. The store keeps a reference.
 * @param config  NULL for the defaults. Not kept.
 * @param store   Receives the store, which the caller deletes with wrl_store_delete().
 *
 * Errors: INVALID_ARGUMENT, also for a config of another size (if it is too small, its finalizer does not run);
 * OUT_OF_MEMORY; what the backend reports. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_new(wrl_engine_t *engine, const wrl_store_config_t *config,
                                                 wrl_store_t **store);

/**
 * Runs the finalizers of host functions, of externrefs, and of the store's data, in this order, then deletes the store
 * and all that is in it. In the last finalizer wrl_store_data() is NULL. If a host function calls this while the store
 * runs guest code, the store is deleted when the outermost call returns.
 *
 * Handles of a deleted store stay invalid: no later store gets its id. Accepts NULL. One thread per store. Cost: grows
 * with what is in the store.
 */
WRL_API void wrl_store_delete(wrl_store_t *store);

/**
 * Collects objects that guests no longer refer to, on engines that support it (wasmtime), and runs those finalizers of
 * externrefs that are due. No program needs it: engines collect by themselves. A host function may call it. Accepts
 * NULL. One thread per store. Cost: that of a collection, which grows with the objects that guests hold.
 */
WRL_API void wrl_store_collect(wrl_store_t *store);

/** Returns the engine of the store. Borrowed from the store. */
WRL_API wrl_engine_t *wrl_store_engine(const wrl_store_t *store);

/** Returns the program's pointer, or NULL for a NULL store. */
WRL_API void *wrl_store_data(const wrl_store_t *store);

/**
 * Replaces the program's pointer and its finalizer. The former pointer is finalized before this function returns. If
 * this function fails, `data` is finalized instead. Errors: INVALID_ARGUMENT for a NULL store, and for a store that is
 * being deleted.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_set_data(wrl_store_t *store, void *data, wrl_finalizer_t finalizer);

/**
 * Removes the program's pointer from the store and returns it. Its finalizer will not run. Returns NULL for a NULL
 * store.
 */
WRL_API void *wrl_store_take_data(wrl_store_t *store);

#ifdef __cplusplus
}
#endif

#endif
