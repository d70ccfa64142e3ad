/*
 * References: a wrl_backend_ref_t holds the contents of a wasmtime handle, except the store's number. Functions are
 * pointers (see funcset.c). All others are indices that start at 0, so a bit in the second word distinguishes them from
 * null.
 */
#include "backend.h"

#define WT_PRESENT ((uint64_t)1 << 63)
#define WT_SHARED ((uint64_t)1 << 62)

static wrl_backend_ref_t pack(uint32_t first, uint32_t second, uint32_t third)
{
    wrl_backend_ref_t ref = {{(uint64_t)first << 32 | second, WT_PRESENT | third}};
    return ref;
}

static uint32_t first_of(wrl_backend_ref_t ref)
{
    return (uint32_t)(ref.words[0] >> 32);
}

static uint32_t second_of(wrl_backend_ref_t ref)
{
    return (uint32_t)ref.words[0];
}

static uint32_t third_of(wrl_backend_ref_t ref)
{
    return (uint32_t)ref.words[1];
}

wrl_backend_ref_t wt_ref_from_instance(size_t place)
{
    wrl_backend_ref_t ref = {{place, WT_PRESENT}};
    return ref;
}

size_t wt_instance_place(wrl_backend_ref_t ref)
{
    return (size_t)ref.words[0];
}

wrl_backend_ref_t wt_ref_from_func(wt_store_t *store, const wasmtime_func_t *func)
{
    return wt_funcset_name(store, func->store_id != 0 ? func->__private : NULL);
}

wrl_backend_ref_t wt_ref_from_global(const wasmtime_global_t *global)
{
    return pack(global->__private1, global->__private2, global->__private3);
}

wasmtime_global_t wt_global(const wt_store_t *store, wrl_backend_ref_t ref)
{
    wasmtime_global_t global = {store->id, first_of(ref), second_of(ref), third_of(ref)};
    return global;
}

wrl_backend_ref_t wt_ref_from_memory(const wasmtime_memory_t *memory)
{
    return pack(memory->__private1, memory->__private2, 0);
}

wasmtime_memory_t wt_memory(const wt_store_t *store, wrl_backend_ref_t ref)
{
    wasmtime_memory_t memory = {{store->id, first_of(ref)}, second_of(ref)};
    return memory;
}

wrl_backend_ref_t wt_ref_from_table(const wasmtime_table_t *table)
{
    return pack(table->__private1, table->__private2, 0);
}

wasmtime_table_t wt_table(const wt_store_t *store, wrl_backend_ref_t ref)
{
    wasmtime_table_t table = {{store->id, first_of(ref)}, second_of(ref)};
    return table;
}

wasmtime_sharedmemory_t *wt_shared_memory(wrl_backend_ref_t ref)
{
    if ((ref.words[1] & WT_SHARED) == 0) {
        return NULL;
    }
    return ((wt_shared_t *)(uintptr_t)ref.words[0])->memory;
}

/* Returns the record of a shared memory, or NULL. wasmtime returns a new pointer each time, so the memory is identified
 * by the address of its bytes. */
static wt_shared_t *find_shared(const wt_store_t *store, const wasmtime_sharedmemory_t *memory)
{
    const uint8_t *data = wasmtime_sharedmemory_data(memory);
    wt_shared_t *shared = store->shared;
    while (shared != NULL && wasmtime_sharedmemory_data(shared->memory) != data) {
        shared = shared->next;
    }
    return shared;
}

bool wt_ref_from_shared(wt_store_t *store, wasmtime_sharedmemory_t *memory, wrl_backend_ref_t *ref)
{
    wt_shared_t *shared = find_shared(store, memory);
    if (shared != NULL) {
        wasmtime_sharedmemory_delete(memory);
    } else {
        shared = store->core->alloc(sizeof(*shared));
        if (shared == NULL) {
            wasmtime_sharedmemory_delete(memory);
            return false;
        }
        shared->memory = memory;
        shared->next = store->shared;
        store->shared = shared;
    }
    ref->words[0] = (uint64_t)(uintptr_t)shared;
    ref->words[1] = WT_PRESENT | WT_SHARED;
    return true;
}

void wt_delete_shared(wt_store_t *store)
{
    while (store->shared != NULL) {
        wt_shared_t *shared = store->shared;
        store->shared = shared->next;
        wasmtime_sharedmemory_delete(shared->memory);
        store->core->free(shared);
    }
}

bool wt_extern_up(wt_store_t *store, wasmtime_extern_t *from, wrl_backend_extern_t *to)
{
    switch (from->kind) {
    case WASMTIME_EXTERN_FUNC:
        if (!wt_funcset_reserve(store, 1)) {
            return false;
        }
        to->kind = WRL_EXTERN_FUNC;
        to->ref = wt_ref_from_func(store, &from->of.func);
        return true;
    case WASMTIME_EXTERN_GLOBAL:
        to->kind = WRL_EXTERN_GLOBAL;
        to->ref = wt_ref_from_global(&from->of.global);
        return true;
    case WASMTIME_EXTERN_TABLE:
        to->kind = WRL_EXTERN_TABLE;
        to->ref = wt_ref_from_table(&from->of.table);
        return true;
    case WASMTIME_EXTERN_MEMORY:
        to->kind = WRL_EXTERN_MEMORY;
        to->ref = wt_ref_from_memory(&from->of.memory);
        return true;
    case WASMTIME_EXTERN_SHAREDMEMORY:
        to->kind = WRL_EXTERN_MEMORY;
        return wt_ref_from_shared(store, from->of.sharedmemory, &to->ref);
    case WASMTIME_EXTERN_TAG:
        to->kind = WRL_EXTERN_TAG;
        to->ref = pack(from->of.tag.__private1, from->of.tag.__private2, 0);
        return true;
    default:
        wasmtime_extern_delete(from);
        return false;
    }
}

static void memory_down(const wt_store_t *store, wrl_backend_ref_t ref, wasmtime_extern_t *to)
{
    wasmtime_sharedmemory_t *shared = wt_shared_memory(ref);
    if (shared != NULL) {
        to->kind = WASMTIME_EXTERN_SHAREDMEMORY;
        to->of.sharedmemory = shared;
    } else {
        to->kind = WASMTIME_EXTERN_MEMORY;
        to->of.memory = wt_memory(store, ref);
    }
}

void wt_extern_down(const wt_store_t *store, const wrl_backend_extern_t *from, wasmtime_extern_t *to)
{
    switch (from->kind) {
    case WRL_EXTERN_GLOBAL:
        to->kind = WASMTIME_EXTERN_GLOBAL;
        to->of.global = wt_global(store, from->ref);
        break;
    case WRL_EXTERN_TABLE:
        to->kind = WASMTIME_EXTERN_TABLE;
        to->of.table = wt_table(store, from->ref);
        break;
    case WRL_EXTERN_MEMORY:
        memory_down(store, from->ref, to);
        break;
    case WRL_EXTERN_TAG:
        to->kind = WASMTIME_EXTERN_TAG;
        to->of.tag.store_id = store->id;
        to->of.tag.__private1 = first_of(from->ref);
        to->of.tag.__private2 = second_of(from->ref);
        break;
    case WRL_EXTERN_FUNC:
    case WRL_EXTERN_NONE:
        to->kind = WASMTIME_EXTERN_FUNC;
        to->of.func = wt_func(store, from->ref);
        break;
    }
}
