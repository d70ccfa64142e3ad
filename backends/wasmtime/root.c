/* References that were passed to the host. Each is rooted, so that the engine does not collect its object, until the
 * core releases the reference. The core holds the address of the root as private data. */
#include "backend.h"

#include <stddef.h>

bool wt_root_reserve(wt_store_t *store, size_t count)
{
    while (store->spare_root_count < count) {
        wt_root_t *root = store->core->alloc(sizeof(*root));
        if (root == NULL) {
            return false;
        }
        root->next = store->spare_roots;
        store->spare_roots = root;
        store->spare_root_count++;
    }
    return true;
}

static wt_root_t *take_spare(wt_store_t *store)
{
    wt_root_t *root = store->spare_roots;
    store->spare_roots = root->next;
    store->spare_root_count--;
    return root;
}

wt_root_t *wt_root_new(wt_store_t *store, wasmtime_val_t *val)
{
    wt_root_t *root = take_spare(store);
    root->val = *val;
    root->next = store->roots;
    root->link = &store->roots;
    if (root->next != NULL) {
        root->next->link = &root->next;
    }
    store->roots = root;
    return root;
}

static void delete_root(const wt_store_t *store, wt_root_t *root)
{
    *root->link = root->next;
    if (root->next != NULL) {
        root->next->link = root->link;
    }
    wasmtime_val_unroot(&root->val);
    store->core->free(root);
}

void wt_delete_roots(wt_store_t *store)
{
    while (store->roots != NULL) {
        delete_root(store, store->roots);
    }
    while (store->spare_roots != NULL) {
        store->core->free(take_spare(store));
    }
}

void wt_ref_release(void *store, uint64_t word)
{
    delete_root(store, wt_root(word));
}

void wt_root_delete_externref(const wt_store_t *store, wasmtime_externref_t *externref)
{
    const size_t offset = offsetof(wt_root_t, val) + offsetof(wasmtime_val_t, of);
    delete_root(store, (wt_root_t *)(void *)((char *)externref - offset));
}

int32_t wt_ref_heap(void *store, uint64_t word)
{
    const wt_store_t *self = store;
    const wt_root_t *root = wt_root(word);
    if (root->val.kind == WASMTIME_EXNREF) {
        return WRL_HEAP_EXN;
    }
    const wasmtime_anyref_t *any = &root->val.of.anyref;
    if (wasmtime_anyref_is_i31(self->context, any)) {
        return WRL_HEAP_I31;
    }
    if (wasmtime_anyref_is_struct(self->context, any)) {
        return WRL_HEAP_STRUCT;
    }
    return wasmtime_anyref_is_array(self->context, any) ? WRL_HEAP_ARRAY : WRL_HEAP_ANY;
}
