/**
 * @file
 * Handles of objects in a store.
 *
 * A handle is the id of a store and an index in that store, passed by value. A handle whose store_id is 0 is null. A
 * handle is valid as long as its store; wrl/externref.h describes how long a wrl_externref_t or wrl_ref_t is valid. A
 * function that is passed a handle of another store, or of a deleted one, returns WRL_ERROR_INVALID_ARGUMENT; a
 * function that returns no error returns NULL, zero or a null handle.
 *
 * The functions below compare numbers and never access a store. Any thread.
 */
#ifndef WRL_HANDLE_H
#define WRL_HANDLE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An instance of a module; see wrl/instance.h. */
typedef struct wrl_instance {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_instance_t;

/** A function of the guest or of the host; see wrl/func.h. As a reference it may be null. */
typedef struct wrl_func {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_func_t;

/** A global variable; see wrl/global.h. */
typedef struct wrl_global {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_global_t;

/** A linear memory; see wrl/memory.h. */
typedef struct wrl_memory {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_memory_t;

/** A table of references; see wrl/table.h. */
typedef struct wrl_table {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_table_t;

/** An exception tag, which one instance exports and another imports. */
typedef struct wrl_tag {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_tag_t;

/** A reference to an object of the host; see wrl/externref.h. It may be null. */
typedef struct wrl_externref {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_externref_t;

/**
 * A reference to an object that only the guest can access: a struct, an array, an i31 or an exception; see wrl/ref.h.
 * It may be null.
 */
typedef struct wrl_ref {
    uint64_t store_id; /**< 0 for null. */
    uint64_t index;    /**< Private. */
} wrl_ref_t;

/** Returns the null handle. */
static inline wrl_instance_t wrl_instance_null(void)
{
    wrl_instance_t instance = {0, 0};
    return instance;
}

/** Returns the null handle, which as a reference is the null function reference. */
static inline wrl_func_t wrl_func_null(void)
{
    wrl_func_t func = {0, 0};
    return func;
}

/** Returns the null handle. */
static inline wrl_global_t wrl_global_null(void)
{
    wrl_global_t global = {0, 0};
    return global;
}

/** Returns the null handle. */
static inline wrl_memory_t wrl_memory_null(void)
{
    wrl_memory_t memory = {0, 0};
    return memory;
}

/** Returns the null handle. */
static inline wrl_table_t wrl_table_null(void)
{
    wrl_table_t table = {0, 0};
    return table;
}

/** Returns the null handle. */
static inline wrl_tag_t wrl_tag_null(void)
{
    wrl_tag_t tag = {0, 0};
    return tag;
}

/** Returns the null handle, which is the null external reference. */
static inline wrl_externref_t wrl_externref_null(void)
{
    wrl_externref_t externref = {0, 0};
    return externref;
}

/** Returns the null handle, which is the null reference. */
static inline wrl_ref_t wrl_ref_null(void)
{
    wrl_ref_t ref = {0, 0};
    return ref;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_instance_is_null(wrl_instance_t instance)
{
    return instance.store_id == 0;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_func_is_null(wrl_func_t func)
{
    return func.store_id == 0;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_global_is_null(wrl_global_t global)
{
    return global.store_id == 0;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_memory_is_null(wrl_memory_t memory)
{
    return memory.store_id == 0;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_table_is_null(wrl_table_t table)
{
    return table.store_id == 0;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_tag_is_null(wrl_tag_t tag)
{
    return tag.store_id == 0;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_externref_is_null(wrl_externref_t externref)
{
    return externref.store_id == 0;
}

/** Returns whether the handle is null. A handle that is not null may still be invalid. */
static inline bool wrl_ref_is_null(wrl_ref_t ref)
{
    return ref.store_id == 0;
}

/** Returns whether two handles refer to the same object. */
static inline bool wrl_instance_equal(wrl_instance_t a, wrl_instance_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/** Returns whether two handles refer to the same object. */
static inline bool wrl_func_equal(wrl_func_t a, wrl_func_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/** Returns whether two handles refer to the same object. */
static inline bool wrl_global_equal(wrl_global_t a, wrl_global_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/** Returns whether two handles refer to the same object. */
static inline bool wrl_memory_equal(wrl_memory_t a, wrl_memory_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/** Returns whether two handles refer to the same object. */
static inline bool wrl_table_equal(wrl_table_t a, wrl_table_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/** Returns whether two handles refer to the same object. */
static inline bool wrl_tag_equal(wrl_tag_t a, wrl_tag_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/** Returns whether two handles refer to the same object. */
static inline bool wrl_externref_equal(wrl_externref_t a, wrl_externref_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

/** Returns whether two handles are equal. Different handles may still refer to the same object, see wrl_ref_type(). */
static inline bool wrl_ref_equal(wrl_ref_t a, wrl_ref_t b)
{
    return a.store_id == b.store_id && a.index == b.index;
}

#ifdef __cplusplus
}
#endif

#endif
