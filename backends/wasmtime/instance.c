/* Instances. */
#include "backend.h"

wrl_error_t *wt_instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                             wrl_backend_ref_t *instance)
{
    wt_store_t *self = store;
    wasmtime_extern_t *externs = NULL;
    if (import_count > 0) {
        externs = self->core->alloc(import_count * sizeof(*externs));
        if (externs == NULL) {
            return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
        }
    }
    for (size_t i = 0; i < import_count; i++) {
        wt_extern_down(self, &imports[i], &externs[i]);
    }
    wasmtime_instance_t made;
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = wrl_wasmtime_instance_new(self->context, module, externs, import_count, &made, &trap);
    self->core->free(externs);
    if (error != NULL || trap != NULL) {
        return wt_instance_error(self, error, trap);
    }
    wt_learn_id(self, made.store_id);
    *instance = wt_ref_from_instance(&made);
    return NULL;
}

wrl_error_t *wt_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item)
{
    (void)index;
    (void)type;
    wt_store_t *self = store;
    wasmtime_instance_t from = wt_instance(self, instance);
    wasmtime_extern_t found;
    /* By name: the engine hashes names, but counts up to an index. */
    if (!wasmtime_instance_export_get(self->context, &from, name, name_size, &found)) {
        return wt_plain_error(self->core, WRL_ERROR_INVALID_ARGUMENT);
    }
    wrl_backend_extern_t up;
    if (!wt_extern_up(self, &found, &up)) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    *item = up.ref;
    return NULL;
}
