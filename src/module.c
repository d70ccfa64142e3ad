#include "module.h"

#include "alloc.h"
#include "compiler.h"
#include "error.h"
#include "work.h"

#include <string.h>

/* Prefixes an engine's error with the core's words. */
static wrl_error_t *refused(const wrl_engine_t *engine, size_t size, wrl_error_t *error)
{
    if (wrl_error_kind(error) == WRL_ERROR_INVALID) {
        return wrl__error_prefix(error, "invalid module: ");
    }
    bool may_wait = wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED && engine->backend->module_new_async;
    if (may_wait || wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT) {
        return wrl__error_prefix(error, "a module of %zu bytes cannot be compiled%s: ", size,
                                 may_wait ? " while this thread waits; use wrl_module_new_async()" : "");
    }
    return error;
}

/* Compiles if enough of the thread's native stack is left. */
static wrl_error_t *compile_here(const wrl_engine_t *engine, const uint8_t *bytes, size_t size, void **module)
{
    wrl_error_t *error = wrl__engine_check_compile_stack(engine);
    return error ? error : engine->backend->module_new(engine->backend_engine, bytes, size, module);
}

/*
 * Hides an imported start function from the engine. The core itself calls this start function, so that it has no caller
 * on any engine. The start section becomes a custom section of the same size with an empty name. (The function index
 * takes at least one byte, which holds the length of the name. Any bytes may follow the name.)
 */
static void hide_start(const wrl_module_info_t *info, uint8_t *bytes)
{
    size_t at = info->start_section;
    if (at) {
        bytes[at++] = 0;
        while (bytes[at] & 0x80) {
            at++;
        }
        bytes[at + 1] = 0;
    }
}

static wrl_error_t *compile_hidden(const wrl_engine_t *engine, const uint8_t *bytes, size_t size, wrl_module_t *module)
{
    uint8_t *copy = (uint8_t *)wrl__alloc(size);
    if (!copy) {
        return wrl__error_out_of_memory();
    }
    memcpy(copy, bytes, size);
    hide_start(&module->info, copy);
    wrl_error_t *error = compile_here(engine, copy, size, &module->backend_module);
    wrl__free(copy);
    return error;
}

/* Reads a module, and checks whether compiling it would cost too much. */
static wrl_error_t *read_module(const wrl_engine_t *engine, const uint8_t *bytes, size_t size,
                                const wrl_module_config_t *config, wrl_module_info_t *info)
{
    wrl_error_t *error = wrl__module_info_read(bytes, size, config && config->keep_custom_sections, info);
    if (error || !WRL_COMPILES_HERE) {
        return error;
    }
    wrl_effort_t effort = {0, 0};
    error = wrl__effort_check(info, bytes, &engine->effort, &effort);
    if (error) {
        wrl__module_info_free(info);
    }
    return error;
}

static wrl_error_t *compile(wrl_engine_t *engine, const uint8_t *bytes, size_t size, const wrl_module_config_t *config,
                            wrl_module_t *module)
{
    wrl_error_t *error = read_module(engine, bytes, size, config, &module->info);
    if (error) {
        return error;
    }
    error = module->info.start_section ? compile_hidden(engine, bytes, size, module)
                                       : compile_here(engine, bytes, size, &module->backend_module);
    if (error) {
        wrl__module_info_free(&module->info);
        return refused(engine, size, error);
    }
    return NULL;
}

static wrl_error_t *check_arguments(const wrl_engine_t *engine, const void *bytes, size_t size,
                                    const wrl_module_config_t *config)
{
    if (!engine) {
        return wrl__error_null("engine");
    }
    if (!bytes && size) {
        return wrl__error_null("bytes");
    }
    wrl_error_t *error = wrl__error_impossible_size("size", size);
    return error || !config ? error : wrl__error_config_size(config->size, sizeof *config, "MODULE");
}

/* Initializes the reference count, and takes the module's own reference to its engine. */
static void begin(wrl_module_t *module, wrl_engine_t *engine)
{
    atomic_init(&module->references, 1);
    module->engine = wrl_engine_retain(engine);
}

wrl_error_t *wrl_module_new(wrl_engine_t *engine, const void *bytes, size_t size, const wrl_module_config_t *config,
                            wrl_module_t **module)
{
    if (!module) {
        return wrl__error_null("module");
    }
    *module = NULL;
    wrl_error_t *error = check_arguments(engine, bytes, size, config);
    if (error) {
        return error;
    }
    wrl_module_t *made = (wrl_module_t *)wrl__alloc(sizeof *made);
    if (!made) {
        return wrl__error_out_of_memory();
    }
    error = compile(engine, (const uint8_t *)bytes, size, config, made);
    if (error) {
        wrl__free(made);
        return error;
    }
    begin(made, engine);
    *module = made;
    return NULL;
}

/* Validates with the backend's validator, or else with its compiler. */
static wrl_error_t *validate(const wrl_engine_t *engine, const uint8_t *bytes, size_t size)
{
    wrl_error_t *error = wrl__engine_check_compile_stack(engine);
    if (error) {
        return error;
    }
    const wrl_backend_t *backend = engine->backend;
    if (backend->module_validate) {
        return backend->module_validate(engine->backend_engine, bytes, size);
    }
    void *module = NULL;
    error = backend->module_new(engine->backend_engine, bytes, size, &module);
    if (!error) {
        backend->module_delete(module);
    }
    return error;
}

wrl_error_t *wrl_module_validate(wrl_engine_t *engine, const void *bytes, size_t size)
{
    wrl_error_t *error = check_arguments(engine, bytes, size, NULL);
    if (error) {
        return error;
    }
    wrl_module_info_t info;
    error = read_module(engine, (const uint8_t *)bytes, size, NULL, &info);
    if (error) {
        return error;
    }
    wrl__module_info_free(&info);
    error = validate(engine, (const uint8_t *)bytes, size);
    return error ? refused(engine, size, error) : NULL;
}

/* A module that is compiled while the program continues. Everything that the core needs is allocated before compiling
 * starts. */
typedef struct compilation {
    wrl_work_t work;
    wrl_engine_t *engine; /* Holds a reference. */
    wrl_module_t *module; /* Already read. */
    wrl_module_done_t done;
    void *env;
    size_t size;
    uint8_t bytes[];
} compilation_t;

static void free_compilation(compilation_t *compilation)
{
    if (compilation->module) {
        wrl__module_info_free(&compilation->module->info);
        wrl__free(compilation->module);
    }
    wrl_engine_release(compilation->engine);
    wrl__free(compilation);
}

/* Implements wrl_module_compiled_t: passes the module or the error to the program. */
static void compiled(void *token, wrl_error_t *error, void *backend_module)
{
    compilation_t *compilation = (compilation_t *)token;
    wrl_module_t *module = NULL;
    if (error) {
        error = refused(compilation->engine, compilation->size, error);
    } else {
        module = compilation->module;
        compilation->module = NULL;
        module->backend_module = backend_module;
        begin(module, compilation->engine);
    }
    wrl_module_done_t done = compilation->done;
    void *env = compilation->env;
    wrl_engine_t *engine = wrl_engine_retain(compilation->engine);
    /* The bytes are not kept while the callback runs. */
    free_compilation(compilation);
    done(env, error, module);
    wrl_engine_release(engine);
}

/* For wrl__work_start(). */
static void compile_now(wrl_work_t *work)
{
    compilation_t *compilation = (compilation_t *)work;
    const wrl_engine_t *engine = compilation->engine;
    void *backend_module = NULL;
    wrl_error_t *error = compile_here(engine, compilation->bytes, compilation->size, &backend_module);
    compiled(compilation, error, backend_module);
}

/* Copies the bytes. Returns NULL if memory runs out. */
static compilation_t *new_compilation(wrl_engine_t *engine, const void *bytes, size_t size)
{
    if (size > SIZE_MAX - sizeof(compilation_t)) {
        return NULL;
    }
    compilation_t *compilation = (compilation_t *)wrl__alloc(sizeof *compilation + size);
    if (!compilation) {
        return NULL;
    }
    if (size) {
        memcpy(compilation->bytes, bytes, size);
    }
    compilation->size = size;
    compilation->engine = wrl_engine_retain(engine);
    return compilation;
}

static wrl_error_t *prepare(compilation_t *compilation, const wrl_module_config_t *config)
{
    wrl_module_t *module = (wrl_module_t *)wrl__alloc(sizeof *module);
    if (!module) {
        return wrl__error_out_of_memory();
    }
    wrl_error_t *error = read_module(compilation->engine, compilation->bytes, compilation->size, config, &module->info);
    if (error) {
        wrl__free(module);
        return error;
    }
    compilation->module = module;
    hide_start(&module->info, compilation->bytes);
    return NULL;
}

/* Returns an error if the engine cannot compile a module while the calling thread continues. */
static wrl_error_t *check_async(const wrl_engine_t *engine)
{
    bool elsewhere = WRL_WORK_ON_THREADS && !engine->backend->module_new_async;
    return elsewhere ? wrl__engine_require(engine, WRL_FEATURE_THREAD_SAFE, "wrl_module_new_async()") : NULL;
}

static wrl_error_t *start(compilation_t *compilation)
{
    const wrl_engine_t *engine = compilation->engine;
    if (engine->backend->module_new_async) {
        return engine->backend->module_new_async(engine->backend_engine, compilation->bytes, compilation->size,
                                                 compiled, compilation);
    }
    compilation->work.run = compile_now;
    return wrl__work_start(&compilation->work);
}

wrl_error_t *wrl_module_new_async(wrl_engine_t *engine, const void *bytes, size_t size,
                                  const wrl_module_config_t *config, wrl_module_done_t done, void *env)
{
    wrl_error_t *error = check_arguments(engine, bytes, size, config);
    if (error) {
        return error;
    }
    if (!done) {
        return wrl__error_null("done");
    }
    error = check_async(engine);
    if (error) {
        return error;
    }
    compilation_t *compilation = new_compilation(engine, bytes, size);
    if (!compilation) {
        return wrl__error_out_of_memory();
    }
    compilation->done = done;
    compilation->env = env;
    error = prepare(compilation, config);
    error = error ? error : start(compilation);
    if (error) {
        free_compilation(compilation);
    }
    return error;
}

wrl_module_t *wrl_module_retain(const wrl_module_t *module)
{
    wrl_module_t *counted = (wrl_module_t *)module;
    if (counted) {
        atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
    }
    return counted;
}

void wrl_module_release(wrl_module_t *module)
{
    if (module && atomic_fetch_sub_explicit(&module->references, 1, memory_order_acq_rel) == 1) {
        module->engine->backend->module_delete(module->backend_module);
        wrl__module_info_free(&module->info);
        wrl_engine_release(module->engine);
        wrl__free(module);
    }
}

wrl_engine_t *wrl_module_engine(const wrl_module_t *module)
{
    return module ? module->engine : NULL;
}

const char *wrl_module_name(const wrl_module_t *module, size_t *size)
{
    if (size) {
        *size = module ? module->info.name_size : 0;
    }
    return module ? module->info.name : NULL;
}

size_t wrl_module_import_count(const wrl_module_t *module)
{
    return module ? module->info.import_count : 0;
}

bool wrl_module_import(const wrl_module_t *module, size_t index, wrl_importtype_t *import)
{
    if (!import) {
        return false;
    }
    memset(import, 0, sizeof *import);
    if (!module || index >= module->info.import_count) {
        return false;
    }
    wrl__module_info_import(&module->info, index, import);
    return true;
}

size_t wrl_module_export_count(const wrl_module_t *module)
{
    return module ? module->info.export_count : 0;
}

bool wrl_module_export(const wrl_module_t *module, size_t index, wrl_exporttype_t *export_type)
{
    if (!export_type) {
        return false;
    }
    memset(export_type, 0, sizeof *export_type);
    if (!module || index >= module->info.export_count) {
        return false;
    }
    wrl__module_info_export(&module->info, index, export_type);
    return true;
}

bool wrl_module_get_export_n(const wrl_module_t *module, const char *name, size_t name_size,
                             wrl_exporttype_t *export_type)
{
    bool askable = module && (name || name_size == 0) && name_size <= PTRDIFF_MAX;
    return wrl_module_export(module, askable ? wrl__module_info_find_export(&module->info, name, name_size) : SIZE_MAX,
                             export_type);
}

bool wrl_module_get_export(const wrl_module_t *module, const char *name, wrl_exporttype_t *export_type)
{
    return wrl_module_get_export_n(name ? module : NULL, name, name ? strlen(name) : 0, export_type);
}

size_t wrl_module_index_space_size(const wrl_module_t *module, wrl_externkind_t kind)
{
    return module && kind > WRL_EXTERN_NONE && kind < WRL_EXTERN_LIMIT ? module->info.items[kind].count : 0;
}

bool wrl_module_index_space_type(const wrl_module_t *module, wrl_externkind_t kind, size_t index,
                                 wrl_externtype_t *type)
{
    if (!type) {
        return false;
    }
    memset(type, 0, sizeof *type);
    if (index >= wrl_module_index_space_size(module, kind)) {
        return false;
    }
    wrl__module_info_item(&module->info, kind, index, type);
    return true;
}

size_t wrl_module_section_count(const wrl_module_t *module)
{
    return module ? module->info.section_count : 0;
}

bool wrl_module_section(const wrl_module_t *module, size_t index, wrl_section_t *section)
{
    if (!section) {
        return false;
    }
    memset(section, 0, sizeof *section);
    if (!module || index >= module->info.section_count) {
        return false;
    }
    wrl__module_info_section(&module->info, index, section);
    return true;
}

bool wrl_module_custom_section(const wrl_module_t *module, const char *name, wrl_section_t *section)
{
    size_t name_size = name ? strlen(name) : 0;
    for (size_t i = 0; name && wrl_module_section(module, i, section); i++) {
        if (section->id == 0 && section->name_size == name_size && memcmp(section->name, name, name_size) == 0) {
            return true;
        }
    }
    if (section) {
        memset(section, 0, sizeof *section);
    }
    return false;
}
