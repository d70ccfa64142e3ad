/**
 * @file
 * Instances: modules brought to life in a store.
 */
#ifndef WRL_INSTANCE_H
#define WRL_INSTANCE_H

#include "extern.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes an instance: fills the imports by name, initialises memories, tables and globals, and runs the start function
 * (core specification, "Instantiation"). The module stays alive as long as the store.
 *
 * @param store     Owns the instance, which ends with it and not before: a program that makes many short-lived
 * instances makes a store for each.
 * @param module    Of the same engine as the store.
 * @param imports   NULL if the module imports nothing. Entries that the module does not ask for are ignored.
 * @param instance  Gets the instance, or the null handle after an error, when this function returns.
 *
 * Errors: LINK, naming the import's module and name, the type expected and the one found; TRAP if a segment is out of
 * bounds or the start function traps; whatever a host function called by the start function returned; RESOURCE_LIMIT,
 * OUT_OF_MEMORY, UNSUPPORTED, INVALID_ARGUMENT. After an error what the instance did before stays done, as the
 * specification says: imported memories and tables may have been written.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_new(wrl_store_t *store, wrl_module_t *module,
                                                    const wrl_imports_t *imports, wrl_instance_t *instance);

/** The module of the instance. Lent by the store. Errors: INVALID_ARGUMENT. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_module(const wrl_store_t *store, wrl_instance_t instance,
                                                       wrl_module_t **module);

/** An export of an instance. */
typedef struct wrl_export {
    const char *name;  /**< NUL-terminated. Lent by the module. */
    size_t name_size;  /**< In bytes, without the terminator. */
    wrl_extern_t item; /**< What is exported. */
} wrl_export_t;

/** How many exports the instance has. Errors: INVALID_ARGUMENT. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_export_count(const wrl_store_t *store, wrl_instance_t instance,
                                                             size_t *count);

/** Export `index`, in the module's order. Errors: INVALID_ARGUMENT, OUT_OF_MEMORY. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_export(wrl_store_t *store, wrl_instance_t instance, size_t index,
                                                       wrl_export_t *export_item);

/**
 * The export of that name. Look exports up once and keep the handle: a look-up hashes the name.
 * Errors: INVALID_ARGUMENT for a name that is not exported; the message gives the nearest names. OUT_OF_MEMORY.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_get_export(wrl_store_t *store, wrl_instance_t instance,
                                                           const char *name, wrl_extern_t *item);

/** As wrl_instance_get_export(), for names that may hold NUL. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_get_export_n(wrl_store_t *store, wrl_instance_t instance,
                                                             const char *name, size_t name_size, wrl_extern_t *item);

/** The exported function of that name; an export of another kind is WRL_ERROR_INVALID_ARGUMENT, too. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_get_func(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                                         wrl_func_t *func);

/** As wrl_instance_get_func(), for globals. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_get_global(wrl_store_t *store, wrl_instance_t instance,
                                                           const char *name, wrl_global_t *global);

/** As wrl_instance_get_func(), for memories. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_get_memory(wrl_store_t *store, wrl_instance_t instance,
                                                           const char *name, wrl_memory_t *memory);

/** As wrl_instance_get_func(), for tables. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_instance_get_table(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                                          wrl_table_t *table);

#ifdef __cplusplus
}
#endif

#endif
