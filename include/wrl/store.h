/**
 * @file
 * Stores: the owner of instances and of everything inside them.
 *
 * A store is used by one thread at a time and may move between threads. Instances, functions, globals, memories, tables
 * and externrefs live in it, are named by handles, and end with it. Two stores never share anything but modules.
 * References end before the store does (wrl/externref.h says when); nothing else in a store is freed before the store
 * is: a program that makes instances or functions without end makes new stores now and then.
 */
#ifndef WRL_STORE_H
#define WRL_STORE_H

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How a store is made. Start from WRL_STORE_CONFIG_INIT:
 *
 *     wrl_store_config_t config = WRL_STORE_CONFIG_INIT;
 *     config.data = session;
 *     config.finalizer = session_delete;
 */
typedef struct wrl_store_config {
    size_t size;               /**< sizeof(wrl_store_config_t), set by WRL_STORE_CONFIG_INIT. */
    void *data;                /**< A pointer of the program's own, see wrl_store_data(). May be NULL. */
    wrl_finalizer_t finalizer; /**< Receives `data` once: when the store is deleted, or before wrl_store_new() returns
                                  if it fails, unless wrl_store_take_data() or wrl_store_set_data() came first. May be
                                  NULL. */
} wrl_store_config_t;

/** The defaults, and the struct's size. */
#define WRL_STORE_CONFIG_INIT                                                                                          \
    {                                                                                                                  \
        sizeof(wrl_store_config_t), NULL, NULL                                                                         \
    }

/**
 * Makes a store.
 *
 * @param engine  The engine whose modules it will run. The store keeps a reference.
 * @param config  NULL for the defaults. Not kept.
 * @param store   Receives the store, which wrl_store_delete() ends.
 *
 * Errors: INVALID_ARGUMENT, also for a config of another size (the finalizer of one that is too small does not run);
 * OUT_OF_MEMORY; what the backend reports. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_new(wrl_engine_t *engine, const wrl_store_config_t *config,
                                                 wrl_store_t **store);

/**
 * Runs the finalizers of host functions, of externrefs, and of the store's data, in this order, then deletes the store
 * and all that is inside it. In the last of them wrl_store_data() is NULL. Called while the store runs guest code (from
 * a host function), it takes effect when the outermost call returns. The handles of a deleted store stay bad: no later
 * store has its number. NULL is allowed. One thread per store. Cost: grows with what is in the store.
 */
WRL_API void wrl_store_delete(wrl_store_t *store);

/**
 * Asks the engine to collect now what guests have no reference to any more, where it can be asked to (wasmtime), and
 * runs the finalizers of externrefs that are due. No program needs it: engines collect by themselves. It may be called
 * from a host function. NULL is allowed. One thread per store. Cost: that of a collection, which grows with what guests
 * hold.
 */
WRL_API void wrl_store_collect(wrl_store_t *store);

/** The engine of the store. Borrowed from the store. */
WRL_API wrl_engine_t *wrl_store_engine(const wrl_store_t *store);

/** The program's pointer. NULL for a NULL store. */
WRL_API void *wrl_store_data(const wrl_store_t *store);

/**
 * Replaces the program's pointer and its finalizer; the former pointer is finalized before this returns. If it fails,
 * `data` is finalized instead. Errors: INVALID_ARGUMENT for a NULL store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_set_data(wrl_store_t *store, void *data, wrl_finalizer_t finalizer);

/** Takes the program's pointer back: the store forgets it, and its finalizer will not run. NULL for a NULL store. */
WRL_API void *wrl_store_take_data(wrl_store_t *store);

#ifdef __cplusplus
}
#endif

#endif
