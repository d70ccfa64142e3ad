/*
 * libFuzzer: any module to the js backend's reader; one that is valid, which wasmi decides, also to what rewrites it
 * for js_exact, with which it has to stay valid, and of the same imports and exports.
 */
#include "../../backends/js/dead_code.h"
#include "../../backends/js/exact.h"
#include "wrl.h"
#include "wrl/sys/backend.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wrl_engine_t *null_engine, *engine;

/* ---- What the core gives to backends ---- */

static void *zeroed(size_t size)
{
    return calloc(1, size);
}

static const wrl_core_t core = {.size = sizeof core, .abi = WRL_BACKEND_ABI, .alloc = zeroed, .free = free};

/* ---- Engines ---- */

static void end(void)
{
    wrl_engine_release(engine);
    wrl_engine_release(null_engine);
}

static wrl_engine_t *make_engine(const char *backend)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_engine_t *made;
    config.backend = backend;
    if (wrl_engine_new(&config, &made)) {
        abort();
    }
    return made;
}

static wrl_module_t *compile(wrl_engine_t *with, const uint8_t *data, size_t size, const char *complaint)
{
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_module_new(with, data, size, NULL, &module);
    if (error && complaint) {
        (void)fprintf(stderr, "rewrite_fuzzer: %s: %s\n", complaint, wrl_error_message(error));
        abort();
    }
    wrl_error_delete(error);
    return module;
}

/* ---- Modules ---- */

static void check_counts(const wrl_module_t *before, const wrl_module_t *after)
{
    if (wrl_module_import_count(before) != wrl_module_import_count(after) ||
        wrl_module_export_count(before) != wrl_module_export_count(after)) {
        (void)fprintf(stderr, "rewrite_fuzzer: other imports or exports\n");
        abort();
    }
}

static void rewrite(js_module_t *read, const wrl_module_t *before, const uint8_t *data, size_t size)
{
    js_bytes_t out = {.core = &core};
    switch (js_rewrite_traps(read, JS_CHECK_CONVERSIONS | JS_CHECK_CALLS, data, size, &out)) {
    case JS_REWRITTEN: {
        wrl_module_t *after = compile(engine, out.data, out.size, "it is no longer valid");
        check_counts(before, after);
        wrl_module_release(after);
        break;
    }
    case JS_REWRITTEN_UNKNOWN:
        (void)fprintf(stderr, "rewrite_fuzzer: an instruction is not known\n");
        abort();
    default:
        break;
    }
    free(out.data);
}

static void check_dead_code(const js_module_t *read, const uint8_t *data, size_t size)
{
    if (js_check_dead_code(read, data, size) != JS_DEAD_CODE_VALID) {
        (void)fprintf(stderr, "rewrite_fuzzer: it has code that is valid, and is refused\n");
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!engine) {
        null_engine = make_engine("null");
        engine = make_engine("wasmi");
        if (atexit(end) != 0) {
            abort();
        }
    }
    wrl_module_t *module = compile(null_engine, data, size, NULL);
    if (!module) {
        return 0;
    }
    wrl_module_release(module);
    js_module_t read = {.core = &core};
    if (!js_read(&read, data, size, true)) {
        abort();
    }
    module = compile(engine, data, size, NULL);
    if (module) {
        check_dead_code(&read, data, size);
        rewrite(&read, module, data, size);
    }
    wrl_module_release(module);
    js_forget(&read);
    return 0;
}
