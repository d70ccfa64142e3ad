/* Look-ups: the record of a handle, and the handle of a backend's identity of an object. */
#ifndef WRL_SRC_ITEM_H
#define WRL_SRC_ITEM_H

#include "store.h"

static inline wrl_func_record_t *wrl__store_func(const wrl_store_t *store, wrl_func_t func)
{
    return store && func.store_id == store->id && func.index < store->funcs_count ? &store->funcs[func.index] : NULL;
}

#define WRL_DEFINE_RECORD_LOOKUP(noun, record_type, array)                                                             \
    static inline record_type *wrl__store_##noun(const wrl_store_t *store, wrl_##noun##_t handle)                      \
    {                                                                                                                  \
        return store && handle.store_id == store->id && handle.index < store->array##_count                            \
                   ? &store->array[handle.index]                                                                       \
                   : NULL;                                                                                             \
    }

WRL_DEFINE_RECORD_LOOKUP(global, wrl_global_record_t, globals)
WRL_DEFINE_RECORD_LOOKUP(memory, wrl_memory_record_t, memories)
WRL_DEFINE_RECORD_LOOKUP(table, wrl_table_record_t, tables)
WRL_DEFINE_RECORD_LOOKUP(tag, wrl_tag_record_t, tags)

/* Whether the backend has reported its reference to the instance. */
static inline bool wrl__store_is_known(const wrl_instance_record_t *record)
{
    return record->ref.words[0] || record->ref.words[1];
}

static inline wrl_instance_record_t *wrl__store_instance(const wrl_store_t *store, wrl_instance_t instance)
{
    return store && instance.store_id == store->id && instance.index < store->instances_count &&
                   wrl__store_is_known(&store->instances[instance.index])
               ? &store->instances[instance.index]
               : NULL;
}

/* Returns the error for a failed look-up: there is no store, the handle is null or of another store, or its index is
 * out of range. `name` is the parameter's name. */
wrl_error_t *wrl__store_bad_handle(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index);

/* Whether the extern is an object of this store. */
bool wrl__store_has_extern(const wrl_store_t *store, const wrl_extern_t *item);
/* Returns NULL if it is, or an error. */
wrl_error_t *wrl__store_check_extern(const wrl_store_t *store, const wrl_extern_t *item, const char *name);

/* Each finds the record of the object with identity `ref`, or adds one, and writes its handle. A function's type is not
 * copied: it must stay valid as long as the store exists. */
wrl_error_t *wrl__store_enter_func(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type,
                                   wrl_func_t *func);
/* Asks the backend for the function's entry, which stays NULL if the function cannot be called, or after an error. */
wrl_error_t *wrl__store_find_entry(wrl_store_t *store, wrl_func_record_t *record);
/* Enters a function whose type is not known. The backend reports the type. */
wrl_error_t *wrl__store_find_func(wrl_store_t *store, wrl_backend_ref_t ref, wrl_func_t *func);
wrl_error_t *wrl__store_enter_global(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_globaltype_t *type,
                                     wrl_global_t *global);
wrl_error_t *wrl__store_enter_memory(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_memorytype_t *type,
                                     wrl_memory_t *memory);
wrl_error_t *wrl__store_enter_table(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_tabletype_t *type,
                                    wrl_table_t *table);
/* Enters any kind of extern. Its type must stay valid as long as the store exists. */
wrl_error_t *wrl__store_enter_extern(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_externtype_t *type,
                                     wrl_extern_t *item);

/* Returns the backend's identity of an extern that was checked. */
wrl_backend_ref_t wrl__store_ref(const wrl_store_t *store, const wrl_extern_t *item);

/* Returns an error if the store is being deleted: the finalizer of an object that is made now would never run. */
wrl_error_t *wrl__store_not_ending(const wrl_store_t *store);

#endif
