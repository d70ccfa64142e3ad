/* Values: conversions between slots, the engine's raw values and the engine's tagged values. */
#include "backend.h"

#include <string.h>

static void set_words(wrl_raw_t *slot, uint64_t first)
{
    slot->words[0] = first;
    slot->words[1] = 0;
}

static void set_name(wrl_raw_t *slot, wrl_backend_ref_t name)
{
    slot->words[0] = name.words[0];
    slot->words[1] = name.words[1];
}

void wt_lower(const wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots)
{
    for (size_t i = 0; i < count; i++) {
        /* The slot of a function already starts with the pointer that the engine expects. */
        if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            bool is_null = slots[i].words[0] == 0;
            set_words(&slots[i], is_null ? 0 : wasmtime_externref_to_raw(store->context, wt_externref(&slots[i])));
        }
    }
}

bool wt_reserve_up(wt_store_t *store, const wrl_valtype_t *types, size_t count)
{
    size_t func_count = 0, root_count = 0;
    for (size_t i = 0; i < count; i++) {
        wrl_valkind_t kind = wrl_valtype_value_kind(types[i]);
        func_count += kind == WRL_VALKIND_FUNCREF;
        root_count += kind == WRL_VALKIND_EXTERNREF || kind == WRL_VALKIND_REF;
    }
    return wt_funcset_reserve(store, func_count) && wt_root_reserve(store, root_count);
}

/* Lifts an externref that is not null, and takes ownership of it. */
static void externref_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot)
{
    if (!wt_externref_up(store, val, slot)) {
        slot->words[0] = WRL_FOREIGN_EXTERNREF;
        slot->words[1] = (uint64_t)(uintptr_t)&wt_root_new(store, val)->val.of.externref;
    }
}

static void lift_externref(wt_store_t *store, wrl_raw_t *slot)
{
    uint32_t raw = (uint32_t)slot->words[0];
    set_words(slot, 0);
    if (raw != 0) {
        wasmtime_val_t val = {.kind = WASMTIME_EXTERNREF};
        wasmtime_externref_from_raw(store->context, raw, &val.of.externref);
        externref_up(store, &val, slot);
    }
}

bool wt_lift(wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots)
{
    if (!wt_reserve_up(store, types, count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == WRL_VALKIND_FUNCREF) {
            set_name(&slots[i], wt_funcset_name(store, (void *)(uintptr_t)slots[i].words[0]));
        } else if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            lift_externref(store, &slots[i]);
        }
    }
    return true;
}

static wasmtime_val_t func_down(const wt_store_t *store, const wrl_raw_t *slot)
{
    wasmtime_val_t val = {.kind = WASMTIME_FUNCREF};
    if (slot->words[0] != 0) {
        val.of.funcref.store_id = store->id;
        val.of.funcref.__private = (void *)(uintptr_t)slot->words[0];
    }
    return val;
}

static wasmtime_val_t externref_down(const wrl_raw_t *slot)
{
    wasmtime_val_t val = {.kind = WASMTIME_EXTERNREF};
    if (slot->words[0] != 0) {
        val.of.externref = *wt_externref(slot);
    }
    return val;
}

static wasmtime_val_t ref_down(wrl_valtype_t type, const wrl_raw_t *slot)
{
    if (slot->words[0] != 0) {
        return wt_root(slot->words[0])->val;
    }
    bool is_exception = type.heap == WRL_HEAP_EXN || type.heap == WRL_HEAP_NOEXN;
    wasmtime_val_t null = {.kind = is_exception ? WASMTIME_EXNREF : WASMTIME_ANYREF};
    return null;
}

wasmtime_val_t wt_val_down(const wt_store_t *store, wrl_valtype_t type, const wrl_raw_t *slot)
{
    wasmtime_val_t val;
    memset(&val, 0, sizeof(val));
    switch (wrl_valtype_value_kind(type)) {
    case WRL_VALKIND_I64:
        val.kind = WASMTIME_I64;
        val.of.i64 = slot->i64;
        break;
    case WRL_VALKIND_F32:
        val.kind = WASMTIME_F32;
        memcpy(&val.of.f32, &slot->f32, sizeof(val.of.f32));
        break;
    case WRL_VALKIND_F64:
        val.kind = WASMTIME_F64;
        memcpy(&val.of.f64, &slot->f64, sizeof(val.of.f64));
        break;
    case WRL_VALKIND_V128:
        val.kind = WASMTIME_V128;
        memcpy(val.of.v128, slot->v128.bytes, sizeof(val.of.v128));
        break;
    case WRL_VALKIND_FUNCREF:
        return func_down(store, slot);
    case WRL_VALKIND_EXTERNREF:
        return externref_down(slot);
    case WRL_VALKIND_REF:
        return ref_down(type, slot);
    default:
        val.kind = WASMTIME_I32;
        val.of.i32 = slot->i32;
        break;
    }
    return val;
}

static bool is_null(const wasmtime_val_t *val)
{
    return val->kind == WASMTIME_ANYREF ? wasmtime_anyref_is_null(&val->of.anyref)
                                        : wasmtime_exnref_is_null(&val->of.exnref);
}

void wt_val_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot)
{
    set_words(slot, 0);
    switch (val->kind) {
    case WASMTIME_I32:
        slot->i32 = val->of.i32;
        break;
    case WASMTIME_I64:
        slot->i64 = val->of.i64;
        break;
    case WASMTIME_F32:
        memcpy(&slot->f32, &val->of.f32, sizeof(slot->f32));
        break;
    case WASMTIME_F64:
        memcpy(&slot->f64, &val->of.f64, sizeof(slot->f64));
        break;
    case WASMTIME_V128:
        memcpy(slot->v128.bytes, val->of.v128, sizeof(slot->v128.bytes));
        break;
    case WASMTIME_FUNCREF:
        set_name(slot, wt_ref_from_func(store, &val->of.funcref));
        break;
    case WASMTIME_EXTERNREF:
        if (!wasmtime_externref_is_null(&val->of.externref)) {
            externref_up(store, val, slot);
        }
        break;
    default: /* WASMTIME_ANYREF, WASMTIME_EXNREF */
        if (!is_null(val)) {
            slot->words[0] = (uint64_t)(uintptr_t)wt_root_new(store, val);
        }
        break;
    }
}
