/**
 * @file
 * Externs: the objects that instances import and export.
 */
#ifndef WRL_EXTERN_H
#define WRL_EXTERN_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A function, global, memory, table or tag of a store. All zeros means none. */
typedef struct wrl_extern {
    wrl_externkind_t kind; /**< Selects the member of `of`. */
    union {
        wrl_func_t func;     /**< For WRL_EXTERN_FUNC. */
        wrl_global_t global; /**< For WRL_EXTERN_GLOBAL. */
        wrl_memory_t memory; /**< For WRL_EXTERN_MEMORY. */
        wrl_table_t table;   /**< For WRL_EXTERN_TABLE. */
        wrl_tag_t tag;       /**< For WRL_EXTERN_TAG. */
    } of;                    /**< The handle. */
} wrl_extern_t;

/** Returns a function as an extern. The handle is checked where the extern is used, not here. */
static inline wrl_extern_t wrl_extern_from_func(wrl_func_t func)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_FUNC;
    item.of.func = func;
    return item;
}

/** Returns a global as an extern. The handle is checked where the extern is used, not here. */
static inline wrl_extern_t wrl_extern_from_global(wrl_global_t global)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_GLOBAL;
    item.of.global = global;
    return item;
}

/** Returns a memory as an extern. The handle is checked where the extern is used, not here. */
static inline wrl_extern_t wrl_extern_from_memory(wrl_memory_t memory)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_MEMORY;
    item.of.memory = memory;
    return item;
}

/** Returns a table as an extern. The handle is checked where the extern is used, not here. */
static inline wrl_extern_t wrl_extern_from_table(wrl_table_t table)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_TABLE;
    item.of.table = table;
    return item;
}

/** Returns a tag as an extern. The handle is checked where the extern is used, not here. */
static inline wrl_extern_t wrl_extern_from_tag(wrl_tag_t tag)
{
    wrl_extern_t item;
    item.kind = WRL_EXTERN_TAG;
    item.of.tag = tag;
    return item;
}

/**
 * Returns the type of an extern, or a type of kind WRL_EXTERN_NONE for an invalid handle. Pointers in it are borrowed
 * from the store. The limits of a memory or table are those that it was made with, not its current size. One thread per
 * store.
 */
WRL_API wrl_externtype_t wrl_extern_type(const wrl_store_t *store, wrl_extern_t item);

/**
 * Checks the handle of an extern: reports why a function that does not return errors has returned zero, NULL or a null
 * handle for it. Other functions do not need this check. Errors: INVALID_ARGUMENT if the kind is none, or if the handle
 * is null, of another store or invalid. One thread per store.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_extern_check(const wrl_store_t *store, wrl_extern_t item);

#ifdef __cplusplus
}
#endif

#endif
