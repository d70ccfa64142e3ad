/* Modules. A module of the backend is wasmtime's module itself. */
#include "backend.h"

wrl_error_t *wt_module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    wt_engine_t *self = engine;
    wasmtime_module_t *compiled = NULL;
    wasmtime_error_t *error = wasmtime_module_new(self->engine, bytes, size, &compiled);
    if (error != NULL) {
        return wt_module_error(self->core, error);
    }
    *module = compiled;
    return NULL;
}

void wt_module_delete(void *module)
{
    wasmtime_module_delete(module);
}
