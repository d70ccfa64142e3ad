/* wrl_module_new_async() for the program's JS, with a promise in place of the callback. */
#include "alloc.h"
#include "error.h"
#include "wrl/js.h"

#include <emscripten.h>

/* Newer versions of Emscripten include library symbols of JS only if they are named here. */
#ifdef EM_JS_DEPS
EM_JS_DEPS(wrl_promise, "$wasmTable,$UTF8ToString");
#endif

/* The arguments of the macros below are JS, which neither clang-format nor clang-tidy can read. */
/* clang-format off */
/* NOLINTBEGIN */

/* wrlPromises maps numbers to the functions that settle the promises in progress. Like wrlJs (glue.c), it is a property
 * of Module or, in a side module that is linked to a running program, of the module's exports. */
EM_JS(void, wrl__promise_install, (uint32_t allocate, uint32_t start, uint32_t release), {
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
        const from = isView ? Number(bytes.byteOffset) : 0;
        const size = Number(bytes.byteLength);
        const isOwn = buffer === HEAPU8.buffer;
        const at = wasmTable.get(allocate)(size);
        /* The allocation may have grown the program's memory, which then has another buffer. */
        try {
            /* The size that the object reports may be wrong. This line throws if the bytes do not fit. */
            if (at) {
                new Uint8Array(HEAPU8.buffer, at >>> 0, size).set(new Uint8Array(isOwn ? HEAPU8.buffer : buffer, from, size));
            }
        } catch (e) {
            wasmTable.get(release)(at);
            throw e;
        }
        last++;
        promises.set(last, { resolve: resolve, reject: reject });
        wasmTable.get(start)(engine, at, size, last);
    });
});

EM_JS(void, wrl__promise_settle, (uint32_t number, wrl_module_t *module, const char *kind, const char *message), {
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

/* A wrl_module_done_t. `env` is the number of a promise. */
static void settle(void *env, wrl_error_t *error, wrl_module_t *module)
{
    wrl__promise_settle((uint32_t)(uintptr_t)env, module, wrl_error_kind_name(wrl_error_kind(error)),
                        wrl_error_message(error));
    wrl_error_delete(error);
}

/* Allocates a buffer for bytes from JS. */
static void *allocate(size_t size)
{
    return size < SIZE_MAX ? wrl__alloc(size + 1) : NULL;
}

/* Compiles the bytes. Takes ownership of the buffer from allocate(), which is NULL if memory ran out. */
static void start(wrl_engine_t *engine, void *bytes, size_t size, uint32_t number)
{
    void *env = (void *)(uintptr_t)number;
    wrl_error_t *error =
        bytes ? wrl_module_new_async(engine, bytes, size, NULL, settle, env) : wrl__error_out_of_memory();
    wrl__free(bytes);
    if (error) {
        settle(env, error, NULL);
    }
}

void wrl_js_install(void)
{
    wrl__promise_install((uint32_t)(uintptr_t)allocate, (uint32_t)(uintptr_t)start, (uint32_t)(uintptr_t)wrl__free);
}
