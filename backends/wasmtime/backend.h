/**
 * @file
 * Shared declarations of the wasmtime backend. Private.
 */
#ifndef WT_BACKEND_H
#define WT_BACKEND_H

#include "config.h"
#include "glue.h"

#include <wrl/sys/backend.h>

#if WASMTIME_VERSION_MAJOR != 48
#error "This backend is written for wasmtime 48."
#endif
#if !defined(WASMTIME_FEATURE_GC) || !defined(WASMTIME_FEATURE_COMPILER)
#error "This backend needs a wasmtime with a compiler and with support for garbage-collected references."
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "wasmtime's raw values are little-endian; on this host they differ from wrl_raw_t."
#endif

/* Slots are passed to the engine without conversion. */
_Static_assert(sizeof(wrl_raw_t) == sizeof(wasmtime_val_raw_t), "slots and raw values must have one size");
_Static_assert(_Alignof(wrl_raw_t) == _Alignof(wasmtime_val_raw_t), "slots and raw values must be aligned alike");

/** An engine. */
typedef struct wt_engine {
    const wrl_core_t *core;
    wasm_engine_t *engine;
    size_t stack_size; /**< For the outermost call of each store, in bytes. */
    bool takes_fuel;
} wt_engine_t;

/** A function that was passed to the host, and the one pointer that identifies it; see funcset.c. */
typedef struct wt_known_func {
    const void *context;
    const void *code;
    void *func;
    wrl_host_func_t *host; /**< NULL for a guest's function. */
} wt_known_func_t;

typedef struct wt_funcset {
    wt_known_func_t *slots; /**< Open addressing; a slot whose func is NULL is free. */
    size_t capacity;        /**< A power of two, or 0. */
    size_t count;
} wt_funcset_t;

/** The number of released externrefs at which the backend calls the engine's collector. The limit is twice the number
 * that the last collection left, if that was at least this number. */
#define WT_FEW_RELEASED 4096

/** An externref of the program; see externref.c. The core holds the address of the first member as its private data. */
typedef struct wt_externref wt_externref_t;
struct wt_externref {
    wasmtime_externref_t root; /**< Not valid while is_released. */
    uint64_t key;
    struct wt_store *store;
    wt_externref_t *next;
    wt_externref_t **link; /**< The pointer to this one. */
    wt_externref_t *next_collected;
    bool is_made;
    bool is_released;
};

/** A shared memory that was passed to the host. Its address is its identity. */
typedef struct wt_shared wt_shared_t;
struct wt_shared {
    wt_shared_t *next;
    wasmtime_sharedmemory_t *memory;
};

/** A reference that was passed to the host. The core holds its address as private data; for an externref, the address
 * of the externref in `val`. */
typedef struct wt_root wt_root_t;
struct wt_root {
    wt_root_t *next;
    wt_root_t **link; /**< The pointer to this one. NULL for a spare root. */
    wasmtime_val_t val;
};

/** An attempt to make an instance; see instance.c. Its index in the list identifies the instance to the core. */
typedef struct wt_instance {
    uint64_t key;    /**< The core's number for the instance. */
    uint64_t first;  /**< The engine's number for it is at least this, and less than `first` of the next attempt. */
    uint64_t number; /**< The engine's number for it, or 0 while it is unknown. */
} wt_instance_t;

/** A store. */
typedef struct wt_store {
    const wrl_core_t *core;
    wasm_engine_t *engine; /**< The engine's. */
    wasmtime_store_t *store;
    wasmtime_context_t *context; /**< Of `store`; never changes. */
    uint64_t id;                 /**< The store's number in wasmtime's handles; see wt_learn_id(). */
    size_t entered;              /**< The number of calls in progress that run guests in the engine. */
    wrl_error_t *pending;        /**< The error of a host function while the engine unwinds the guest's frames. */
    wt_funcset_t funcs;
    wt_externref_t *externrefs;
    wt_externref_t *collected; /**< Collected externrefs that have not been reported to the core. */
    size_t released_count; /**< The number of externrefs that the core has released and the engine has not collected. */
    size_t release_limit;  /**< The backend calls the collector when released_count reaches this. */
    wt_shared_t *shared;
    wt_root_t *roots;
    wt_root_t *spare_roots; /**< For references that are about to be passed to the host. */
    size_t spare_root_count;
    wt_instance_t *instances;
    size_t instance_count;
    size_t instance_capacity;
    bool takes_fuel;
} wt_store_t;

/** Sets the store's number, which only wasmtime's handles contain. Functions that can make the first handle of a store
 * call this before the handle is used. */
static inline void wt_learn_id(wt_store_t *store, uint64_t id)
{
    store->id = id;
}

/* error.c */

/** Makes an error with the engine's message, and deletes the engine's error. The kind is INVALID_ARGUMENT instead of
 * `kind` if the engine reports a reference of the wrong type. */
wrl_error_t *wt_error(const wrl_core_t *core, wrl_error_kind_t kind, wasmtime_error_t *error);
/** Like wt_error(), but for modules that the engine rejected; `valid` is whether the engine's validation accepted the
 * module.
 */
wrl_error_t *wt_module_error(const wrl_core_t *core, wasmtime_error_t *error, bool valid);
/** Makes the error for a failed call into the guest. One of `error` and `trap` is not NULL, and is deleted. */
wrl_error_t *wt_call_error(wt_store_t *store, wasmtime_error_t *error, wasm_trap_t *trap);
/** Like wt_call_error(), but for wasmtime_instance_new(), which can also fail without running the guest. */
wrl_error_t *wt_instance_error(wt_store_t *store, wasmtime_error_t *error, wasm_trap_t *trap);
/** Makes an error without a message. */
wrl_error_t *wt_plain_error(const wrl_core_t *core, wrl_error_kind_t kind);

/* ref.c */

wrl_backend_ref_t wt_ref_from_instance(size_t place);
size_t wt_instance_place(wrl_backend_ref_t ref);
wrl_backend_ref_t wt_ref_from_func(wt_store_t *store, const wasmtime_func_t *func);
wrl_backend_ref_t wt_ref_from_global(const wasmtime_global_t *global);
wasmtime_global_t wt_global(const wt_store_t *store, wrl_backend_ref_t ref);
wrl_backend_ref_t wt_ref_from_memory(const wasmtime_memory_t *memory);
wasmtime_memory_t wt_memory(const wt_store_t *store, wrl_backend_ref_t ref);
wrl_backend_ref_t wt_ref_from_table(const wasmtime_table_t *table);
wasmtime_table_t wt_table(const wt_store_t *store, wrl_backend_ref_t ref);
/** Returns the shared memory, or NULL if the reference is to an unshared memory of the store. */
wasmtime_sharedmemory_t *wt_shared_memory(wrl_backend_ref_t ref);
/** Takes ownership of a shared memory and makes a reference to it. Returns false if memory runs out. */
bool wt_ref_from_shared(wt_store_t *store, wasmtime_sharedmemory_t *memory, wrl_backend_ref_t *ref);
/** Lifts an extern, and takes ownership of it. Returns false if memory runs out. */
bool wt_extern_up(wt_store_t *store, wasmtime_extern_t *from, wrl_backend_extern_t *to);
/** Lowers an extern. The result is borrowed. */
void wt_extern_down(const wt_store_t *store, const wrl_backend_extern_t *from, wasmtime_extern_t *to);
void wt_delete_shared(wt_store_t *store);

static inline wasmtime_func_t wt_func(const wt_store_t *store, wrl_backend_ref_t ref)
{
    wasmtime_func_t func = {store->id, (void *)(uintptr_t)ref.words[0]};
    return func;
}

/* funcset.c */

/** Reserves space for `count` more functions. Returns false if memory runs out. */
bool wt_funcset_reserve(wt_store_t *store, size_t count);
/** Returns the identity of a function, for which there must be space. Returns null for NULL. */
wrl_backend_ref_t wt_funcset_name(wt_store_t *store, void *func);
/** Makes the identity of a host function. Returns false if memory runs out. */
bool wt_funcset_add_host(wt_store_t *store, void *func, wrl_host_func_t *host, wrl_backend_ref_t *name);
/** Returns the core's record of a host function, or NULL for a guest function. */
wrl_host_func_t *wt_func_host(wrl_backend_ref_t func);
void wt_funcset_clear(wt_store_t *store);
/** Whether two pointers refer to the same function. */
bool wt_funcset_same(const void *func, const void *other);

/* layout.c */

/** Whether wt_funcset_same() works with this build of wasmtime. Tests that once in each process, which takes
 * milliseconds and as much native stack as compiling. */
bool wt_layout_is_known(const wt_engine_t *engine);

/* externref.c */

wrl_error_t *wt_externref_new(void *store, uint64_t key, uint64_t *word);
void wt_externref_release(void *store, uint64_t key, uint64_t word);
uint64_t wt_externref_collected(void *store);
void wt_store_collect(void *store);
/** Calls the engine's collector. */
void wt_collect(wt_store_t *store);
/** Lifts an externref that is not null, and takes ownership of it. Returns false, and does nothing, if a guest made the
 * externref. */
bool wt_externref_up(const wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot);
/** Unroots all externrefs. Must be called before the engine's store is deleted. */
void wt_unroot_externrefs(wt_store_t *store);
/** Deletes the records of all externrefs. Must be called after the engine's store is deleted. */
void wt_delete_externrefs(wt_store_t *store);
/** Returns the externref of a slot, which is not null: one that externref_new made, or one that was passed to the host.
 */
static inline const wasmtime_externref_t *wt_externref(const wrl_raw_t *slot)
{
    return (const wasmtime_externref_t *)(uintptr_t)slot->words[1];
}

/* root.c */

/** Makes sure that there are at least `count` spare roots. Returns false if memory runs out. */
bool wt_root_reserve(wt_store_t *store, size_t count);
/** Makes a root of a spare root, which must exist. Takes ownership of the value. */
wt_root_t *wt_root_new(wt_store_t *store, wasmtime_val_t *val);
void wt_delete_roots(wt_store_t *store);
/** Deletes the root that contains an externref. */
void wt_root_delete_externref(const wt_store_t *store, wasmtime_externref_t *externref);
static inline wt_root_t *wt_root(uint64_t word)
{
    return (wt_root_t *)(uintptr_t)word;
}
int32_t wt_ref_heap(void *store, uint64_t word);
void wt_ref_release(void *store, uint64_t word);

/* value.c */

/** Lowers slots to the engine's raw values, in place. Until the guest has received the values, nothing may allocate in
 * the guest's heap. */
void wt_lower(const wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots);
/** Allocates what lifting values of these types needs. Lifting them then cannot fail half way, so no reference that was
 * already lifted has to be taken back. Returns false if memory runs out. */
bool wt_reserve_up(wt_store_t *store, const wrl_valtype_t *types, size_t count);
/** Lifts the engine's raw values to slots, in place. Returns false, and changes nothing, if memory runs out. */
bool wt_lift(wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots);
/** Lowers a slot. The value is borrowed: it must not be unrooted. */
wasmtime_val_t wt_val_down(const wt_store_t *store, wrl_valtype_t type, const wrl_raw_t *slot);
/** Lifts a value, for which wt_reserve_up() has allocated, and takes ownership of it. */
void wt_val_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot);

/* type.c */

/** Converts a type. Returns NULL for a type that refers to the types of its module, which has no meaning outside of it.
 */
wasm_valtype_t *wt_valtype(const wasm_engine_t *engine, wrl_valtype_t type);
/** Converts a type. Returns NULL as wt_valtype() does. */
wasm_functype_t *wt_functype(const wasm_engine_t *engine, const wrl_functype_t *type);
wrl_valtype_t wt_valtype_up(const wasm_valtype_t *type);

/* store.c */

wrl_error_t *wt_store_new(void *engine, void **store);
void wt_store_delete(void *store);
wrl_error_t *wt_store_set_fuel(void *store, uint64_t fuel);
uint64_t wt_store_fuel(void *store);

/* engine.c */

wrl_error_t *wt_engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine);
void wt_engine_delete(void *engine);
void wt_engine_stack(void *engine, size_t *call, size_t *compile);
void wt_engine_features(void *engine, uint64_t features[2]);

/* module.c */

/** Whether this process was forked from the process that compiled first. Such a process cannot compile. */
bool wt_is_forked(void);
wrl_error_t *wt_module_new(void *engine, const uint8_t *bytes, size_t size, void **module);
wrl_error_t *wt_module_validate(void *engine, const uint8_t *bytes, size_t size);
void wt_module_delete(void *module);

/* instance.c */

wrl_error_t *wt_instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                             uint64_t key, wrl_backend_ref_t *instance);
wrl_error_t *wt_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item);

bool wt_caller_instance(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance);
void wt_delete_instances(wt_store_t *store);

/* func.c */

wrl_error_t *wt_func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func);
wrl_error_t *wt_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_backend_entry_t *entry);
wrl_error_t *wt_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                          size_t *result_count);

/* global.c */

wrl_error_t *wt_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                           wrl_backend_ref_t *global);
wrl_error_t *wt_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value);
wrl_error_t *wt_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, const wrl_raw_t *value);

/* memory.c */

wrl_error_t *wt_memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory);
uint64_t wt_memory_size(void *store, wrl_backend_ref_t memory);
wrl_error_t *wt_memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages);
void wt_memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size);

/* table.c */

wrl_error_t *wt_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial, wrl_backend_ref_t *table);
uint64_t wt_table_size(void *store, wrl_backend_ref_t table);
wrl_error_t *wt_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                          wrl_raw_t *value);
wrl_error_t *wt_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                          const wrl_raw_t *value);
wrl_error_t *wt_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                           const wrl_raw_t *initial, uint64_t *previous_size);

#endif
