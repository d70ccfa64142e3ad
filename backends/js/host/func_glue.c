/* The JS side of functions: calls into guests, and calls of host functions. */
#include "func_glue.h"
#include "glue_js.h"

const char wrl__js_func_glue = 0;

/* clang-format off */
/* NOLINTBEGIN */

JS_FUNCTION(int, wrl__js_entry, (int module), {
    const W = WRL_JS;
    return W.try(() => {
        const call = new W.A["Instance"](W.h[module].m, { "e": W.env({}) }).exports["c"];
        const guarded = (store, ref, type, slots) => {
            try {
                call(store, ref, slots);
                return 0;
            } catch (e) {
                /* The adapter has stored the top and the number of calls in `ref`, or nothing if it ended earlier. */
                const at = ref >>> 2;
                const got = HEAPU32[at + 1];
                return W.caught(e, store, ref, got || HEAPU32[W.top], got ? HEAPU32[at + 2] : HEAPU32[W.calls], 0);
            }
        };
        return W.guard(guarded);
    });
});

JS_FUNCTION(void, wrl__js_entry_end, (uint32_t entry), {
    const W = WRL_JS;
    W.tab.set(entry, null);
    W.tf.push(entry);
    W.slots--;
});

JS_FUNCTION(int, wrl__js_guard, (uint32_t entry), {
    const W = WRL_JS;
    return W.try(() => {
        const call = W.tab.get(entry);
        return W.guard((store, ref, type, slots) => {
            const top = HEAPU32[W.top];
            const calls = HEAPU32[W.calls];
            /* Exceptions of guests never get here, because the entries of guests catch them. */
            try { return call(store, ref, type, slots); } catch (e) { return W.caught(e, store, ref, top, calls, 1); }
        });
    });
});

JS_FUNCTION(void, wrl__js_lost, (void), { WRL_JS.out = null; });

JS_FUNCTION(int, wrl__js_place, (const void *store), {
    const W = WRL_JS;
    return W.try(() => W.reserve(W.S(store)));
});

JS_FUNCTION(void, wrl__js_refer, (int shims, int func), {
    const W = WRL_JS;
    W.F.set(func, W.h[shims].s[0]);
});

JS_FUNCTION(int, wrl__js_shims, (int module, const void *caller, const void *hosts, int count), {
    const W = WRL_JS;
    return W.try(() => {
        /* The index in HEAPU32 of the js_shim_t of shim i. Its members are host, id and call. */
        const at = (i) => (hosts >>> 2) + 3 * i;
        const env = W.plain({ "c": caller });
        let call = null;
        for (let i = 0; i < count; i++) { call = call || W.tab.get(HEAPU32[at(i) + 2]); }
        /* A shim that is never called needs an import as well. */
        for (let i = 0; i < count; i++) { env["f" + i] = W.tab.get(HEAPU32[at(i) + 2]) || call; }
        const made = new W.A["Instance"](W.h[module].m, { "e": W.env(env) }).exports;
        const set = [];
        for (let i = 0; i < count; i++) {
            const f = made["s" + i];
            if (f) { W.shims.set(f, at(i) + 1); }
            set.push(f);
        }
        return W.add(W.plain({ s: set }));
    });
});

JS_FUNCTION(int, wrl__js_is_func, (int func, int module), {
    const W = WRL_JS;
    try {
        new W.A["Instance"](W.h[module].m, { "e": { "f": W.F.get(func) } });
        return 1;
    } catch (e) {
        if (e.name == "LinkError") { return 0; }
        W.err = e;
        return -1;
    }
});

JS_FUNCTION(int, wrl__js_tester, (int module), {
    const W = WRL_JS;
    return W.try(() => W.add(W.plain({ t: new W.A["Instance"](W.h[module].m).exports["t"] })));
});

JS_FUNCTION(int, wrl__js_test, (int func, int tester, uint32_t type), {
    const W = WRL_JS;
    try { return W.h[tester].t(W.F.get(func), type); } catch (e) {
        W.err = e;
        return -1;
    }
});

JS_FUNCTION(int, wrl__js_has_stack, (void), {
    const W = WRL_JS;
    try {
        W.base["p"](0);
        return 1;
    } catch (e) {
        W.err = e;
        return 0;
    }
});

JS_FUNCTION(int, wrl__js_func_index, (int func), {
    const name = WRL_JS.F.get(func).name;
    return name !== "" && !isNaN(name) ? Number(name) : -1;
});

/* NOLINTEND */
/* clang-format on */
