/* Modules, which the host's engine compiles. */
#include "adapter.h"
#include "binary/cursor.h"
#include "binary/scan.h"
#include "glue.h"
#include "module_glue.h"
#include "stack.h"

#include <emscripten/eventloop.h>

#include <string.h>

bool (*wrl__jsb_may_catch)(const uint8_t *bytes, size_t size);

void wrl__jsb_module_delete(void *module)
{
    js_module_t *ended = (js_module_t *)module;
    if (ended->handle) {
        wrl__js_release(ended->handle);
    }
    if (ended->room) {
        wrl__js_release(ended->room);
    }
    if (ended->tester) {
        wrl__js_release(ended->tester);
    }
    wrl__jsb_shims_forget(ended);
    if (ended->shims) {
        wrl__js_release(ended->shims);
    }
    wrl__jsb_forget(ended);
    ended->core->free(ended);
}

/* Makes an error from the exception that JS caught. */
static wrl_error_t *compile_error(const js_module_t *module)
{
    const wrl_core_t *core = module->core;
    uint32_t size;
    switch (wrl__js_error(&size)) {
    case JS_THREW_COMPILE:
        /* The module was valid before it was rewritten, so it is too large now. */
        return wrl__jsb_error_of_text(core, module->is_valid ? WRL_ERROR_RESOURCE_LIMIT : WRL_ERROR_INVALID, size);
    case JS_THREW_REFUSAL:
        return wrl__jsb_error_of_text(core, WRL_ERROR_UNSUPPORTED, size);
    default:
        return wrl__jsb_error_of_text(core, WRL_ERROR_RESOURCE_LIMIT, size);
    }
}

/* The module that the engine compiles: the program's bytes, or a copy without the start function, without names, or
 * rewritten. */
typedef struct source {
    const uint8_t *bytes;
    size_t size;
    wrl_writer_t without_start;
    uint8_t *without_names;
    wrl_writer_t rewritten;
} source_t;

static void free_source(source_t *source)
{
    source->without_start.core->free(source->without_start.data);
    source->without_start.core->free(source->without_names);
    source->rewritten.core->free(source->rewritten.data);
}

static wrl_error_t *rewrite(const js_engine_t *engine, js_module_t *module, source_t *source)
{
    wrl_error_t *error = engine->rewrite(engine, module, source->bytes, source->size, &source->rewritten);
    if (source->rewritten.size) {
        source->bytes = source->rewritten.data;
        source->size = source->rewritten.size;
        module->is_valid = true;
    }
    return error;
}

/* Removes the names of functions. The guest chooses these names, and an engine would put them into backtraces. The
 * backend searches backtraces for names of its own. Returns false if memory runs out. */
static bool hide_names(const wrl_core_t *core, source_t *source)
{
    bool has_more;
    source->size = wrl__scan_cut_names(source->bytes, source->size, &has_more);
    if (!has_more) {
        return true;
    }
    source->without_names = (uint8_t *)core->alloc(source->size);
    if (!source->without_names) {
        return false;
    }
    memcpy(source->without_names, source->bytes, source->size);
    wrl__scan_blot_names(source->without_names, source->size);
    source->bytes = source->without_names;
    return true;
}

/* In Chromium, a page's main thread cannot make an instance of a larger module synchronously. */
#define LARGE (UINT32_C(8) << 20)

/* Compiles a module with the memories of another one. Returns 0 if the other module has no memories or memory runs out.
 */
static int compile_memories(const wrl_core_t *core, const uint8_t *bytes, size_t size)
{
    section_t section;
    if (!wrl__find_section(bytes, size, SECTION_MEMORY, &section)) {
        return 0;
    }
    wrl_writer_t out = {.core = core};
    wrl__put_header(&out);
    wrl__put_all(&out, bytes + section.header, section.body.end - section.header);
    return wrl__jsb_compile(&out);
}

static wrl_error_t *read_source(const js_engine_t *engine, js_module_t *module, const uint8_t *bytes, size_t size,
                                source_t *source)
{
    source->without_start.core = source->rewritten.core = module->core;
    wrl__jsb_export_start(module, bytes, size, &source->without_start);
    source->bytes = module->has_start ? source->without_start.data : bytes;
    source->size = module->has_start ? source->without_start.size : size;
    if (source->without_start.failed ||
        !wrl__jsb_keep_facts(module, source->bytes, source->size, wrl__js_has_offsets())) {
        return wrl__jsb_out_of_memory(module->core);
    }
    module->is_valid = module->has_start && wrl__js_validate(bytes, (int)size);
    if (module->has_start && !module->is_valid) {
        /* The changed module may be valid although the original one is not: an exported function may have any type, and
         * counts as declared for references. The engine therefore compiles the original module, and rejects it. */
        source->bytes = bytes;
        source->size = size;
    }
    if (!hide_names(module->core, source)) {
        return wrl__jsb_out_of_memory(module->core);
    }
    module->may_catch = wrl__jsb_shield() == JS_SHIELD_LEGACY &&
                        (!wrl__jsb_may_catch || wrl__jsb_may_catch(source->bytes, source->size));
    wrl_error_t *error = engine->rewrite ? rewrite(engine, module, source) : NULL;
    module->room = !error && source->size > LARGE ? compile_memories(module->core, bytes, size) : 0;
    return error;
}

static js_module_t *new_module(const wrl_core_t *core)
{
    js_module_t *made = (js_module_t *)core->alloc(sizeof *made);
    if (made) {
        made->core = core;
    }
    return made;
}

wrl_error_t *wrl__jsb_module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    const wrl_core_t *core = ((js_engine_t *)engine)->core;
    js_module_t *made = new_module(core);
    if (!made) {
        return wrl__jsb_out_of_memory(core);
    }
    source_t source = {0};
    wrl_error_t *error = read_source((const js_engine_t *)engine, made, bytes, size, &source);
    if (!error) {
        made->handle = wrl__js_compile(source.bytes, (int)source.size);
        error = made->handle ? NULL : compile_error(made);
    }
    free_source(&source);
    if (error) {
        wrl__jsb_module_delete(made);
        return error;
    }
    *module = made;
    return NULL;
}

/* ---- Asynchronous compilation ---- */

typedef struct job {
    js_module_t *module;
    wrl_module_compiled_t done;
    void *token;
    int exception; /* JS handle of the exception that was thrown instead. */
} job_t;

/* Called from the event loop, like any function that the program runs there. */
static void finish(void *data)
{
    job_t job = *(job_t *)data;
    job.module->core->free(data);
    if (job.module->handle) {
        job.done(job.token, NULL, job.module);
        return;
    }
    wrl__js_thrown(job.exception);
    wrl_error_t *error = compile_error(job.module);
    wrl__jsb_module_delete(job.module);
    job.done(job.token, error, NULL);
}

void wrl__jsb_on_compiled(void *data, int module, int exception)
{
    job_t *job = (job_t *)data;
    job->module->handle = module;
    job->exception = exception;
    (void)emscripten_set_timeout(finish, 0, job);
}

wrl_error_t *wrl__jsb_module_new_async(void *engine, const uint8_t *bytes, size_t size, wrl_module_compiled_t done,
                                       void *token)
{
    const wrl_core_t *core = ((js_engine_t *)engine)->core;
    job_t *job = (job_t *)core->alloc(sizeof *job);
    js_module_t *module = new_module(core);
    if (!job || !module) {
        core->free(job);
        core->free(module);
        return wrl__jsb_out_of_memory(core);
    }
    *job = (job_t){module, done, token, 0};
    source_t source = {0};
    wrl_error_t *error = read_source((const js_engine_t *)engine, module, bytes, size, &source);
    if (!error && !wrl__js_compile_async(source.bytes, (int)source.size, job)) {
        error = compile_error(module);
    }
    free_source(&source);
    if (error) {
        wrl__jsb_module_delete(module);
        core->free(job);
    }
    return error;
}
