/* Lowering replaces handles of references by the backend's identities and private data. Lifting does the reverse. */
#include "value.h"
#include "error.h"
#include "item.h"
#include "type.h"
#include "type_text.h"

typedef wrl_error_t *(*bad_handle_t)(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index);

static wrl_error_t *bad_reference(const wrl_store_t *store, const char *name, size_t index, wrl_raw_t handle,
                                  bad_handle_t words)
{
    wrl_text_t place = {0};
    wrl__text_addf(&place, "%s: value %zu", name, index);
    wrl_error_t *error =
        place.failed ? wrl__error_out_of_memory() : words(store, place.data, handle.func.store_id, handle.func.index);
    wrl__text_free(&place);
    return error;
}

static wrl_error_t *lower_func(const wrl_store_t *store, wrl_raw_t *slot, const char *name, size_t index)
{
    if (slot->func.store_id == 0) {
        slot->words[1] = 0;
        return NULL;
    }
    const wrl_func_record_t *record = wrl__store_func(store, slot->func);
    if (!record) {
        return bad_reference(store, name, index, *slot, wrl__store_bad_handle);
    }
    slot->words[0] = record->ref.words[0];
    slot->words[1] = record->ref.words[1];
    return NULL;
}

static wrl_error_t *lower_externref(const wrl_store_t *store, wrl_raw_t *slot, const char *name, size_t index)
{
    if (slot->externref.store_id == 0) {
        slot->words[1] = 0;
        return NULL;
    }
    const wrl_ref_record_t *record = wrl__store_externref(store, slot->externref);
    if (!record) {
        return bad_reference(store, name, index, *slot, wrl__store_bad_ref);
    }
    slot->words[0] = record->form == WRL_REF_FOREIGN ? WRL_FOREIGN_EXTERNREF : (uint32_t)slot->externref.index + 1U;
    slot->words[1] = record->word;
    return NULL;
}

static wrl_error_t *lower_ref(const wrl_store_t *store, wrl_raw_t *slot, const char *name, size_t index)
{
    if (slot->ref.store_id == 0) {
        slot->words[1] = 0;
        return NULL;
    }
    const wrl_ref_record_t *record = wrl__store_ref_record(store, slot->ref);
    if (!record) {
        return bad_reference(store, name, index, *slot, wrl__store_bad_ref);
    }
    slot->words[0] = record->word;
    slot->words[1] = 0;
    return NULL;
}

static wrl_error_t *unsupported(wrl_valtype_t type)
{
    wrl_text_t text = {0};
    wrl__text_add(&text, "a value of type ");
    wrl__text_add_valtype(&text, type);
    wrl__text_add(&text, " cannot cross the interface");
    return wrl__error_from_text(WRL_ERROR_UNSUPPORTED, &text);
}

/* Backends need not support GC references. */
static bool is_crossing(const wrl_engine_t *engine, wrl_valtype_t type)
{
    return type.kind != WRL_VALKIND_REF || wrl_engine_supports(engine, WRL_FEATURE_GC_REFERENCES);
}

static wrl_error_t *null_reference(wrl_valtype_t type, const char *name, size_t index)
{
    wrl_text_t text = {0};
    wrl__text_addf(&text, "%s: value %zu is null, which the type ", name, index);
    wrl__text_add_valtype(&text, type);
    wrl__text_add(&text, " does not allow");
    return wrl__error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

wrl_error_t *wrl__store_lower_raw(const wrl_store_t *store, wrl_valtype_t type, const char *name, size_t index,
                                  wrl_raw_t *slot)
{
    if (!wrl__valtype_is_ref(type)) {
        return NULL;
    }
    if (!is_crossing(store->engine, type)) {
        return unsupported(type);
    }
    if (type.kind == WRL_VALKIND_REF && !(type.flags & WRL_VALTYPE_NULLABLE) && slot->ref.store_id == 0) {
        return null_reference(type, name, index);
    }
    switch (wrl_valtype_value_kind(type)) {
    case WRL_VALKIND_FUNCREF:
        return lower_func(store, slot, name, index);
    case WRL_VALKIND_EXTERNREF:
        return lower_externref(store, slot, name, index);
    default:
        return lower_ref(store, slot, name, index);
    }
}

static wrl_error_t *lift_func(wrl_store_t *store, wrl_raw_t *slot)
{
    wrl_backend_ref_t ref = {{slot->words[0], slot->words[1]}};
    if (ref.words[0] == 0 && ref.words[1] == 0) {
        return NULL;
    }
    slot->func = wrl_func_null();
    return wrl__store_find_func(store, ref, &slot->func);
}

wrl_error_t *wrl__store_lift_raw(wrl_store_t *store, wrl_valtype_t type, wrl_getter_t getter, wrl_raw_t *slot)
{
    if (!wrl__valtype_is_ref(type)) {
        return NULL;
    }
    if (!is_crossing(store->engine, type)) {
        return unsupported(type);
    }
    switch (wrl_valtype_value_kind(type)) {
    case WRL_VALKIND_FUNCREF:
        return lift_func(store, slot);
    case WRL_VALKIND_EXTERNREF:
        return wrl__store_enter_externref(store, getter, slot);
    default:
        return wrl__store_enter_ref(store, getter, slot);
    }
}

wrl_error_t *wrl__store_blame_value(wrl_error_t *error, wrl_valtype_t type, const char *name)
{
    if (!error || wrl_error_kind(error) != WRL_ERROR_INVALID_ARGUMENT) {
        return error;
    }
    wrl_error_delete(error);
    wrl_text_t text = {0};
    wrl__text_addf(&text, "%s: is not a reference of type ", name);
    wrl__text_add_valtype(&text, type);
    return wrl__error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

static wrl_error_t *wrong_kind(wrl_valtype_t type, const wrl_val_t *value, const char *name, size_t index)
{
    wrl_text_t text = {0};
    wrl__text_addf(&text, "%s: value %zu is %s, not ", name, index, wrl_valkind_name(value->kind));
    wrl__text_add_valtype(&text, type);
    return wrl__error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

wrl_error_t *wrl__store_lower(const wrl_store_t *store, wrl_valtype_t type, const wrl_val_t *value, const char *name,
                              size_t index, wrl_raw_t *slot)
{
    if (value->kind != wrl_valtype_value_kind(type)) {
        return wrong_kind(type, value, name, index);
    }
    if (wrl__lower_number(type, value, slot)) {
        return NULL;
    }
    slot->v128 = value->of.v128;
    return wrl__store_lower_raw(store, type, name, index, slot);
}

wrl_error_t *wrl__store_lower_one(const wrl_store_t *store, wrl_valtype_t type, const wrl_val_t *value,
                                  const char *name, wrl_raw_t *slot)
{
    return value ? wrl__store_lower(store, type, value, name, 0, slot) : wrl__error_null(name);
}

wrl_error_t *wrl__store_lift(wrl_store_t *store, wrl_valtype_t type, wrl_getter_t getter, const wrl_raw_t *slot,
                             wrl_val_t *value)
{
    value->kind = wrl_valtype_value_kind(type);
    if (wrl__lift_number(type, slot, value)) {
        return NULL;
    }
    wrl_raw_t raw = *slot;
    wrl_error_t *error = wrl__store_lift_raw(store, type, getter, &raw);
    value->of.v128 = raw.v128;
    return error;
}

static wrl_feature_t feature_of(wrl_valtype_t type)
{
    switch (type.heap) {
    case WRL_HEAP_FUNC:
    case WRL_HEAP_EXTERN:
        return WRL_FEATURE_FUNCTION_REFERENCES;
    case WRL_HEAP_EXN:
    case WRL_HEAP_NOEXN:
        return WRL_FEATURE_EXCEPTIONS;
    default:
        return type.flags & WRL_VALTYPE_FUNC ? WRL_FEATURE_FUNCTION_REFERENCES : WRL_FEATURE_GC;
    }
}

wrl_error_t *wrl__valtype_require(const wrl_engine_t *engine, wrl_valtype_t type, const char *what)
{
    switch (type.kind) {
    case WRL_VALKIND_V128:
        return wrl__engine_require(engine, WRL_FEATURE_SIMD, what);
    case WRL_VALKIND_FUNCREF:
    case WRL_VALKIND_EXTERNREF:
        return wrl__engine_require(engine, WRL_FEATURE_REFERENCE_TYPES, what);
    case WRL_VALKIND_REF: {
        wrl_error_t *error = wrl__engine_require(engine, feature_of(type), what);
        return error || is_crossing(engine, type) ? error : unsupported(type);
    }
    default:
        return NULL;
    }
}
