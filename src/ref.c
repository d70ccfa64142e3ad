/* The public functions for wrl_ref_t, and the holds on references of every kind. */
#include "wrl/ref.h"

#include "error.h"
#include "ref.h"

wrl_error_t *wrl__ref_change_holds(wrl_store_t *store, const char *name, wrl_raw_t handle,
                                   const wrl_ref_record_t *record, wrl_hold_change_t change)
{
    wrl_error_t *error = wrl__store_change_holds(store, name, handle, record, change);
    if (!error && change != WRL_RETAIN) {
        wrl__store_reclaim(store);
    }
    return error;
}

wrl_valtype_t wrl_ref_type(const wrl_store_t *store, wrl_ref_t ref)
{
    const wrl_ref_record_t *record = wrl__store_ref_record(store, ref);
    wrl_valtype_t type = {0};
    if (record) {
        type.kind = WRL_VALKIND_REF;
        type.heap = store->backend->ref_heap(store->backend_store, record->word);
    }
    return type;
}

wrl_error_t *wrl_ref_check(const wrl_store_t *store, wrl_ref_t ref)
{
    return wrl__store_ref_record(store, ref) ? NULL : wrl__store_bad_ref(store, "ref", ref.store_id, ref.index);
}

static wrl_error_t *change_holds(wrl_store_t *store, wrl_ref_t ref, wrl_hold_change_t change)
{
    return wrl__ref_change_holds(store, "ref", (wrl_raw_t){.ref = ref}, wrl__store_ref_record(store, ref), change);
}

wrl_error_t *wrl_ref_retain(wrl_store_t *store, wrl_ref_t ref)
{
    return change_holds(store, ref, WRL_RETAIN);
}

wrl_error_t *wrl_ref_release(wrl_store_t *store, wrl_ref_t ref)
{
    return change_holds(store, ref, WRL_RELEASE);
}

wrl_error_t *wrl_ref_autorelease(wrl_caller_t *caller, wrl_ref_t ref)
{
    return caller ? change_holds(caller->store, ref, WRL_AUTORELEASE) : wrl__error_null("caller");
}
