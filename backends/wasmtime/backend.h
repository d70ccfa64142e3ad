/**
 * @file
 * What the files of the wasmtime backend share. Private.
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

/* What lets slots be handed to the engine as they are. */
_Static_assert(sizeof(wrl_raw_t) == sizeof(wasmtime_val_raw_t), "slots and raw values must have one size");
_Static_assert(_Alignof(wrl_raw_t) == _Alignof(wasmtime_val_raw_t), "slots and raw values must be aligned alike");

/** An engine. */
typedef struct wt_engine {
    const wrl_core_t *core;
    wasm_engine_t *engine;
    size_t stack_size; /**< Of each store's outermost call. */
} wt_engine_t;

/** One function that has come up, under the one name that the core knows it by; see funcset.c. */
typedef struct wt_known_func {
    const void *context;
    const void *code;
    void *func;
    wrl_host_func_t *host; /**< NULL for a guest's function. */
} wt_known_func_t;

typedef struct wt_funcset {
    wt_known_func_t *slots; /**< Open addressing; a slot without a func is free. */
    size_t capacity;        /**< A power of two, or 0. */
    size_t count;
} wt_funcset_t;

/** So many released externrefs may wait for the engine's collector before it is called, or twice as many as the last
 * collection has left. */
#define WT_FEW_RELEASED 4096

/** An externref of the program; see externref.c. The address of its first member is its word. */
typedef struct wt_externref wt_externref_t;
struct wt_externref {
    wasmtime_externref_t root; /**< Not to be used while is_released. */
    uint64_t key;
    struct wt_store *store;
    wt_externref_t *next;
    wt_externref_t **link; /**< What points to this one. */
    wt_externref_t *next_collected;
    bool is_made;
    bool is_released;
};

/** A shared memory that has come up. Its address is its name. */
typedef struct wt_shared wt_shared_t;
struct wt_shared {
    wt_shared_t *next;
    wasmtime_sharedmemory_t *memory;
};

/** A reference that came up. Its address is its word, or that of its externref. */
typedef struct wt_root wt_root_t;
struct wt_root {
    wt_root_t *next;
    wt_root_t **link; /**< What points to this one. NULL for a spare one. */
    wasmtime_val_t val;
};

/** An attempt to make an instance; see instance.c. Its place in the list is what the core knows the instance by. */
typedef struct wt_instance {
    uint64_t key;    /**< The core's. */
    uint64_t first;  /**< The engine's number of the instance is at least this, and less than that of the next. */
    uint64_t number; /**< The engine's number of the instance, or 0 while it is not known. */
} wt_instance_t;

/** A store. */
typedef struct wt_store {
    const wrl_core_t *core;
    wasm_engine_t *engine; /**< The engine's. */
    wasmtime_store_t *store;
    wasmtime_context_t *context; /**< Of `store`; the same from beginning to end. */
    uint64_t id;                 /**< What wasmtime's handles call their store; see wt_learn_id(). */
    size_t entered;              /**< Calls of the engine under way that run guests. */
    wrl_error_t *pending;        /**< What a host function returned, on its way through the guest's frames. */
    wt_funcset_t funcs;
    wt_externref_t *externrefs;
    wt_externref_t *collected; /**< Those of which the core is to hear that nobody refers to them. */
    size_t released_count;     /**< Those that the core does not refer to, less the collected ones. */
    size_t release_limit;      /**< So many of them, and the engine is told to collect. */
    wt_shared_t *shared;
    wt_root_t *roots;
    wt_root_t *spare_roots; /**< For references that are about to be passed to the host. */
    size_t spare_root_count;
    wt_instance_t *instances;
    size_t instance_count;
    size_t instance_capacity;
} wt_store_t;

/** Only wasmtime's handles tell what number their store has. Whatever makes the first handles of a store passes the
 * number on, before any of them is used. */
static inline void wt_learn_id(wt_store_t *store, uint64_t id)
{
    store->id = id;
}

/* error.c */

/** Makes an error with the engine's words in it, and deletes the engine's error. What the engine says of a reference of
 * the wrong type is INVALID_ARGUMENT, whatever the kind. */
wrl_error_t *wt_error(const wrl_core_t *core, wrl_error_kind_t kind, wasmtime_error_t *error);
/** As wt_error(), for modules that the engine did not take; `valid` says whether its validation did. */
wrl_error_t *wt_module_error(const wrl_core_t *core, wasmtime_error_t *error, bool valid);
/** What a call into the guest that failed returns; one of `error` and `trap` is not NULL, and is deleted. */
wrl_error_t *wt_call_error(wt_store_t *store, wasmtime_error_t *error, wasm_trap_t *trap);
/** As wt_call_error(), for wasmtime_instance_new(), where errors are not only the guest's. */
wrl_error_t *wt_instance_error(wt_store_t *store, wasmtime_error_t *error, wasm_trap_t *trap);
/** An error without words. */
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
/** The shared memory of that name, or NULL if it is a memory of the store's own. */
wasmtime_sharedmemory_t *wt_shared_memory(wrl_backend_ref_t ref);
/** Takes over a shared memory. NULL memory in the answer means that memory was too short. */
bool wt_ref_from_shared(wt_store_t *store, wasmtime_sharedmemory_t *memory, wrl_backend_ref_t *ref);
/** Takes over an extern. Returns false if memory is too short. */
bool wt_extern_up(wt_store_t *store, wasmtime_extern_t *from, wrl_backend_extern_t *to);
/** Lends an extern to the engine. */
void wt_extern_down(const wt_store_t *store, const wrl_backend_extern_t *from, wasmtime_extern_t *to);
void wt_delete_shared(wt_store_t *store);

static inline wasmtime_func_t wt_func(const wt_store_t *store, wrl_backend_ref_t ref)
{
    wasmtime_func_t func = {store->id, (void *)(uintptr_t)ref.words[0]};
    return func;
}

/* funcset.c */

/** Makes space for so many more functions. False if there is no memory. */
bool wt_funcset_reserve(wt_store_t *store, size_t count);
/** The one pointer that stands for the function behind `func`, for which there must be space. NULL gives NULL. */
wrl_backend_ref_t wt_funcset_name(wt_store_t *store, void *func);
/** Makes a name for a function of the host's. False if there is no memory. */
bool wt_funcset_add_host(wt_store_t *store, void *func, wrl_host_func_t *host, wrl_backend_ref_t *name);
/** NULL for a guest's function. */
wrl_host_func_t *wt_func_host(wrl_backend_ref_t func);
void wt_funcset_clear(wt_store_t *store);
/** Whether two pointers stand for the same function. */
bool wt_funcset_same(const void *func, const void *other);

/* layout.c */

/** Whether wt_funcset_same() tells the truth. Looks once in each process, which takes milliseconds and as much native
 * stack as compiling. */
bool wt_layout_is_known(const wt_engine_t *engine);

/* externref.c */

wrl_error_t *wt_externref_new(void *store, uint64_t key, uint64_t *word);
void wt_externref_release(void *store, uint64_t key, uint64_t word);
uint64_t wt_externref_collected(void *store);
void wt_store_collect(void *store);
/** Calls the engine's collector. */
void wt_collect(wt_store_t *store);
/** Takes over an externref that is not null and that the program has made: false if a guest has. */
bool wt_externref_up(const wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot);
/** Before the engine's store is deleted. */
void wt_unroot_externrefs(wt_store_t *store);
/** After the engine's store is deleted. */
void wt_delete_externrefs(wt_store_t *store);
/** The externref of a slot: what externref_new gave for it, or what came up. */
static inline const wasmtime_externref_t *wt_externref(const wrl_raw_t *slot)
{
    return (const wasmtime_externref_t *)(uintptr_t)slot->words[1];
}

/* root.c */

/** Makes sure that there are so many spare roots. False if memory is too short. */
bool wt_root_reserve(wt_store_t *store, size_t count);
/** Takes over a value. Uses a spare root, of which there must be one. */
wt_root_t *wt_root_new(wt_store_t *store, wasmtime_val_t *val);
void wt_delete_roots(wt_store_t *store);
/** Deletes the root that an externref is in. */
void wt_root_delete_externref(const wt_store_t *store, wasmtime_externref_t *externref);
static inline wt_root_t *wt_root(uint64_t word)
{
    return (wt_root_t *)(uintptr_t)word;
}
int32_t wt_ref_heap(void *store, uint64_t word);
void wt_ref_release(void *store, uint64_t word);

/* value.c */

/** From slots to the engine's raw values, in place. After this nothing may allocate in the guest's heap before the
 * values are in the guest's hands. */
void wt_lower(const wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots);
/** Allocates whatever values of these types need to be passed to the host, before any of them is: from then on nothing
 * can fail, so no reference that was passed has to be taken back. Returns false if memory is too short. */
bool wt_reserve_up(wt_store_t *store, const wrl_valtype_t *types, size_t count);
/** From the engine's raw values to slots, in place. Returns false, and changes nothing, if memory is too short. */
bool wt_lift(wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots);
/** Lends a slot's value; it needs no unrooting. */
wasmtime_val_t wt_val_down(const wt_store_t *store, wrl_valtype_t type, const wrl_raw_t *slot);
/** Takes over a value, for which wt_reserve_up() has allocated. */
void wt_val_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot);

/* type.c */

/** NULL for types that mean nothing outside of their module. */
wasm_valtype_t *wt_valtype(const wasm_engine_t *engine, wrl_valtype_t type);
/** NULL for types that mean nothing outside of their module. */
wasm_functype_t *wt_functype(const wasm_engine_t *engine, const wrl_functype_t *type);
wrl_valtype_t wt_valtype_up(const wasm_valtype_t *type);

/* store.c */

wrl_error_t *wt_store_new(void *engine, void **store);
void wt_store_delete(void *store);

/* engine.c */

wrl_error_t *wt_engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine);
void wt_engine_delete(void *engine);
void wt_engine_stack(void *engine, size_t *call, size_t *compile);
void wt_engine_features(void *engine, uint64_t features[2]);

/* module.c */

/** Whether this process is a child of the one that compiled first, by a fork: it cannot compile. */
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
wrl_backend_entry_t wt_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type);
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
