/* Stores. */
#include "backend.h"

wrl_error_t *wt_store_new(void *engine, void **store)
{
    wt_engine_t *owner = engine;
    wt_store_t *self = owner->core->alloc(sizeof(*self));
    if (self == NULL) {
        return wt_plain_error(owner->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    self->core = owner->core;
    self->engine = owner->engine;
    self->takes_fuel = owner->takes_fuel;
    self->store = wasmtime_store_new(owner->engine, self, NULL);
    self->context = wasmtime_store_context(self->store);
    self->release_limit = WT_FEW_RELEASED;
    wrl__wasmtime_store_limit(self->store);
    *store = self;
    return NULL;
}

void wt_store_delete(void *store)
{
    wt_store_t *self = store;
    wt_unroot_externrefs(self);
    wt_delete_roots(self);
    wt_delete_shared(self);
    wrl__wasmtime_store_delete(self->store);
    wt_delete_externrefs(self);
    wt_funcset_clear(self);
    wt_delete_instances(self);
    if (self->pending != NULL) {
        self->core->error_delete(self->pending);
    }
    self->core->free(self);
}

/* The engine consumes fuel, so neither of its functions can fail. */
static void expect_none(wasmtime_error_t *error)
{
    if (error != NULL) {
        wasmtime_error_delete(error);
    }
}

wrl_error_t *wt_store_set_fuel(void *store, uint64_t fuel)
{
    wt_store_t *self = store;
    expect_none(wasmtime_context_set_fuel(self->context, fuel));
    return NULL;
}

uint64_t wt_store_fuel(void *store)
{
    wt_store_t *self = store;
    uint64_t fuel = 0;
    expect_none(wasmtime_context_get_fuel(self->context, &fuel));
    return fuel;
}
