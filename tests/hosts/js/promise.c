/* The functions of wrl/js.h for JS: promises of modules, with each of the backends. Runs in Node and in browsers. */
#include "wrl.h"
#include "wrl/js.h"

#include <emscripten.h>
#include <emscripten/eventloop.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

/* (module (func (export "f") (result i32) (i32.const 42))) */
static const uint8_t guest[] = {0, 'a', 's', 'm', 1, 0, 0,   0, 1, 5,  1, 0x60, 0, 1, 0x7f, 3,  2,
                                1, 0,   7,   5,   1, 1, 'f', 0, 0, 10, 6, 1,    4, 0, 0x41, 42, 0x0b};

static bool is_ok(wrl_error_t *error)
{
    bool good = !error;
    if (error) {
        (void)printf("      %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    return good;
}

/* Checks that a module was made from the guest and belongs to the engine. Releases the module. */
static int check(wrl_engine_t *engine, wrl_module_t *module)
{
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    wrl_func_t func;
    wrl_val_t result = {0};
    bool good = wrl_module_engine(module) == engine && is_ok(wrl_store_new(engine, NULL, &store)) &&
                is_ok(wrl_instance_new(store, module, NULL, NULL, &instance)) &&
                wrl_instance_get_func(store, instance, "f", &func) &&
                is_ok(wrl_func_call(store, func, NULL, 0, &result, 1)) && result.of.i32 == 42;
    wrl_store_delete(store);
    wrl_module_release(module);
    return good;
}

/* clang-format off */
EM_JS(void, test_promises, (const char *name, const wrl_engine_t *engine, const uint8_t *at, int size, uint32_t check,
                            uint32_t next), {
    /* The runtime stays alive until the end is reported. */
    if (typeof runtimeKeepaliveCounter != "undefined") { runtimeKeepaliveCounter++; }
    const backend = UTF8ToString(name);
    const bytes = HEAPU8.slice(at, at + size);
    const compile = Module["wrlModuleNewAsync"];
    let passed = 0;
    let failed = 0;
    const tell = (what, good) => {
        if (good) { passed++; } else { failed++; }
        out((good ? "ok    " : "FAIL  ") + backend + ": " + what);
    };
    const isModule = async (promise) => {
        const module = await promise;
        return typeof module == "number" && wasmTable.get(check)(engine, module) == 1;
    };
    /* Resolves to the reason of a rejected promise. */
    const failure = async (promise) => {
        try { await promise; } catch (e) { return e; }
        return { message: "the promise was fulfilled" };
    };
    const fails = async (what, promise, kind, words) => {
        const e = await failure(promise);
        const good = e instanceof Error && e.kind === kind && e.message.indexOf(words) >= 0;
        tell(what, good);
        if (!good) { out("      " + e.kind + ": " + e.message); }
    };
    const run = async () => {
        tell("a promise of a module", await isModule(compile(engine, bytes)));
        tell("bytes in an ArrayBuffer", await isModule(compile(engine, bytes.buffer)));
        const wide = new Uint8Array(size + 10);
        wide.set(bytes, 7);
        tell("bytes in the middle of a buffer", await isModule(compile(engine, wide.subarray(7, 7 + size))));
        tell("bytes in a DataView", await isModule(compile(engine, new DataView(wide.buffer, 7, size))));
        const copy = bytes.slice();
        const early = compile(engine, copy);
        copy.fill(0);
        tell("bytes that change afterwards", await isModule(early));
        const cut = bytes.slice(0, size - 1);
        const broken = bytes.slice();
        broken[size - 3] = 0x42;
        const several = [compile(engine, bytes), compile(engine, broken), compile(engine, cut), compile(engine, bytes)];
        const settled = await Promise.allSettled(several);
        tell("several at once", settled.map((one) => one.status).join() === "fulfilled,rejected,rejected,fulfilled"
            && await isModule(several[0]) && await isModule(several[3]) && settled[0].value !== settled[3].value);
        await fails("bytes that are no module", compile(engine, cut), "malformed module", "offset");
        await fails("no bytes", compile(engine, new Uint8Array(0)), "malformed module", "malformed");
        await fails("a module that is invalid", compile(engine, broken), "invalid module", "invalid module: ");
        await fails("no engine", compile(0, bytes), "invalid argument", "engine: is NULL");
        tell("what is no bytes", await failure(compile(engine, "bytes")) instanceof TypeError
            && await failure(compile(engine)) instanceof TypeError && await failure(compile(engine, 9)) instanceof TypeError);
        /* Views with false properties: a buffer that yields more bytes than the size, or an impossible size. */
        const lies = { buffer: [new Array(20000).fill(65), 20000], byteLength: [-1, 4294967296 + 8] };
        for (const member of Object.keys(lies)) {
            for (const value of lies[member]) {
                const odd = bytes.slice();
                Object.defineProperty(odd, member, { value: value });
                const e = await failure(compile(engine, odd));
                tell(member + " of " + typeof value + " is refused", e instanceof RangeError || e.kind === "out of memory");
            }
        }
        const turns = bytes.slice();
        let asked = 0;
        Object.defineProperty(turns, "byteLength", { value: { valueOf: () => (asked++ ? 20000 : size - 1) } });
        await fails("a size that changes is read once", compile(engine, turns), "malformed module", "offset");
        /* A page replaces then() while the compilation starts. No job may be finished twice, or after it has failed. */
        const then = Promise.prototype.then;
        const replaced = {
            "returns nothing": function (a, b) { then.call(this, a, b); },
            "calls twice": function (a, b) { return then.call(this, (x) => { a(x); a(x); b(x); }, b); },
            "calls at once": function (a, b) { a(5); return then.call(this, a, b); },
            "throws": function (a, b) { then.call(this, a, b); throw new Error("no"); }
        };
        for (const how of Object.keys(replaced)) {
            Promise.prototype.then = replaced[how];
            const promise = compile(engine, bytes);
            Promise.prototype.then = then;
            const fulfilled = backend != "js" || how == "returns nothing" || how == "calls twice";
            tell("then() that " + how, fulfilled ? await isModule(promise) : (await failure(promise)).kind !== undefined);
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        tell("nothing is left under way", Module["wrlPromises"].size === 0);
    };
    run().catch((e) => tell(String(e), false)).then(() => wasmTable.get(next)(passed, failed));
});
/* clang-format on */

static const char *const backends[] = {"js", "wasmi"};
static size_t current;
static wrl_engine_t *engine;
static size_t heap;
static int rounds;
static int all_passed, all_failed;

/* Each backend is tested twice: the first run may leave permanent objects, the second must not leave any. */
static void next_backend(void);

static void end_round(void *unused)
{
    (void)unused;
    wrl_engine_release(engine);
    size_t now = (size_t)mallinfo().uordblks;
    if (++rounds % 2 == 0) {
        (void)printf("%s  %s: no memory is left behind\n", now == heap ? "ok  " : "FAIL", backends[current]);
        all_passed += now == heap;
        all_failed += now != heap;
        current++;
    }
    heap = now;
    next_backend();
}

/* Called inside a promise, where exit() would throw another exception. */
static void on_end(int passed, int failed)
{
    all_passed += passed;
    all_failed += failed;
    (void)emscripten_set_timeout(end_round, 0, NULL);
}

static void next_backend(void)
{
    while (current < sizeof backends / sizeof backends[0] && !wrl_backend_find(backends[current], NULL)) {
        current++;
    }
    if (current == sizeof backends / sizeof backends[0]) {
        (void)printf("%d passed, %d failed\n", all_passed, all_failed);
        emscripten_force_exit(all_failed || !all_passed);
    }
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backends[current];
    if (!is_ok(wrl_engine_new(&config, &engine))) {
        emscripten_force_exit(1);
    }
    test_promises(backends[current], engine, guest, sizeof guest, (uint32_t)(uintptr_t)check,
                  (uint32_t)(uintptr_t)on_end);
}

int main(void)
{
    wrl_js_install();
    wrl_js_install();
    next_backend();
    return 0;
}
