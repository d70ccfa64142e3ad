/**
 * @file
 * Functions: calls into the guest, and host functions that the guest calls.
 *
 * Calls in both directions take either wrl_val_t values or wrl_raw_t slots. A wrl_val_t carries its kind, which each
 * call checks. A wrl_raw_t has no kind: the program checks the function's type once, and relies on that check. Both
 * kinds of calls are safe: every bit pattern is a valid number, and references are always checked. Neither kind
 * allocates, locks or looks anything up.
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
 * @param env           The pointer that was passed to wrl_func_new().
 * @param caller        The store and the calling instance. Valid until this function returns.
 * @param args          The arguments. Their number and kinds match the type. Valid until this function returns.
 *                      References among them are borrowed for the same time: see wrl_externref_retain() and
 *                      wrl_ref_retain().
 * @param arg_count     The number of parameters in the type.
 * @param results       Receives the results, each of the kind that the type states. Their kinds are WRL_VALKIND_NONE on
 *                      entry.
 * @param result_count  The number of results in the type.
 * @return NULL for success, or an error. The library takes ownership of the error and stops the guest code. The
 *         wrl_func_call() or wrl_instance_new() that entered the guest returns the same error object. If a result was
 *         not set, or has another kind, the guest stops with WRL_ERROR_HOST.
 *
 * A host function may make reentrant calls: it may call functions of the store, guest functions included. It may also
 * grow the caller's memory. It must return: exiting through longjmp or a C++ exception is undefined.
 *
 * A host function may switch to another stack, as coroutines do, and return later. Meanwhile, calls in the same store
 * from other stacks return INVALID_ARGUMENT. On engines that run guests on the native stack (wasmtime), calls in other
 * stores also return INVALID_ARGUMENT; see docs/threads.md.
 */
typedef wrl_error_t *(*wrl_func_callback_t)(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                            wrl_val_t *results, size_t result_count);

/**
 * A host function on raw slots. The slots hold the arguments on entry and the results on return, both from the first
 * slot on. There are as many slots as the type has parameters or results, whichever is more. Results of number types
 * are not checked: if a slot was not set, the guest receives whatever bits it holds. References are borrowed.
 * wrl_func_callback_t describes everything else.
 */
typedef wrl_error_t *(*wrl_func_callback_raw_t)(void *env, wrl_caller_t *caller, wrl_raw_t *slots);

/**
 * Makes a host function.
 *
 * @param store      Owns the function and deletes it when the store is deleted.
 * @param type       Copied. Its name, if it has one, is used in error messages.
 * @param callback   See wrl_func_callback_t.
 * @param env        Passed to the callback.
 * @param finalizer  Receives `env` once: when the store is deleted, or before this function returns if it fails. May be
 *                   NULL.
 * @param func       Receives the function.
 *
 * Errors: INVALID_ARGUMENT; UNSUPPORTED for types that the engine does not support or whose values cannot cross the
 * interface; OUT_OF_MEMORY.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_new(wrl_store_t *store, const wrl_functype_t *type,
                                                wrl_func_callback_t callback, void *env, wrl_finalizer_t finalizer,
                                                wrl_func_t *func);

/** Makes a host function as wrl_func_new() does, with a callback on raw slots. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_new_raw(wrl_store_t *store, const wrl_functype_t *type,
                                                    wrl_func_callback_raw_t callback, void *env,
                                                    wrl_finalizer_t finalizer, wrl_func_t *func);

/**
 * Returns the type of a function. Its pointers are borrowed from the store. For an invalid handle the type is all
 * zeros, as for a function without parameters and results; wrl_extern_check() distinguishes the two.
 */
WRL_API wrl_functype_t wrl_func_type(const wrl_store_t *store, wrl_func_t func);

/**
 * Calls a function of the guest or of the host.
 *
 * @param store         One thread per store. A host function may make this call while the store runs guest code.
 * @param func          A function of that store.
 * @param args          The arguments. Their number and kinds must match the type. May be NULL if there are none.
 * @param arg_count     The number of parameters in the type.
 * @param results       Receives the results. Unchanged on an error. May be NULL if there are none. Must not overlap
 *                      args. Except for function references, references come with a hold: see wrl_externref_release().
 * @param result_count  The number of results in the type.
 *
 * Errors:
 * - TRAP.
 * - The error that a host function returned, as the same object.
 * - INVALID_ARGUMENT for a count or kind that does not match the type.
 * - INVALID_ARGUMENT for a call that is not nested in the innermost call in progress, and could therefore outlast that
 *   call (coroutines, see wrl_func_callback_t).
 * - HOST if calls have ended out of order.
 * - UNSUPPORTED if the backend cannot run code, or if the type has references that values cannot carry.
 *
 * Only fuel (wrl/fuel.h) ends a guest that loops forever. Without it, the call does not return.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_call(wrl_store_t *store, wrl_func_t func, const wrl_val_t *args,
                                                 size_t arg_count, wrl_val_t *results, size_t result_count);

/**
 * Calls a function on raw slots. The program must have checked the function's type once (wrl_func_type()). Errors as
 * for wrl_func_call().
 *
 * @param store       One thread per store.
 * @param func        A function of that store.
 * @param slots       Hold the arguments on entry and the results on return, both from the first slot on. Undefined on
 *                    an error. May be NULL if the function has neither.
 * @param slot_count  At least the number of parameters or results in the type, whichever is more.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_func_call_raw(wrl_store_t *store, wrl_func_t func, wrl_raw_t *slots,
                                                     size_t slot_count);

/** Returns the store in which the host function was called. Borrowed until the host function returns. */
WRL_API wrl_store_t *wrl_caller_store(wrl_caller_t *caller);

/**
 * Returns the instance whose code called the host function, or the null handle:
 * - if the host itself made the call, or if the host function is the start function of an instance;
 * - if the engine does not support WRL_FEATURE_CALLER_EXPORTS.
 *
 * The instance is unfinished if its start function makes the call. It may also have failed: wrl_instance_new() returned
 * an error for it, but one of its functions is still in a table. The handle is valid in both cases.
 *
 * One thread per store. Cost: from a few instructions to a binary search over the instances of the store.
 */
WRL_API wrl_instance_t wrl_caller_instance(const wrl_caller_t *caller);

/**
 * Looks up an export of the instance whose code called the host function, such as its memory. Reports the same item as
 * wrl_instance_get_export() for wrl_caller_instance(). `item` may be NULL. Returns false and clears `item`:
 * - if the instance has no such export;
 * - if the host itself made the call;
 * - if the engine does not support WRL_FEATURE_CALLER_EXPORTS;
 * - on JS hosts, if the instance failed at a data or element segment.
 *
 * Cost: looks up the name in the module. The handle stays valid as long as the store. However, it is an export of the
 * instance that made this call, and the next call may come from another instance.
 */
WRL_API bool wrl_caller_get_export(wrl_caller_t *caller, const char *name, wrl_extern_t *item);

/** Looks up an export as wrl_caller_get_export() does, by a name that may hold NUL. */
WRL_API bool wrl_caller_get_export_n(wrl_caller_t *caller, const char *name, size_t name_size, wrl_extern_t *item);

/** Looks up an exported function as wrl_caller_get_export() does. Does not find exports of another kind. */
static inline bool wrl_caller_get_func(wrl_caller_t *caller, const char *name, wrl_func_t *func)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_FUNC;
    if (func) {
        *func = found ? item.of.func : wrl_func_null();
    }
    return found;
}

/** Looks up an exported global as wrl_caller_get_func() does. */
static inline bool wrl_caller_get_global(wrl_caller_t *caller, const char *name, wrl_global_t *global)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_GLOBAL;
    if (global) {
        *global = found ? item.of.global : wrl_global_null();
    }
    return found;
}

/** Looks up an exported memory as wrl_caller_get_func() does. */
static inline bool wrl_caller_get_memory(wrl_caller_t *caller, const char *name, wrl_memory_t *memory)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_MEMORY;
    if (memory) {
        *memory = found ? item.of.memory : wrl_memory_null();
    }
    return found;
}

/** Looks up an exported table as wrl_caller_get_func() does. */
static inline bool wrl_caller_get_table(wrl_caller_t *caller, const char *name, wrl_table_t *table)
{
    wrl_extern_t item;
    bool found = wrl_caller_get_export(caller, name, &item) && item.kind == WRL_EXTERN_TABLE;
    if (table) {
        *table = found ? item.of.table : wrl_table_null();
    }
    return found;
}

/** Looks up an exported tag as wrl_caller_get_func() does. */
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
 * Looks up a required export of the calling instance. Works like wrl_caller_get_export(), but returns an error if there
 * is no such export. A host function may return that error.
 *
 * @param caller  The caller that the host function received.
 * @param name    The export's name.
 * @param kind    The required kind, or WRL_EXTERN_NONE for any kind.
 * @param item    Receives the export.
 *
 * Errors: LINK if the instance has no such export, if the export is of another kind, or if the host itself made the
 * call; UNSUPPORTED without WRL_FEATURE_CALLER_EXPORTS, or on JS hosts if the instance failed at a data or element
 * segment; INVALID_ARGUMENT, OUT_OF_MEMORY. Cost: as for wrl_caller_get_export(). Allocates only for an error.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_caller_require_export(wrl_caller_t *caller, const char *name,
                                                             wrl_externkind_t kind, wrl_extern_t *item);

/** Looks up an export as wrl_caller_require_export() does, by a name that may hold NUL. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_caller_require_export_n(wrl_caller_t *caller, const char *name, size_t name_size,
                                                               wrl_externkind_t kind, wrl_extern_t *item);

/** Looks up an exported function as wrl_caller_require_export() does. */
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

/** Looks up an exported global as wrl_caller_require_func() does. */
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

/** Looks up an exported memory as wrl_caller_require_func() does. */
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

/** Looks up an exported table as wrl_caller_require_func() does. */
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

/** Looks up an exported tag as wrl_caller_require_func() does. */
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
