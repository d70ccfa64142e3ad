/*
 * The JS side of the backend. A program has one object wrlJs, which is a property of Module. A side module that
 * Emscripten links to a running program, such as a Python extension in Pyodide, has its own wrlJs. The JS functions of
 * a side module see the moduleExports of that side module, and wrlJs is a property of moduleExports. Side modules with
 * copies of this backend therefore have separate objects. wrlJs contains:
 *   F, Ff    the table of all functions that have an id, and its free places
 *   h, hf    objects by handle, and the free handles: {m} modules, {o} instances and what a store contains other than
 *            functions, {s} sets of shims, stores
 *   tab, tf  the program's table, and the places that were added to it and are free; slots: how many are in use
 *   x, xf    externrefs by the number that externref_new returned, and the free numbers. Each externref is an R that
 *            contains its key and its number. The entry is null while the core does not refer to the externref.
 *   fr       a FinalizationRegistry that adds collected R objects to the d of their store; or nothing
 *   S(store) of a js_store_t: {id: maps functions and other objects to their numbers, f, h, x: the numbers that the
 *            store owns, d: the entries of x that were collected, with their keys}
 *   base     the imports from "e" that all adapters share; env() adds those of a single adapter
 *   err      the exception that was caught last
 *   A        the parts of WebAssembly that the backend uses, read when the backend is opened: a page may replace them
 *   kit      for engines with exnref: "n" stores an exception, and "t" throws it again
 *   out      an array with the exception that is leaving a host function, or null. With a kit, the array is only set
 *            once the kit has thrown the exception
 * Names that are passed to wasm modules, or that engines read, are quoted, because tools may shorten names without
 * quotes. The code contains no BigInt literals, no optional chaining and no regular expressions with a backslash: some
 * versions of Emscripten cannot parse these.
 */
#include "glue.h"
#include "glue_js.h"

/* Newer versions of Emscripten include library symbols of JS only if they are named here. */
#ifdef EM_JS_DEPS
EM_JS_DEPS(wrl_js, "$wasmTable");
#endif

/* The arguments of the macros below are JS, which neither clang-format nor clang-tidy can read. */
/* clang-format off */
/* NOLINTBEGIN */

JS_FUNCTION(int, wrl__js_open, (const js_places_t *places), {
    const at = (i) => HEAPU32[(places >>> 2) + i];
    const f = (i) => wasmTable.get(at(i));
    if (WRL_JS) { return WRL_JS.top == at(5) >>> 2 ? WRL_JS.opened : -1; }
    try {
        /* Uses up one place to find out whether the table can grow. */
        wasmTable.grow(1);
        /* Removes the prototype of an object. The object then does not inherit properties that a page has added to
         * Object.prototype, and is as fast as other objects. */
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
        /* Calls the action with a number. If that throws a TypeError because indices have 64 bits, calls the action
         * again with a BigInt. */
        W.either = (action, number) => {
            try { return Number(action(number)); } catch (e) {
                if (e.name != "TypeError") { throw e; }
                return Number(action(BigInt(number)));
            }
        };
        /* The stack may overflow in any call. The place then stays in the list of free places, even before it exists. */
        W.reserve = (S) => {
            if (!W.Ff.length) { W.Ff.push(W.F.length); }
            const i = W.Ff[W.Ff.length - 1];
            if (i == W.F.length) { W.F.grow(1); }
            S.f.push(i);
            W.Ff.length--;
            return i;
        };
        W.func = (S, f) => {
            if (f === null) { return 0; }
            /* A reference to a shim is a reference to the host function. */
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
        /* Makes the JS function of a host function when the first reference to the host function is needed. */
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
        /* Objects that inherit nothing. */
        W.O = function () {};
        W.O.prototype = Object.create(null);
        /* Prepares the imports of a module, once: import i goes to to[i][name[i]], and object() returns the object for
         * the engine. The names are not read from the engine, because JavaScriptCore omits imports with GC types. */
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
                /* A name occurs twice, and may stand for different imports. The engine reads imports in order, so the
                 * proxies return the values in order. */
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
        /* Sets new elements again: in JavaScriptCore, new elements appear to contain the function, but calls through
         * them find null. */
        W.fill = (table, number, start, count, value) => {
            for (let i = 0; value !== null && i < count; i++) { table.set(number(start + i), value); }
        };
        /* The bytes are copied, because browsers do not decode or encode shared memory. */
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
        /* Compiles a module from bytes without the first eight. */
        W.tiny = (bytes) => new A["Module"](new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0].concat(bytes)));
        /*
         * Makes a function that returns at once but has a large frame. The frame is large because of code that never
         * runs: it loads 2,000 numbers, all of which are needed after a call. Before entering a function, engines check
         * that its whole frame fits. An adapter calls the probe before it passes references to the host. Without the
         * probe, the stack could end after the first reference was stored and before the core has received the
         * reference. Nothing would then release it.
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
         * or, to probe engines without exnref: (func try catch_all end)
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
        /* Must not throw for any value of `e`. The engine's errors have an own property "message"; other values may be
         * arbitrary. */
        W.message = (e) => {
            try {
                const own = Object.getOwnPropertyDescriptor(e, "message").value;
                return typeof own == "string" ? own : null;
            } catch (odd) { return null; }
        };
        W.words = (e) => {
            const message = W.message(e);
            const to = W.encoder.encode((message === null ? "exception is not an Error" : message)
                .slice(0, W.textSize)).subarray(0, W.textSize);
            HEAPU8.set(to, W.text);
            return to.length;
        };
        /* Whether the exception has one of the messages that engines use for stack overflow. */
        W.isOverflow = (e) => {
            const message = W.message(e);
            return message === "Maximum call stack size exceeded" || message === "Maximum call stack size exceeded." ||
                message === "too much recursion";
        };
        /* The kind (JS_THREW_…) of an exception that the engine threw. Compares names, which are the same in all
         * realms. */
        W.kind = (e) => {
            if (e === W.short) { return 7; }
            if (W.isOverflow(e)) { return 2; }
            const kind = ["", "RuntimeError", "", "", "CompileError", "LinkError", "RangeError"].indexOf(e.name);
            return kind == 6 && String(W.message(e)).includes("main thread") ? 8 : kind > 0 ? kind : 0;
        };
        /*
         * Chromium does not let a page's main thread make an instance of a large module synchronously. However,
         * WebAssembly.instantiate() makes the instance at once, and reads its property "then" before the promise is
         * resolved.
         */
        W.instance = (module, imports, room) => {
            try { return new A["Instance"](module, imports); } catch (e) {
                if (W.kind(e) != 8) { throw e; }
            }
            const kind = A["Instance"].prototype;
            let made;
            try {
                Object.defineProperty(kind, "then", plain({ configurable: true, get: function () { made = this; } }));
                A["instantiate"](module, imports).catch(() => {});
            } finally { delete kind["then"]; }
            if (!made) {
                /* The promise reports the reason too late. This line throws if the host cannot allocate the
                 * memories. */
                if (room) { new A["Instance"](W.h[room].m); }
                throw { "name": "RuntimeError", "message": "index out of bounds or no memory" };
            }
            return made;
        };
        /* Returns the backtrace in the engine's own format, even if a page has replaced Error.prepareStackTrace. */
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
        /*
         * Reads a line of a backtrace. For a WebAssembly frame, returns the name of the function, its index and the
         * offset (-1 if the engine does not report the offset). Returns null for any other line. Lines may contain
         * URLs, which third parties may choose. Each part is therefore read from its own place in the line:
         *   V8:              "    at NAME (wasm://wasm/…:wasm-function[INDEX]:0xOFFSET)", or the same without name
         *   SpiderMonkey:    "NAME@URL:wasm-function[INDEX]:0xOFFSET"
         *   JavaScriptCore:  "<?>.wasm-function[INDEX or NAME]@[wasm code]"
         */
        W.frame = (line) => {
            const isV8 = line.startsWith("    at ");
            const split = isV8 ? line.indexOf(" (", 7) : line.indexOf("@");
            const name = line.slice(0, split < 0 ? 0 : split);
            let place = isV8 ? line.slice(split < 0 ? 7 : split + 2) : line.slice(split + 1);
            if (isV8 ? !place.startsWith("wasm://wasm/") : split < 0) { return null; }
            if (place == "[wasm code]") { place = name; }
            const start = place.lastIndexOf("wasm-function[") + 14;
            const close = place.indexOf("]", start);
            const index = place.slice(start, close);
            if (start < 14 || close < 0) { return null; }
            const rest = place.slice(close + 1, place.endsWith(")") ? -1 : undefined);
            const isOffset = rest.startsWith(":0x") && /^[0-9a-f]+$/.test(rest.slice(3));
            return isOffset || !rest ? [name, isNaN(index) ? -1 : Number(index), isOffset ? parseInt(rest.slice(3), 16) : -1] : null;
        };
        /* Writes the guest's frames as numbers: index, and offset (-1 if the engine does not report it). The lines
         * contain no text of the guest, because the engine does not get its names (module.c). */
        W.list = (stack) => {
            let end = W.frames >>> 2;
            const limit = (W.frames + W.framesSize) >>> 2;
            const lines = stack.split("\n");
            for (let i = 0; i < lines.length; i++) {
                const frame = W.frame(lines[i]);
                if (!frame) { continue; }
                if (frame[0].includes("wrl:call")) { break; }
                if (frame[0].includes("wrl:host")) {
                    end = W.frames >>> 2;
                    continue;
                }
                if (frame[1] < 0) { continue; }
                if (end + 2 > limit) { break; }
                HEAPU32[end] = frame[1];
                HEAPU32[end + 1] = frame[2];
                end += 2;
            }
            return (end << 2) - W.frames;
        };
        /* Returns the exception to report for a guest's trap. Code in exact.c replaces this function. */
        W.told = (store, e) => e;
        /*
         * Handles an exception that ended a call into a guest. The slot stack shows the origin of the exception: if its
         * top differs from the top at the beginning of the call, a host function has not returned. An exception that
         * leaves a host function is not from the guest, and propagates unread. Such exceptions are the program's own
         * exit, its traps, and exceptions of its JS. An exception that a shim has hidden from guests propagates in the
         * same way.
         * C frames that disappeared have not restored the C stack pointer. The caller restores the pointer from its own
         * frame, which contains `ref`. Until then, this function keeps the pointer at most about 4 KiB below `ref`,
         * which frees the rest of the stack.
         * When the engine's stack is almost used up, any call that this function makes may fail. This function must
         * then have had no effect: the next outer call also ends here, and must find the pending error still pending.
         * The top, the number of calls in progress, and the pending error or exception therefore change at the end, or
         * where no call follows that could fail.
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
            const kind = e === W.short ? 7 : isOverflow ? 2 : e === "out of memory" ? 7 : W.message(e) === null ? 3 : 1;
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
        /* Wraps a JS function in a wasm function (i32, i32, i32, i32) -> i32, and puts the wasm function into the
         * program's table. */
        W.guard = (f) => W.place(new A["Instance"](W.typed, { "e": { "f": f } }).exports["f"]);
        W.typed = W.tiny([1, 9, 1, 96, 4, 127, 127, 127, 127, 1, 127, 2, 7, 1, 1, 101, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0]);
        WRL_JS = W;
        return W.opened;
    } catch (e) { return 0; }
});

JS_FUNCTION(int, wrl__js_is_open, (void), { return WRL_JS ? 1 : 0; });

JS_FUNCTION(int, wrl__js_error, (uint32_t *size), {
    const W = WRL_JS;
    /* If there is no exception, an allocation in C has failed. */
    const e = W.err || W.short;
    HEAPU32[size >>> 2] = W.words(e);
    W.err = null;
    return W.kind(e);
});

JS_FUNCTION(void, wrl__js_thrown, (int exception), {
    const W = WRL_JS;
    W.err = W.h[exception];
    W.free(exception);
});

JS_FUNCTION(void, wrl__js_release, (int handle), { WRL_JS.free(handle); });

JS_FUNCTION(int, wrl__js_held, (int what), {
    const W = WRL_JS;
    if (!W) { return 0; }
    return [W.h.length - W.hf.length, W.F.length - W.Ff.length, W.x.length - W.xf.length, W.slots, W.tab.length,
        W.x.filter((o) => o).length][what];
});

JS_FUNCTION(int, wrl__js_version, (char *text, int size), {
    const v8 = typeof process == "object" && process.versions && process.versions["v8"];
    const agent = typeof navigator == "object" && navigator.userAgent || "unknown";
    /* Browsers do not report their engine, so the last part of the user agent string stands for it. */
    const version = v8 ? "V8 " + v8 : agent.split(") ").pop();
    const length = Math.min(version.length, size - 1);
    text >>>= 0;
    for (let i = 0; i < length; i++) { HEAPU8[text + i] = version.charCodeAt(i) & 127; }
    HEAPU8[text + length] = 0;
    return length;
});

JS_FUNCTION(int, wrl__js_has_shared_memory, (void), { return HEAPU8.buffer instanceof ArrayBuffer ? 0 : 1; });

/* SpiderMonkey has one message for several traps, but reports where in the module they happened. */
JS_FUNCTION(int, wrl__js_has_offsets, (void), { return typeof InternalError == "function" ? 1 : 0; });

/* NOLINTEND */
/* clang-format on */

extern const char *const wrl__js_parts[];
const char *const wrl__js_parts[] = {&wrl__js_module_glue, &wrl__js_func_glue, &wrl__js_store_glue};

/* This symbol makes the linker include this file (glue_js.h). */
int wrl__jsb_open(const js_places_t *places)
{
    return wrl__js_open(places);
}
