/*
 * The JS side of GC references. The object wrlJs (glue.c) also contains:
 *   heap     (any) -> the heap type of a reference
 *   keep     stores a value in the store's list v, and writes its place in v to the slot, as private data
 * and each store also contains:
 *   v, vf    the values of the store's references, and the free places of v
 * An externref that the guest made is not an R, but is stored in x like an R.
 */
#include "ref_glue.h"
#include "glue_js.h"

/* clang-format off */
/* NOLINTBEGIN */

JS_FUNCTION(int, wrl__js_ref_open, (const js_ref_places_t *places), {
    const W = WRL_JS;
    if (W.heap) { return 1; }
    const at = (i) => HEAPU32[(places >>> 2) + i];
    const load = (i) => new W.A["Instance"](new W.A["Module"](HEAPU8.slice(at(i), at(i) + at(i + 1))),
        { "e": W.base }).exports;
    try { W.heap = load(0)["h"]; } catch (e) { return 0; }
    const up = W.up;
    W.up = (store, isFunc, slot, v) => {
        up(store, isFunc, slot, v);
        const i = slot >>> 2;
        if (!isFunc && HEAP32[i] == -1) {
            HEAP32[i + 1] = -1;
            const place = HEAPU32[i + 2] = W.xf.length ? W.xf.pop() : W.x.length;
            W.x[place] = v;
            W.S(store).x.add(place);
        }
    };
    W.keep = (v, slot, store, sign) => {
        const S = W.S(store);
        const i = slot >>> 2;
        let word = 0;
        if (v !== null) {
            S.v = S.v || [null];
            S.vf = S.vf || [];
            word = S.vf.length ? S.vf.pop() : S.v.length;
            S.v[word] = v;
            word |= sign;
        }
        HEAP32[i] = word;
        HEAPU32[i + 1] = HEAPU32[i + 2] = HEAPU32[i + 3] = 0;
    };
    W.kept = (word, store) => word ? W.S(store).v[word & 0x7fffffff] : null;
    /* Returns the value of a slot for the JS API, which cannot represent exceptions. */
    W.take = (store, kind, slot) => {
        const word = HEAP32[slot >>> 2];
        if (kind == 8 && word < 0) { throw new TypeError("an exception"); }
        return kind == 8 ? W.kept(word, store) : W.down(kind == 6, slot);
    };
    Object.assign(W.base, {
        "l": W.kept, "k": (v, slot, store) => W.keep(v, slot, store, 0), "b": (v, slot, store) => W.keep(v, slot, store, 1 << 31),
        "x": W.tab.get(at(4))
    });
    try { Object.assign(W.base, load(2)); } catch (e) {}
    return 1;
});

JS_FUNCTION(int, wrl__js_ref_get, (const void *store, int item, double index, int is_64, int kind, void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const o = W.h[item].o;
        const v = index < 0 ? o.value : o.get(is_64 ? BigInt(index) : index);
        if (kind == 8) { W.keep(v, slot, store, 0); } else { W.up(store, kind == 6, slot, v); }
        return 1;
    });
});

JS_FUNCTION(int, wrl__js_ref_set, (const void *store, int item, double index, int is_64, int kind, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const o = W.h[item].o;
        const v = W.take(store, kind, slot);
        if (index < 0) { o.value = v; } else { o.set(is_64 ? BigInt(index) : index, v); }
        return 1;
    });
});

JS_FUNCTION(double, wrl__js_ref_grow, (const void *store, int table, double delta, int is_64, int kind, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const T = W.h[table].o;
        const value = W.take(store, kind, slot);
        const number = (n) => is_64 ? BigInt(n) : n;
        const previous = Number(T.grow(number(delta), value));
        if (kind == 6) { W.fill(T, number, previous, delta, value); }
        return previous + 1;
    });
});

JS_FUNCTION(int, wrl__js_ref_new, (const void *store, int module, int kind, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const imports = { "e": { "i": W.take(store, kind, slot) } };
        return W.item(W.S(store), new W.A["Instance"](W.h[module].m, imports).exports["g"]);
    });
});

JS_FUNCTION(double, wrl__js_ref_access,
    (const void *store, int item, int module, const char *name, double index, int is_64, void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        const I = W.h[item];
        if (!I.a && !module) { return -1; }
        I.a = I.a || new W.A["Instance"](W.h[module].m, { "e": W.env({ "t": I.o }) }).exports;
        const result = Number(I.a[W.name(name, 1)](store, is_64 ? BigInt(index) : index, slot) || 0);
        if (result < 0) { throw new RangeError("table cannot grow"); }
        return 1 + result;
    });
});

JS_FUNCTION(int, wrl__js_ref_func, (int func), {
    const W = WRL_JS;
    return W.try(() => W.funcOf(func) ? 1 : 0);
});

JS_FUNCTION(int, wrl__js_ref_heap, (const void *store, int word), {
    const W = WRL_JS;
    return W.heap(W.kept(word, store));
});

JS_FUNCTION(void, wrl__js_ref_release, (const void *store, int word), {
    const S = WRL_JS.S(store);
    word &= 0x7fffffff;
    S.v[word] = null;
    S.vf.push(word);
});

/* NOLINTEND */
/* clang-format on */

/* This symbol makes the linker include this file (glue_js.h). */
int wrl__jsb_ref_open(const js_ref_places_t *places)
{
    return wrl__js_ref_open(places);
}
