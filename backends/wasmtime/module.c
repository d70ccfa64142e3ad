/* Modules. A module of the backend is the glue's module itself. */
#include "backend.h"

static bool is_valid(const wt_engine_t *engine, const uint8_t *bytes, size_t size)
{
    wasmtime_error_t *error = wrl_wasmtime_module_validate(engine->engine, bytes, size);
    bool valid = error == NULL || wrl_wasmtime_error_is_panic(error);
    if (error != NULL) {
        wasmtime_error_delete(error);
    }
    return valid;
}

wrl_error_t *wt_module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    wt_engine_t *self = engine;
    wrl_wasmtime_module_t *compiled = NULL;
    wasmtime_error_t *error = wrl_wasmtime_module_new(self->engine, bytes, size, &compiled);
    if (error != NULL) {
        return wt_module_error(self->core, error, is_valid(self, bytes, size));
    }
    if (!wt_layout_is_known(self)) {
        static const char words[] = "functions of this build of wasmtime are laid out in an unknown way";
        wrl_wasmtime_module_delete(compiled);
        return self->core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, words, sizeof(words) - 1);
    }
    *module = compiled;
    return NULL;
}

void wt_module_delete(void *module)
{
    wrl_wasmtime_module_delete(module);
}
