/* Makes engines from names and files, and modules from files. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "file.h"
#include "progress.h"
#include "text.h"

static bool is_shared_object(const char *backend)
{
    size_t length = strlen(backend);
    return strchr(backend, '/') || (length > 3 && strcmp(backend + length - 3, ".so") == 0);
}

/* Loads a backend from a file. "x.so" without '/' is the file in the current directory, not in the loader's search
 * path. */
static wrl_error_t *load_backend(const char *file, const char **name)
{
    if (strchr(file, '/')) {
        return wrl_backend_load(file, name);
    }
    size_t size = strlen(file) + sizeof "./";
    char *path = malloc(size);
    if (!path) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    snprintf(path, size, "./%s", file);
    wrl_error_t *error = wrl_backend_load(path, name);
    free(path);
    return error;
}

/* Makes an engine. Reports a failure, and returns the exit status. */
static int make_engine(wrl_engine_config_t config, wrl_engine_t **engine)
{
    wrl_error_t *error = NULL;
    *engine = NULL;
    if (config.backend && is_shared_object(config.backend)) {
        error = load_backend(config.backend, &config.backend);
    }
    if (!error) {
        error = wrl_engine_new(&config, engine);
    }
    return error ? report_error(NULL, error) : STATUS_OK;
}

/* Returns whether a file is in the text format: it is UTF-8 without NUL. Any other file is compiled as a binary, so
 * that the error of a damaged binary does not call it bad text. */
static bool is_text(const file_bytes_t *bytes)
{
    return bytes->size > 0 && !memchr(bytes->data, '\0', bytes->size) && text_is_utf8(bytes->data, bytes->size);
}

static wrl_error_t *compile(wrl_engine_t *engine, const char *file, const void *data, size_t size,
                            wrl_module_t **module)
{
    progress_t progress;
    progress_begin(&progress, file, size);
    wrl_error_t *error = wrl_module_new(engine, data, size, NULL, module);
    progress_end(&progress);
    return error;
}

static wrl_error_t *module_from_bytes(wrl_engine_t *engine, const char *file, const file_bytes_t *bytes,
                                      wrl_module_t **module)
{
    wrl_bytes_t wasm;
    if (!is_text(bytes)) {
        return compile(engine, file, bytes->data, bytes->size, module);
    }
    wrl_error_t *error = wrl_wat_to_wasm(bytes->data, bytes->size, &wasm);
    if (!error) {
        error = compile(engine, file, wasm.data, wasm.size, module);
        wrl_bytes_delete(&wasm);
    }
    return error;
}

/* Reads and compiles a module. Reports a failure, and returns the exit status. */
static int load_module(wrl_engine_t *engine, const char *file, wrl_module_t **module)
{
    file_bytes_t bytes;
    const char *problem = file_read(file, &bytes);
    *module = NULL;
    if (problem) {
        return report(STATUS_INPUT, file, "cannot be read: %s", problem);
    }
    if (bytes.size == 0) {
        free(bytes.data);
        return report(STATUS_INPUT, file, "is empty");
    }
    wrl_error_t *error = module_from_bytes(engine, file, &bytes, module);
    free(bytes.data);
    if (!error) {
        return STATUS_OK;
    }
    int status = report_error(file, error);
    return status == STATUS_GUEST ? STATUS_INPUT : status; /* No guest has run yet. */
}

int with_module(wrl_engine_config_t config, const char *file,
                int (*use)(const void *env, wrl_engine_t *engine, wrl_module_t *module), const void *env)
{
    wrl_engine_t *engine;
    wrl_module_t *module;
    int status = make_engine(config, &engine);
    if (status != STATUS_OK) {
        return status;
    }
    status = load_module(engine, file, &module);
    if (status == STATUS_OK) {
        status = use(env, engine, module);
        wrl_module_release(module);
    }
    wrl_engine_release(engine);
    return status;
}
