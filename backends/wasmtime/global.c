/* Globals. */
#include "backend.h"

wrl_error_t *wt_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                           wrl_backend_ref_t *global)
{
    wt_store_t *self = store;
    wasm_valtype_t *content = wt_valtype(self->engine, type->content);
    if (content == NULL) {
        return wt_plain_error(self->core, WRL_ERROR_UNSUPPORTED);
    }
    wasm_globaltype_t *engine_type = wasm_globaltype_new(content, type->is_mutable ? WASM_VAR : WASM_CONST);
    wasmtime_val_t val = wt_val_down(self, type->content, initial);
    wasmtime_global_t made;
    wasmtime_error_t *error = wasmtime_global_new(self->context, engine_type, &val, &made);
    wasm_globaltype_delete(engine_type);
    if (error != NULL) {
        return wt_error(self->core, WRL_ERROR_RESOURCE_LIMIT, error);
    }
    wt_learn_id(self, made.store_id);
    *global = wt_ref_from_global(&made);
    return NULL;
}

wrl_error_t *wt_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value)
{
    wt_store_t *self = store;
    wasmtime_global_t from = wt_global(self, global);
    if (!wt_reserve_up(self, &type->content, 1)) {
        return wt_plain_error(self->core, WRL_ERROR_OUT_OF_MEMORY);
    }
    wasmtime_val_t val;
    wasmtime_global_get(self->context, &from, &val);
    wt_val_up(self, &val, value);
    return NULL;
}

wrl_error_t *wt_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, const wrl_raw_t *value)
{
    wt_store_t *self = store;
    wasmtime_global_t to = wt_global(self, global);
    wasmtime_val_t val = wt_val_down(self, type->content, value);
    wasmtime_error_t *error = wasmtime_global_set(self->context, &to, &val);
    return error == NULL ? NULL : wt_error(self->core, WRL_ERROR_INVALID_ARGUMENT, error);
}
