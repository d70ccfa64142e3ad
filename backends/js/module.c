/* Modules: compiled by the host's engine. */
#include "backend.h"
#include "glue.h"

void js_module_delete(void *module)
{
    js_module_t *ended = (js_module_t *)module;
    if (ended->handle) {
        wrl_js_release(ended->handle);
    }
    if (ended->shims) {
        wrl_js_release(ended->shims);
    }
    js_forget(ended);
    ended->core->free(ended);
}

static wrl_error_t *compile_error(const wrl_core_t *core)
{
    uint32_t size;
    switch (wrl_js_error(&size)) {
    case JS_THREW_COMPILE:
        return js_error_of_text(core, WRL_ERROR_INVALID, size);
    case JS_THREW_RANGE:
        /* The main thread of a page may be allowed modules up to a size only. */
        return js_error_of_text(core, WRL_ERROR_UNSUPPORTED, size);
    default:
        return js_error_of_text(core, WRL_ERROR_RESOURCE_LIMIT, size);
    }
}

static wrl_error_t *fill(js_module_t *module, const uint8_t *bytes, size_t size)
{
    module->handle = wrl_js_compile(bytes, (int)size);
    if (!module->handle) {
        return compile_error(module->core);
    }
    return js_read(module, bytes, size, wrl_js_has_offsets()) ? NULL : js_out_of_memory(module->core);
}

wrl_error_t *js_module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    const wrl_core_t *core = ((js_engine_t *)engine)->core;
    js_module_t *made = (js_module_t *)core->alloc(sizeof *made);
    if (!made) {
        return js_out_of_memory(core);
    }
    made->core = core;
    js_bytes_t rewritten = {.core = core};
    js_rewrite_start(made, bytes, size, &rewritten);
    wrl_error_t *error;
    if (rewritten.failed) {
        error = js_out_of_memory(core);
    } else if (made->has_start) {
        error = fill(made, rewritten.data, rewritten.size);
    } else {
        error = fill(made, bytes, size);
    }
    core->free(rewritten.data);
    if (error) {
        js_module_delete(made);
        return error;
    }
    *module = made;
    return NULL;
}
