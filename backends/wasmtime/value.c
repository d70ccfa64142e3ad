/* Values: between slots, the engine's raw values and the engine's tagged values. */
#include "backend.h"

#include <string.h>

static void set_words(wrl_raw_t *slot, uint64_t first)
{
    slot->words[0] = first;
    slot->words[1] = 0;
}

void wt_lower(const wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots)
{
    for (size_t i = 0; i < count; i++) {
        /* A function's name starts with the pointer that the engine wants. */
        if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            bool is_null = slots[i].words[0] == 0;
            set_words(&slots[i], is_null ? 0 : wasmtime_externref_to_raw(store->context, wt_externref(&slots[i])));
        }
    }
}

static bool lift_externref(const wt_store_t *store, wrl_raw_t *slot)
{
    uint32_t raw = (uint32_t)slot->words[0];
    uint64_t key = 0;
    if (raw != 0) {
        wasmtime_externref_t externref;
        wasmtime_externref_from_raw(store->context, raw, &externref);
        key = wt_externref_key(store, &externref);
        wasmtime_externref_unroot(&externref);
    }
    set_words(slot, key);
    return key != 0 || raw == 0;
}

bool wt_lift(wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == WRL_VALKIND_FUNCREF) {
            void *func = wt_funcset_unique(store, (void *)(uintptr_t)slots[i].words[0]);
            set_words(&slots[i], (uint64_t)(uintptr_t)func);
        } else if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            ok = lift_externref(store, &slots[i]) && ok;
        }
    }
    return ok;
}

static void ref_down(const wt_store_t *store, const wrl_raw_t *slot, bool is_func, wasmtime_val_t *val)
{
    bool is_null = slot->words[0] == 0;
    if (is_func) {
        val->kind = WASMTIME_FUNCREF;
        if (!is_null) {
            val->of.funcref.store_id = store->id;
            val->of.funcref.__private = (void *)(uintptr_t)slot->words[0];
        }
    } else {
        val->kind = WASMTIME_EXTERNREF;
        if (!is_null) {
            val->of.externref = *wt_externref(slot);
        }
    }
}

wasmtime_val_t wt_val_down(const wt_store_t *store, wrl_valkind_t kind, const wrl_raw_t *slot)
{
    wasmtime_val_t val;
    memset(&val, 0, sizeof(val));
    switch (kind) {
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
    case WRL_VALKIND_EXTERNREF:
        ref_down(store, slot, kind == WRL_VALKIND_FUNCREF, &val);
        break;
    default:
        val.kind = WASMTIME_I32;
        val.of.i32 = slot->i32;
        break;
    }
    return val;
}

bool wt_val_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot)
{
    bool is_null;
    set_words(slot, 0);
    switch (val->kind) {
    case WASMTIME_I32:
        slot->i32 = val->of.i32;
        return true;
    case WASMTIME_I64:
        slot->i64 = val->of.i64;
        return true;
    case WASMTIME_F32:
        memcpy(&slot->f32, &val->of.f32, sizeof(slot->f32));
        return true;
    case WASMTIME_F64:
        memcpy(&slot->f64, &val->of.f64, sizeof(slot->f64));
        return true;
    case WASMTIME_V128:
        memcpy(slot->v128.bytes, val->of.v128, sizeof(slot->v128.bytes));
        return true;
    case WASMTIME_FUNCREF:
        set_words(slot, wt_ref_from_func(store, &val->of.funcref).words[0]);
        return true;
    case WASMTIME_EXTERNREF:
        is_null = wasmtime_externref_is_null(&val->of.externref);
        slot->words[0] = is_null ? 0 : wt_externref_key(store, &val->of.externref);
        wasmtime_externref_unroot(&val->of.externref);
        return is_null || slot->words[0] != 0;
    default:
        wasmtime_val_unroot(val);
        return false;
    }
}
