/* The JS side of stores and of what they contain: globals, memories, tables and externrefs. */
#include "store_glue.h"
#include "glue_js.h"

const char wrl__js_store_glue = 0;

/* clang-format off */
/* NOLINTBEGIN */

JS_FUNCTION(int, wrl__js_store_new, (void), {
    const W = WRL_JS;
    return W.add(W.plain({ id: new Map(), f: [], h: [], x: new Set(), d: [] }));
});

JS_FUNCTION(void, wrl__js_store_delete, (const void *store), {
    const W = WRL_JS;
    const S = W.S(store);
    for (let i = 0; i < S.f.length; i++) {
        W.F.set(S.f[i], null);
        W.Ff.push(S.f[i]);
    }
    for (let i = 0; i < S.h.length; i++) { W.free(S.h[i]); }
    for (const i of S.x) {
        W.x[i] = null;
        W.xf.push(i);
    }
    W.try(() => W.fr && W.fr.unregister(S.d));
    /* An unread exception keeps references to the functions that it propagated through. */
    W.err = null;
    W.free(HEAPU32[(store >>> 2) + 1]);
});

JS_FUNCTION(int, wrl__js_global_new, (const void *store, int kind, int is_mutable, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const types = ["", "i32", "i64", "f32", "f64", "", "anyfunc", "externref"];
        const at = slot >>> 2;
        const value = kind == 1 ? HEAP32[at]
            : kind == 2 ? (BigInt(HEAP32[at + 1]) << BigInt(32)) | BigInt(HEAPU32[at])
            : kind == 3 ? HEAPF32[at]
            : kind == 4 ? HEAPF64[at >>> 1]
            : W.down(kind == 6, slot);
        return W.item(W.S(store), new W.A["Global"](W.plain({ "value": types[kind], "mutable": !!is_mutable }), value));
    });
});

JS_FUNCTION(int, wrl__js_global_adopt, (const void *store, int module), {
    const W = WRL_JS;
    return W.try(() => {
        const made = new W.A["Instance"](W.h[module].m, { "e": { "m": W.mem } }).exports;
        const global = W.item(W.S(store), made["g"]);
        W.h[global].a = made;
        return global;
    });
});

JS_FUNCTION(int, wrl__js_global_access, (int global, int module, void *slot, int set), {
    const W = WRL_JS;
    return W.try(() => {
        const G = W.h[global];
        G.a = G.a || new W.A["Instance"](W.h[module].m, { "e": { "m": W.mem, "g": G.o } }).exports;
        if (set) { G.a["set"](slot); } else { G.a["get"](slot); }
        return 1;
    });
});

JS_FUNCTION(void, wrl__js_global_get, (const void *store, int global, int is_func, void *slot), {
    const W = WRL_JS;
    W.up(store, is_func, slot, W.h[global].o.value);
});

JS_FUNCTION(int, wrl__js_global_set, (int global, int is_func, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        W.h[global].o.value = W.down(is_func, slot);
        return 1;
    });
});

JS_FUNCTION(int, wrl__js_memory_new, (const void *store, double min, double max, int is_64, int is_shared), {
    const W = WRL_JS;
    return W.try(() => {
        const number = (n) => is_64 ? BigInt(n) : n;
        const type = W.plain({ "initial": number(min), "shared": !!is_shared });
        if (max >= 0) { type["maximum"] = number(max); }
        if (is_64) { type["address"] = type["index"] = "i64"; }
        return W.item(W.S(store), new W.A["Memory"](type));
    });
});

JS_FUNCTION(double, wrl__js_memory_size, (int memory), { return WRL_JS.h[memory].o.buffer.byteLength; });

JS_FUNCTION(double, wrl__js_memory_grow, (int memory, double delta), {
    const W = WRL_JS;
    return W.try(() => {
        const M = W.h[memory].o;
        const size = M.buffer.byteLength / 65536 + delta;
        /* V8 truncates a 64-bit number of pages to 32 bits, and reports success. */
        const previous = size < 4294967296 ? W.either((n) => M.grow(n), delta) : size;
        if (M.buffer.byteLength / 65536 < size) { throw new RangeError("too many pages"); }
        return 1 + previous;
    }) - 1;
});

JS_FUNCTION(void, wrl__js_memory_copy, (int memory, double offset, void *buffer, int size, int write), {
    const W = WRL_JS;
    const M = W.h[memory];
    buffer >>>= 0;
    size >>>= 0;
    /* Numbers that the engine stores as integers are faster. */
    if (offset < 0x80000000) { offset |= 0; }
    let view = M.v;
    /* After the memory has grown, an older view is empty or, if the memory is shared, too short. */
    if (!view || view.length < offset + size) { view = M.v = new Uint8Array(M.o.buffer); }
    if (write) {
        view.set(HEAPU8.subarray(buffer, buffer + size), offset);
    } else {
        HEAPU8.set(view.subarray(offset, offset + size), buffer);
    }
});

JS_FUNCTION(int, wrl__js_table_new, (const void *store, int is_func, double min, double max, int is_64, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const number = (n) => is_64 ? BigInt(n) : n;
        const type = W.plain({ "element": is_func ? "anyfunc" : "externref", "initial": number(min) });
        if (max >= 0) { type["maximum"] = number(max); }
        if (is_64) { type["address"] = type["index"] = "i64"; }
        const value = W.down(is_func, slot);
        const table = new W.A["Table"](type, value);
        if (is_func) { W.fill(table, number, 0, min, value); }
        return W.item(W.S(store), table);
    });
});

JS_FUNCTION(double, wrl__js_table_size, (int table), { return Number(WRL_JS.h[table].o.length); });

JS_FUNCTION(void, wrl__js_table_get, (const void *store, int table, double index, int is_64, int is_func, void *slot), {
    const W = WRL_JS;
    W.up(store, is_func, slot, W.h[table].o.get(is_64 ? BigInt(index) : index));
});

JS_FUNCTION(int, wrl__js_table_set, (int table, double index, int is_64, int is_func, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        W.h[table].o.set(is_64 ? BigInt(index) : index, W.down(is_func, slot));
        return 1;
    });
});

JS_FUNCTION(double, wrl__js_table_grow, (int table, double delta, int is_64, int is_func, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const T = W.h[table].o;
        const value = W.down(is_func, slot);
        const number = (n) => is_64 ? BigInt(n) : n;
        const previous = Number(T.grow(number(delta), value));
        if (is_func) { W.fill(T, number, previous, delta, value); }
        return previous + 1;
    }) - 1;
});

JS_FUNCTION(int, wrl__js_externref, (const void *store, uint32_t key), {
    const W = WRL_JS;
    return W.try(() => {
        const i = W.xf.length ? W.xf.pop() : W.x.length;
        const S = W.S(store);
        W.x[i] = new W.R(key, i);
        S.x.add(i);
        if (W.fr) { W.fr.register(W.x[i], [S.d, i, key], S.d); }
        return i;
    });
});

JS_FUNCTION(void, wrl__js_externref_release, (const void *store, int externref, int is_foreign), {
    const W = WRL_JS;
    W.x[externref] = null;
    if (is_foreign) {
        W.xf.push(externref);
        W.S(store).x.delete(externref);
    }
});

JS_FUNCTION(uint32_t, wrl__js_externref_collected, (const void *store), {
    const W = WRL_JS;
    const S = W.S(store);
    const it = S.d.pop();
    if (!it) { return 0; }
    W.xf.push(it[1]);
    S.x.delete(it[1]);
    return it[2];
});

/* NOLINTEND */
/* clang-format on */
