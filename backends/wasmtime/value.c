/* Values: between slots, the engine's raw values and the engine's tagged values. */
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
        /* A function's name starts with the pointer that the engine wants. */
        if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            bool is_null = slots[i].words[0] == 0;
            set_words(&slots[i], is_null ? 0 : wasmtime_externref_to_raw(store->context, wt_externref(&slots[i])));
        }
    }
}

/* Takes over an externref that is not null. */
static bool externref_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot)
{
    if (wt_externref_up(store, val, slot)) {
        return true;
    }
    wt_root_t *root = wt_root_new(store, val);
    if (root != NULL) {
        slot->words[0] = WRL_FOREIGN_EXTERNREF;
        slot->words[1] = (uint64_t)(uintptr_t)&root->val.of.externref;
    }
    return root != NULL;
}

static bool lift_externref(wt_store_t *store, wrl_raw_t *slot)
{
    uint32_t raw = (uint32_t)slot->words[0];
    set_words(slot, 0);
    if (raw == 0) {
        return true;
    }
    wasmtime_val_t val = {.kind = WASMTIME_EXTERNREF};
    wasmtime_externref_from_raw(store->context, raw, &val.of.externref);
    return externref_up(store, &val, slot);
}

bool wt_lift(wt_store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == WRL_VALKIND_FUNCREF) {
            set_name(&slots[i], wt_funcset_name(store, (void *)(uintptr_t)slots[i].words[0]));
        } else if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            ok = lift_externref(store, &slots[i]) && ok;
        }
    }
    return ok;
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

/* Takes over a reference that is not null. */
static bool ref_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot)
{
    wt_root_t *root = wt_root_new(store, val);
    slot->words[0] = (uint64_t)(uintptr_t)root;
    return root != NULL;
}

bool wt_val_up(wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot)
{
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
        set_name(slot, wt_ref_from_func(store, &val->of.funcref));
        return true;
    case WASMTIME_EXTERNREF:
        return wasmtime_externref_is_null(&val->of.externref) || externref_up(store, val, slot);
    case WASMTIME_ANYREF:
        return wasmtime_anyref_is_null(&val->of.anyref) || ref_up(store, val, slot);
    default: /* WASMTIME_EXNREF */
        return wasmtime_exnref_is_null(&val->of.exnref) || ref_up(store, val, slot);
    }
}
