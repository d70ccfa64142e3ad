#include "wrl/externref.h"

#include "error.h"
#include "item.h"
#include "ref.h"

static wrl_error_t *make(wrl_store_t *store, wrl_externref_t *externref)
{
    if (!externref) {
        return wrl__error_null("externref");
    }
    *externref = wrl_externref_null();
    if (!store) {
        return wrl__error_null("store");
    }
    uint32_t index;
    wrl_error_t *error = wrl__store_not_ending(store);
    error = error ? error : wrl__engine_require(store->engine, WRL_FEATURE_REFERENCE_TYPES, "an externref");
    error = error ? error : wrl__store_make_own(store, &index);
    if (!error) {
        *externref = (wrl_externref_t){store->id, (uint64_t)store->refs[index].round << 32 | index};
    }
    return error;
}

wrl_error_t *wrl_externref_new(wrl_store_t *store, void *data, wrl_finalizer_t finalizer, wrl_externref_t *externref)
{
    wrl_error_t *error = make(store, externref);
    if (error) {
        if (finalizer) {
            finalizer(data);
        }
        return error;
    }
    wrl_ref_record_t *record = &store->refs[(uint32_t)externref->index];
    record->form = WRL_REF_OWN;
    record->data = data;
    record->finalizer = finalizer;
    record->held = 1;
    return NULL;
}

void *wrl_externref_data(const wrl_store_t *store, wrl_externref_t externref)
{
    const wrl_ref_record_t *record = wrl__store_externref(store, externref);
    return record && record->form == WRL_REF_OWN ? record->data : NULL;
}

wrl_error_t *wrl_externref_get(const wrl_store_t *store, wrl_externref_t externref, void **data)
{
    const wrl_ref_record_t *record = wrl__store_externref(store, externref);
    bool is_own = record && record->form == WRL_REF_OWN;
    if (data) {
        *data = is_own ? record->data : NULL;
    }
    if (is_own) {
        return NULL;
    }
    return record ? wrl_error_new(WRL_ERROR_UNSUPPORTED,
                                  "externref: was made by the guest and holds no pointer of the program")
                  : wrl__store_bad_ref(store, "externref", externref.store_id, externref.index);
}

static wrl_error_t *change_holds(wrl_store_t *store, wrl_externref_t externref, wrl_hold_change_t change)
{
    return wrl__ref_change_holds(store, "externref", (wrl_raw_t){.externref = externref},
                                 wrl__store_externref(store, externref), change);
}

wrl_error_t *wrl_externref_retain(wrl_store_t *store, wrl_externref_t externref)
{
    return change_holds(store, externref, WRL_RETAIN);
}

wrl_error_t *wrl_externref_release(wrl_store_t *store, wrl_externref_t externref)
{
    return change_holds(store, externref, WRL_RELEASE);
}

wrl_error_t *wrl_externref_autorelease(wrl_caller_t *caller, wrl_externref_t externref)
{
    return caller ? change_holds(caller->store, externref, WRL_AUTORELEASE) : wrl__error_null("caller");
}
