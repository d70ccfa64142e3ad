/* The JS side of modules and instances. */
#include "module_glue.h"
#include "glue_js.h"

const char wrl__js_module_glue = 0;

/* clang-format off */
/* NOLINTBEGIN */

JS_FUNCTION(int, wrl__js_validate, (const void *bytes, int size), {
    bytes >>>= 0;
    try {
        return WRL_JS.A["validate"](HEAPU8.slice(bytes, bytes + size)) ? 1 : 0;
    } catch (e) { return 0; }
});

JS_FUNCTION(int, wrl__js_compile, (const void *bytes, int size), {
    const W = WRL_JS;
    bytes >>>= 0;
    size >>>= 0;
    /* Engines do not compile from shared memory. */
    const own = HEAPU8.buffer instanceof ArrayBuffer;
    const source = own ? HEAPU8.subarray(bytes, bytes + size) : HEAPU8.slice(bytes, bytes + size);
    return W.try(() => W.add(W.plain({ m: new W.A["Module"](source) })));
});

/* Emscripten's runtime stays alive until the compilation has ended. */
JS_FUNCTION(int, wrl__js_compile_async, (const void *bytes, int size, void *job), {
    const W = WRL_JS;
    bytes >>>= 0;
    size >>>= 0;
    const keep = (count) => {
        if (typeof runtimeKeepaliveCounter != "undefined") { runtimeKeepaliveCounter += count; }
    };
    /* A page may have replaced then(), which may call settle() at once or more than once. C frees the job when this
     * function fails or when the job is done. settle() therefore uses the job at most once, and never while this
     * function runs. */
    let state = 0; /* 0: starts; 1: compiles; 2: is over. */
    const settle = (module, e) => {
        const compiles = state == 1;
        state = 2;
        if (!compiles) { return; }
        try {
            if (module) { W.compiled(job, W.add(W.plain({ m: module })), 0); } else { W.compiled(job, 0, W.add(e)); }
        } finally { keep(-1); }
    };
    const started = W.try(() => {
        W.A["compile"](HEAPU8.slice(bytes, bytes + size)).then((m) => settle(m), (e) => settle(null, e));
        return 1;
    });
    if (!started || state) {
        state = 2;
        return 0;
    }
    state = 1;
    keep(1);
    return 1;
});

JS_FUNCTION(int, wrl__js_instance,
    (const void *store, int module, int shims, const void *names, const void *imports, int count, int room), {
    const W = WRL_JS;
    const M = W.h[module];
    try {
        const set = shims ? W.h[shims].s : null;
        const I = M.i || (M.i = W.imports(names, count));
        for (let i = 0, at = imports >>> 2; i < count; i++, at += 2) {
            const id = HEAPU32[at + 1];
            const kind = HEAPU32[at];
            I.to[i][I.name[i]] = kind == 0 ? set[id] : kind == 1 ? W.funcOf(id) : W.h[id].o;
        }
        const made = W.add(W.plain({ o: W.instance(M.m, I.object(), room) }));
        W.S(store).h.push(made);
        return made;
    } catch (e) {
        W.err = e;
        return 0;
    } finally {
        /* The imports belong to the store, and the module may outlive the store. */
        for (let i = 0; M.i && i < count; i++) { M.i.to[i][M.i.name[i]] = null; }
    }
});

/* If the name is NULL, exports the start function, whose name consists of `size` asterisks. */
JS_FUNCTION(int, wrl__js_export, (const void *store, int instance, const char *name, int size, int is_func), {
    const W = WRL_JS;
    return W.try(() => {
        const value = W.h[instance].o.exports[name ? W.name(name, size) : "*".repeat(size)];
        return is_func ? W.func(W.S(store), value) : W.item(W.S(store), value);
    });
});

/* NOLINTEND */
/* clang-format on */
