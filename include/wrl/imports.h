/**
 * @file
 * Imports: a map from (module name, item name) to externs, which fills a module's imports by name.
 *
 * The map is independent of any store; its items are checked when an instance is made with it. One map may serve any
 * number of instances. It holds only handles: an item whose store was deleted does no harm until it is used. One thread
 * at a time.
 */
#ifndef WRL_IMPORTS_H
#define WRL_IMPORTS_H

#include "extern.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One entry of the map. Borrowed from the map until the map is next changed or deleted. */
typedef struct wrl_import {
    const char *module; /**< NUL-terminated. Module names may be empty. */
    size_t module_size; /**< In bytes, without the terminator. */
    const char *name;   /**< NUL-terminated. */
    size_t name_size;   /**< In bytes, without the terminator. */
    wrl_extern_t item;  /**< The item under these names. */
} wrl_import_t;

/** Makes an empty map, which the caller deletes with wrl_imports_delete(). Errors: OUT_OF_MEMORY. Any thread. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_new(wrl_imports_t **imports);

/** Deletes the map, but not the items in it. Accepts NULL. */
WRL_API void wrl_imports_delete(wrl_imports_t *imports);

/**
 * Adds an item under a name, or replaces the item that is already under that name. Names are copied. Errors:
 * INVALID_ARGUMENT, also for a null handle and for a kind that is none; OUT_OF_MEMORY. On an error the map is
 * unchanged.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define(wrl_imports_t *imports, const char *module, const char *name,
                                                      wrl_extern_t item);

/** Adds an item as wrl_imports_define() does, under names that may hold NUL. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define_n(wrl_imports_t *imports, const char *module, size_t module_size,
                                                        const char *name, size_t name_size, wrl_extern_t item);

/** A name and an item, for wrl_imports_define_module(). */
typedef struct wrl_named_extern {
    const char *name;  /**< NUL-terminated. */
    wrl_extern_t item; /**< The item to add under the name. */
} wrl_named_extern_t;

/**
 * Adds several items under one module name, each as wrl_imports_define() does. On an error the map is unchanged.
 * Errors: INVALID_ARGUMENT, OUT_OF_MEMORY.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define_module(wrl_imports_t *imports, const char *module,
                                                             const wrl_named_extern_t *items, size_t count);

/**
 * Adds all exports of an instance under one module name, to link one module to another. On an error the map is
 * unchanged. Errors: INVALID_ARGUMENT, OUT_OF_MEMORY, and those of wrl_instance_export().
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_imports_define_instance(wrl_imports_t *imports, const char *module,
                                                               wrl_store_t *store, wrl_instance_t instance);

/**
 * Removes the item under a name. Returns whether there was one. The indices of later entries decrease by one. Cost:
 * grows with the number of entries.
 */
WRL_API bool wrl_imports_remove(wrl_imports_t *imports, const char *module, const char *name);

/** Removes an item as wrl_imports_remove() does, by names that may hold NUL. */
WRL_API bool wrl_imports_remove_n(wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                                  size_t name_size);

/** Looks up the item under a name. Returns false and clears `item` (may be NULL) if there is none. */
WRL_API bool wrl_imports_get(const wrl_imports_t *imports, const char *module, const char *name, wrl_extern_t *item);

/** Looks up an item as wrl_imports_get() does, by names that may hold NUL. */
WRL_API bool wrl_imports_get_n(const wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                               size_t name_size, wrl_extern_t *item);

/** Returns whether there is any item under a module name. Cost: grows with the number of entries. */
WRL_API bool wrl_imports_has_module(const wrl_imports_t *imports, const char *module);

/** Returns how many entries there are. */
WRL_API size_t wrl_imports_count(const wrl_imports_t *imports);

/**
 * Reports entry `index`, in the order in which names were first added. Returns false and clears `import` if there is
 * none.
 */
WRL_API bool wrl_imports_entry(const wrl_imports_t *imports, size_t index, wrl_import_t *import);

#ifdef __cplusplus
}
#endif

#endif
