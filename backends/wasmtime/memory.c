/* Memories: unshared memories belong to a store, shared memories exist independently of stores. */
#include "backend.h"

static wrl_error_t *own_new(wt_store_t *store, const wasm_memorytype_t *type, wrl_backend_ref_t *memory)
{
    wasmtime_memory_t made;
    wasmtime_error_t *error = wasmtime_memory_new(store->context, type, &made);
    if (error != NULL) {
        return wt_error(store->core, WRL_ERROR_RESOURCE_LIMIT, error);
    }
    wt_learn_id(store, made.store_id);
    *memory = wt_ref_from_memory(&made);
    return NULL;
}

static wrl_error_t *shared_new(wt_store_t *store, const wasm_memorytype_t *type, wrl_backend_ref_t *memory)
{
#ifdef WASMTIME_FEATURE_THREADS
    wasmtime_sharedmemory_t *made;
    wasmtime_error_t *error = wasmtime_sharedmemory_new(store->engine, type, &made);
    if (error != NULL) {
        return wt_error(store->core, WRL_ERROR_RESOURCE_LIMIT, error);
    }
    if (!wt_ref_from_shared(store, made, memory)) {
        return wt_plain_error(store->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    return NULL;
#else
    (void)type;
    (void)memory;
    return wt_plain_error(store->core, WRL_ERROR_UNSUPPORTED);
#endif
}

wrl_error_t *wt_memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory)
{
    wt_store_t *self = store;
    bool has_max = type->max != WRL_NO_MAX;
    wasm_memorytype_t *engine_type = NULL;
    wasmtime_error_t *error = wasmtime_memorytype_new(type->min, has_max, has_max ? type->max : 0, type->is_64,
                                                      type->is_shared, type->page_size_log2, &engine_type);
    if (error != NULL) {
        bool known_pages = type->page_size_log2 == 16 || type->page_size_log2 == 0;
        return wt_error(self->core, known_pages ? WRL_ERROR_RESOURCE_LIMIT : WRL_ERROR_UNSUPPORTED, error);
    }
    wrl_error_t *failed = type->is_shared ? shared_new(self, engine_type, memory) : own_new(self, engine_type, memory);
    wasm_memorytype_delete(engine_type);
    return failed;
}

uint64_t wt_memory_size(void *store, wrl_backend_ref_t memory)
{
    wt_store_t *self = store;
    const wasmtime_sharedmemory_t *shared = wt_shared_memory(memory);
    if (shared != NULL) {
        return wasmtime_sharedmemory_size(shared);
    }
    wasmtime_memory_t own = wt_memory(self, memory);
    return wasmtime_memory_size(self->context, &own);
}

wrl_error_t *wt_memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages)
{
    wt_store_t *self = store;
    const wasmtime_sharedmemory_t *shared = wt_shared_memory(memory);
    wasmtime_error_t *error;
    if (shared != NULL) {
        error = wrl__wasmtime_sharedmemory_grow(shared, delta, previous_pages);
    } else {
        wasmtime_memory_t own = wt_memory(self, memory);
        error = wrl__wasmtime_memory_grow(self->context, &own, delta, previous_pages);
    }
    return error == NULL ? NULL : wt_error(self->core, WRL_ERROR_RESOURCE_LIMIT, error);
}

void wt_memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size)
{
    wt_store_t *self = store;
    const wasmtime_sharedmemory_t *shared = wt_shared_memory(memory);
    if (shared != NULL) {
        *data = wasmtime_sharedmemory_data(shared);
        *size = wasmtime_sharedmemory_data_size(shared);
        return;
    }
    wasmtime_memory_t own = wt_memory(self, memory);
    *data = wasmtime_memory_data(self->context, &own);
    *size = wasmtime_memory_data_size(self->context, &own);
}
