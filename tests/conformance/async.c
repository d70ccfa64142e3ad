/* wrl_module_new_async() on hosts with threads, and on hosts with an event loop instead. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { MANY = 20, DEPTH = 5 };

/* One compilation and its result. */
typedef struct compilation {
    wrl_test_t *t;
    size_t calls;
    bool inside; /* Whether the callback ran inside wrl_module_new_async(). */
    wrl_error_t *error;
    wrl_module_t *module;
} compilation_t;

/* Only one test runs at a time. */
static compilation_t compilations[MANY];

/* Whether this thread is inside wrl_module_new_async(). */
static _Thread_local bool inside;

static void done(void *env, wrl_error_t *error, wrl_module_t *module)
{
    compilation_t *compilation = env;
    compilation->calls++;
    compilation->inside = inside;
    compilation->error = error;
    compilation->module = module;
    test_called(compilation->t);
}

/* Announces the callback and starts the compilation. Withdraws the announcement on failure. */
static wrl_error_t *start(wrl_test_t *t, wrl_engine_t *engine, wrl_guest_t guest, wrl_module_done_t then, void *env)
{
    test_await(t);
    inside = true;
    wrl_error_t *error = wrl_module_new_async(engine, guest.bytes, guest.size, NULL, then, env);
    inside = false;
    if (error) {
        test_called(t);
    }
    return error;
}

static bool start_one(wrl_test_t *t, size_t number, wrl_engine_t *engine, wrl_guest_t guest)
{
    compilations[number] = (compilation_t){.t = t};
    OK(start(t, engine, guest, done, &compilations[number]));
    return true;
}

/* Checks that the callback ran once, after the call, with a module. The harness then owns the module. */
static bool check_module(wrl_test_t *t, const compilation_t *compilation)
{
    if (compilation->module) {
        TRY(test_own_module(t, compilation->module));
    }
    OK(compilation->error);
    CHECK(compilation->module);
    EQUAL(compilation->calls, 1);
    CHECK(!compilation->inside);
    return true;
}

static bool check_add_one(wrl_test_t *t, wrl_module_t *module)
{
    wrl_exporttype_t export_type;
    CHECK(wrl_module_get_export(module, "add_one", &export_type));
    wrl_store_t *store;
    wrl_instance_t instance;
    TRY(test_store(t, wrl_module_engine(module), &store));
    OK(wrl_instance_new(store, module, NULL, NULL, &instance));
    if (test_has(t, WRL_FEATURE_EXECUTION)) {
        const int32_t arg = 42;
        int32_t result;
        TRY(test_call_i32(t, store, instance, "add_one", &arg, 1, &result));
        EQUAL(result, 43);
    }
    return true;
}

static bool compiles_after(wrl_test_t *t)
{
    TRY(check_module(t, &compilations[0]));
    CHECK(wrl_module_engine(compilations[0].module) == t->engine);
    return check_add_one(t, compilations[0].module);
}

/* The bytes may be overwritten as soon as the call has returned. */
static bool compiles(wrl_test_t *t)
{
    uint8_t *bytes = malloc(guest_add_one.size);
    CHECK(bytes);
    memcpy(bytes, guest_add_one.bytes, guest_add_one.size);
    const wrl_guest_t guest = {"add_one", bytes, guest_add_one.size};
    t->after = compiles_after;
    bool started = start_one(t, 0, t->engine, guest);
    memset(bytes, 0xff, guest_add_one.size);
    free(bytes);
    return started;
}

static bool invalid_after(wrl_test_t *t)
{
    EQUAL(compilations[0].calls, 1);
    CHECK(!compilations[0].inside);
    CHECK(!compilations[0].module);
    FAILS(compilations[0].error, WRL_ERROR_INVALID, "invalid module");
    return true;
}

/* The callback receives an error that only the engine finds: a function leaves no result, but its type has one. */
static bool invalid(wrl_test_t *t)
{
    static const uint8_t bytes[] = {0, 'a',  's', 'm', 1, 0, 0,  0, 1, 5, 1, 0x60, 0,
                                    1, 0x7f, 3,   2,   1, 0, 10, 4, 1, 2, 0, 0x0b};
    t->after = invalid_after;
    return start_one(t, 0, t->engine, (wrl_guest_t){"invalid", bytes, sizeof(bytes)});
}

static bool engine_kept_after(wrl_test_t *t)
{
    TRY(check_module(t, &compilations[0]));
    return check_add_one(t, compilations[0].module);
}

/* Only the compilation keeps the engine alive. */
static bool engine_kept(wrl_test_t *t)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = t->backend;
    config.exact_traps = t->exact_traps;
    wrl_engine_t *engine;
    OK(wrl_engine_new(&config, &engine));
    t->after = engine_kept_after;
    bool started = start_one(t, 0, engine, guest_add_one);
    wrl_engine_release(engine);
    return started;
}

static bool many_after(wrl_test_t *t)
{
    for (size_t i = 0; i < MANY; i++) {
        TRY(check_module(t, &compilations[i]));
    }
    for (size_t i = 1; i < MANY; i++) {
        CHECK(compilations[i].module != compilations[0].module);
    }
    return check_add_one(t, compilations[MANY - 1].module);
}

static bool many(wrl_test_t *t)
{
    t->after = many_after;
    for (size_t i = 0; i < MANY; i++) {
        TRY(start_one(t, i, t->engine, guest_add_one));
    }
    return true;
}

/* Each compilation starts the next one and makes an instance of its module in a store of its own. */
static struct {
    wrl_test_t *t;
    size_t depth;
    wrl_error_t *error;
} chain;

/* The store is deleted, which drops its reference to the module. */
static wrl_error_t *use(wrl_module_t *module)
{
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_error_t *error = wrl_store_new(wrl_module_engine(module), NULL, &store);
    if (error) {
        return error;
    }
    error = wrl_instance_new(store, module, NULL, NULL, &instance);
    wrl_store_delete(store);
    return error;
}

static void link_done(void *env, wrl_error_t *error, wrl_module_t *module)
{
    /* The next compilation may run on another thread as soon as it has started. */
    error = error ? error : use(module);
    if (!error && ++chain.depth < DEPTH) {
        error = start(chain.t, wrl_module_engine(module), guest_add_one, link_done, env);
    }
    if (error) {
        chain.error = error;
    }
    wrl_module_release(module);
    test_called(chain.t);
}

static bool chained_after(wrl_test_t *t)
{
    OK(chain.error);
    EQUAL(chain.depth, DEPTH);
    return true;
}

static bool chained(wrl_test_t *t)
{
    chain.t = t;
    chain.depth = 0;
    chain.error = NULL;
    t->after = chained_after;
    OK(start(t, t->engine, guest_add_one, link_done, NULL));
    return true;
}

/* ---- Large modules ---- */

/* More than 8 MiB, Chromium's limit for a module compiled on a page's main thread while the thread waits. 144 pages. */
enum { LARGE_DATA = 9 << 20 };

/* The bytes of (module (func (export "last") (result i32) (i32.load8_u (i32.const LARGE_DATA - 1))) (memory PAGES)
 * (data (i32.const 0) …)) before the contents of the segment, which are LARGE_DATA bytes. */
static const uint8_t large_head[] = {
    0,  'a',  's',  'm',  1,    0,    0,    0,    1,    5,    1,    0x60, 0,    1,    0x7f, /* type */
    3,  2,    1,    0,    5,    4,    1,    0,    0x90, 0x01,                               /* function, memory */
    7,  8,    1,    4,    'l',  'a',  's',  't',  0,    0,                                  /* export */
    10, 12,   1,    10,   0,    0x41, 0xff, 0xff, 0xbf, 0x04, 0x2d, 0,    0,    0x0b,       /* code */
    11, 0x89, 0x80, 0xc0, 0x04, 1,    0,    0x41, 0,    0x0b, 0x80, 0x80, 0xc0, 0x04,       /* data */
};
enum { LARGE_PAGES = 23, LARGE_SIZE = sizeof(large_head) + LARGE_DATA };

/* The caller frees the bytes. */
static uint8_t *large_module(bool fits)
{
    uint8_t *bytes = calloc(LARGE_SIZE, 1);
    if (bytes) {
        memcpy(bytes, large_head, sizeof(large_head));
        bytes[LARGE_SIZE - 1] = 7;
        if (!fits) {
            /* One page. */
            bytes[LARGE_PAGES] = 0x81;
            bytes[LARGE_PAGES + 1] = 0;
        }
    }
    return bytes;
}

static bool start_large(wrl_test_t *t, bool fits)
{
    uint8_t *bytes = large_module(fits);
    CHECK(bytes);
    bool started = start_one(t, 0, t->engine, (wrl_guest_t){"large", bytes, LARGE_SIZE});
    free(bytes);
    return started;
}

/* The module can be instantiated synchronously, wherever it was compiled. */
static bool large_after(wrl_test_t *t)
{
    TRY(check_module(t, &compilations[0]));
    wrl_instance_t instance;
    OK(wrl_instance_new(t->store, compilations[0].module, NULL, NULL, &instance));
    if (test_has(t, WRL_FEATURE_EXECUTION)) {
        int32_t result;
        TRY(test_call_i32(t, t->store, instance, "last", NULL, 0, &result));
        EQUAL(result, 7);
    }
    return true;
}

static bool large(wrl_test_t *t)
{
    t->after = large_after;
    return start_large(t, true);
}

static bool large_out_of_bounds_after(wrl_test_t *t)
{
    TRY(check_module(t, &compilations[0]));
    wrl_instance_t instance;
    TRAPS(wrl_instance_new(t->store, compilations[0].module, NULL, NULL, &instance), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    return true;
}

/* The segment does not fit the memory. */
static bool large_out_of_bounds(wrl_test_t *t)
{
    t->after = large_out_of_bounds_after;
    return start_large(t, false);
}

static bool check_large_at_once(wrl_test_t *t, const uint8_t *bytes)
{
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_module_new(t->engine, bytes, LARGE_SIZE, NULL, &module);
    bool is_js = strcmp(t->backend, "js") == 0;
    if (is_js && !wrl_manifest_js_waits_for(bytes, LARGE_SIZE)) {
        CHECK(!module);
        char size[32];
        (void)snprintf(size, sizeof(size), "a module of %d bytes ", LARGE_SIZE);
        FAILS(error, WRL_ERROR_UNSUPPORTED, size, "cannot be compiled while this thread waits",
              "wrl_module_new_async()");
        return true;
    }
    OK(error);
    return test_own_module(t, module);
}

/* If the host refuses to compile the module while the thread waits, the error names wrl_module_new_async(). */
static bool large_at_once(wrl_test_t *t)
{
    uint8_t *bytes = large_module(true);
    CHECK(bytes);
    bool held = check_large_at_once(t, bytes);
    free(bytes);
    return held;
}

static const wrl_test_case_t cases[] = {
    {"async.compiles", compiles, {NEED_COMPILE_ASYNC}},
    {"async.invalid", invalid, {NEED_COMPILE_ASYNC, NEED_EXECUTION}},
    {"async.engine_kept", engine_kept, {NEED_COMPILE_ASYNC}},
    {"async.many", many, {NEED_COMPILE_ASYNC}},
    {"async.chained", chained, {NEED_COMPILE_ASYNC}},
    {"async.large", large, {NEED_COMPILE_ASYNC}},
    {"async.large_out_of_bounds", large_out_of_bounds, {NEED_COMPILE_ASYNC, NEED_EXECUTION}},
    {"async.large_at_once", large_at_once, {0}},
};
WRL_TEST_GROUP(async);
