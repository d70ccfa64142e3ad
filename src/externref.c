#include "wrl/externref.h"

#include "alloc.h"
#include "error.h"
#include "store.h"

static bool make_room(wrl_store_t *store)
{
    return wrl_grow((void **)&store->externrefs, &store->externrefs_capacity, store->externrefs_count + 1,
                    sizeof *store->externrefs);
}

/* There is room. */
static wrl_externref_t append(wrl_store_t *store, wrl_externref_record_t record)
{
    wrl_externref_t externref = {store->id, store->externrefs_count};
    store->externrefs[store->externrefs_count++] = record;
    return externref;
}

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
    wrl_externref_record_t record = {.data = data};
    if (!make_room(store)) {
        return wrl_error_out_of_memory();
    }
    error = store->backend->externref_new(store->backend_store, store->externrefs_count + 1, &record.word);
    if (!error) {
        *externref = append(store, record);
    }
    return error;
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
    if (record && record->is_foreign) {
        return wrl_error_argument("externref", "is the guest's own, and holds no pointer of the program's");
    }
    return record ? NULL : wrl_store_bad_handle(store, "externref", externref.store_id, externref.index);
}

wrl_error_t *wrl_store_enter_foreign(wrl_store_t *store, uint64_t word, wrl_externref_t *externref)
{
    if (!make_room(store)) {
        return wrl_error_out_of_memory();
    }
    *externref = append(store, (wrl_externref_record_t){.word = word, .is_foreign = true});
    return NULL;
}
