#include "wrl/global.h"

#include "error.h"
#include "item.h"
#include "refs.h"
#include "type.h"
#include "value.h"

#include <string.h>

static wrl_error_t *bad_global(const wrl_store_t *store, wrl_global_t global)
{
    return wrl__store_bad_handle(store, "global", global.store_id, global.index);
}

static wrl_error_t *check_type(const wrl_store_t *store, const wrl_globaltype_t *type)
{
    if (!type) {
        return wrl__error_null("type");
    }
    wrl_error_t *error = wrl__valtype_check(type->content, "type");
    return error ? error : wrl__valtype_require(store->engine, type->content, "the global's type");
}

wrl_error_t *wrl_global_new(wrl_store_t *store, const wrl_globaltype_t *type, const wrl_val_t *initial,
                            wrl_global_t *global)
{
    if (!global) {
        return wrl__error_null("global");
    }
    memset(global, 0, sizeof *global);
    if (!store) {
        return wrl__error_null("store");
    }
    wrl_error_t *error = wrl__store_not_ending(store);
    error = error ? error : check_type(store, type);
    wrl_raw_t slot;
    error = error ? error : wrl__store_lower_one(store, type->content, initial, "initial", &slot);
    if (error) {
        return error;
    }
    wrl__store_note_keeper(store, type->content);
    wrl_backend_ref_t ref = {{0, 0}};
    error = store->backend->global_new(store->backend_store, type, &slot, &ref);
    error = wrl__store_blame_value(error, type->content, "initial");
    return error ? error : wrl__store_enter_global(store, ref, type, global);
}

wrl_globaltype_t wrl_global_type(const wrl_store_t *store, wrl_global_t global)
{
    const wrl_global_record_t *record = wrl__store_global(store, global);
    return record ? record->type : (wrl_globaltype_t){0};
}

wrl_error_t *wrl_global_get(wrl_store_t *store, wrl_global_t global, wrl_val_t *value)
{
    if (!value) {
        return wrl__error_null("value");
    }
    value->kind = WRL_VALKIND_NONE;
    const wrl_global_record_t *record = wrl__store_global(store, global);
    if (!record) {
        return bad_global(store, global);
    }
    wrl_error_t *error = wrl__valtype_require(store->engine, record->type.content, "the global's value");
    wrl_raw_t slot;
    error = error ? error : store->backend->global_get(store->backend_store, record->ref, &record->type, &slot);
    return error ? error : wrl__store_lift(store, record->type.content, WRL_HOLD, &slot, value);
}

wrl_error_t *wrl_global_set(wrl_store_t *store, wrl_global_t global, const wrl_val_t *value)
{
    const wrl_global_record_t *record = wrl__store_global(store, global);
    if (!record) {
        return bad_global(store, global);
    }
    if (!record->type.is_mutable) {
        return wrl__error_argument("global", "is immutable");
    }
    wrl_raw_t slot;
    wrl_error_t *error = wrl__store_lower_one(store, record->type.content, value, "value", &slot);
    if (error) {
        return error;
    }
    error = store->backend->global_set(store->backend_store, record->ref, &record->type, &slot);
    return wrl__store_blame_value(error, record->type.content, "value");
}
