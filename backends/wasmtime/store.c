/* Stores. */
#include "backend.h"

/*
 * wasmtime stops at 10,000 instances, memories and tables in a store, which is not ours to decide. Tables are another
 * matter: growing one writes to every new element, so that a guest could exhaust the host's memory with a single
 * instruction. 2^27 elements are 1 GiB.
 */
#define WT_NO_LIMIT INT64_MAX
#define WT_MAX_TABLE_ELEMENTS ((int64_t)1 << 27)

/* Only wasmtime's handles tell what number their store has. A global is the cheapest of them. */
static wasmtime_error_t *find_store_id(wt_store_t *self)
{
    wasm_globaltype_t *type = wasm_globaltype_new(wasm_valtype_new(WASM_I32), WASM_CONST);
    wasmtime_val_t zero = {.kind = WASMTIME_I32, .of = {.i32 = 0}};
    wasmtime_global_t global = {0};
    wasmtime_error_t *error = wasmtime_global_new(self->context, type, &zero, &global);
    wasm_globaltype_delete(type);
    self->id = global.store_id;
    return error;
}

wrl_error_t *wt_store_new(void *engine, void **store)
{
    wt_engine_t *owner = engine;
    wt_store_t *self = owner->core->alloc(sizeof(*self));
    if (self == NULL) {
        return wt_plain_error(owner->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    self->core = owner->core;
    self->engine = owner->engine;
    self->store = wasmtime_store_new(owner->engine, NULL, NULL);
    self->context = wasmtime_store_context(self->store);
    wasmtime_store_limiter(self->store, -1, WT_MAX_TABLE_ELEMENTS, WT_NO_LIMIT, WT_NO_LIMIT, WT_NO_LIMIT);
    wasmtime_error_t *error = find_store_id(self);
    if (error != NULL) {
        wt_store_delete(self);
        return wt_error(owner->core, WRL_ERROR_OUT_OF_MEMORY, error);
    }
    *store = self;
    return NULL;
}

void wt_store_delete(void *store)
{
    wt_store_t *self = store;
    wt_delete_externrefs(self);
    wt_delete_shared(self);
    /* Runs the finalizers of host functions, which still need the store. */
    wasmtime_store_delete(self->store);
    wt_funcset_clear(self);
    if (self->pending != NULL) {
        self->core->error_delete(self->pending);
    }
    self->core->free(self);
}
