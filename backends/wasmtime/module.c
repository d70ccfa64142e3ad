/* Modules. The backend's module is a wrl_wasmtime_module_t. */
#include "backend.h"

#include <string.h>

#if defined(__unix__) || defined(__APPLE__)
#include <stdatomic.h>
#include <unistd.h>
#endif

/* The engine's threads that compile do not exist in a forked process. Compiling would wait for them for ever. */
bool wt_is_forked(void)
{
#if defined(__unix__) || defined(__APPLE__)
    static atomic_long first;
    long own = (long)getpid(), known = 0;
    return !atomic_compare_exchange_strong(&first, &known, own) && known != own;
#else
    return false;
#endif
}

static const char forked[] = "wasmtime's threads do not exist in a fork of the process that compiled first";

static wrl_error_t *unsupported(const wt_engine_t *engine, const char *words)
{
    return engine->core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, words, strlen(words));
}

static bool is_valid(const wt_engine_t *engine, const uint8_t *bytes, size_t size)
{
    wasmtime_error_t *error = wrl__wasmtime_module_validate(engine->engine, bytes, size);
    bool valid = error == NULL || wrl__wasmtime_error_is_panic(error);
    if (error != NULL) {
        wasmtime_error_delete(error);
    }
    return valid;
}

wrl_error_t *wt_module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    wt_engine_t *self = engine;
    if (wt_is_forked()) {
        return unsupported(self, forked);
    }
    wrl_wasmtime_module_t *compiled = NULL;
    wasmtime_error_t *error = wrl__wasmtime_module_new(self->engine, bytes, size, &compiled);
    if (error != NULL) {
        return wt_module_error(self->core, error, is_valid(self, bytes, size));
    }
    if (!wt_layout_is_known(self)) {
        wrl__wasmtime_module_delete(compiled);
        return unsupported(self, "functions of this build of wasmtime have an unknown layout");
    }
    *module = compiled;
    return NULL;
}

wrl_error_t *wt_module_validate(void *engine, const uint8_t *bytes, size_t size)
{
    const wt_engine_t *self = engine;
    if (wt_is_forked()) {
        return unsupported(self, forked);
    }
    wasmtime_error_t *error = wrl__wasmtime_module_validate(self->engine, bytes, size);
    /* The validator may panic, as the compiler may. The module is then too large for it. */
    return error != NULL ? wt_module_error(self->core, error, wrl__wasmtime_error_is_panic(error)) : NULL;
}

void wt_module_delete(void *module)
{
    wrl__wasmtime_module_delete(module);
}
