/*
 * What JS does. A program has one object wrlJs. It belongs to Module; in a module that Emscripten links to a program
 * that runs, such as an extension of Python in Pyodide, the functions of JS are made for that module and see its
 * moduleExports. So several of them, each with a copy of this backend, have an object each. wrlJs holds:
 *   F, Ff    the table of all functions that have a name towards the core, and its places that are free
 *   h, hf    objects by handle, and the handles that are free: {m} modules, {o} items of a store and instances, stores
 *   x, xf    externrefs by what externref_new returned, and those that are free; each an R that holds its key
 *   p        the stack of slots
 *   S(store) of a js_store_t: {id: functions and items to their numbers, f, h, x: the numbers that the store owns}
 *   err      the exception that was caught last
 * Names that cross into modules of wasm are quoted, for tools that shorten others. Literals of BigInt, optional
 * chaining and regular expressions with a backslash are avoided: not every Emscripten can take them.
 */
#include "glue.h"

#include <emscripten.h>

/* Newer versions of Emscripten leave out what nobody asks for. */
#ifdef EM_JS_DEPS
EM_JS_DEPS(wrl_js, "$wasmTable,$wasmMemory");
#endif

/* The macro leaves this language to JS from here on. */
/* clang-format off */
/* NOLINTBEGIN */

EM_JS(int, wrl_js_open, (const js_places_t *places), {
    const at = (i) => HEAPU32[(places >>> 2) + i];
    const known = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    if (known) { return known.pending == at(5) ? 1 : -1; }
    try {
        const W = {
            tab: wasmTable, mem: wasmMemory, h: [null], hf: [], x: [null], xf: [], Ff: [], err: null, slots: 0,
            F: new WebAssembly.Table({ element: "anyfunc", initial: 1 }),
            p: new WebAssembly.Global({ value: "i32", mutable: true }, at(4)),
            set: wasmTable.get(at(1)), on: wasmTable.get(at(2)), compiled: wasmTable.get(at(3)),
            pending: at(5), text: at(6), textSize: at(7), frames: at(8), framesSize: at(9),
            encoder: new TextEncoder(), decoder: new TextDecoder("utf-8", { ignoreBOM: true })
        };
        W.R = function (key) { this.k = key; };
        W.S = (store) => W.h[HEAPU32[(store >>> 2) + 1]];
        W.add = (object) => {
            const i = W.hf.length ? W.hf.pop() : W.h.length;
            W.h[i] = object;
            return i;
        };
        W.free = (i) => { W.h[i] = null; W.hf.push(i); };
        W.try = (action) => {
            try { return action(); } catch (e) { W.err = e; return 0; }
        };
        /* A number or, for what has 64-bit indices, a BigInt. */
        W.either = (action, number) => {
            try { return Number(action(number)); } catch (e) {
                if (!(e instanceof TypeError)) { throw e; }
                return Number(action(BigInt(number)));
            }
        };
        W.func = (S, f) => {
            if (f === null) { return 0; }
            let i = S.id.get(f);
            if (i === undefined) {
                i = W.Ff.length ? W.Ff.pop() : W.F.grow(1);
                W.F.set(i, f);
                S.f.push(i);
                S.id.set(f, i);
            }
            return i;
        };
        W.item = (S, o) => {
            let i = S.id.get(o);
            if (i === undefined) {
                i = W.add({ o: o });
                S.h.push(i);
                S.id.set(o, i);
            }
            return i;
        };
        /* JavaScriptCore shows the function that new elements are to hold, and calls of them find null, until they are set. */
        W.fill = (table, number, start, count, value) => {
            for (let i = 0; value !== null && i < count; i++) { table.set(number(start + i), value); }
        };
        W.name = (at, size) => W.decoder.decode(HEAPU8.subarray(at >>> 0, (at >>> 0) + size));
        W.key = (v) => v instanceof W.R ? v.k : v === null ? 0 : -1;
        W.down = (isFunc, slot) => isFunc ? W.F.get(HEAPU32[slot >>> 2]) : W.x[HEAPU32[(slot >>> 2) + 2]];
        W.up = (S, isFunc, slot, v) => {
            HEAPU32.fill(0, slot >>> 2, (slot >>> 2) + 4);
            HEAPU32[slot >>> 2] = isFunc ? W.func(S, v) : W.key(v);
        };
        const env = {
            "m": W.mem, "F": W.F, "p": W.p,
            "d": (i) => W.x[i], "u": W.key, "w": (f, store) => W.func(W.S(store), f)
        };
        W.env = (more) => Object.assign(Object.create(env), more);
        W.put = (text) => W.encoder.encodeInto(text, HEAPU8.subarray(W.text, W.text + W.textSize)).written;
        W.words = (e) => W.put(String(e instanceof Error ? e.message : "an exception that is no Error"));
        W.kind = (e) => {
            if (e instanceof WebAssembly.RuntimeError) { return 1; }
            if (WebAssembly.Exception && e instanceof WebAssembly.Exception) { return 3; }
            if (e instanceof WebAssembly.CompileError) { return 4; }
            if (e instanceof WebAssembly.LinkError) { return 5; }
            if (typeof InternalError == "function" && e instanceof InternalError) { return 2; }
            if (e instanceof RangeError) { return e.message.indexOf("call stack") >= 0 ? 2 : 6; }
            return 0;
        };
        /* Frames of the guest, as numbers: index, offset (-1 where the engine does not tell), size of the name, name. */
        W.list = (stack) => {
            let end = W.frames >>> 2;
            const limit = (W.frames + W.framesSize) >>> 2;
            for (const line of String(stack).split("\n")) {
                if (line.indexOf("wrl:call") >= 0) { break; }
                if (line.indexOf("wrl:host") >= 0) {
                    end = W.frames >>> 2;
                    continue;
                }
                const start = line.indexOf("wasm-function[") + 14;
                const close = line.indexOf("]", start);
                if (start < 14 || close < 0) { continue; }
                const text = line.slice(start, close);
                const offset = line.slice(close + 1, close + 4) == ":0x" ? parseInt(line.slice(close + 4), 16) : -1;
                const known = text !== "" && !isNaN(text);
                const name = known ? [] : W.encoder.encode(text);
                if (end + 3 + (name.length + 3 >> 2) > limit) { break; }
                HEAPU32[end] = known ? Number(text) : -1;
                HEAPU32[end + 1] = offset;
                HEAPU32[end + 2] = name.length;
                HEAPU8.set(name, (end + 3) << 2);
                end += 3 + (name.length + 3 >> 2);
            }
            return (end << 2) - W.frames;
        };
        /* Whether the program itself trapped, in a host function, or was aborted. */
        W.isHosts = (e) => {
            if (e.message.indexOf("Aborted(") == 0) { return true; }
            const lines = String(e.stack).split("\n").filter((line) => line.indexOf("wasm-function[") >= 0);
            const host = lines.findIndex((line) => line.indexOf("wrl:host") >= 0);
            return host > 0 && lines.findIndex((line) => line.indexOf("wrl:call") >= 0) > host;
        };
        /* What an adapter left in its name tells where the stacks were; nothing is there if it did not get so far. */
        W.caught = (e, store, ref) => {
            ref >>>= 2;
            if (HEAPU32[ref + 1]) {
                W.p.value = HEAPU32[ref + 1];
                W.set(HEAPU32[ref + 2]);
            }
            const kind = W.kind(e);
            /* What no guest can throw is none of ours: the program's own end, or exceptions of its own. */
            if (kind == 0 || (kind == 1 && W.isHosts(e))) { throw e; }
            return W.on(store, kind, W.words(e), W.list(e.stack));
        };
        W.place = (f) => {
            const i = W.tab.grow(1);
            W.tab.set(i, f);
            W.slots++;
            return i;
        };
        /* Makes a function of JS one of wasm: (i32, i32, i32, i32) -> i32. */
        W.typed = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 9, 1, 96, 4, 127, 127, 127, 127,
            1, 127, 2, 7, 1, 1, 101, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0]));
        W.stack = W.tab.get(at(0));
        (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"] = W;
        return 1;
    } catch (e) { return 0; }
});

EM_JS(int, wrl_js_error, (uint32_t *size), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    HEAPU32[size >>> 2] = W.words(W.err);
    const kind = W.kind(W.err);
    W.err = null;
    return kind;
});

EM_JS(int, wrl_js_version, (char *text, int size), {
    const node = typeof process == "object" && process.versions;
    const agent = typeof navigator == "object" && navigator.userAgent || "";
    let found;
    let version = "unknown";
    if (node && node.v8) {
        version = "V8 " + node.v8;
    } else if ((found = agent.match(/Firefox[/]([0-9.]+)/))) {
        version = "SpiderMonkey of Firefox " + found[1];
    } else if ((found = agent.match(/Chrom[a-z]*[/]([0-9.]+)/))) {
        version = "V8 of Chromium " + found[1];
    } else if ((found = agent.match(/AppleWebKit[/]([0-9.]+)/))) {
        version = "JavaScriptCore of WebKit " + found[1];
    }
    const bytes = new TextEncoder().encode(version).subarray(0, size - 1);
    HEAPU8.set(bytes, text >>> 0);
    HEAPU8[(text >>> 0) + bytes.length] = 0;
    return bytes.length;
});

/* SpiderMonkey has one message for several traps, and tells where in the module they happened. */
EM_JS(int, wrl_js_has_offsets, (void), { return typeof InternalError == "function" ? 1 : 0; });

EM_JS(int, wrl_js_validate, (const void *bytes, int size), {
    bytes >>>= 0;
    return WebAssembly.validate(HEAPU8.slice(bytes, bytes + size)) ? 1 : 0;
});

EM_JS(int, wrl_js_compile, (const void *bytes, int size), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    bytes >>>= 0;
    size >>>= 0;
    /* Memory that threads share is no source. */
    const shared = typeof SharedArrayBuffer == "function" && HEAPU8.buffer instanceof SharedArrayBuffer;
    const source = shared ? HEAPU8.slice(bytes, bytes + size) : HEAPU8.subarray(bytes, bytes + size);
    return W.try(() => W.add({ m: new WebAssembly.Module(source) }));
});

/* The runtime of Emscripten stays alive as long as this is under way. */
EM_JS(int, wrl_js_compile_async, (const void *bytes, int size, void *job), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    bytes >>>= 0;
    size >>>= 0;
    const keep = (count) => {
        if (typeof runtimeKeepaliveCounter != "undefined") { runtimeKeepaliveCounter += count; }
    };
    return W.try(() => {
        WebAssembly.compile(HEAPU8.slice(bytes, bytes + size)).then((m) => W.compiled(job, W.add({ m: m }), 0),
            (e) => W.compiled(job, 0, W.add(e))).then(() => keep(-1));
        keep(1);
        return 1;
    });
});

EM_JS(void, wrl_js_thrown, (int exception), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    W.err = W.h[exception];
    W.free(exception);
});

EM_JS(void, wrl_js_release, (int handle), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    W.free(handle);
});

EM_JS(int, wrl_js_held, (int what), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    if (!W) { return 0; }
    return [W.h.length - W.hf.length, W.F.length - W.Ff.length, W.x.length - W.xf.length, W.slots, W.tab.length][what];
});

EM_JS(int, wrl_js_entry, (int module), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const call = new WebAssembly.Instance(W.h[module].m, { "e": W.env({ "s": W.stack }) }).exports["c"];
        const guarded = (store, ref, type, slots) => {
            try {
                call(store, ref, slots);
                return 0;
            } catch (e) {
                return W.caught(e, store, ref);
            }
        };
        return W.place(new WebAssembly.Instance(W.typed, { "e": { "f": guarded } }).exports["f"]);
    });
});

EM_JS(int, wrl_js_host, (const void *store, int module, void *host, uint32_t call), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => W.func(W.S(store), new WebAssembly.Instance(W.h[module].m, {
        "e": W.env({ "c": 0, "t": store, "h": host, "f": W.tab.get(call) })
    }).exports["f"]));
});

EM_JS(int, wrl_js_is_func, (int func, int module), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    try {
        new WebAssembly.Instance(W.h[module].m, { "e": { "f": W.F.get(func) } });
        return 1;
    } catch (e) { return 0; }
});

EM_JS(int, wrl_js_func_index, (int func), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    const name = W.F.get(func).name;
    return name !== "" && !isNaN(name) ? Number(name) : -1;
});

EM_JS(int, wrl_js_store_new, (void), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.add({ id: new Map(), f: [], h: [], x: [] });
});

EM_JS(void, wrl_js_store_delete, (const void *store), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    const S = W.S(store);
    for (const i of S.f) {
        W.F.set(i, null);
        W.Ff.push(i);
    }
    for (const i of S.h) { W.free(i); }
    for (const i of S.x) {
        W.x[i] = null;
        W.xf.push(i);
    }
    W.free(HEAPU32[(store >>> 2) + 1]);
});

/* `imports`: four numbers each: kind, number, and for host functions wrl_host_func_t and its member `call`. */
EM_JS(int, wrl_js_instance, (const void *store, int module, int shims, const void *imports, int count, void *caller), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const S = W.S(store);
        const M = W.h[module];
        const at = (i, member) => HEAPU32[(imports >>> 2) + 4 * i + member];
        const isHost = (i) => at(i, 3) !== 0;
        if (!M.i) {
            M.i = WebAssembly.Module.imports(M.m);
            const names = new Set(M.i.map((one) => one.module.length + ":" + one.module + one.name));
            M.twice = names.size < M.i.length;
        }
        let shim = null;
        if (shims) {
            let call = null;
            const env = { "c": caller, "t": store };
            for (let i = 0; i < count && !call; i++) { call = isHost(i) ? W.tab.get(at(i, 3)) : null; }
            for (let i = 0, func = 0; i < count; i++) {
                if (at(i, 0) == 1) {
                    env["h" + func] = at(i, 2);
                    env["f" + func] = isHost(i) ? W.tab.get(at(i, 3)) : call;
                    func++;
                }
            }
            shim = new WebAssembly.Instance(W.h[shims].m, { "e": W.env(env) }).exports;
        }
        const values = [];
        for (let i = 0, func = 0; i < count; i++) {
            let value;
            if (at(i, 0) == 1) {
                value = isHost(i) ? shim["s" + func] : W.F.get(at(i, 1));
                func++;
                /* A reference to the shim is one to the function. */
                if (isHost(i)) { S.id.set(value, at(i, 1)); }
            } else {
                value = W.h[at(i, 1)].o;
            }
            values.push(value);
        }
        let object;
        if (M.twice) {
            /* The engine asks for the imports in order; one name may stand for different things. */
            let next = 0;
            const inner = new Proxy({}, { get: () => values[next++] });
            object = new Proxy({}, { get: () => inner });
        } else {
            object = Object.create(null);
            for (let i = 0; i < count; i++) {
                const from = M.i[i].module;
                object[from] = object[from] || Object.create(null);
                object[from][M.i[i].name] = values[i];
            }
        }
        const made = W.add({ o: new WebAssembly.Instance(M.m, object), m: M });
        S.h.push(made);
        return made;
    });
});

/* Without a name it is the start function, whose name is as many asterisks. */
EM_JS(int, wrl_js_export, (const void *store, int instance, const char *name, int size, int is_func), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const value = W.h[instance].o.exports[name ? W.name(name, size) : "*".repeat(size)];
        return is_func ? W.func(W.S(store), value) : W.item(W.S(store), value);
    });
});

EM_JS(int, wrl_js_caller_export, (const void *store, int instance, const char *name, int size, int *kind), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const value = W.h[instance].o.exports[W.name(name, size)];
        if (value === undefined) { return 0; }
        const kinds = [Function, WebAssembly.Global, WebAssembly.Memory, WebAssembly.Table];
        const found = kinds.findIndex((one) => value instanceof one);
        HEAP32[kind >>> 2] = found < 0 ? 5 : found + 1;
        return found == 0 ? W.func(W.S(store), value) : W.item(W.S(store), value);
    });
});

EM_JS(int, wrl_js_global_new, (const void *store, int kind, int is_mutable, const void *slot), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const types = ["", "i32", "i64", "f32", "f64", "", "anyfunc", "externref"];
        let value;
        slot >>>= 0;
        switch (kind) {
        case 1:
            value = HEAP32[slot >>> 2];
            break;
        case 2:
            value = (BigInt(HEAP32[(slot >>> 2) + 1]) << BigInt(32)) | BigInt(HEAPU32[slot >>> 2]);
            break;
        case 3:
            value = HEAPF32[slot >>> 2];
            break;
        case 4:
            value = HEAPF64[slot >>> 3];
            break;
        default:
            value = W.down(kind == 6, slot);
        }
        return W.item(W.S(store), new WebAssembly.Global({ value: types[kind], mutable: !!is_mutable }, value));
    });
});

EM_JS(int, wrl_js_global_adopt, (const void *store, int module), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const made = new WebAssembly.Instance(W.h[module].m, { "e": { "m": W.mem } }).exports;
        const global = W.item(W.S(store), made["g"]);
        W.h[global].a = made;
        return global;
    });
});

EM_JS(int, wrl_js_global_access, (int global, int module, void *slot, int set), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const G = W.h[global];
        G.a = G.a || new WebAssembly.Instance(W.h[module].m, { "e": { "m": W.mem, "g": G.o } }).exports;
        if (set) { G.a["set"](slot); } else { G.a["get"](slot); }
        return 1;
    });
});

EM_JS(void, wrl_js_global_get, (const void *store, int global, int is_func, void *slot), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    W.up(W.S(store), is_func, slot, W.h[global].o.value);
});

EM_JS(int, wrl_js_global_set, (int global, int is_func, const void *slot), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        W.h[global].o.value = W.down(is_func, slot);
        return 1;
    });
});

EM_JS(int, wrl_js_memory_new, (const void *store, double min, double max, int is_64, int is_shared), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const number = (n) => is_64 ? BigInt(n) : n;
        const type = { "initial": number(min), "shared": !!is_shared };
        if (max >= 0) { type["maximum"] = number(max); }
        if (is_64) { type["address"] = type["index"] = "i64"; }
        return W.item(W.S(store), new WebAssembly.Memory(type));
    });
});

EM_JS(double, wrl_js_memory_size, (int memory), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.h[memory].o.buffer.byteLength;
});

EM_JS(double, wrl_js_memory_grow, (int memory, double delta), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    try {
        return W.either((n) => W.h[memory].o.grow(n), delta);
    } catch (e) {
        W.err = e;
        return -1;
    }
});

EM_JS(void, wrl_js_memory_copy, (int memory, double offset, void *buffer, int size, int write), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    const M = W.h[memory];
    buffer >>>= 0;
    size >>>= 0;
    let view = M.v;
    /* A view that its memory grew away from is empty, or, of a shared memory, too short. */
    if (!view || view.length < offset + size) { view = M.v = new Uint8Array(M.o.buffer); }
    if (write) {
        view.set(HEAPU8.subarray(buffer, buffer + size), offset);
    } else {
        HEAPU8.set(view.subarray(offset, offset + size), buffer);
    }
});

EM_JS(int, wrl_js_table_new, (const void *store, int is_func, double min, double max, int is_64, const void *slot), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        const number = (n) => is_64 ? BigInt(n) : n;
        const type = { "element": is_func ? "anyfunc" : "externref", "initial": number(min) };
        if (max >= 0) { type["maximum"] = number(max); }
        if (is_64) { type["address"] = type["index"] = "i64"; }
        const value = W.down(is_func, slot);
        const table = new WebAssembly.Table(type, value);
        if (is_func) { W.fill(table, number, 0, min, value); }
        return W.item(W.S(store), table);
    });
});

EM_JS(double, wrl_js_table_size, (int table), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return Number(W.h[table].o.length);
});

EM_JS(void, wrl_js_table_get, (const void *store, int table, double index, int is_64, int is_func, void *slot), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    W.up(W.S(store), is_func, slot, W.h[table].o.get(is_64 ? BigInt(index) : index));
});

EM_JS(int, wrl_js_table_set, (int table, double index, int is_64, int is_func, const void *slot), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    return W.try(() => {
        W.h[table].o.set(is_64 ? BigInt(index) : index, W.down(is_func, slot));
        return 1;
    });
});

EM_JS(double, wrl_js_table_grow, (int table, double delta, int is_64, int is_func, const void *slot), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    try {
        const T = W.h[table].o;
        const value = W.down(is_func, slot);
        const number = (n) => is_64 ? BigInt(n) : n;
        const previous = Number(T.grow(number(delta), value));
        if (is_func) { W.fill(T, number, previous, delta, value); }
        return previous;
    } catch (e) {
        W.err = e;
        return -1;
    }
});

EM_JS(int, wrl_js_externref, (const void *store, uint32_t key), {
    const W = (typeof moduleExports == "object" ? moduleExports : Module)["wrlJs"];
    const i = W.xf.length ? W.xf.pop() : W.x.length;
    W.x[i] = new W.R(key);
    W.S(store).x.push(i);
    return i;
});

/* NOLINTEND */
/* clang-format on */

/* Functions of JS are no symbols that a linker would look for in an archive; this one is, and brings the others along.
 */
int js_open(const js_places_t *places)
{
    return wrl_js_open(places);
}
