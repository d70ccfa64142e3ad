/*
 * libFuzzer: passes any module to the part of the js backend that records a module's facts. If wasmi accepts the module
 * as valid, the fuzzer also passes it to the rewriting passes. The passes must accept the module as well, and their
 * output must be valid, with the same imports and exports.
 */
#include "../../../backends/js/backend.h"
#include "rewrite/dead_code.h"
#include "rewrite/exact_traps.h"
#include "rewrite/rewrite.h"
#include "wrl.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wrl_engine_t *null_engine, *engine;

/* ---- The functions that the core provides for backends ---- */

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
        (void)fprintf(stderr, "rewrite_fuzzer: the imports or exports differ\n");
        abort();
    }
}

static wrl_rewrite_outcome_t take_passes(const uint8_t *data, size_t size, wrl_rewritten_t *rewritten)
{
    wrl_module_info_t info;
    if (wrl__module_info_read(data, size, false, &info)) {
        abort();
    }
    wrl_exact_traps_t traps;
    wrl_dead_code_t dead_code;
    wrl_pass_t *const passes[] = {&traps.pass, &dead_code.pass};
    wrl__exact_traps_init(&traps, true, true);
    wrl__dead_code_init(&dead_code, &core, &info);
    wrl_rewrite_outcome_t outcome = wrl__rewrite(&core, data, size, &info, passes, 2, rewritten);
    wrl__dead_code_end(&dead_code);
    wrl__module_info_free(&info);
    return outcome;
}

static void rewrite(const wrl_module_t *before, const uint8_t *data, size_t size)
{
    wrl_rewritten_t rewritten;
    switch (take_passes(data, size, &rewritten)) {
    case WRL_REWRITE_DONE: {
        wrl_module_t *after = compile(engine, rewritten.bytes, rewritten.size, "the module is no longer valid");
        check_counts(before, after);
        wrl_module_release(after);
        break;
    }
    case WRL_REWRITE_INVALID:
        (void)fprintf(stderr, "rewrite_fuzzer: valid code is rejected\n");
        abort();
    case WRL_REWRITE_UNKNOWN:
        (void)fprintf(stderr, "rewrite_fuzzer: an instruction is unknown\n");
        abort();
    default:
        break;
    }
    free(rewritten.bytes);
    free(rewritten.runs);
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
    if (!wrl__jsb_keep_facts(&read, data, size, true)) {
        abort();
    }
    module = compile(engine, data, size, NULL);
    if (module) {
        rewrite(module, data, size);
    }
    wrl_module_release(module);
    wrl__jsb_forget(&read);
    return 0;
}
