/*
 * Everything that the headers allow threads to do, at the same time: shared engines and modules, stores of their own
 * and stores handed over, several engines that trap simultaneously and nested in each other, and use of the list of
 * backends. Designed for the thread sanitizer. Without the sanitizer, the test detects wrong results and crashes.
 */
#define _POSIX_C_SOURCE 200809L /* sched_yield() */

#include "wrl.h"
#include "wrl/backend.h"

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, MAX_BACKENDS = 2, STORES = 4, FAIL = -1, NEST = -2, NEST_AND_GO_ON = -3 };

static const char guest_text[] =
    "(module $threads"
    "  (import \"host\" \"raw\" (func $raw (param i32) (result i32)))"
    "  (import \"host\" \"tagged\" (func $tagged (param i32) (result i32)))"
    "  (memory (export \"memory\") 1 8)"
    "  (table $t (export \"table\") 4 64 funcref)"
    "  (func (export \"sum\") (param $n i32) (result i32) (local $sum i32)"
    "    (loop $again"
    "      local.get $sum local.get $n call $raw i32.add local.set $sum"
    "      local.get $n i32.const 1 i32.sub local.tee $n br_if $again)"
    "    local.get $sum)"
    "  (func (export \"call_raw\") (param i32) (result i32) local.get 0 call $raw)"
    "  (func (export \"call_tagged\") (param i32) (result i32) local.get 0 call $tagged)"
    "  (func (export \"unreachable\") (param i32) (result i32) unreachable)"
    "  (func (export \"divide\") (param i32) (result i32) i32.const 1 local.get 0 i32.div_s)"
    "  (func (export \"load_far\") (param i32) (result i32) i32.const -4 i32.load)"
    "  (func (export \"call_null\") (param i32) (result i32) i32.const 1 i32.const 3 call_indirect (param i32)"
    "    (result i32))"
    "  (func $endless (export \"endless\") (param i32) (result i32) local.get 0 call $endless))";

enum { SUM, CALL_RAW, CALL_TAGGED, UNREACHABLE, DIVIDE, LOAD_FAR, CALL_NULL, ENDLESS, FUNC_COUNT };
static const char *const func_names[FUNC_COUNT] = {"sum",    "call_raw", "call_tagged", "unreachable",
                                                   "divide", "load_far", "call_null",   "endless"};
static const struct {
    size_t func;
    wrl_trap_code_t code;
} traps[] = {{UNREACHABLE, WRL_TRAP_UNREACHABLE},
             {DIVIDE, WRL_TRAP_INTEGER_DIVISION_BY_ZERO},
             {LOAD_FAR, WRL_TRAP_MEMORY_OUT_OF_BOUNDS},
             {CALL_NULL, WRL_TRAP_INDIRECT_CALL_TO_NULL},
             {ENDLESS, WRL_TRAP_STACK_OVERFLOW}};
enum { TRAP_COUNT = sizeof traps / sizeof traps[0] };

/* ---- Data that all threads share ---- */

typedef struct shared {
    const char *name;
    wrl_engine_t *engine;
    wrl_module_t *module;
} shared_t;

static shared_t backends[MAX_BACKENDS];
static size_t backend_count;
static const char *loaded_file;
static wrl_bytes_t guest;
static size_t divisor = 1;

static size_t passed;
static size_t failed;
static pthread_mutex_t report_lock = PTHREAD_MUTEX_INITIALIZER;
static bool test_failed;

/* Prints the problem, once per test. */
static void wrong(const char *format, ...)
{
    pthread_mutex_lock(&report_lock);
    if (!test_failed) {
        test_failed = true;
        va_list arguments;
        va_start(arguments, format);
        printf("FAIL  ");
        vprintf(format, arguments);
        printf("\n");
        va_end(arguments);
    }
    pthread_mutex_unlock(&report_lock);
}

/* Returns whether there was no error. */
static bool ok(wrl_error_t *error)
{
    if (!error) {
        return true;
    }
    wrong("%s", wrl_error_message(error));
    wrl_error_delete(error);
    return false;
}

/* ---- A lane: a store and its contents, for one thread at a time ---- */

typedef struct lane {
    const shared_t *shared;
    wrl_store_t *store;
    wrl_imports_t *imports;
    wrl_instance_t instance;
    wrl_memory_t memory;
    wrl_func_t funcs[FUNC_COUNT];
    struct lane *inner; /* For NEST: the lane whose guest the host function calls. */
    size_t inner_trap;
    wrl_error_t *returned; /* The last error that the host function returned. */
    size_t rounds;
    atomic_int finalized;
    pthread_t user; /* The thread that uses the lane. */
} lane_t;

static wrl_error_t *call(const lane_t *lane, size_t func, int32_t argument, int32_t *result)
{
    const wrl_val_t arg = WRL_I32(argument);
    wrl_val_t value = WRL_I32(0);
    wrl_error_t *error = wrl_func_call(lane->store, lane->funcs[func], &arg, 1, &value, 1);
    *result = value.of.i32;
    return error;
}

static void finalize(void *data)
{
    lane_t *lane = data;
    if (!pthread_equal(lane->user, pthread_self())) {
        wrong("%s: a finalizer ran on a thread other than the call's", lane->shared->name);
    }
    atomic_fetch_add(&lane->finalized, 1);
}

/* Runs the inner guest while the outer one waits. The trap propagates through both guests, or is handled here. */
static wrl_error_t *nest(lane_t *lane, bool go_on)
{
    int32_t result;
    wrl_error_t *error = call(lane->inner, lane->inner->inner ? CALL_RAW : traps[lane->inner_trap].func,
                              lane->inner->inner ? NEST : 0, &result);
    if (!error) {
        wrong("the inner guest did not trap");
    }
    if (go_on) {
        wrl_error_delete(error);
        return NULL;
    }
    lane->returned = error;
    return error;
}

static wrl_error_t *host_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    lane_t *lane = env;
    if (wrl_caller_store(caller) != lane->store) {
        wrong("the caller belongs to another store");
    }
    switch (slots[0].i32) {
    case FAIL:
        lane->returned = wrl_error_new_with_data(WRL_ERROR_HOST, "not welcome", lane, finalize);
        return lane->returned;
    case NEST:
        return nest(lane, false);
    case NEST_AND_GO_ON:
        return nest(lane, true);
    default:
        return NULL;
    }
}

static wrl_error_t *host_tagged(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    (void)arg_count;
    (void)result_count;
    results[0] = WRL_I32(args[0].of.i32 + 1);
    return NULL;
}

static bool instantiate(lane_t *lane)
{
    bool made = ok(wrl_instance_new(lane->store, lane->shared->module, lane->imports, NULL, &lane->instance)) &&
                wrl_instance_get_memory(lane->store, lane->instance, "memory", &lane->memory);
    for (size_t i = 0; i < FUNC_COUNT && made; i++) {
        made = wrl_instance_get_func(lane->store, lane->instance, func_names[i], &lane->funcs[i]);
    }
    return made;
}

static bool lane_init(lane_t *lane, const shared_t *shared)
{
    memset(lane, 0, sizeof *lane);
    lane->shared = shared;
    lane->user = pthread_self();
    atomic_init(&lane->finalized, 0);
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t raw;
    wrl_func_t tagged;
    return ok(wrl_store_new(shared->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), lane, finalize},
                            &lane->store)) &&
           ok(wrl_imports_new(&lane->imports)) &&
           ok(wrl_func_new_raw(lane->store, &type, host_raw, lane, finalize, &raw)) &&
           ok(wrl_func_new(lane->store, &type, host_tagged, lane, finalize, &tagged)) &&
           ok(wrl_imports_define(lane->imports, "host", "raw", wrl_extern_from_func(raw))) &&
           ok(wrl_imports_define(lane->imports, "host", "tagged", wrl_extern_from_func(tagged))) && instantiate(lane);
}

static void lane_end(lane_t *lane)
{
    int before = atomic_load(&lane->finalized);
    bool whole = lane->store && lane->imports;
    lane->user = pthread_self();
    wrl_imports_delete(lane->imports);
    wrl_store_delete(lane->store);
    if (whole && atomic_load(&lane->finalized) != before + 3) {
        wrong("the finalizers ran %d times", atomic_load(&lane->finalized) - before);
    }
}

static void expect(lane_t *lane, size_t func, int32_t argument, int32_t wanted)
{
    int32_t result;
    if (ok(call(lane, func, argument, &result)) && result != wanted) {
        wrong("%s: %s returned %d instead of %d", lane->shared->name, func_names[func], (int)result, (int)wanted);
    }
}

static void expect_trap(lane_t *lane, size_t trap)
{
    int32_t result;
    wrl_error_t *error = call(lane, traps[trap].func, 0, &result);
    if (!error || wrl_error_trap_code(error) != traps[trap].code) {
        wrong("%s: %s gave \"%s\"", lane->shared->name, func_names[traps[trap].func],
              error ? wrl_error_message(error) : "no error");
    }
    wrl_error_delete(error);
}

/* Expects the same error object that the host function returned. The caller owns it. */
static wrl_error_t *expect_returned(lane_t *lane, int32_t argument)
{
    int32_t result;
    lane->returned = NULL;
    wrl_error_t *error = call(lane, CALL_RAW, argument, &result);
    if (!error || error != lane->returned) {
        wrong("%s: the host's error was not returned", lane->shared->name);
    }
    return error;
}

static void use_memory(lane_t *lane)
{
    char bytes[16] = "something";
    char again[16] = "";
    if (wrl_memory_size(lane->store, lane->memory) < 8) {
        (void)ok(wrl_memory_grow(lane->store, lane->memory, 1, NULL));
    }
    if (ok(wrl_memory_write(lane->store, lane->memory, 65530, bytes, sizeof bytes)) &&
        ok(wrl_memory_read(lane->store, lane->memory, 65530, again, sizeof again)) &&
        memcmp(bytes, again, sizeof bytes) != 0) {
        wrong("%s: the memory has the wrong contents", lane->shared->name);
    }
}

static void use_references(lane_t *lane)
{
    wrl_extern_t table;
    wrl_val_t value = WRL_FUNCREF(lane->funcs[SUM]);
    if (wrl_instance_get_export(lane->store, lane->instance, "table", &table) &&
        ok(wrl_table_set(lane->store, table.of.table, 1, &value)) &&
        ok(wrl_table_get(lane->store, table.of.table, 1, &value)) && value.of.func.index != lane->funcs[SUM].index) {
        wrong("%s: the table has the wrong contents", lane->shared->name);
    }
}

/* Uses the lane in every way. */
static void lane_round(lane_t *lane)
{
    size_t round = lane->rounds++;
    expect(lane, SUM, 10, 55);
    expect(lane, CALL_TAGGED, 41, 42);
    expect_trap(lane, round % TRAP_COUNT);
    int before = atomic_load(&lane->finalized);
    wrl_error_delete(expect_returned(lane, FAIL));
    if (atomic_load(&lane->finalized) != before + 1) {
        wrong("%s: the error's data was not finalized once", lane->shared->name);
    }
    expect_trap(lane, (round + 2) % TRAP_COUNT);
    use_memory(lane);
    use_references(lane);
    if (round % 8 == 7) {
        (void)instantiate(lane);
    }
}

/* ---- Running threads ---- */

typedef void *(*body_t)(void *env);

/* Runs a function for each environment, each in a thread of its own, and waits for all. */
static void run_threads(body_t body, void *envs, size_t env_size, size_t count)
{
    pthread_t threads[2 * THREADS];
    size_t started = 0;
    while (started < count && pthread_create(&threads[started], NULL, body, (char *)envs + started * env_size) == 0) {
        started++;
    }
    if (started < count) {
        wrong("only %zu of %zu threads started", started, count);
    }
    for (size_t i = 0; i < started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

static void run_test(const char *name, void (*test)(void))
{
    test_failed = false;
    test();
    printf("%s  %s\n", test_failed ? "FAIL" : "ok  ", name);
    passed += !test_failed;
    failed += test_failed;
}

/* ---- A store for each thread, while others use engines, modules and the list of backends ---- */

typedef struct worker {
    size_t number;
} worker_t;

static atomic_size_t working;

static void *own_stores(void *env)
{
    const worker_t *worker = env;
    lane_t lane;
    for (size_t i = 0; i < 6; i++) {
        if (lane_init(&lane, &backends[worker->number % backend_count])) {
            for (size_t round = 0; round < 60 / divisor + 8; round++) {
                lane_round(&lane);
            }
        }
        lane_end(&lane);
    }
    atomic_fetch_sub(&working, 1);
    return NULL;
}

/* Makes an engine, a module and a store of its own, and deletes the store last. */
static void use_own_engine(const char *backend)
{
    shared_t own = {backend, NULL, NULL};
    lane_t lane;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backend;
    bool made = ok(wrl_engine_new(&config, &own.engine)) &&
                ok(wrl_module_new(own.engine, guest.data, guest.size, NULL, &own.module)) && lane_init(&lane, &own);
    wrl_engine_release(own.engine);
    if (made) {
        lane_round(&lane);
    }
    wrl_module_release(own.module);
    if (made) {
        expect(&lane, SUM, 3, 6);
        lane_end(&lane);
    }
}

/* Reads everything that a module reports. */
static size_t read_module(const wrl_module_t *module)
{
    size_t read = wrl_module_section_count(module);
    wrl_importtype_t import;
    wrl_exporttype_t export;
    wrl_externtype_t item;
    wrl_section_t section;
    for (size_t i = 0; wrl_module_import(module, i, &import); i++) {
        read += import.name_size;
    }
    for (size_t i = 0; wrl_module_export(module, i, &export); i++) {
        read += wrl_module_get_export(module, export.name, &export) + export.name_size;
    }
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        read += section.size;
    }
    for (size_t i = 0; wrl_module_index_space_type(module, WRL_EXTERN_FUNC, i, &item); i++) {
        char text[64];
        read += wrl_externtype_print(&item, text, sizeof text);
    }
    size_t size = 0;
    (void)wrl_module_name(module, &size);
    return read + size + wrl_module_custom_section(module, "name", &section);
}

static void *engines_meanwhile(void *env)
{
    (void)env;
    for (size_t i = 0; atomic_load(&working) || i < 4; i++) {
        const shared_t *shared = &backends[i % backend_count];
        use_own_engine(shared->name);
        wrl_engine_t *engine = wrl_engine_retain(shared->engine);
        wrl_module_t *module = wrl_module_retain(shared->module);
        wrl_module_t *compiled = NULL;
        (void)ok(wrl_module_new(engine, guest.data, guest.size, NULL, &compiled));
        if (!compiled || read_module(module) != read_module(compiled)) {
            wrong("%s: the modules differ", shared->name);
        }
        wrl_engine_release(engine);
        wrl_module_release(module);
        wrl_module_release(compiled);
    }
    return NULL;
}

static void *registry_meanwhile(void *env)
{
    (void)env;
    for (size_t i = 0; atomic_load(&working) || i < 100; i++) {
        wrl_backend_info_t info;
        size_t count = wrl_backend_count();
        if (count < backend_count || !wrl_backend_get(i % count, &info) || !info.name) {
            wrong("the list of backends is wrong");
        }
        if (!wrl_backend_find(backends[i % backend_count].name, &info) || wrl_backend_find("no_such", NULL)) {
            wrong("a backend was not found, or a missing one was");
        }
        if (loaded_file) {
            const char *name;
            (void)ok(wrl_backend_load(loaded_file, &name));
        }
    }
    return NULL;
}

static void *worker_or_meanwhile(void *env)
{
    const worker_t *worker = env;
    if (worker->number < THREADS) {
        return own_stores(env);
    }
    return worker->number < THREADS + 2 ? engines_meanwhile(env) : registry_meanwhile(env);
}

static void test_own_stores(void)
{
    worker_t workers[THREADS + 4];
    for (size_t i = 0; i < THREADS + 4; i++) {
        workers[i].number = i;
    }
    atomic_store(&working, THREADS);
    run_threads(worker_or_meanwhile, workers, sizeof workers[0], THREADS + 4);
}

/* ---- Stores and errors handed over between threads ---- */

static struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    lane_t *lanes[STORES];
    wrl_error_t *errors[STORES]; /* Of the last round. The next thread deletes them. */
    size_t count;
    size_t left; /* The number of rounds left. */
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static bool take(lane_t **lane, wrl_error_t **error)
{
    pthread_mutex_lock(&queue.lock);
    while (queue.left && !queue.count) {
        pthread_cond_wait(&queue.changed, &queue.lock);
    }
    bool taken = queue.left > 0;
    if (taken) {
        queue.left--;
        /* The lane that has waited longest. */
        *lane = queue.lanes[0];
        *error = queue.errors[0];
        queue.count--;
        for (size_t i = 0; i < queue.count; i++) {
            queue.lanes[i] = queue.lanes[i + 1];
            queue.errors[i] = queue.errors[i + 1];
        }
    }
    pthread_mutex_unlock(&queue.lock);
    return taken;
}

static void give(lane_t *lane, wrl_error_t *error)
{
    pthread_mutex_lock(&queue.lock);
    queue.lanes[queue.count] = lane;
    queue.errors[queue.count++] = error;
    /* The last round wakes all waiting threads. */
    (void)pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.lock);
}

static void *hand_on(void *env)
{
    (void)env;
    lane_t *lane;
    wrl_error_t *error;
    while (take(&lane, &error)) {
        if (error && wrl_error_data(error) != lane) {
            wrong("the error has lost its data");
        }
        lane->user = pthread_self();
        wrl_error_delete(error);
        lane_round(lane);
        give(lane, expect_returned(lane, FAIL));
    }
    return NULL;
}

static void test_handed_on(void)
{
    static lane_t lanes[STORES];
    bool made = true;
    queue.count = 0;
    queue.left = 1200 / divisor;
    for (size_t i = 0; i < STORES && made; i++) {
        made = lane_init(&lanes[i], &backends[i % backend_count]);
        queue.lanes[i] = &lanes[i];
        queue.errors[i] = NULL;
        queue.count++;
    }
    if (made) {
        char unused[THREADS];
        run_threads(hand_on, unused, 1, THREADS);
    }
    for (size_t i = 0; i < queue.count; i++) {
        queue.lanes[i]->user = pthread_self();
        wrl_error_delete(queue.errors[i]);
        lane_end(queue.lanes[i]);
    }
}

/* ---- Engines that trap simultaneously ---- */

static atomic_size_t arrived;

/* Releases all threads as simultaneously as possible. */
static void wait_for_all(size_t round)
{
    atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < (round + 1) * THREADS) {
        (void)sched_yield();
    }
}

static void *trap_at_once(void *env)
{
    const worker_t *worker = env;
    lane_t lane;
    bool made = lane_init(&lane, &backends[worker->number % backend_count]);
    for (size_t round = 0; round < 400 / divisor; round++) {
        wait_for_all(round);
        if (made) {
            expect_trap(&lane, (round + worker->number / backend_count) % TRAP_COUNT);
        }
    }
    lane_end(&lane);
    return NULL;
}

static void test_at_once(void)
{
    worker_t workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].number = i;
    }
    atomic_store(&arrived, 0);
    run_threads(trap_at_once, workers, sizeof workers[0], THREADS);
}

/* ---- Engines with nested traps ---- */

/* Three guests: the outer and the inner one on one backend, the middle one on the other. */
static void *trap_nested(void *env)
{
    const worker_t *worker = env;
    lane_t lanes[3];
    bool made = true;
    for (size_t i = 0; i < 3; i++) {
        made = lane_init(&lanes[i], &backends[(worker->number + i) % backend_count]) && made;
    }
    for (size_t round = 0; round < 100 / divisor && made; round++) {
        for (size_t depth = 1; depth < 3; depth++) {
            lanes[0].inner = &lanes[1];
            lanes[1].inner = depth == 2 ? &lanes[2] : NULL;
            lanes[0].inner_trap = lanes[1].inner_trap = round % TRAP_COUNT;
            wrl_error_t *error = expect_returned(&lanes[0], NEST);
            if (error && wrl_error_trap_code(error) != traps[round % TRAP_COUNT].code) {
                wrong("the inner trap was returned as \"%s\"", wrl_error_message(error));
            }
            wrl_error_delete(error);
            /* The outer guest continues after a trap of the inner one, and then traps itself. */
            expect(&lanes[0], CALL_RAW, NEST_AND_GO_ON, NEST_AND_GO_ON);
            expect_trap(&lanes[0], (round + 1) % TRAP_COUNT);
        }
        for (size_t i = 0; i < 3; i++) {
            lanes[i].inner = NULL;
            expect(&lanes[i], SUM, 4, 10);
        }
    }
    for (size_t i = 0; i < 3; i++) {
        lane_end(&lanes[i]);
    }
    return NULL;
}

static void test_nested(void)
{
    worker_t workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].number = i;
    }
    run_threads(trap_nested, workers, sizeof workers[0], THREADS);
}

/* ---- The last thread drops the last reference ---- */

static void *drop_last(void *env)
{
    lane_t *lane = env;
    expect(lane, SUM, 10, 55);
    expect_trap(lane, LOAD_FAR - UNREACHABLE);
    lane_end(lane);
    return NULL;
}

static void test_last_reference(void)
{
    for (size_t round = 0; round < 40 / divisor; round++) {
        shared_t own = {backends[round % backend_count].name, NULL, NULL};
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = own.name;
        static lane_t lanes[THREADS];
        bool made = ok(wrl_engine_new(&config, &own.engine)) &&
                    ok(wrl_module_new(own.engine, guest.data, guest.size, NULL, &own.module));
        size_t count = 0;
        while (made && count < THREADS) {
            made = lane_init(&lanes[count++], &own);
        }
        wrl_engine_release(own.engine);
        wrl_module_release(own.module);
        if (made) {
            run_threads(drop_last, lanes, sizeof lanes[0], THREADS);
        }
        for (size_t i = 0; i < count && !made; i++) {
            lane_end(&lanes[i]);
        }
    }
}

/* ---- Compilation while the threads run ---- */

enum { CHAIN = 3 };

/* A chain of compilations. Only the compilation and its module refer to the engine of the compilation. */
typedef struct chain {
    const char *backend;
    size_t left;
    atomic_size_t *waiting;
} chain_t;

static void on_compiled(void *env, wrl_error_t *error, wrl_module_t *module);

static bool compile_async(chain_t *chain, wrl_engine_t *engine)
{
    return ok(wrl_module_new_async(engine, guest.data, guest.size, NULL, on_compiled, chain));
}

/* Uses the module and starts the next compilation, with functions that any thread may call. */
static void on_compiled(void *env, wrl_error_t *error, wrl_module_t *module)
{
    chain_t *chain = env;
    bool more = false;
    if (ok(error)) {
        const shared_t own = {chain->backend, wrl_module_engine(module), module};
        lane_t lane;
        if (lane_init(&lane, &own)) {
            lane_round(&lane);
        }
        more = --chain->left > 0 && compile_async(chain, own.engine);
        wrl_module_release(module);
        if (lane.store && lane.instance.store_id) {
            expect(&lane, SUM, 3, 6);
        }
        lane_end(&lane);
    }
    if (!more) {
        atomic_fetch_sub(chain->waiting, 1);
    }
}

/* The engine rejects the module: a function leaves no result. */
static void on_refused(void *env, wrl_error_t *error, wrl_module_t *module)
{
    if (module || wrl_error_kind(error) != WRL_ERROR_INVALID) {
        wrong("an invalid module was compiled");
    }
    wrl_error_delete(error);
    wrl_module_release(module);
    atomic_fetch_sub((atomic_size_t *)env, 1);
}

static const uint8_t not_valid[] = {0, 'a',  's', 'm', 1, 0, 0,  0, 1, 5, 1, 0x60, 0,
                                    1, 0x7f, 3,   2,   1, 0, 10, 4, 1, 2, 0, 0x0b};

static void *compile_meanwhile(void *env)
{
    const worker_t *worker = env;
    for (size_t round = 0; round < 12 / divisor + 1; round++) {
        enum { COUNT = 3 };
        chain_t chains[COUNT];
        atomic_size_t waiting;
        atomic_init(&waiting, 0);
        for (size_t i = 0; i < COUNT; i++) {
            chains[i] = (chain_t){backends[(worker->number + i) % backend_count].name, CHAIN, &waiting};
            wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
            config.backend = chains[i].backend;
            wrl_engine_t *engine;
            if (!ok(wrl_engine_new(&config, &engine))) {
                continue;
            }
            atomic_fetch_add(&waiting, 2);
            if (!compile_async(&chains[i], engine)) {
                atomic_fetch_sub(&waiting, 1);
            }
            if (!ok(wrl_module_new_async(engine, not_valid, sizeof not_valid, NULL, on_refused, &waiting))) {
                atomic_fetch_sub(&waiting, 1);
            }
            wrl_error_t *error = wrl_module_new_async(engine, guest.data, guest.size - 1, NULL, on_refused, &waiting);
            if (wrl_error_kind(error) != WRL_ERROR_MALFORMED) {
                wrong("an incomplete module was accepted");
            }
            wrl_error_delete(error);
            wrl_engine_release(engine);
        }
        while (atomic_load(&waiting)) {
            (void)sched_yield();
        }
    }
    return NULL;
}

static void test_compiled_meanwhile(void)
{
    worker_t workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].number = i;
    }
    run_threads(compile_meanwhile, workers, sizeof workers[0], THREADS);
}

/* ---- The first use of the library, by all threads at once ---- */

static atomic_size_t opened;

/* A backend that supports no version of the interface. */
static const wrl_backend_t *open_nothing(uint32_t abi)
{
    (void)abi;
    atomic_fetch_add(&opened, 1);
    return NULL;
}

static void *use_first(void *env)
{
    const worker_t *worker = env;
    const char *name = backends[worker->number % backend_count].name;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = name;
    wrl_engine_t *engine = NULL;
    wrl_module_t *module = NULL;
    wrl_bytes_t bytes = {NULL, 0};
    wait_for_all(0);
    /* Half of the threads start with the list, half with an engine. */
    if (worker->number & 1 && wrl_backend_count() < backend_count) {
        wrong("the list of backends is incomplete");
    }
    if (ok(wrl_engine_new(&config, &engine)) && ok(wrl_wat_to_wasm(guest_text, strlen(guest_text), &bytes)) &&
        ok(wrl_module_new(engine, bytes.data, bytes.size, NULL, &module)) &&
        (strcmp(wrl_engine_backend_name(engine), name) != 0 || !wrl_engine_supports(engine, WRL_FEATURE_EXECUTION))) {
        wrong("%s: the engine has another backend", name);
    }
    wrl_error_t *error = wrl_backend_register(open_nothing);
    if (wrl_error_kind(error) != WRL_ERROR_INVALID_ARGUMENT) {
        wrong("a backend without a supported version was accepted");
    }
    wrl_error_delete(error);
    wrl_bytes_delete(&bytes);
    error = wrl_wat_to_wasm("(modul)", 7, &bytes);
    if (wrl_error_kind(error) != WRL_ERROR_MALFORMED) {
        wrong("text that is not a module was accepted");
    }
    wrl_error_delete(error);
    wrl_module_release(module);
    wrl_engine_release(engine);
    return NULL;
}

static void test_first_use(void)
{
    worker_t workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].number = i;
    }
    atomic_store(&arrived, 0);
    run_threads(use_first, workers, sizeof workers[0], THREADS);
    if (atomic_load(&opened) != THREADS) {
        wrong("a backend was opened %zu times, not %d", atomic_load(&opened), (int)THREADS);
    }
}

/* ---- The program ---- */

static bool start(void)
{
    bool made = ok(wrl_wat_to_wasm(guest_text, strlen(guest_text), &guest));
    for (size_t i = 0; i < backend_count && made; i++) {
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = backends[i].name;
        made = ok(wrl_engine_new(&config, &backends[i].engine)) &&
               ok(wrl_module_new(backends[i].engine, guest.data, guest.size, NULL, &backends[i].module));
    }
    return made;
}

static void end(void)
{
    for (size_t i = 0; i < backend_count; i++) {
        wrl_module_release(backends[i].module);
        wrl_engine_release(backends[i].engine);
    }
    wrl_bytes_delete(&guest);
}

int main(int argc, char **argv)
{
    int first = 1;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        if (strcmp(argv[first], "--divisor") == 0) {
            divisor = strtoul(argv[first + 1], NULL, 10);
        } else if (strcmp(argv[first], "--loaded") == 0) {
            loaded_file = argv[first + 1];
        }
    }
    if (first >= argc || argc - first > MAX_BACKENDS || divisor == 0 || divisor > 20) {
        (void)fprintf(stderr, "usage: wrl_threads [--divisor N] [--loaded FILE.so] BACKEND [BACKEND]\n"
                              "  --divisor N        Do N times fewer rounds, up to 20.\n"
                              "  --loaded FILE.so   A backend to load again and again.\n");
        return 2;
    }
    for (; first < argc; first++) {
        backends[backend_count++].name = argv[first];
    }
    run_test("the first use", test_first_use);
    if (start()) {
        run_test("a store for each thread", test_own_stores);
        run_test("stores handed on", test_handed_on);
        run_test("traps at once", test_at_once);
        run_test("traps inside one another", test_nested);
        run_test("the last reference", test_last_reference);
        run_test("compiled meanwhile", test_compiled_meanwhile);
    } else {
        failed++;
    }
    end();
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
