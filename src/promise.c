/* wrl_module_new_async() for the program's JS: a promise in place of the callback. */
#include "alloc.h"
#include "error.h"
#include "wrl/js.h"

#include <emscripten.h>

/* Newer versions of Emscripten leave out what nobody asks for. */
#ifdef EM_JS_DEPS
EM_JS_DEPS(wrl_promise, "$wasmTable,$UTF8ToString");
#endif

/* The macro leaves this language to JS from here on. */
/* clang-format off */
/* NOLINTBEGIN */

/*
 * wrlPromises: the functions that settle those under way, by their numbers. It belongs to Module; in a module that is linked
 * to a program that runs, to that module's exports, as what backends/js/glue.c has.
 */
EM_JS(void, wrl_promise_install, (uint32_t allocate, uint32_t start, uint32_t release), {
    const own = typeof moduleExports == "object" ? moduleExports : Module;
    if (own["wrlModuleNewAsync"]) { return; }
    const promises = own["wrlPromises"] = new Map();
    let last = 0;
    own["wrlModuleNewAsync"] = (engine, bytes) => new Promise((resolve, reject) => {
        if (!(bytes instanceof ArrayBuffer) && !ArrayBuffer.isView(bytes)) {
            throw new TypeError("bytes: neither an ArrayBuffer nor a view of one");
        }
        const isView = ArrayBuffer.isView(bytes);
        const buffer = isView ? bytes.buffer : bytes;
        const from = isView ? bytes.byteOffset : 0;
        const size = bytes.byteLength;
        const isOwn = buffer === HEAPU8.buffer;
        const at = wasmTable.get(allocate)(size);
        /* The program's own memory may have grown, and then has another buffer. */
        try {
            if (at) { HEAPU8.set(new Uint8Array(isOwn ? HEAPU8.buffer : buffer, from, size), at >>> 0); }
        } catch (e) {
            wasmTable.get(release)(at);
            throw e;
        }
        last++;
        promises.set(last, { resolve: resolve, reject: reject });
        wasmTable.get(start)(engine, at, size, last);
    });
});

EM_JS(void, wrl_promise_settle, (uint32_t number, wrl_module_t *module, const char *kind, const char *message), {
    const promises = (typeof moduleExports == "object" ? moduleExports : Module)["wrlPromises"];
    const promise = promises.get(number);
    promises.delete(number);
    if (module) {
        promise.resolve(module >>> 0);
        return;
    }
    const error = new Error(UTF8ToString(message));
    error["kind"] = UTF8ToString(kind);
    promise.reject(error);
});

/* NOLINTEND */
/* clang-format on */

/* For wrl_module_done_t: `env` is a promise's number. */
static void settle(void *env, wrl_error_t *error, wrl_module_t *module)
{
    wrl_promise_settle((uint32_t)(uintptr_t)env, module, wrl_error_kind_name(wrl_error_kind(error)),
                       wrl_error_message(error));
    wrl_error_delete(error);
}

/* Room for bytes of JS. */
static void *allocate(size_t size)
{
    return size < SIZE_MAX ? wrl_alloc(size + 1) : NULL;
}

/* Takes that room, which is NULL if there was no memory. */
static void start(wrl_engine_t *engine, void *bytes, size_t size, uint32_t number)
{
    void *env = (void *)(uintptr_t)number;
    wrl_error_t *error =
        bytes ? wrl_module_new_async(engine, bytes, size, NULL, settle, env) : wrl_error_out_of_memory();
    wrl_free(bytes);
    if (error) {
        settle(env, error, NULL);
    }
}

void wrl_js_install(void)
{
    wrl_promise_install((uint32_t)(uintptr_t)allocate, (uint32_t)(uintptr_t)start, (uint32_t)(uintptr_t)wrl_free);
}
