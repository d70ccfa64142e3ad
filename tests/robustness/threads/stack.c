/*
 * Guests and hosts call each other without end, on threads with stacks of all sizes, in one store and alternating
 * between several, on one backend and on two. Each call ends with an error that names the exhausted resource, and never
 * with a crash.
 */
#include "../../support/found.h"
#include "wrl.h"
#include "wrl/backend.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { MAX_STORES = 12, KIB = 1024, FRAME = 8 * KIB, GUEST_FRAMES = 4000 };

/* go(n) recurses n guest frames deep and then calls the host. */
static const char guest_text[] =
    "(module (import \"host\" \"next\" (func $next (result i32)))"
    "  (func $go (export \"go\") (param i32) (result i32)"
    "    (if (result i32) (i32.eqz (local.get 0)) (then (call $next))"
    "      (else (i32.add (i32.const 1) (call $go (i32.sub (local.get 0) (i32.const 1))))))))";

typedef struct world {
    wrl_engine_t *engines[2];
    wrl_bytes_t guest;
} world_t;

typedef struct run {
    const world_t *world;
    const char *engine_name;
    size_t store_count;
    bool two_engines;
    bool large_frames;
    int depth;
    int guest_frames;
    int host_calls; /* How often the host calls itself before it calls a guest. */
    int calls_left;
    size_t turn;
    bool has_ended;
    bool makes_tables;
    wrl_store_t *stores[MAX_STORES];
    wrl_func_t funcs[MAX_STORES];
    wrl_func_t hosts[MAX_STORES];
    bool good;
} run_t;

static size_t passed;
static size_t failed;

static wrl_error_t *enter_next(run_t *run)
{
    if (run->store_count == 0) {
        return NULL;
    }
    wrl_raw_t slot = {.i32 = run->guest_frames};
    if (run->calls_left > 0) {
        run->calls_left--;
        return wrl_func_call_raw(run->stores[0], run->hosts[0], &slot, 1);
    }
    size_t index = run->turn++ % run->store_count;
    return wrl_func_call_raw(run->stores[index], run->funcs[index], &slot, 1);
}

/* Makes a table, for which an engine may have to compile a module. */
static void make_table(run_t *run, wrl_store_t *store)
{
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 0, 2);
    type.is_64 = true;
    wrl_table_t table;
    wrl_error_t *error = wrl_table_new(store, &type, &null, &table);
    run->makes_tables = !error || wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT;
    wrl_error_delete(error);
}

static wrl_error_t *next_small(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    run_t *run = (run_t *)env;
    (void)slots;
    run->depth++;
    wrl_error_t *error = enter_next(run);
    if (error && !run->has_ended) {
        /* The stack is now as full as possible. */
        run->has_ended = true;
        make_table(run, wrl_caller_store(caller));
    }
    return error;
}

static wrl_error_t *next_large(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    volatile char frame[FRAME];
    for (size_t i = 0; i < sizeof frame; i += 512) {
        frame[i] = (char)i;
    }
    wrl_error_t *error = next_small(env, caller, slots);
    frame[0] = frame[512];
    return error;
}

static wrl_error_t *open_store(run_t *run, size_t index)
{
    wrl_engine_t *engine = run->world->engines[run->two_engines && index % 2];
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES(WRL_TYPE_I32));
    wrl_module_t *module = NULL;
    wrl_imports_t *imports = NULL;
    wrl_instance_t instance;
    wrl_func_t host = {0};
    wrl_error_t *error = wrl_module_new(engine, run->world->guest.data, run->world->guest.size, NULL, &module);
    error = error ? error : wrl_store_new(engine, NULL, &run->stores[index]);
    error = error ? error : wrl_imports_new(&imports);
    error = error ? error
                  : wrl_func_new_raw(run->stores[index], &type, run->large_frames ? next_large : next_small, run, NULL,
                                     &host);
    error = error ? error : wrl_imports_define(imports, "host", "next", wrl_extern_from_func(host));
    error = error ? error : wrl_instance_new(run->stores[index], module, imports, NULL, &instance);
    error = error ? error : found(wrl_instance_get_func(run->stores[index], instance, "go", &run->funcs[index]));
    run->hosts[index] = host;
    wrl_imports_delete(imports);
    wrl_module_release(module);
    return error;
}

/* Returns whether a small stack may cause the error. */
static bool is_expected(wrl_error_t *error)
{
    if (!error) {
        return false;
    }
    bool compiling =
        wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT && strstr(wrl_error_message(error), "compiling needs ");
    return compiling || wrl_error_trap_code(error) == WRL_TRAP_STACK_OVERFLOW;
}

static void *work(void *env)
{
    run_t *run = (run_t *)env;
    wrl_error_t *error = NULL;
    for (size_t i = 0; i < run->store_count && !error; i++) {
        error = open_store(run, i);
    }
    /* Calls twice, because the state after an error must not harm the next call. */
    for (int i = 0; i < 2 && !error; i++) {
        run->calls_left = run->host_calls;
        error = enter_next(run);
        if (i == 0 && is_expected(error)) {
            wrl_error_delete(error);
            error = NULL;
        }
    }
    run->good = is_expected(error) && run->makes_tables == run->has_ended;
    if (!run->good) {
        printf("unexpected: %s\n", error ? wrl_error_message(error) : "no error");
    }
    wrl_error_delete(error);
    for (size_t i = 0; i < run->store_count; i++) {
        wrl_store_delete(run->stores[i]);
    }
    return NULL;
}

static bool on_thread(size_t stack, void *(*body)(void *), void *env)
{
    pthread_attr_t attributes;
    pthread_t thread;
    bool made = pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, stack) == 0 &&
                pthread_create(&thread, &attributes, body, env) == 0;
    return made && pthread_join(thread, NULL) == 0;
}

static void check(bool good, const run_t *run, size_t stack)
{
    passed += good;
    failed += !good;
    if (!good) {
        printf("FAILED: %s, %zu KiB, %zu stores, %s frames\n", run->engine_name, stack / KIB, run->store_count,
               run->large_frames ? "large" : "small");
    }
}

static void run_all(const world_t *world, const char *name, bool two_engines)
{
    static const size_t stacks[] = {64, 128, 256, 512, 640, 1024, 2048, 8192};
    static const size_t store_counts[] = {1, 2, 3, 12};
    enum { VARIANTS = 4, HOST_CALLS = 150, TOO_MANY_FRAMES = 1000000 };
    for (size_t s = 0; s < sizeof stacks / sizeof *stacks; s++) {
        for (size_t c = 0; c < sizeof store_counts / sizeof *store_counts; c++) {
            for (int variant = 0; variant < (c == 0 ? 2 * VARIANTS : VARIANTS); variant++) {
                run_t run = {.world = world, .engine_name = name, .store_count = store_counts[c]};
                run.two_engines = two_engines;
                run.large_frames = variant & 1;
                run.guest_frames = variant & 2 ? GUEST_FRAMES : 0;
                if (variant & VARIANTS) {
                    run.host_calls = HOST_CALLS;
                    run.guest_frames = variant & 2 ? TOO_MANY_FRAMES : 0;
                }
                bool good = on_thread(stacks[s] * KIB, work, &run) && run.good;
                check(good, &run, stacks[s] * KIB);
            }
        }
    }
}

/* ---- Functions with many values ----
 * An engine that runs guests on the native stack passes values on this stack, in either direction, even when guests
 * have already used their whole share of the stack.
 */

enum { MANY = WRL_MAX_PARAMS, LOCALS = 15 * KIB, STEP = 64, MANY_TEXT = 64 * KIB };
enum { SMALL_STACK = 64 * KIB, PAGE = 4 * KIB, MOST = 8 * KIB * KIB };

#define NG_10 "ngngngngngngngngngng"
#define NG_50 NG_10 NG_10 NG_10 NG_10 NG_10
#define NG_200 NG_50 NG_50 NG_50 NG_50

/* A module that is compiled before threads with small stacks run it. */
typedef struct many {
    wrl_bytes_t guest;
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_func_t large; /* The guest's function with many values. */
    wrl_raw_t slots[MANY];
    wrl_error_t *error;
} many_t;

static wrl_error_t *take_many(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    volatile char locals[LOCALS];
    (void)env;
    (void)caller;
    for (size_t i = 0; i < sizeof locals; i += 512) {
        locals[i] = (char)slots[0].i32;
    }
    return NULL;
}

static bool is_refused(const wrl_error_t *error)
{
    return error && strstr(wrl_error_message(error), "more than this thread has left");
}

/* Calls the guest with an ever smaller remaining stack, until the layer refuses the call. */
static wrl_error_t *call_many(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    many_t *many = (many_t *)env;
    volatile char locals[STEP];
    wrl_error_t *error = wrl_func_call_raw(wrl_caller_store(caller), many->large, many->slots, MANY);
    if (!is_refused(error)) {
        wrl_error_delete(error);
        error = call_many(env, caller, slots);
    }
    (void)(locals[0] = 0); /* Keeps the frame, so that the call is not a tail call. */
    return error;
}

/* take(n) and call(n) recurse n frames deep and call the host. */
static wrl_error_t *translate_many(wrl_bytes_t *guest)
{
    static char text[MANY_TEXT];
    static const char digs[] = "(func $%s (export \"%s\") (param i32)"
                               "  (if (local.get 0) (then (call $%s (i32.sub (local.get 0) (i32.const 1))))"
                               "    (else (call $%s))))";
    size_t size = 0;
#define ADD(...) (size += (size_t)snprintf(text + size, sizeof text - size, __VA_ARGS__))
#define ADD_MANY(word)                                                                                                 \
    for (int i = 0; i < MANY; i++) {                                                                                   \
        ADD(word);                                                                                                     \
    }
    ADD("(module (type $many (func (param");
    ADD_MANY(" v128");
    ADD(") (result");
    ADD_MANY(" v128");
    ADD("))) (import \"host\" \"take\" (func $host_take (type $many)))"
        "(import \"host\" \"call\" (func $host_call))"
        "(global $one (mut v128) (v128.const i64x2 1 1))"
        "(func (export \"large\") (type $many)");
    ADD_MANY("(global.get $one)");
    ADD(") (func $take_many");
    ADD_MANY("(global.get $one)");
    ADD("(call $host_take)");
    ADD_MANY("(drop)");
    ADD(")");
    ADD(digs, "take", "take", "take", "take_many");
    ADD(digs, "call", "call", "call", "host_call");
    ADD(")");
    return wrl_wat_to_wasm(text, size, guest);
#undef ADD_MANY
#undef ADD
}

static wrl_error_t *open_many(many_t *many, wrl_store_t *store, wrl_instance_t *instance)
{
    static wrl_valtype_t types[MANY];
    for (size_t i = 0; i < MANY; i++) {
        types[i] = (wrl_valtype_t)WRL_TYPE_V128;
    }
    const wrl_functype_t takes = WRL_FUNCTYPE(WRL_TYPES_N(types, MANY), WRL_TYPES_N(types, MANY));
    const wrl_functype_t calls = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_imports_t *imports = NULL;
    wrl_func_t take = {0};
    wrl_func_t call = {0};
    wrl_error_t *error = wrl_imports_new(&imports);
    error = error ? error : wrl_func_new_raw(store, &takes, take_many, NULL, NULL, &take);
    error = error ? error : wrl_func_new_raw(store, &calls, call_many, many, NULL, &call);
    error = error ? error : wrl_imports_define(imports, "host", "take", wrl_extern_from_func(take));
    error = error ? error : wrl_imports_define(imports, "host", "call", wrl_extern_from_func(call));
    error = error ? error : wrl_instance_new(store, many->module, imports, NULL, instance);
    error = error ? error : found(wrl_instance_get_func(store, *instance, "large", &many->large));
    wrl_imports_delete(imports);
    return error;
}

/* Determines whether a guest can recurse to `depth` and call the host from there. */
static wrl_error_t *reach(wrl_store_t *store, wrl_func_t func, int32_t depth, bool *reached)
{
    wrl_raw_t slot = {.i32 = depth};
    wrl_error_t *error = wrl_func_call_raw(store, func, &slot, 1);
    *reached = !error || is_refused(error);
    if (!*reached && wrl_error_trap_code(error) != WRL_TRAP_STACK_OVERFLOW) {
        return error;
    }
    wrl_error_delete(error);
    return NULL;
}

/* Finds the greatest depth from which the guest can call the host, and uses the remaining stack in every way. */
static wrl_error_t *dig(wrl_store_t *store, wrl_instance_t instance, const char *name)
{
    enum { TOO_DEEP = 1 << 20, LAST = 40 };
    wrl_func_t func;
    bool reached;
    int32_t depth = 0;
    wrl_error_t *error = found(wrl_instance_get_func(store, instance, name, &func));
    for (int32_t step = TOO_DEEP / 2; step > 0 && !error; step /= 2) {
        error = reach(store, func, depth + step, &reached);
        depth += !error && reached ? step : 0;
    }
    for (int32_t n = depth > LAST ? depth - LAST : 0; n <= depth + 1 && !error; n++) {
        error = reach(store, func, n, &reached);
    }
    return error;
}

static void *pass_many(void *env)
{
    many_t *many = (many_t *)env;
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    many->error = wrl_store_new(many->engine, NULL, &store);
    many->error = many->error ? many->error : open_many(many, store, &instance);
    many->error = many->error ? many->error : dig(store, instance, "take");
    many->error = many->error ? many->error : dig(store, instance, "call");
    wrl_store_delete(store);
    return NULL;
}

/* Runs on threads with little more stack than the layer requires. */
static void run_many(const char *backend)
{
    enum { ROUNDS = 4 };
    many_t many = {.engine = NULL};
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backend;
    config.stack_size = strcmp(backend, "wasmtime") == 0 ? SMALL_STACK : 0;
    many.error = wrl_engine_new(&config, &many.engine);
    many.error = many.error ? many.error : translate_many(&many.guest);
    many.error =
        many.error ? many.error : wrl_module_new(many.engine, many.guest.data, many.guest.size, NULL, &many.module);
    bool good = !many.error;
    int rounds = 0;
    for (size_t stack = SMALL_STACK; good && rounds < ROUNDS && stack < MOST; stack += PAGE) {
        good = on_thread(stack, pass_many, &many) && (!many.error || is_refused(many.error));
        rounds += !many.error;
        if (good) {
            wrl_error_delete(many.error);
            many.error = NULL;
        }
    }
    good = good && rounds == ROUNDS;
    passed += good;
    failed += !good;
    if (!good) {
        printf("FAILED: many values on %s: %s\n", backend,
               many.error ? wrl_error_message(many.error) : "never entered");
    }
    wrl_error_delete(many.error);
    wrl_module_release(many.module);
    wrl_engine_release(many.engine);
    wrl_bytes_delete(&many.guest);
}

/* ---- Names ----
 * An engine that demangles a guest's names to report a trap needs native stack in proportion to the length of the name.
 */

static wrl_error_t *trap_with_name(wrl_engine_t *engine, wrl_module_t *module)
{
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    wrl_func_t func;
    wrl_error_t *error = wrl_store_new(engine, NULL, &store);
    error = error ? error : wrl_instance_new(store, module, NULL, NULL, &instance);
    error = error ? error : found(wrl_instance_get_func(store, instance, "f", &func));
    error = error ? error : wrl_func_call_raw(store, func, NULL, 0);
    wrl_store_delete(store);
    return error;
}

static void *trap_on_thread(void *env)
{
    many_t *many = (many_t *)env;
    many->error = trap_with_name(many->engine, many->module);
    return NULL;
}

static void run_name(const char *backend)
{
    enum { SMALLEST = 32 * KIB };
    static const char text[] = "(module (func $_Z1fIX" NG_200 "Li1EEEvv (export \"f\") unreachable))";
    many_t many = {.engine = NULL};
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backend;
    config.stack_size = strcmp(backend, "wasmtime") == 0 ? WRL_MIN_STACK_SIZE : 0;
    many.error = wrl_engine_new(&config, &many.engine);
    many.error = many.error ? many.error : wrl_wat_to_wasm(text, sizeof text - 1, &many.guest);
    many.error =
        many.error ? many.error : wrl_module_new(many.engine, many.guest.data, many.guest.size, NULL, &many.module);
    bool good = !many.error;
    bool trapped = false;
    for (size_t stack = SMALLEST; good && !trapped && stack < MOST; stack += PAGE) {
        good = on_thread(stack, trap_on_thread, &many);
        trapped = wrl_error_trap_code(many.error) == WRL_TRAP_UNREACHABLE;
        good = good && (trapped || is_refused(many.error));
        if (good) {
            wrl_error_delete(many.error);
            many.error = NULL;
        }
    }
    good = good && trapped;
    passed += good;
    failed += !good;
    if (!good) {
        printf("FAILED: a name on %s: %s\n", backend, many.error ? wrl_error_message(many.error) : "no error");
    }
    wrl_error_delete(many.error);
    wrl_module_release(many.module);
    wrl_engine_release(many.engine);
    wrl_bytes_delete(&many.guest);
}

/* ---- Engines on small threads ---- */

#define NO_ERROR (-1)

typedef struct start {
    const char *backend;
    int kind;       /* The kind of the error of wrl_engine_new(), or NO_ERROR. */
    bool is_listed; /* Whether the list of backends was available before. */
} start_t;

static void *start_engine(void *env)
{
    start_t *start = (start_t *)env;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_engine_t *engine = NULL;
    config.backend = start->backend;
    start->is_listed = wrl_backend_count() > 0 && !wrl_backend_find("nosuch", NULL);
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    start->kind = error ? (int)wrl_error_kind(error) : NO_ERROR;
    wrl_error_delete(error);
    wrl_engine_release(engine);
    return NULL;
}

/* Either an engine can be made, or the error is that the stack is too small, and an engine can be made on a larger
 * thread. The first search for installed backends needs the most stack, so the program must not have made an engine
 * before. */
static void start_on_threads(const char *backend, int otherwise)
{
    static const size_t stacks[] = {16, 20, 24, 32, 40, 48, 64, 256};
    for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++) {
        start_t start = {.backend = backend};
        bool good = on_thread(stacks[i] * KIB, start_engine, &start) && start.is_listed;
        bool is_large = stacks[i] == 256;
        good = good && (start.kind == otherwise || (!is_large && start.kind == WRL_ERROR_RESOURCE_LIMIT));
        passed += good;
        failed += !good;
        if (!good) {
            printf("FAILED: an engine of %s on %zu KiB: kind %d\n", backend, stacks[i], start.kind);
        }
    }
}

/* The parser of the text format recurses deepest in types. */
static void *translate_text(void *data)
{
    static const char text[] = "(module (rec (type $s (sub (struct (field $x (mut (ref null $s))))))))";
    wrl_bytes_t bytes = {NULL, 0};
    wrl_error_t *error = wrl_wat_to_wasm(text, sizeof text - 1, &bytes);
    *(int *)data = error ? (int)wrl_error_kind(error) : NO_ERROR;
    wrl_error_delete(error);
    wrl_bytes_delete(&bytes);
    return NULL;
}

static void translate_on_threads(void)
{
    static const size_t stacks[] = {16, 20, 24, 32, 40, 48, 64};
    for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++) {
        int kind = -2;
        bool good = on_thread(stacks[i] * KIB, translate_text, &kind);
        good = good && (kind == NO_ERROR || (stacks[i] < 48 && kind == WRL_ERROR_RESOURCE_LIMIT));
        passed += good;
        failed += !good;
        if (!good) {
            printf("FAILED: text on %zu KiB: kind %d\n", stacks[i], kind);
        }
    }
}

int main(int argc, char **argv)
{
    world_t world = {{NULL, NULL}, {0}};
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *names[2] = {NULL, NULL};
    int count = 0;
    start_on_threads("nosuch", WRL_ERROR_INVALID_ARGUMENT);
    translate_on_threads();
    wrl_error_t *error = wrl_wat_to_wasm(guest_text, sizeof guest_text - 1, &world.guest);
    for (int i = 1; i < argc && !error; i++) {
        if (strcmp(argv[i], "--loaded") == 0 && i + 1 < argc) {
            error = wrl_backend_load(argv[++i], NULL);
        } else if (count < 2) {
            wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
            config.backend = names[count] = argv[i];
            config.max_reentry = WRL_MAX_REENTRY;
            error = wrl_engine_new(&config, &world.engines[count++]);
        }
    }
    if (error) {
        printf("FAILED: %s\n", wrl_error_message(error));
        return 1;
    }
    for (int i = 0; i < count; i++) {
        start_on_threads(names[i], NO_ERROR);
        run_many(names[i]);
        run_name(names[i]);
        world_t one = {{world.engines[i], NULL}, world.guest};
        run_all(&one, names[i], false);
    }
    if (count == 2) {
        run_all(&world, "both", true);
    }
    wrl_engine_release(world.engines[0]);
    wrl_engine_release(world.engines[1]);
    wrl_bytes_delete(&world.guest);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed != 0;
}
