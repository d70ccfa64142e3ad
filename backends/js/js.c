/* The description of the backend, and its engines. */
#include "func.h"
#include "glue.h"
#include "stack.h"
#include "trap.h"

#ifdef __wasm_atomics__
#include <stdatomic.h>

/* JS objects, and their places in the program's table, belong to the thread that made them. */
static atomic_bool is_taken;

static bool take(void)
{
    return !atomic_exchange(&is_taken, true) || wrl__js_is_open();
}

static void give_back(void)
{
    atomic_store(&is_taken, false);
}
#else
static bool take(void)
{
    return true;
}

static void give_back(void)
{
}
#endif

static int open_host(const wrl_core_t *core)
{
    if (!take()) {
        return JS_OTHER_THREAD;
    }
    wrl__jsb_set_core(core);
    const js_places_t places = {
        .get_stack = (uint32_t)(uintptr_t)wrl__js_get_stack,
        .set_stack = (uint32_t)(uintptr_t)wrl__js_set_stack,
        .refer = (uint32_t)(uintptr_t)wrl__jsb_refer,
        .on_throw = (uint32_t)(uintptr_t)wrl__jsb_on_throw,
        .on_compiled = (uint32_t)(uintptr_t)wrl__jsb_on_compiled,
        .top = wrl__jsb_top_place(),
        .text = (uint32_t)(uintptr_t)wrl__jsb_text,
        .text_size = JS_TEXT_SIZE,
        .frames = (uint32_t)(uintptr_t)wrl__jsb_frames,
        .frames_size = sizeof wrl__jsb_frames,
        .on_pass = (uint32_t)(uintptr_t)wrl__jsb_on_pass,
        .pending = wrl__jsb_pending_place(),
        .move_slots = (uint32_t)(uintptr_t)wrl__jsb_move_slots,
        .calls = wrl__jsb_calls_place(),
    };
    int opened = wrl__jsb_open(&places);
    if (opened == JS_LACKING) {
        give_back();
    }
    return opened;
}

static wrl_error_t *not_opened(const wrl_core_t *core, int opened)
{
    static const char words[] = "the program's table cannot grow (-sALLOW_TABLE_GROWTH), or the host lacks "
                                "WebAssembly, TextEncoder, TextDecoder or WeakMap";
    static const char copy_words[] =
        "the program already uses another copy of the js backend, and both would share one JS state";
    static const char thread_words[] = "the js backend belongs to another thread, the one that made its first engine";
    switch (opened) {
    case JS_OTHER_COPY:
        return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, copy_words, sizeof copy_words - 1);
    case JS_OTHER_THREAD:
        return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, thread_words, sizeof thread_words - 1);
    default:
        return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, words, sizeof words - 1);
    }
}

wrl_error_t *wrl__jsb_engine_new(const wrl_core_t *core, js_engine_t **engine)
{
    int opened = open_host(core);
    if (opened <= 0) {
        return not_opened(core, opened);
    }
    wrl__jsb_set_shield((js_shield_t)(opened - 1));
    js_engine_t *made = (js_engine_t *)core->alloc(sizeof *made);
    if (!made) {
        return wrl__jsb_out_of_memory(core);
    }
    made->core = core;
    *engine = made;
    return NULL;
}

static wrl_error_t *engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    (void)config;
    return wrl__jsb_engine_new(core, (js_engine_t **)engine);
}

static void engine_delete(void *engine)
{
    ((js_engine_t *)engine)->core->free(engine);
}

static char version[80];

static const wrl_backend_t description = {
    .size = sizeof(wrl_backend_t),
    .abi = WRL_BACKEND_ABI,
    .name = "js",
    .engine_name = "the host's WebAssembly",
    .engine_version = version,
    .engine_new = engine_new,
    .engine_delete = engine_delete,
    .engine_features = wrl__jsb_engine_features,
    .module_new = wrl__jsb_module_new,
    .module_delete = wrl__jsb_module_delete,
    .store_new = wrl__jsb_store_new,
    .store_delete = wrl__jsb_store_delete,
    .instance_new = wrl__jsb_instance_new,
    .instance_export = wrl__jsb_instance_export,
    .func_new = wrl__jsb_func_new,
    .func_entry = wrl__jsb_func_entry,
    .func_type = wrl__jsb_func_type,
    .caller_instance = wrl__jsb_caller_instance,
    .global_new = wrl__jsb_global_new,
    .global_get = wrl__jsb_global_get,
    .global_set = wrl__jsb_global_set,
    .memory_new = wrl__jsb_memory_new,
    .memory_size = wrl__jsb_memory_size,
    .memory_grow = wrl__jsb_memory_grow,
    .memory_data = wrl__jsb_memory_data,
    .memory_read = wrl__jsb_memory_read,
    .memory_write = wrl__jsb_memory_write,
    .table_new = wrl__jsb_table_new,
    .table_size = wrl__jsb_table_size,
    .table_get = wrl__jsb_table_get,
    .table_set = wrl__jsb_table_set,
    .table_grow = wrl__jsb_table_grow,
    .externref_new = wrl__jsb_externref_new,
    .externref_release = wrl__jsb_externref_release,
    .externref_collected = wrl__jsb_externref_collected,
    .module_new_async = wrl__jsb_module_new_async,
    .calls_lost = wrl__jsb_calls_lost,
};

const wrl_backend_t *wrl_backend_js_lean(uint32_t abi)
{
    if (abi != WRL_BACKEND_ABI) {
        return NULL;
    }
    if (!version[0]) {
        wrl__js_version(version, sizeof version);
    }
    return &description;
}
