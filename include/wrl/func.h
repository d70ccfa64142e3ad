/**
 * @file
 * Functions: calling the guest, and letting the guest call the host.
 *
 * There are two ways to call and two ways to be called. With wrl_val_t every value carries its kind and is checked.
 * With wrl_raw_t slots the kinds are known from the function's type, checked once by the program. Both are safe: any
 * bits are a valid number, and references are always checked. Neither way allocates, locks or looks anything up.
 */
#ifndef WRL_FUNC_H
#define WRL_FUNC_H

#include "extern.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A host function.
 *
 * @param env           The pointer that was given to wrl_func_new().
 * @param caller        The store and the calling instance. Valid until this function returns.
 * @param args          As many as the type has parameters, of its kinds. Valid until this function returns; so are
 *                      references in them, which are borrowed: see wrl_externref_retain() and wrl_ref_retain().
 * @param arg_count     How many there are: what the type says.
 * @param results       To be set, each to a value of the kind that the type says. They come in with kind
 *                      WRL_VALKIND_NONE.
 * @param result_count  How many there are: what the type says.
 * @return NULL, or an error, which the layer then owns: guest code stops, and the same error object comes out of the
 *         outermost wrl_func_call() or wrl_instance_new(). If a result was not set, or has another kind, the guest
 *         stops with WRL_ERROR_HOST.
 *
 * It may call the store's functions again, guest functions included (re-entry), and grow the caller's memory.
 * It must return: leaving it by longjmp or a C++ exception is undefined. It may switch to another stack, as coroutines
 * do, and return later. Meanwhile calls of the same store from other stacks are INVALID_ARGUMENT, and so are those of
 * other stores on engines that run guests on the native stack (wasmtime); see docs/threads.md.
 */
typedef wrl_error_t *(*wrl_func_callback_t)(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                            wrl_val_t *results, size_t result_count);

/**
 * A host function on raw slots: the arguments come in, the results go out in the same slots, from the first on.
 * There are as many slots as the type has parameters or results, whichever is more. Results of number types are not
 * checked: a slot that was not set gives the guest whatever bits it holds. References are borrowed, as in
 * wrl_func_callback_t; see there for the rest.
 */
typedef wrl_error_t *(*wrl_func_callback_raw_t)(void *env, wrl_caller_t *caller, wrl_raw_t *slots);

/**
 * Makes a host function.
 *
 * @param store      Owns the function, which ends with it.
 * @param type       Copied. Its name, where it has one, is used in error messages.
 * @param callback   See wrl_func_callback_t.
 * @param env        Given to the callback.
 * @param finalizer  Gets `env` once: when the store is deleted, or before this function returns if it fails. May be
 *                   NULL.
 * @param func       Gets the function.
 *
 * Errors: INVALID_ARGUMENT; UNSUPPORTED for types the engine lacks or the layer cannot carry; OUT_OF_MEMORY.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_new(wrl_store_t *store, const wrl_functype_t *type,
                                                wrl_func_callback_t callback, void *env, wrl_finalizer_t finalizer,
                                                wrl_func_t *func);

/** As wrl_func_new(), for a callback on raw slots. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_new_raw(wrl_store_t *store, const wrl_functype_t *type,
                                                    wrl_func_callback_raw_t callback, void *env,
                                                    wrl_finalizer_t finalizer, wrl_func_t *func);

/**
 * Returns the type of a function. Its pointers are borrowed from the store. For a bad handle the type is all zeros,
 * which wrl_extern_check() tells from the type of a function without parameters and results.
 */
WRL_API wrl_functype_t wrl_func_type(const wrl_store_t *store, wrl_func_t func);

/**
 * Calls a function, the guest's or the host's own.
 *
 * @param store         One thread per store. May be called while the store runs guest code, from a host function.
 * @param func          Of that store.
 * @param args          As many and of the kinds that the type says; may be NULL if there are none.
 * @param arg_count     The type's number of parameters.
 * @param results       Gets the results; may be NULL if there are none. Unchanged on an error. May not overlap args.
 *                      References other than to functions come with a hold: see wrl_externref_release().
 * @param result_count  The type's number of results.
 *
 * Errors: TRAP; what a host function returned, as the same object; INVALID_ARGUMENT for a count or kind that does not
 * match the type, and for a call that could end after one that it is not made inside of (coroutines, see
 * wrl_func_callback_t); HOST if that was found too late; UNSUPPORTED if the backend cannot run code, or the type has
 * references that values cannot carry. There is no limit on time: a guest that loops for ever does not return.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_call(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args,
                                                 size_t arg_count, wrl_val_t *results, size_t result_count);

/**
 * Calls a function on raw slots. The program has checked the type before, once (wrl_func_type()). Errors as for
 * wrl_func_call().
 *
 * @param store       One thread per store.
 * @param func        Of that store.
 * @param slots       The arguments come in, the results go out, from the first slot on. On an error they hold anything.
 *                    May be NULL if the function has neither.
 * @param slot_count  At least as many as the type has parameters or results, whichever is more.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_call_raw(wrl_store_t *store, wrl_func_t func, wrl_raw_t *slots,
                                                     size_t slot_count);

/** The store in which the host function was called. Lent until the host function returns. */
WRL_API wrl_store_t *wrl_caller_store(wrl_caller_t *caller);

/**
 * Returns the instance whose code called the host function. Returns the null handle if the host itself made the call,
 * which includes a host function that is the start function of an instance, and if the engine lacks
 * WRL_FEATURE_CALLER_EXPORTS.
 *
 * The instance may be unfinished: its start function makes the call. It may also have failed: wrl_instance_new()
 * returned an error for it, but a function of it is still in a table. The handle is good in both cases.
 *
 * Threads: that of the store. Cost: a few instructions to a binary search over the instances of the store.
 */
WRL_API wrl_instance_t wrl_caller_instance(const wrl_caller_t *caller);

/**
 * Looks up an export of the instance whose code called the host function: its memory, above all. Reports the same item
 * as wrl_instance_get_export() for wrl_caller_instance(). Returns whether there is one, and clears `item` (may be NULL)
 * if not. Returns false as well if the host itself made the call, without WRL_FEATURE_CALLER_EXPORTS, and on JS hosts
 * for an instance whose segment failed.
 *
 * Cost: looks the name up in the module. A handle may be kept as long as the store, but the next call may come from
 * another instance.
 */
WRL_API bool wrl_caller_get_export(wrl_caller_t *caller, const char *name, wrl_extern_t *item);

/** As wrl_caller_get_export(), for names that may hold NUL. */
WRL_API bool wrl_caller_get_export_n(wrl_caller_t *caller, const char *name, size_t name_size, wrl_extern_t *item);

/** As wrl_caller_get_export(), for functions: an export of another kind is not found. */
static inline bool wrl_caller_get_func(wrl_caller_t *caller, const char *name, wrl_func_t *func)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_FUNC;
    if (func) {
        *func = found ? item.of.func : wrl_func_null();
    }
    return found;
}

/** As wrl_caller_get_func(), for globals. */
static inline bool wrl_caller_get_global(wrl_caller_t *caller, const char *name, wrl_global_t *global)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_GLOBAL;
    if (global) {
        *global = found ? item.of.global : wrl_global_null();
    }
    return found;
}

/** As wrl_caller_get_func(), for memories. */
static inline bool wrl_caller_get_memory(wrl_caller_t *caller, const char *name, wrl_memory_t *memory)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_MEMORY;
    if (memory) {
        *memory = found ? item.of.memory : wrl_memory_null();
    }
    return found;
}

/** As wrl_caller_get_func(), for tables. */
static inline bool wrl_caller_get_table(wrl_caller_t *caller, const char *name, wrl_table_t *table)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_TABLE;
    if (table) {
        *table = found ? item.of.table : wrl_table_null();
    }
    return found;
}

/** As wrl_caller_get_func(), for tags. */
static inline bool wrl_caller_get_tag(wrl_caller_t *caller, const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_TAG;
    if (tag) {
        *tag = found ? item.of.tag : wrl_tag_null();
    }
    return found;
}

/**
 * Finds the export of the calling instance that the host function relies on: as wrl_caller_get_export(), with an error
 * if there is none. A host function may return that error.
 *
 * @param caller  The host function's.
 * @param name    The export's name.
 * @param kind    What the export has to be, or WRL_EXTERN_NONE for any kind.
 * @param item    Receives the export.
 *
 * Errors: LINK if the caller has no such export, or one of another kind, and if the host itself made the call;
 * UNSUPPORTED without WRL_FEATURE_CALLER_EXPORTS, and on JS hosts for an instance whose segment failed;
 * INVALID_ARGUMENT, OUT_OF_MEMORY. Cost: as wrl_caller_get_export(). Allocates for an error alone.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_caller_require_export(wrl_caller_t *caller, const char *name,
                                                             wrl_externkind_t kind, wrl_extern_t *item);

/** As wrl_caller_require_export(), for names that may hold NUL. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_caller_require_export_n(wrl_caller_t *caller, const char *name, size_t name_size,
                                                               wrl_externkind_t kind, wrl_extern_t *item);

/** As wrl_caller_require_export(), for functions. */
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_func(wrl_caller_t *caller, const char *name,
                                                                 wrl_func_t *func)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_FUNC, func ? &item : NULL);
    if (func) {
        *func = error ? wrl_func_null() : item.of.func;
    }
    return error;
}

/** As wrl_caller_require_func(), for globals. */
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_global(wrl_caller_t *caller, const char *name,
                                                                   wrl_global_t *global)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_GLOBAL, global ? &item : NULL);
    if (global) {
        *global = error ? wrl_global_null() : item.of.global;
    }
    return error;
}

/** As wrl_caller_require_func(), for memories. */
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_memory(wrl_caller_t *caller, const char *name,
                                                                   wrl_memory_t *memory)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_MEMORY, memory ? &item : NULL);
    if (memory) {
        *memory = error ? wrl_memory_null() : item.of.memory;
    }
    return error;
}

/** As wrl_caller_require_func(), for tables. */
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_table(wrl_caller_t *caller, const char *name,
                                                                  wrl_table_t *table)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_TABLE, table ? &item : NULL);
    if (table) {
        *table = error ? wrl_table_null() : item.of.table;
    }
    return error;
}

/** As wrl_caller_require_func(), for tags. */
WRL_NODISCARD static inline wrl_error_t *wrl_caller_require_tag(wrl_caller_t *caller, const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_caller_require_export(caller, name, WRL_EXTERN_TAG, tag ? &item : NULL);
    if (tag) {
        *tag = error ? wrl_tag_null() : item.of.tag;
    }
    return error;
}

#ifdef __cplusplus
}
#endif

#endif
