/**
 * @file
 * Instances of modules in a store.
 */
#ifndef WRL_INSTANCE_H
#define WRL_INSTANCE_H

#include "extern.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The configuration of an instance. Start from WRL_INSTANCE_CONFIG_INIT:
 *
 *     wrl_extern_t items[] = {wrl_extern_from_func(log), wrl_extern_from_memory(memory)};
 *     wrl_instance_config_t config = WRL_INSTANCE_CONFIG_INIT;
 *     config.items = items;
 *     config.item_count = 2;
 */
typedef struct wrl_instance_config {
    size_t size;               /**< sizeof(wrl_instance_config_t), set by WRL_INSTANCE_CONFIG_INIT. */
    const wrl_extern_t *items; /**< The items that fill the imports, in the module's order instead of by name, because
                                  a module may import several items under one name. NULL if a wrl_imports_t fills the
                                  imports. Not kept. */
    size_t item_count;         /**< wrl_module_import_count(), or 0 without items. */
} wrl_instance_config_t;

/** The defaults, and the struct's size. */
#define WRL_INSTANCE_CONFIG_INIT                                                                                       \
    {                                                                                                                  \
        sizeof(wrl_instance_config_t), NULL, 0                                                                         \
    }

/**
 * Makes an instance: fills the imports, initialises memories, tables and globals, and runs the start function
 * (core specification, "Instantiation"). The module stays alive as long as the store.
 *
 * @param store     Owns the instance, which lives as long as the store: a program that makes many short-lived instances
 *                  makes a store for each.
 * @param module    A module of the store's engine.
 * @param imports   NULL if the module imports nothing, or if the config fills the imports. Entries that the module does
 *                  not import are ignored.
 * @param config    NULL for the defaults. Not kept.
 * @param instance  Receives the instance when this function returns, or the null handle on an error.
 *
 * Errors:
 * - LINK for an import that is missing or of the wrong type. The message has the import's module and name, the expected
 *   type, and the type that was found.
 * - TRAP if a segment is out of bounds or the start function traps.
 * - The error that a host function returned to the start function, as the same object.
 * - RESOURCE_LIMIT, OUT_OF_MEMORY, UNSUPPORTED, INVALID_ARGUMENT.
 *
 * Writes before an error are not undone, as the specification requires: imported memories and tables may have changed.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_new(wrl_store_t *store, wrl_module_t *module,
                                                    const wrl_imports_t *imports, const wrl_instance_config_t *config,
                                                    wrl_instance_t *instance);

/** Returns the module of the instance, borrowed from the store, or NULL for an invalid handle. */
WRL_API wrl_module_t *wrl_instance_module(const wrl_store_t *store, wrl_instance_t instance);

/**
 * Checks the handle of an instance: reports why a function that does not return errors has returned zero, NULL or false
 * for it. Errors: INVALID_ARGUMENT. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_check(const wrl_store_t *store, wrl_instance_t instance);

/** An export of an instance. */
typedef struct wrl_export {
    const char *name;  /**< NUL-terminated. Borrowed from the module. */
    size_t name_size;  /**< In bytes, without the terminator. */
    wrl_extern_t item; /**< The exported item. */
} wrl_export_t;

/** Returns how many exports the instance has, or 0 for an invalid handle. */
WRL_API size_t wrl_instance_export_count(const wrl_store_t *store, wrl_instance_t instance);

/**
 * Reports export `index`, in the module's order. Errors: INVALID_ARGUMENT; UNSUPPORTED on JS hosts for an instance that
 * failed at a data or element segment; OUT_OF_MEMORY.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_export(wrl_store_t *store, wrl_instance_t instance, size_t index,
                                                       wrl_export_t *export_item);

/**
 * Looks up an export by name. Returns whether there is one, and clears `item` (may be NULL) if not. Also returns false
 * for an invalid handle, and if memory runs out while the item is added to the store; wrl_instance_require_export()
 * distinguishes these cases.
 *
 * Look exports up once and keep the handle. Cost: hashes the name; the first look-up of an item also adds it to the
 * store.
 */
WRL_API bool wrl_instance_get_export(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_extern_t *item);

/** Looks up an export as wrl_instance_get_export() does, by a name that may hold NUL. */
WRL_API bool wrl_instance_get_export_n(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                                       wrl_extern_t *item);

/** Looks up an exported function as wrl_instance_get_export() does. Does not find exports of another kind. */
static inline bool wrl_instance_get_func(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                         wrl_func_t *func)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_FUNC;
    if (func) {
        *func = found ? item.of.func : wrl_func_null();
    }
    return found;
}

/** Looks up an exported global as wrl_instance_get_func() does. */
static inline bool wrl_instance_get_global(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                           wrl_global_t *global)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_GLOBAL;
    if (global) {
        *global = found ? item.of.global : wrl_global_null();
    }
    return found;
}

/** Looks up an exported memory as wrl_instance_get_func() does. */
static inline bool wrl_instance_get_memory(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                           wrl_memory_t *memory)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_MEMORY;
    if (memory) {
        *memory = found ? item.of.memory : wrl_memory_null();
    }
    return found;
}

/** Looks up an exported table as wrl_instance_get_func() does. */
static inline bool wrl_instance_get_table(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                          wrl_table_t *table)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_TABLE;
    if (table) {
        *table = found ? item.of.table : wrl_table_null();
    }
    return found;
}

/** Looks up an exported tag as wrl_instance_get_func() does. */
static inline bool wrl_instance_get_tag(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    bool found = wrl_instance_get_export(store, instance, name, &item) && item.kind == WRL_EXTERN_TAG;
    if (tag) {
        *tag = found ? item.of.tag : wrl_tag_null();
    }
    return found;
}

/**
 * Looks up an export that the program cannot do without. Works like wrl_instance_get_export(), but returns an error if
 * there is no such export.
 *
 *     wrl_memory_t memory;
 *     wrl_error_t *error = wrl_instance_require_memory(store, instance, "memory", &memory);
 *
 * @param store     One thread per store.
 * @param instance  An instance of that store.
 * @param name      The export's name.
 * @param kind      The required kind, or WRL_EXTERN_NONE for any kind.
 * @param item      Receives the export.
 *
 * Errors: LINK if the instance has no such export, or one of another kind: the message names the export and both kinds;
 * INVALID_ARGUMENT, also for an invalid handle; UNSUPPORTED on JS hosts for an instance that failed at a data or
 * element segment; OUT_OF_MEMORY. Cost: as for wrl_instance_get_export(). Allocates only for an error.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_require_export(wrl_store_t *store, wrl_instance_t instance,
                                                               const char *name, wrl_externkind_t kind,
                                                               wrl_extern_t *item);

/** Looks up an export as wrl_instance_require_export() does, by a name that may hold NUL. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_require_export_n(wrl_store_t *store, wrl_instance_t instance,
                                                                 const char *name, size_t name_size,
                                                                 wrl_externkind_t kind, wrl_extern_t *item);

/** Looks up an exported function as wrl_instance_require_export() does. */
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_func(wrl_store_t *store, wrl_instance_t instance,
                                                                   const char *name, wrl_func_t *func)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_FUNC, func ? &item : NULL);
    if (func) {
        *func = error ? wrl_func_null() : item.of.func;
    }
    return error;
}

/** Looks up an exported global as wrl_instance_require_func() does. */
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_global(wrl_store_t *store, wrl_instance_t instance,
                                                                     const char *name, wrl_global_t *global)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_GLOBAL, global ? &item : NULL);
    if (global) {
        *global = error ? wrl_global_null() : item.of.global;
    }
    return error;
}

/** Looks up an exported memory as wrl_instance_require_func() does. */
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_memory(wrl_store_t *store, wrl_instance_t instance,
                                                                     const char *name, wrl_memory_t *memory)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_MEMORY, memory ? &item : NULL);
    if (memory) {
        *memory = error ? wrl_memory_null() : item.of.memory;
    }
    return error;
}

/** Looks up an exported table as wrl_instance_require_func() does. */
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_table(wrl_store_t *store, wrl_instance_t instance,
                                                                    const char *name, wrl_table_t *table)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_TABLE, table ? &item : NULL);
    if (table) {
        *table = error ? wrl_table_null() : item.of.table;
    }
    return error;
}

/** Looks up an exported tag as wrl_instance_require_func() does. */
WRL_NODISCARD static inline wrl_error_t *wrl_instance_require_tag(wrl_store_t *store, wrl_instance_t instance,
                                                                  const char *name, wrl_tag_t *tag)
{
    wrl_extern_t item;
    wrl_error_t *error = wrl_instance_require_export(store, instance, name, WRL_EXTERN_TAG, tag ? &item : NULL);
    if (tag) {
        *tag = error ? wrl_tag_null() : item.of.tag;
    }
    return error;
}

#ifdef __cplusplus
}
#endif

#endif
