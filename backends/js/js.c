/* The description of the backend, and its engines. */
#include "description.h"
#include "func.h"
#include "glue.h"
#include "stack.h"
#include "trap.h"

static int open_host(void)
{
    const js_places_t places = {
        .get_stack = (uint32_t)(uintptr_t)wrl_js_get_stack,
        .set_stack = (uint32_t)(uintptr_t)wrl_js_set_stack,
        .refer = (uint32_t)(uintptr_t)js_refer,
        .on_throw = (uint32_t)(uintptr_t)js_on_throw,
        .on_compiled = (uint32_t)(uintptr_t)js_on_compiled,
        .top = js_top_place(),
        .text = (uint32_t)(uintptr_t)js_text,
        .text_size = JS_TEXT_SIZE,
        .frames = (uint32_t)(uintptr_t)js_frames,
        .frames_size = sizeof js_frames,
        .on_pass = (uint32_t)(uintptr_t)js_on_pass,
    };
    return js_open(&places);
}

wrl_error_t *js_engine_new(const wrl_core_t *core, js_engine_t **engine)
{
    static const char words[] = "the program's table cannot grow (-sALLOW_TABLE_GROWTH), or the host lacks WebAssembly";
    static const char copy_words[] = "another copy of the js backend is in this program, and they cannot be kept apart";
    int opened = open_host();
    if (opened < 0) {
        return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, copy_words, sizeof copy_words - 1);
    }
    if (!opened) {
        return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, words, sizeof words - 1);
    }
    js_engine_t *made = (js_engine_t *)core->alloc(sizeof *made);
    if (!made) {
        return js_out_of_memory(core);
    }
    made->core = core;
    *engine = made;
    return NULL;
}

static wrl_error_t *engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    (void)config;
    return js_engine_new(core, (js_engine_t **)engine);
}

void js_engine_delete(void *engine)
{
    ((js_engine_t *)engine)->core->free(engine);
}

char js_version[80];

void js_find_version(void)
{
    if (!js_version[0]) {
        wrl_js_version(js_version, sizeof js_version);
    }
}

static const wrl_backend_t description = JS_DESCRIPTION("js", engine_new);

const wrl_backend_t *wrl_backend_js_lean(uint32_t abi)
{
    if (abi != WRL_BACKEND_ABI) {
        return NULL;
    }
    js_find_version();
    return &description;
}
