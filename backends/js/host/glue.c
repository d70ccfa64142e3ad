/*
 * What JS does. A program has one object wrlJs. It belongs to Module; in a module that Emscripten links to a program
 * that runs, such as an extension of Python in Pyodide, the functions of JS are made for that module and see its
 * moduleExports. So several of them, each with a copy of this backend, have an object each. wrlJs holds:
 *   F, Ff    the table of all functions that have a name towards the core, and its places that are free
 *   h, hf    objects by handle, and the handles that are free: {m} modules, {o} items of a store and instances, {s}
 *            sets of shims, stores
 *   tab, tf  the program's table, and its places that were made and are free; slots: how many are in use
 *   x, xf    externrefs by what externref_new returned, and those that are free; each an R that holds its key and its
 *            place here, where null stands for it while the core does not refer to it
 *   fr       says when such an R is gone, to the d of its store (FinalizationRegistry), or nothing
 *   S(store) of a js_store_t: {id: functions and items to their numbers, f, h, x: the numbers that the store owns,
 *            d: those of x that are gone, with their keys}
 *   base     what adapters import from "e"; env() adds to it what one of them needs
 *   err      the exception that was caught last
 *   A        what is used of WebAssembly, taken when the backend is opened: a page may put others in its place
 *   kit      where the engine has exnref: "n" keeps an exception, and "t" throws it again
 *   out      an array with the exception that is on its way out of a host function, or null; with a kit only while the
 *            exception has left it
 * Names that cross into modules of wasm, or that engines look for, are quoted, for tools that shorten others. Literals
 * of BigInt, optional chaining and regular expressions with a backslash are avoided: not every Emscripten can take
 * them.
 */
#include "glue.h"
#include "glue_js.h"

/* Newer versions of Emscripten leave out what nobody asks for. */
#ifdef EM_JS_DEPS
EM_JS_DEPS(wrl_js, "$wasmTable");
#endif

/* The macro leaves this language to JS from here on. */
/* clang-format off */
/* NOLINTBEGIN */

JS_FUNCTION(int, wrl_js_open, (const js_places_t *places), {
    const at = (i) => HEAPU32[(places >>> 2) + i];
    const f = (i) => wasmTable.get(at(i));
    if (WRL_JS) { return WRL_JS.top == at(5) >>> 2 ? WRL_JS.opened : -1; }
    try {
        /* One place is given away to find out whether there can be more. */
        wasmTable.grow(1);
        /* Without what a page may have put into Object.prototype, and no slower than other objects. */
        const plain = (object) => Object.setPrototypeOf(object, null);
        const A = plain({});
        for (const name of ["Module", "Instance", "Global", "Memory", "Table", "validate", "compile", "instantiate"]) {
            A[name] = WebAssembly[name];
        }
        const W = plain({
            A: A, plain: plain, kit: null, out: null, opened: 1, tab: wasmTable, mem: wasmMemory, h: [null], hf: [], x: [null], xf: [], Ff: [], tf: [], err: null, slots: 0,
            F: new A["Table"](plain({ "element": "anyfunc", "initial": 1 })),
            stack: f(0), set: f(1), refer: f(2), on: f(3), compiled: f(4), pass: f(10),
            top: at(5) >>> 2, pending: at(11) >>> 2, calls: at(13) >>> 2, text: at(6), textSize: at(7), frames: at(8), framesSize: at(9),
            short: new Error("out of memory"), encoder: new TextEncoder(),
            decoder: new TextDecoder("utf-8", { "ignoreBOM": true })
        });
        W.R = function (key, i) { this.k = key; this.i = i; };
        W.shims = new WeakMap();
        W.fr = globalThis.FinalizationRegistry && new FinalizationRegistry((it) => it[0].push(it));
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
                if (e.name != "TypeError") { throw e; }
                return Number(action(BigInt(number)));
            }
        };
        W.reserve = (S) => {
            const i = W.Ff.length ? W.Ff.pop() : W.F.grow(1);
            S.f.push(i);
            return i;
        };
        W.func = (S, f) => {
            if (f === null) { return 0; }
            /* A reference to a shim is one to the host function. */
            const shim = W.shims.get(f);
            if (shim) { return HEAPU32[shim]; }
            let i = S.id.get(f);
            if (i === undefined) {
                i = W.reserve(S);
                W.F.set(i, f);
                S.id.set(f, i);
            }
            return i;
        };
        /* Host functions are made when the first reference to them is. */
        W.funcOf = (i) => {
            const f = W.F.get(i);
            if (f || !i) { return f; }
            if (!W.refer(i)) { throw W.short; }
            return W.F.get(i);
        };
        W.item = (S, o) => {
            let i = S.id.get(o);
            if (i === undefined) {
                i = W.add(plain({ o: o }));
                S.h.push(i);
                S.id.set(o, i);
            }
            return i;
        };
        /* Objects with nothing but what is put in. */
        W.O = function () {};
        W.O.prototype = Object.create(null);
        /*
         * Where a module's imports are put, to[i][name[i]], for `object` to give to the engine: made once. JavaScriptCore
         * does not list those that have a type of GC.
         */
        W.imports = (names, count) => {
            const object = new W.O();
            const values = [];
            const I = { to: [], name: [], object: () => object };
            let twice = false;
            for (let at = names >>> 2; count--; at += 4) {
                const module = W.name(HEAPU32[at], HEAPU32[at + 1]);
                const name = W.name(HEAPU32[at + 2], HEAPU32[at + 3]);
                const to = object[module] = object[module] || new W.O();
                twice = twice || name in to;
                to[name] = null;
                I.to.push(to);
                I.name.push(name);
            }
            if (twice) {
                /* The engine asks for the imports in order; one name may stand for different things. */
                I.name = Object.keys(I.name);
                I.to = I.name.map(() => values);
                I.object = () => {
                    let next = 0;
                    const inner = new Proxy({}, { get: () => values[next++] });
                    return new Proxy({}, { get: () => inner });
                };
            }
            return I;
        };
        /* JavaScriptCore shows the function that new elements are to hold, and calls of them find null, until they are set. */
        W.fill = (table, number, start, count, value) => {
            for (let i = 0; value !== null && i < count; i++) { table.set(number(start + i), value); }
        };
        /* Browsers decode and encode no memory that threads share. */
        W.name = (at, size) => W.decoder.decode(HEAPU8.slice(at >>> 0, (at >>> 0) + size));
        W.key = (v) => v instanceof W.R ? (W.x[v.i] = v).k : v === null ? 0 : -1;
        W.down = (isFunc, slot) => isFunc ? W.funcOf(HEAPU32[slot >>> 2]) : W.x[HEAPU32[(slot >>> 2) + 2]];
        W.up = (store, isFunc, slot, v) => {
            const at = slot >>> 2;
            HEAPU32[at] = isFunc ? W.func(W.S(store), v) : W.key(v);
            HEAPU32[at + 1] = HEAPU32[at + 2] = HEAPU32[at + 3] = 0;
        };
        W.base = plain({
            "m": W.mem, "F": W.F, "o": f(12), "d": (i) => W.x[i],
            "g": (i) => {
                try { return W.funcOf(i); } catch (e) {
                    W.out = [e];
                    throw e;
                }
            },
            "u": (v, slot, store) => W.up(store, 0, slot, v), "w": (f, slot, store) => W.up(store, 1, slot, f),
            get "p"() { return W.probed = W.probed || W.probe(); },
            "n": (call, host, shims, slots) => {
                try { return W.tab.get(call)(host, shims, slots); } catch (e) {
                    if (!W.out || !W.isOverflow(e)) { W.out = [e]; }
                    throw e;
                }
            }
        });
        /* A module compiled of bytes without the first eight. */
        W.tiny = (bytes) => new A["Module"](new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0].concat(bytes)));
        /*
         * A function that returns at once, but whose frame is large, for the sake of what it never does: it loads 2,000
         * numbers, all of which are needed after a call. Engines look before they enter a function whether its whole frame
         * fits. Whoever brings references up calls this first: the stack shall not end between the first of them and the core,
         * which then knows them, and nobody else would let go of them.
         * (memory 0)
         * (global $sum (mut i64) (i64.const 0))
         * (func (export "p") (param i32) (if (local.get 0) (then (global.set $sum
         *   (i64.xor (i64.load offset=0 (local.get 0)) (… (i64.load offset=1999 (local.get 0)) (call 0 (i32.const 0))…)))))
         */
        W.probe = () => {
            const body = [0, 32, 0, 4, 64];
            for (let i = 0; i < 2000; i++) { body.push(32, 0, 41, 0, i & 127 | 128, i >> 7); }
            body.push(65, 0, 16, 0);
            for (let i = 1; i < 2000; i++) { body.push(133); }
            body.push(36, 0, 11, 11);
            const size = (n) => [n & 127 | 128, n >> 7 & 127 | 128, n >> 14];
            return new A["Instance"](W.tiny([1, 5, 1, 96, 1, 127, 0, 3, 2, 1, 0, 5, 3, 1, 0, 0, 6, 6, 1, 126, 1, 66, 0, 11, 7, 5, 1, 1, 112, 0, 0, 10].concat(
                size(body.length + 4), [1], size(body.length), body))).exports["p"];
        };
        /*
         * (import "e" "m" (memory 0))
         * (global $kept (mut exnref) (ref.null exn))
         * (func (export "n") (param exnref) (global.set $kept (local.get 0)))
         * (func (export "t") (param i32) (i32.store (local.get 0) (i32.const 0))
         *   (global.get $kept) (global.set $kept (ref.null exn)) throw_ref)
         * or, as a probe for engines without exnref: (func try catch_all end)
         */
        try {
            const limits = HEAPU8.buffer instanceof ArrayBuffer ? [0, 0] : [3, 0, 128, 128, 4];
            W.kit = new A["Instance"](W.tiny([1, 9, 2, 96, 1, 105, 0, 96, 1, 127, 0, 2, 6 + limits.length, 1, 1, 101, 1, 109, 2].concat(
                limits, [3, 3, 2, 0, 1, 6, 6, 1, 105, 1, 208, 105, 11, 7, 9, 2, 1, 110, 0, 0, 1, 116, 0, 1, 10, 25, 2,
                6, 0, 32, 0, 36, 0, 11, 16, 0, 32, 0, 65, 0, 54, 2, 0, 35, 0, 208, 105, 36, 0, 10, 11])), { "e": W.base }).exports;
            W.base["n"] = W.kit["n"];
            W.opened = 3;
        } catch (e) {
            try {
                W.tiny([1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11]);
                W.opened = 2;
            } catch (e) {}
        }
        W.env = (more) => Object.assign(Object.create(W.base), more);
        /* Nothing here may throw, whatever was thrown: the engine's own errors have a message of their own, all else may be
         * odd. */
        W.message = (e) => {
            try {
                const own = Object.getOwnPropertyDescriptor(e, "message").value;
                return typeof own == "string" ? own : null;
            } catch (odd) { return null; }
        };
        W.words = (e) => {
            const message = W.message(e);
            const to = W.encoder.encode((message === null ? "an exception that is no Error" : message)
                .slice(0, W.textSize)).subarray(0, W.textSize);
            HEAPU8.set(to, W.text);
            return to.length;
        };
        /* The end of the stack, in the words of the engines. */
        W.isOverflow = (e) => {
            const message = W.message(e);
            return message === "Maximum call stack size exceeded" || message === "Maximum call stack size exceeded." ||
                message === "too much recursion";
        };
        /* Of what the engine threw when it was asked for something: names, since they are the same in all realms. */
        W.kind = (e) => {
            if (e === W.short) { return 7; }
            if (W.isOverflow(e)) { return 2; }
            const kind = ["", "RuntimeError", "", "", "CompileError", "LinkError", "RangeError"].indexOf(e.name);
            return kind == 6 && String(W.message(e)).includes("main thread") ? 8 : kind > 0 ? kind : 0;
        };
        /*
         * Chromium lets no page wait for an instance of a large module. WebAssembly.instantiate() makes it at once all
         * the same, and asks it for "then" before its promise holds it.
         */
        W.instance = (module, imports, room) => {
            try { return new A["Instance"](module, imports); } catch (e) {
                if (W.kind(e) != 8) { throw e; }
            }
            const kind = A["Instance"].prototype;
            let made;
            try {
                Object.defineProperty(kind, "then", { configurable: true, get: function () { made = this; } });
                A["instantiate"](module, imports).catch(() => {});
            } finally { delete kind["then"]; }
            if (!made) {
                /* The promise tells why too late. Without room for the memories this throws, and says so. */
                if (room) { new A["Instance"](W.h[room].m); }
                throw { "name": "RuntimeError", "message": "index out of bounds, or no room" };
            }
            return made;
        };
        /* The backtrace as the engine tells it, which a page may have functions for. */
        W.stackOf = (e) => {
            let prepare = null;
            try {
                prepare = Error.prepareStackTrace;
                if (prepare) { Error.prepareStackTrace = undefined; }
                return String(e.stack);
            } catch (odd) { return ""; } finally {
                try { if (prepare) { Error.prepareStackTrace = prepare; } } catch (odd) {}
            }
        };
        /* Frames of the guest, as numbers: index, offset (-1 where the engine does not tell). No text in it is the guest's,
         * whose names the engine does not get to know (module.c). */
        W.list = (stack) => {
            let end = W.frames >>> 2;
            const limit = (W.frames + W.framesSize) >>> 2;
            for (const line of stack.split("\n")) {
                if (line.includes("wrl:call")) { break; }
                if (line.includes("wrl:host")) {
                    end = W.frames >>> 2;
                    continue;
                }
                const start = line.indexOf("wasm-function[") + 14;
                const close = line.indexOf("]", start);
                const index = line.slice(start, close);
                if (start < 14 || close <= start || isNaN(index)) { continue; }
                if (end + 2 > limit) { break; }
                HEAPU32[end] = Number(index);
                HEAPU32[end + 1] = line.slice(close + 1, close + 4) == ":0x" ? parseInt(line.slice(close + 4), 16) : -1;
                end += 2;
            }
            return (end << 2) - W.frames;
        };
        /* What is told in place of a trap of a guest: see exact.c. */
        W.told = (store, e) => e;
        /*
         * A call into a guest ended by an exception. Whose it is the stack of slots tells: its top is where it was when the
         * call began, or a host function has not returned. What comes out of one is none of ours and passes unread: the
         * program's own end, its traps, exceptions of its JS. So does what a shim set aside so that no guest can catch it.
         * Frames of C that vanished have left the C stack as it was. Whoever made the call puts it back from its own frame,
         * in which the name lies; all that was far below is given back before.
         * At the end of the engine's stack anything that is called here may fail. Then this function was never there: the
         * next outer call comes here in turn and finds what was pending still pending. So the top, the number of calls
         * under way, and what is pending or on its way out change at the end, or without a call.
         */
        W.caught = (e, store, ref, top, calls, isHosts) => {
            isHosts = isHosts || HEAPU32[W.top] != top;
            HEAPU32[W.top] = top;
            const below = ((ref >>> 0) - 4096) & -16;
            if (W.stack() < below) { W.set(below); }
            const pending = HEAPU32[W.pending];
            let isOverflow = W.isOverflow(e);
            if (pending > 2) {
                isHosts = false;
            } else if (pending == 2 && W.kit) {
                try { W.kit["t"](W.pending << 2); } catch (kept) { e = kept; }
                if (HEAPU32[W.pending]) { throw e; }
                W.out = [e];
                isHosts = true;
                isOverflow = W.isOverflow(e);
            } else if (pending == 2 || (isHosts && isOverflow && W.out)) {
                e = W.out ? W.out[0] : { "message": "too much recursion" };
                isHosts = true;
                isOverflow = W.isOverflow(e);
            }
            if (isHosts && e !== W.short && !isOverflow) {
                W.out = [e];
                HEAPU32[W.pending] = 0;
                W.pass(store, calls - 1);
                W.out = null;
                throw e;
            }
            const kind = e === W.short ? 7 : isOverflow ? 2 : W.message(e) === null ? 3 : 1;
            if (kind == 1) { e = W.told(store, e); }
            const error = W.on(store, kind, W.words(e), W.list(W.stackOf(e)));
            W.out = null;
            return error;
        };
        W.place = (f) => {
            const i = W.tf.length ? W.tf.pop() : W.tab.grow(1);
            W.tab.set(i, f);
            W.slots++;
            return i;
        };
        /* Makes a function of JS one of wasm, (i32, i32, i32, i32) -> i32, with a place. */
        W.guard = (f) => W.place(new A["Instance"](W.typed, { "e": { "f": f } }).exports["f"]);
        W.typed = W.tiny([1, 9, 1, 96, 4, 127, 127, 127, 127, 1, 127, 2, 7, 1, 1, 101, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0]);
        WRL_JS = W;
        return W.opened;
    } catch (e) { return 0; }
});

JS_FUNCTION(int, wrl_js_error, (uint32_t *size), {
    const W = WRL_JS;
    /* Without an exception it is C that found no memory. */
    const e = W.err || W.short;
    HEAPU32[size >>> 2] = W.words(e);
    W.err = null;
    return W.kind(e);
});

JS_FUNCTION(int, wrl_js_version, (char *text, int size), {
    const v8 = typeof process == "object" && process.versions && process.versions["v8"];
    const agent = typeof navigator == "object" && navigator.userAgent || "unknown";
    /* The engines of browsers go by the end of their browser's name. */
    const version = v8 ? "V8 " + v8 : agent.split(") ").pop();
    const bytes = new TextEncoder().encode(version).subarray(0, size - 1);
    HEAPU8.set(bytes, text >>> 0);
    HEAPU8[(text >>> 0) + bytes.length] = 0;
    return bytes.length;
});

JS_FUNCTION(int, wrl_js_is_open, (void), { return WRL_JS ? 1 : 0; });

JS_FUNCTION(int, wrl_js_has_shared_memory, (void), { return HEAPU8.buffer instanceof ArrayBuffer ? 0 : 1; });

/* SpiderMonkey has one message for several traps, and tells where in the module they happened. */
JS_FUNCTION(int, wrl_js_has_offsets, (void), { return typeof InternalError == "function" ? 1 : 0; });

JS_FUNCTION(int, wrl_js_validate, (const void *bytes, int size), {
    bytes >>>= 0;
    try {
        return WRL_JS.A["validate"](HEAPU8.slice(bytes, bytes + size)) ? 1 : 0;
    } catch (e) { return 0; }
});

JS_FUNCTION(int, wrl_js_compile, (const void *bytes, int size), {
    const W = WRL_JS;
    bytes >>>= 0;
    size >>>= 0;
    /* Memory that threads share is no source. */
    const own = HEAPU8.buffer instanceof ArrayBuffer;
    const source = own ? HEAPU8.subarray(bytes, bytes + size) : HEAPU8.slice(bytes, bytes + size);
    return W.try(() => W.add(W.plain({ m: new W.A["Module"](source) })));
});

/* The runtime of Emscripten stays alive as long as this is under way. */
JS_FUNCTION(int, wrl_js_compile_async, (const void *bytes, int size, void *job), {
    const W = WRL_JS;
    bytes >>>= 0;
    size >>>= 0;
    const keep = (count) => {
        if (typeof runtimeKeepaliveCounter != "undefined") { runtimeKeepaliveCounter += count; }
    };
    return W.try(() => {
        W.A["compile"](HEAPU8.slice(bytes, bytes + size)).then((m) => W.compiled(job, W.add(W.plain({ m: m })), 0),
            (e) => W.compiled(job, 0, W.add(e))).then(() => keep(-1));
        keep(1);
        return 1;
    });
});

JS_FUNCTION(void, wrl_js_thrown, (int exception), {
    const W = WRL_JS;
    W.err = W.h[exception];
    W.free(exception);
});

JS_FUNCTION(void, wrl_js_release, (int handle), { WRL_JS.free(handle); });

JS_FUNCTION(int, wrl_js_held, (int what), {
    const W = WRL_JS;
    if (!W) { return 0; }
    return [W.h.length - W.hf.length, W.F.length - W.Ff.length, W.x.length - W.xf.length, W.slots, W.tab.length,
        W.x.filter((o) => o).length][what];
});

JS_FUNCTION(int, wrl_js_entry, (int module), {
    const W = WRL_JS;
    return W.try(() => {
        const call = new W.A["Instance"](W.h[module].m, { "e": W.env({}) }).exports["c"];
        const guarded = (store, ref, type, slots) => {
            try {
                call(store, ref, slots);
                return 0;
            } catch (e) {
                /* What the adapter left in the name; nothing if it did not get so far. */
                const at = ref >>> 2;
                const got = HEAPU32[at + 1];
                return W.caught(e, store, ref, got || HEAPU32[W.top], got ? HEAPU32[at + 2] : HEAPU32[W.calls], false);
            }
        };
        return W.guard(guarded);
    });
});

JS_FUNCTION(void, wrl_js_entry_end, (uint32_t entry), {
    const W = WRL_JS;
    W.tab.set(entry, null);
    W.tf.push(entry);
    W.slots--;
});

JS_FUNCTION(void, wrl_js_lost, (void), { WRL_JS.out = null; });

JS_FUNCTION(int, wrl_js_guard, (uint32_t entry), {
    const W = WRL_JS;
    return W.try(() => {
        const call = W.tab.get(entry);
        return W.guard((store, ref, type, slots) => {
            const top = HEAPU32[W.top];
            const calls = HEAPU32[W.calls];
            /* What guests did was caught before it came here. */
            try { return call(store, ref, type, slots); } catch (e) { return W.caught(e, store, ref, top, calls, true); }
        });
    });
});

JS_FUNCTION(int, wrl_js_place, (const void *store), {
    const W = WRL_JS;
    return W.try(() => W.reserve(W.S(store)));
});

JS_FUNCTION(void, wrl_js_refer, (int shims, int func), {
    const W = WRL_JS;
    W.F.set(func, W.h[shims].s[0]);
});

JS_FUNCTION(int, wrl_js_shims, (int module, const void *caller, const void *hosts, int count), {
    const W = WRL_JS;
    return W.try(() => {
        /* Where a shim's js_shim_t begins; its members are host, id and call. */
        const at = (i) => (hosts >>> 2) + 3 * i;
        const env = W.plain({ "c": caller });
        let call = null;
        for (let i = 0; i < count; i++) { call = call || W.tab.get(HEAPU32[at(i) + 2]); }
        /* Those that are not called need something, too. */
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

JS_FUNCTION(int, wrl_js_is_func, (int func, int module), {
    const W = WRL_JS;
    try {
        new W.A["Instance"](W.h[module].m, { "e": { "f": W.F.get(func) } });
        return 1;
    } catch (e) { return 0; }
});

JS_FUNCTION(int, wrl_js_func_index, (int func), {
    const name = WRL_JS.F.get(func).name;
    return name !== "" && !isNaN(name) ? Number(name) : -1;
});

JS_FUNCTION(int, wrl_js_store_new, (void), {
    const W = WRL_JS;
    return W.add(W.plain({ id: new Map(), f: [], h: [], x: new Set(), d: [] }));
});

JS_FUNCTION(void, wrl_js_store_delete, (const void *store), {
    const W = WRL_JS;
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
    if (W.fr) { W.fr.unregister(S.d); }
    /* An exception that nobody asked for knows the functions that it passed. */
    W.err = null;
    W.free(HEAPU32[(store >>> 2) + 1]);
});

JS_FUNCTION(int, wrl_js_instance,
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
        /* What was imported is the store's, and the module may outlast it. */
        for (let i = 0; M.i && i < count; i++) { M.i.to[i][M.i.name[i]] = null; }
    }
});

/* Without a name it is the start function, whose name is as many asterisks. */
JS_FUNCTION(int, wrl_js_export, (const void *store, int instance, const char *name, int size, int is_func), {
    const W = WRL_JS;
    return W.try(() => {
        const value = W.h[instance].o.exports[name ? W.name(name, size) : "*".repeat(size)];
        return is_func ? W.func(W.S(store), value) : W.item(W.S(store), value);
    });
});

JS_FUNCTION(int, wrl_js_global_new, (const void *store, int kind, int is_mutable, const void *slot), {
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

JS_FUNCTION(int, wrl_js_global_adopt, (const void *store, int module), {
    const W = WRL_JS;
    return W.try(() => {
        const made = new W.A["Instance"](W.h[module].m, { "e": { "m": W.mem } }).exports;
        const global = W.item(W.S(store), made["g"]);
        W.h[global].a = made;
        return global;
    });
});

JS_FUNCTION(int, wrl_js_global_access, (int global, int module, void *slot, int set), {
    const W = WRL_JS;
    return W.try(() => {
        const G = W.h[global];
        G.a = G.a || new W.A["Instance"](W.h[module].m, { "e": { "m": W.mem, "g": G.o } }).exports;
        if (set) { G.a["set"](slot); } else { G.a["get"](slot); }
        return 1;
    });
});

JS_FUNCTION(void, wrl_js_global_get, (const void *store, int global, int is_func, void *slot), {
    const W = WRL_JS;
    W.up(store, is_func, slot, W.h[global].o.value);
});

JS_FUNCTION(int, wrl_js_global_set, (int global, int is_func, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        W.h[global].o.value = W.down(is_func, slot);
        return 1;
    });
});

JS_FUNCTION(int, wrl_js_memory_new, (const void *store, double min, double max, int is_64, int is_shared), {
    const W = WRL_JS;
    return W.try(() => {
        const number = (n) => is_64 ? BigInt(n) : n;
        const type = W.plain({ "initial": number(min), "shared": !!is_shared });
        if (max >= 0) { type["maximum"] = number(max); }
        if (is_64) { type["address"] = type["index"] = "i64"; }
        return W.item(W.S(store), new W.A["Memory"](type));
    });
});

JS_FUNCTION(double, wrl_js_memory_size, (int memory), { return WRL_JS.h[memory].o.buffer.byteLength; });

JS_FUNCTION(double, wrl_js_memory_grow, (int memory, double delta), {
    const W = WRL_JS;
    return W.try(() => {
        const M = W.h[memory].o;
        const size = M.buffer.byteLength / 65536 + delta;
        /* V8 takes a number of pages of 64 bits for one of 32, and says that it grew. */
        const previous = size < 4294967296 ? W.either((n) => M.grow(n), delta) : size;
        if (M.buffer.byteLength / 65536 < size) { throw new RangeError("no room for so many pages"); }
        return 1 + previous;
    }) - 1;
});

JS_FUNCTION(void, wrl_js_memory_copy, (int memory, double offset, void *buffer, int size, int write), {
    const W = WRL_JS;
    const M = W.h[memory];
    buffer >>>= 0;
    size >>>= 0;
    /* Numbers that are integers to the engine, too, are quicker. */
    if (offset < 0x80000000) { offset |= 0; }
    let view = M.v;
    /* A view that its memory grew away from is empty, or, of a shared memory, too short. */
    if (!view || view.length < offset + size) { view = M.v = new Uint8Array(M.o.buffer); }
    if (write) {
        view.set(HEAPU8.subarray(buffer, buffer + size), offset);
    } else {
        HEAPU8.set(view.subarray(offset, offset + size), buffer);
    }
});

JS_FUNCTION(int, wrl_js_table_new, (const void *store, int is_func, double min, double max, int is_64, const void *slot), {
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

JS_FUNCTION(double, wrl_js_table_size, (int table), { return Number(WRL_JS.h[table].o.length); });

JS_FUNCTION(void, wrl_js_table_get, (const void *store, int table, double index, int is_64, int is_func, void *slot), {
    const W = WRL_JS;
    W.up(store, is_func, slot, W.h[table].o.get(is_64 ? BigInt(index) : index));
});

JS_FUNCTION(int, wrl_js_table_set, (int table, double index, int is_64, int is_func, const void *slot), {
    const W = WRL_JS;
    return W.try(() => {
        W.h[table].o.set(is_64 ? BigInt(index) : index, W.down(is_func, slot));
        return 1;
    });
});

JS_FUNCTION(double, wrl_js_table_grow, (int table, double delta, int is_64, int is_func, const void *slot), {
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

JS_FUNCTION(int, wrl_js_externref, (const void *store, uint32_t key), {
    const W = WRL_JS;
    const i = W.xf.length ? W.xf.pop() : W.x.length;
    const S = W.S(store);
    W.x[i] = new W.R(key, i);
    S.x.add(i);
    if (W.fr) { W.fr.register(W.x[i], [S.d, i, key], S.d); }
    return i;
});

JS_FUNCTION(void, wrl_js_externref_release, (const void *store, int externref, int is_foreign), {
    const W = WRL_JS;
    W.x[externref] = null;
    if (is_foreign) {
        W.xf.push(externref);
        W.S(store).x.delete(externref);
    }
});

JS_FUNCTION(uint32_t, wrl_js_externref_collected, (const void *store), {
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

/* Functions of JS are no symbols that a linker would look for in an archive; this one is, and brings the others along.
 */
int js_open(const js_places_t *places)
{
    return wrl_js_open(places);
}
