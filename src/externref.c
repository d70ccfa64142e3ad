#include "wrl/externref.h"

#include "alloc.h"
#include "error.h"
#include "store.h"

static wrl_error_t *make(wrl_store_t *store, void *data, wrl_externref_t *externref)
{
    if (!externref) {
        return wrl_error_null("externref");
    }
    *externref = wrl_externref_null();
    if (!store) {
        return wrl_error_null("store");
    }
    wrl_error_t *error = wrl_engine_require(store->engine, WRL_FEATURE_REFERENCE_TYPES, "an externref");
    if (error) {
        return error;
    }
    if (!wrl_grow((void **)&store->externrefs, &store->externrefs_capacity, store->externrefs_count + 1,
                  sizeof *store->externrefs)) {
        return wrl_error_out_of_memory();
    }
    size_t index = store->externrefs_count;
    wrl_externref_record_t record = {data, NULL, 0};
    error = store->backend->externref_new(store->backend_store, index + 1, &record.word);
    if (error) {
        return error;
    }
    store->externrefs[index] = record;
    store->externrefs_count++;
    externref->store_id = store->id;
    externref->index = index;
    return NULL;
}

wrl_error_t *wrl_externref_new(wrl_store_t *store, void *data, wrl_finalizer_t finalizer, wrl_externref_t *externref)
{
    wrl_error_t *error = make(store, data, externref);
    if (error) {
        if (finalizer) {
            finalizer(data);
        }
        return error;
    }
    store->externrefs[externref->index].finalizer = finalizer;
    return NULL;
}

wrl_error_t *wrl_externref_data(const wrl_store_t *store, wrl_externref_t externref, void **data)
{
    if (!data) {
        return wrl_error_null("data");
    }
    const wrl_externref_record_t *record = wrl_store_externref(store, externref);
    *data = record ? record->data : NULL;
    return record ? NULL : wrl_store_bad_handle(store, "externref", externref.store_id, externref.index);
}
