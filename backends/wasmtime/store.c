/* Stores. */
#include "backend.h"

/*
 * wasmtime stops at 10,000 instances, memories and tables in a store, which is not ours to decide. Tables are another
 * matter: growing one writes to every new element, so that a guest could exhaust the host's memory with a single
 * instruction. 2^27 elements are 1 GiB.
 */
#define WT_NO_LIMIT INT64_MAX
#define WT_MAX_TABLE_ELEMENTS ((int64_t)1 << 27)

wrl_error_t *wt_store_new(void *engine, void **store)
{
    wt_engine_t *owner = engine;
    wt_store_t *self = owner->core->alloc(sizeof(*self));
    if (self == NULL) {
        return wt_plain_error(owner->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    self->core = owner->core;
    self->engine = owner->engine;
    self->store = wasmtime_store_new(owner->engine, self, NULL);
    self->context = wasmtime_store_context(self->store);
    wasmtime_store_limiter(self->store, -1, WT_MAX_TABLE_ELEMENTS, WT_NO_LIMIT, WT_NO_LIMIT, WT_NO_LIMIT);
    *store = self;
    return NULL;
}

void wt_store_delete(void *store)
{
    wt_store_t *self = store;
    wt_delete_externrefs(self);
    wt_delete_roots(self);
    wt_delete_shared(self);
    wasmtime_store_delete(self->store);
    wt_funcset_clear(self);
    wt_delete_instances(self);
    if (self->pending != NULL) {
        self->core->error_delete(self->pending);
    }
    self->core->free(self);
}
