/*
 * Externrefs of the program. The engine's object and the core both hold the address of a record here. While the core
 * refers to the externref, the record roots the engine's object. After the core has released it, the engine's collector
 * detects when no guest refers to it either. The collector reports that by a callback, from which the core cannot be
 * called. The record therefore waits in a list until the core asks for collected externrefs.
 */
#include "backend.h"

static void on_collected(void *data)
{
    wt_externref_t *externref = data;
    wt_store_t *store = externref->store;
    /* The engine also calls this when wasmtime_externref_new() fails for lack of memory. */
    if (externref->is_made) {
        store->released_count -= externref->is_released;
        externref->next_collected = store->collected;
        store->collected = externref;
    }
}

static bool try_make(wt_store_t *store, wt_externref_t *externref)
{
    return wasmtime_externref_new(store->context, externref, on_collected, &externref->root);
}

void wt_collect(wt_store_t *store)
{
    wasmtime_error_t *error = wasmtime_context_gc(store->context);
    if (error != NULL) {
        wasmtime_error_delete(error);
    }
    store->release_limit = store->released_count < WT_FEW_RELEASED ? WT_FEW_RELEASED : 2 * store->released_count;
}

void wt_store_collect(void *store)
{
    wt_collect(store);
}

wrl_error_t *wt_externref_new(void *store, uint64_t key, uint64_t *word)
{
    wt_store_t *self = store;
    wt_externref_t *externref = self->core->alloc(sizeof(*externref));
    if (externref == NULL) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    externref->store = self;
    externref->key = key;
    /* The engine's heap may be full of garbage, which wasmtime_externref_new() does not collect by itself. */
    if (!try_make(self, externref)) {
        wt_collect(self);
        if (!try_make(self, externref)) {
            self->core->free(externref);
            return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
        }
    }
    externref->is_made = true;
    externref->next = self->externrefs;
    externref->link = &self->externrefs;
    if (externref->next != NULL) {
        externref->next->link = &externref->next;
    }
    self->externrefs = externref;
    *word = (uint64_t)(uintptr_t)&externref->root;
    return NULL;
}

static void delete_record(wt_store_t *store, wt_externref_t *externref)
{
    *externref->link = externref->next;
    if (externref->next != NULL) {
        externref->next->link = externref->link;
    }
    store->core->free(externref);
}

void wt_externref_release(void *store, uint64_t key, uint64_t word)
{
    wt_store_t *self = store;
    wasmtime_externref_t *root = (wasmtime_externref_t *)(uintptr_t)word;
    if (key == WRL_FOREIGN_EXTERNREF) {
        wt_root_delete_externref(self, root);
        return;
    }
    wt_externref_t *externref = (wt_externref_t *)(void *)root;
    wasmtime_externref_unroot(root);
    externref->is_released = true;
    if (++self->released_count >= self->release_limit) {
        wt_collect(self);
    }
}

uint64_t wt_externref_collected(void *store)
{
    wt_store_t *self = store;
    wt_externref_t *externref = self->collected;
    if (externref == NULL) {
        return 0;
    }
    uint64_t key = externref->key;
    self->collected = externref->next_collected;
    delete_record(self, externref);
    return key;
}

bool wt_externref_up(const wt_store_t *store, wasmtime_val_t *val, wrl_raw_t *slot)
{
    wt_externref_t *externref = wasmtime_externref_data(store->context, &val->of.externref);
    if (externref == NULL) {
        return false;
    }
    if (externref->is_released) {
        externref->root = val->of.externref;
        externref->is_released = false;
        externref->store->released_count--;
    } else {
        wasmtime_val_unroot(val);
    }
    slot->words[0] = externref->key;
    slot->words[1] = (uint64_t)(uintptr_t)&externref->root;
    return true;
}

void wt_unroot_externrefs(wt_store_t *store)
{
    for (wt_externref_t *externref = store->externrefs; externref != NULL; externref = externref->next) {
        if (!externref->is_released) {
            wasmtime_externref_unroot(&externref->root);
        }
    }
}

void wt_delete_externrefs(wt_store_t *store)
{
    while (store->externrefs != NULL) {
        delete_record(store, store->externrefs);
    }
}
