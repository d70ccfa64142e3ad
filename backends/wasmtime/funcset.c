/*
 * The identity of functions.
 *
 * A wasmtime_func_t holds a pointer to a VMFuncRef, called a record here. Each instance that imports a function has a
 * record of its own for it, so one function may be passed to the host as several pointers. The core needs one identity
 * for each function. All records of a function have the same pair {context, code}: the context is the defining
 * instance, or the host function itself, and the code is the entry that was compiled for this function. The first
 * pointer that was seen with a pair becomes the identity of the function. It can replace all other pointers, because
 * records of one function are equivalent and live as long as their store.
 *
 * The C API has no function that compares two functions, so the code here reads the record directly. backend.h pins the
 * version of wasmtime, and layout.c tests the layout by comparing functions that are known to be the same or different.
 *
 * The set has its own hash table instead of src/idmap.c, because a backend uses no part of the core but wrl_core_t.
 */
#include "backend.h"

typedef struct wt_func_record {
    const void *array_call; /* The entry for calls from the host. */
    const void *wasm_call;  /* The entry for calls from guests; set later for host functions. */
    uint32_t type_index;
    const void *context;
} wt_func_record_t;

#define WT_FUNCSET_START 16

static size_t hash(const void *context, const void *code)
{
    uint64_t bits = (uint64_t)(uintptr_t)context * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)(uintptr_t)code;
    bits *= UINT64_C(0xff51afd7ed558ccd);
    return (size_t)(bits >> 32);
}

bool wt_funcset_same(const void *func, const void *other)
{
    const wt_func_record_t *a = func;
    const wt_func_record_t *b = other;
    return a->context == b->context && a->array_call == b->array_call;
}

/* Returns the slot that holds the pair, or the free slot where it belongs. There is always a free slot. */
static wt_known_func_t *find(wt_known_func_t *slots, size_t capacity, const void *context, const void *code)
{
    size_t at = hash(context, code) & (capacity - 1);
    while (slots[at].func != NULL && (slots[at].context != context || slots[at].code != code)) {
        at = (at + 1) & (capacity - 1);
    }
    return &slots[at];
}

bool wt_funcset_reserve(wt_store_t *store, size_t count)
{
    wt_funcset_t *set = &store->funcs;
    if (set->count + count <= set->capacity / 2) {
        return true;
    }
    size_t capacity = set->capacity == 0 ? WT_FUNCSET_START : set->capacity;
    while (set->count + count > capacity / 2) {
        capacity *= 2;
    }
    if (capacity > SIZE_MAX / sizeof(wt_known_func_t)) {
        return false;
    }
    wt_known_func_t *slots = store->core->alloc(capacity * sizeof(*slots));
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->slots[i].func != NULL) {
            *find(slots, capacity, set->slots[i].context, set->slots[i].code) = set->slots[i];
        }
    }
    store->core->free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

/* Makes an identity from the pointer and, for a host function, the core's record, so that a call needs no lookup. */
static wrl_backend_ref_t name_of(void *func, wrl_host_func_t *host)
{
    wrl_backend_ref_t name = {{(uint64_t)(uintptr_t)func, (uint64_t)(uintptr_t)host}};
    return name;
}

wrl_host_func_t *wt_func_host(wrl_backend_ref_t func)
{
    return (wrl_host_func_t *)(uintptr_t)func.words[1];
}

/* Returns the slot of a function. The function is new if the slot's func is NULL. There must be space for one function.
 */
static wt_known_func_t *slot_of(wt_store_t *store, const void *func)
{
    const wt_func_record_t *record = func;
    wt_funcset_t *set = &store->funcs;
    return find(set->slots, set->capacity, record->context, record->array_call);
}

static void fill(wt_store_t *store, wt_known_func_t *slot, void *func, wrl_host_func_t *host)
{
    const wt_func_record_t *record = func;
    *slot = (wt_known_func_t){record->context, record->array_call, func, host};
    store->funcs.count++;
}

wrl_backend_ref_t wt_funcset_name(wt_store_t *store, void *func)
{
    if (func == NULL) {
        return name_of(NULL, NULL);
    }
    wt_known_func_t *slot = slot_of(store, func);
    if (slot->func == NULL) {
        fill(store, slot, func, NULL);
    }
    return name_of(slot->func, slot->host);
}

bool wt_funcset_add_host(wt_store_t *store, void *func, wrl_host_func_t *host, wrl_backend_ref_t *name)
{
    if (!wt_funcset_reserve(store, 1)) {
        return false;
    }
    fill(store, slot_of(store, func), func, host);
    *name = name_of(func, host);
    return true;
}

void wt_funcset_clear(wt_store_t *store)
{
    store->core->free(store->funcs.slots);
    store->funcs = (wt_funcset_t){0};
}
