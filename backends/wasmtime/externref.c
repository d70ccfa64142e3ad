/* Externrefs: the guest's reference holds the core's key, and stays rooted as long as the store. */
#include "backend.h"

static wt_externref_chunk_t *chunk_with_room(wt_store_t *store)
{
    wt_externref_chunk_t *chunk = store->externrefs;
    if (chunk != NULL && chunk->count < WT_EXTERNREF_CHUNK) {
        return chunk;
    }
    chunk = store->core->alloc(sizeof(*chunk));
    if (chunk != NULL) {
        chunk->next = store->externrefs;
        store->externrefs = chunk;
    }
    return chunk;
}

/* The engine's heap may be full of garbage; then it wants to be told to collect it. */
static bool make(wt_store_t *store, void *data, wasmtime_externref_t *externref)
{
    if (wasmtime_externref_new(store->context, data, NULL, externref)) {
        return true;
    }
    wasmtime_error_t *error = wasmtime_context_gc(store->context);
    if (error != NULL) {
        wasmtime_error_delete(error);
        return false;
    }
    return wasmtime_externref_new(store->context, data, NULL, externref);
}

wrl_error_t *wt_externref_new(void *store, uint64_t key, uint64_t *word)
{
    wt_store_t *self = store;
    wt_externref_chunk_t *chunk = chunk_with_room(self);
    if (chunk == NULL) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    wasmtime_externref_t *externref = &chunk->items[chunk->count];
    if (!make(self, (void *)(uintptr_t)key, externref)) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    chunk->count++;
    *word = (uint64_t)(uintptr_t)externref;
    return NULL;
}

void wt_delete_externrefs(wt_store_t *store)
{
    while (store->externrefs != NULL) {
        wt_externref_chunk_t *chunk = store->externrefs;
        store->externrefs = chunk->next;
        for (size_t i = 0; i < chunk->count; i++) {
            wasmtime_externref_unroot(&chunk->items[i]);
        }
        store->core->free(chunk);
    }
}

uint64_t wt_externref_key(const wt_store_t *store, const wasmtime_externref_t *externref)
{
    return (uint64_t)(uintptr_t)wasmtime_externref_data(store->context, externref);
}
