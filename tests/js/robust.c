/*
 * What has to hold of the js backend whatever happens: calls, traps and stores leave nothing behind, in JS or in C; and
 * calls inside one another end well, though exceptions of JS pass through frames of C, which then vanish.
 */
#include "../../backends/js/glue.h"
#include "../../backends/js/stack.h"
#include "wrl.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* (import "e" "h"), and of the same type (i32) -> (i32): f calls h, r calls itself for ever, u is unreachable, and one,
 * which returns 1. */
static const uint8_t guest[] = {0,    'a',  's',  'm',  1,   0,    0,   0,    1,   6,    1,    0x60, 1,
                                0x7f, 1,    0x7f, /* types */
                                2,    7,    1,    1,    'e', 1,    'h', 0,    0,   3,    5,    4,    0,
                                0,    0,    0, /* functions */
                                7,    19,   4,    1,    'f', 0,    1,   1,    'r', 0,    2,    1,    'u',
                                0,    3,    3,    'o',  'n', 'e',  0,   4, /* exports */
                                10,   24,   4,    6,    0,   0x20, 0,   0x10, 0,   0x0b, 6,    0,    0x20,
                                0,    0x10, 2,    0x0b, 3,   0,    0,   0x0b, 4,   0,    0x41, 1,    0x0b};

typedef enum bottom { UNREACHABLE, OVERFLOW, HOST_ERROR, EXIT, NOTHING } bottom_t;

/* How the program ends when a host function calls exit(). */
#define STATUS 7

typedef struct world {
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_store_t *store;
    wrl_func_t f, r, u, one;
    int levels;       /* How many more there are to be. */
    bottom_t bottom;  /* What is at the lowest. */
    bool handles;     /* Whether errors are handled, at every level. */
    int handled;      /* How many were. */
    int deepest;      /* How many host calls there were. */
    int finalized;    /* How often the store's finalizer ran, */
    int finalized_fn; /* and the host function's. */
} world_t;

static int passed, failed;

static void tell(const char *name, bool good)
{
    passed += good;
    failed += !good;
    (void)printf("%s  %s\n", good ? "ok  " : "FAIL", name);
}

static bool is_kind(wrl_error_t *error, wrl_error_kind_t kind, wrl_trap_code_t code)
{
    bool same = error && wrl_error_kind(error) == kind && wrl_error_trap_code(error) == code;
    if (!same) {
        (void)printf("      %s\n", error ? wrl_error_message(error) : "no error");
    }
    wrl_error_delete(error);
    return same;
}

static bool is_ok(wrl_error_t *error)
{
    if (error) {
        (void)printf("      %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    return !error;
}

static void count(void *data)
{
    ++*(int *)data;
}

static wrl_error_t *call(world_t *world, wrl_func_t func)
{
    wrl_raw_t slot = {.i32 = 0};
    return wrl_func_call_raw(world->store, func, &slot, 1);
}

static wrl_error_t *at_bottom(world_t *world)
{
    switch (world->bottom) {
    case UNREACHABLE:
        return call(world, world->u);
    case OVERFLOW:
        return call(world, world->r);
    case HOST_ERROR:
        return wrl_error_new(WRL_ERROR_HOST, "from the bottom");
    case EXIT:
        exit(STATUS);
    default:
        return NULL;
    }
}

static wrl_error_t *on_call(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    world_t *world = (world_t *)wrl_store_data(wrl_caller_store(caller));
    (void)env;
    world->deepest++;
    wrl_error_t *error = --world->levels > 0 ? call(world, world->f) : at_bottom(world);
    if (error && world->handles) {
        world->handled++;
        wrl_error_delete(error);
        error = NULL;
        slots[0].i32 = 1;
    }
    return error;
}

static void finalize_store(void *data)
{
    ((world_t *)data)->finalized++;
}

static bool open_store(world_t *world)
{
    wrl_valtype_t i32 = {.kind = WRL_VALKIND_I32};
    wrl_functype_t type = WRL_FUNCTYPE_N(&i32, 1, &i32, 1);
    wrl_instance_t instance;
    wrl_func_t host;
    wrl_imports_t *imports = NULL;
    world->finalized = world->finalized_fn = world->handled = world->deepest = 0;
    bool good = is_ok(wrl_store_new(world->engine, world, finalize_store, &world->store)) &&
                is_ok(wrl_func_new_raw(world->store, &type, on_call, &world->finalized_fn, count, &host)) &&
                is_ok(wrl_imports_new(&imports)) &&
                is_ok(wrl_imports_define(imports, "e", "h", wrl_extern_from_func(host))) &&
                is_ok(wrl_instance_new(world->store, world->module, imports, &instance)) &&
                is_ok(wrl_instance_get_func(world->store, instance, "f", &world->f)) &&
                is_ok(wrl_instance_get_func(world->store, instance, "r", &world->r)) &&
                is_ok(wrl_instance_get_func(world->store, instance, "u", &world->u)) &&
                is_ok(wrl_instance_get_func(world->store, instance, "one", &world->one));
    wrl_imports_delete(imports);
    return good;
}

/* Whether the store still works, and ends at once with each finalizer run once. */
static bool close_store(world_t *world)
{
    wrl_raw_t slot = {.i32 = 0};
    bool good = is_ok(wrl_func_call_raw(world->store, world->one, &slot, 1)) && slot.i32 == 1;
    wrl_store_delete(world->store);
    return good && world->finalized == 1 && world->finalized_fn == 1;
}

static bool open_world(world_t *world, uint32_t max_reentry)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    memset(world, 0, sizeof *world);
    config.backend = "js";
    config.max_reentry = max_reentry;
    return is_ok(wrl_engine_new(&config, &world->engine)) &&
           is_ok(wrl_module_new(world->engine, guest, sizeof guest, &world->module));
}

static void close_world(world_t *world)
{
    wrl_module_release(world->module);
    wrl_engine_release(world->engine);
}

/* ---- Calls inside one another ---- */

static bool nest(bottom_t bottom, bool handles)
{
    static const wrl_error_kind_t kinds[] = {WRL_ERROR_TRAP, WRL_ERROR_TRAP, WRL_ERROR_HOST};
    static const wrl_trap_code_t codes[] = {WRL_TRAP_UNREACHABLE, WRL_TRAP_STACK_OVERFLOW, WRL_TRAP_NONE};
    enum { DEPTH = 100, TIMES = 3 };
    world_t world;
    bool good = open_world(&world, 200) && open_store(&world);
    uint32_t stack = wrl_js_get_stack();
    for (int i = 0; i < TIMES && good; i++) {
        world.levels = DEPTH;
        world.bottom = bottom;
        world.handles = handles;
        wrl_error_t *error = call(&world, world.f);
        good = handles ? is_ok(error) && world.handled == i + 1 : is_kind(error, kinds[bottom], codes[bottom]);
        good = good && wrl_js_get_stack() == stack && world.deepest == (i + 1) * DEPTH;
    }
    good = good && close_store(&world);
    close_world(&world);
    return good;
}

/* The exception that exit() is, in JS, has to pass through all of the guests. */
static int exit_below_guests(void)
{
    world_t world;
    if (open_world(&world, 200) && open_store(&world)) {
        world.levels = 3;
        world.bottom = EXIT;
        wrl_error_delete(call(&world, world.f));
    }
    return EXIT_FAILURE;
}

/* As deep as something allows: the layer's limit, or, if that is far, a stack. */
static bool dive(uint32_t max_reentry, wrl_error_kind_t kind, wrl_trap_code_t code)
{
    enum { TIMES = 20 };
    world_t world;
    bool good = open_world(&world, max_reentry) && open_store(&world);
    uint32_t stack = wrl_js_get_stack();
    for (int i = 0; i < TIMES && good; i++) {
        world.levels = 1 << 30;
        world.bottom = NOTHING;
        world.deepest = 0;
        good = is_kind(call(&world, world.f), kind, code) && wrl_js_get_stack() == stack;
    }
    (void)printf("      %d host calls inside one another\n", world.deepest);
    good = good && close_store(&world);
    close_world(&world);
    return good;
}

/* ---- Nothing stays behind ---- */

enum { COUNTS = 5 };

typedef struct usage {
    int held[COUNTS];
    size_t heap;
    uint32_t stack;
} usage_t;

static usage_t measure(void)
{
    usage_t usage;
    for (int i = 0; i < COUNTS; i++) {
        usage.held[i] = wrl_js_held(i);
    }
    usage.heap = (size_t)mallinfo().uordblks;
    usage.stack = wrl_js_get_stack();
    return usage;
}

static bool same(const usage_t *before, const usage_t *after)
{
    bool good = before->heap == after->heap && before->stack == after->stack;
    for (int i = 0; i < COUNTS; i++) {
        good = good && before->held[i] == after->held[i];
        if (before->held[i] != after->held[i]) {
            (void)printf("      count %d: %d, then %d\n", i, before->held[i], after->held[i]);
        }
    }
    if (!good) {
        (void)printf("      heap: %zu, then %zu; stack: %u, then %u\n", before->heap, after->heap,
                     (unsigned)before->stack, (unsigned)after->stack);
    }
    return good;
}

/* The first `times` warm up, then the action runs ten times as often. */
static bool leaves_nothing(bool (*action)(world_t *world, int number), world_t *world, int times)
{
    usage_t before = measure();
    for (int i = 0; i < 11 * times; i++) {
        if (i == times) {
            before = measure();
        }
        if (!action(world, i)) {
            return false;
        }
    }
    usage_t after = measure();
    return same(&before, &after);
}

static bool one_call(world_t *world, int number)
{
    (void)number;
    world->levels = 1;
    world->bottom = NOTHING;
    return is_ok(call(world, world->f));
}

static bool one_trap(world_t *world, int number)
{
    if (number % 100 == 0) {
        return is_kind(call(world, world->r), WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW);
    }
    world->levels = 1 + number % 3;
    world->bottom = number % 2 ? UNREACHABLE : HOST_ERROR;
    return number % 2 ? is_kind(call(world, world->f), WRL_ERROR_TRAP, WRL_TRAP_UNREACHABLE)
                      : is_kind(call(world, world->f), WRL_ERROR_HOST, WRL_TRAP_NONE);
}

static bool one_store(world_t *world, int number)
{
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    wrl_externref_t ref;
    int released = 0;
    bool good = open_store(world) && is_ok(wrl_externref_new(world->store, &released, count, &ref));
    /* Broken bytes, and an import that is missing. */
    good = good && is_kind(wrl_module_new(world->engine, guest, sizeof guest - 1 - (size_t)number % 8, &module),
                           WRL_ERROR_MALFORMED, WRL_TRAP_NONE);
    good =
        good && is_kind(wrl_instance_new(world->store, world->module, NULL, &instance), WRL_ERROR_LINK, WRL_TRAP_NONE);
    return close_store(world) && good && released == 1;
}

/* ---- Adapters: one for each signature, however many functions have it ---- */

typedef struct writer {
    uint8_t *at;
} writer_t;

static void put(writer_t *out, unsigned byte)
{
    *out->at++ = (uint8_t)byte;
}

static void put_u32(writer_t *out, uint32_t value)
{
    for (; value > 0x7f; value >>= 7) {
        put(out, value | 0x80);
    }
    put(out, value);
}

/* Begins a section of so many bytes behind the count of items. */
static void put_section(writer_t *out, uint8_t id, uint32_t size, uint32_t count)
{
    put(out, id);
    put_u32(out, size + (count > 0x7f ? 2 : 1));
    put_u32(out, count);
}

enum { FUNCTIONS = 10000, SIGNATURES = 5, FIRST_PARAMS = 2 };

/* Functions that do nothing, of two to six parameters; each is exported under four letters. */
static size_t write_many(uint8_t *bytes)
{
    writer_t out = {bytes};
    memcpy(out.at, guest, 8);
    out.at += 8;
    put_section(&out, 1, SIGNATURES * (3 + FIRST_PARAMS) + SIGNATURES * (SIGNATURES - 1) / 2, SIGNATURES);
    for (unsigned i = 0; i < SIGNATURES; i++) {
        put(&out, 0x60);
        put(&out, FIRST_PARAMS + i);
        memset(out.at, 0x7f, FIRST_PARAMS + i);
        out.at += FIRST_PARAMS + i;
        put(&out, 0);
    }
    put_section(&out, 3, FUNCTIONS, FUNCTIONS);
    for (uint32_t i = 0; i < FUNCTIONS; i++) {
        put_u32(&out, i % SIGNATURES);
    }
    put_section(&out, 7, FUNCTIONS * 8 - 0x80, FUNCTIONS);
    for (uint32_t i = 0; i < FUNCTIONS; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "%04u", (unsigned)i);
        put(&out, 4);
        memcpy(out.at, name, 4);
        out.at += 4;
        put(&out, 0);
        put_u32(&out, i);
    }
    put_section(&out, 10, FUNCTIONS * 3, FUNCTIONS);
    for (uint32_t i = 0; i < FUNCTIONS; i++) {
        put(&out, 2);
        put(&out, 0);
        put(&out, 0x0b);
    }
    return (size_t)(out.at - bytes);
}

static bool call_many(wrl_store_t *store, wrl_instance_t instance)
{
    bool good = true;
    for (uint32_t i = 0; i < FUNCTIONS && good; i++) {
        char name[16];
        wrl_raw_t slots[FIRST_PARAMS + SIGNATURES];
        wrl_func_t func;
        (void)snprintf(name, sizeof name, "%04u", (unsigned)i);
        memset(slots, 0, sizeof slots);
        good = is_ok(wrl_instance_get_func(store, instance, name, &func)) &&
               is_ok(wrl_func_call_raw(store, func, slots, FIRST_PARAMS + SIGNATURES));
    }
    return good;
}

static bool adapters_are_bounded(void)
{
    static uint8_t bytes[FUNCTIONS * 16];
    world_t world;
    bool good = open_world(&world, 200);
    for (int round = 0; round < 2 && good; round++) {
        int before = wrl_js_held(3);
        int table = wrl_js_held(4);
        wrl_module_t *module = NULL;
        wrl_store_t *store = NULL;
        wrl_instance_t instance;
        good = is_ok(wrl_module_new(world.engine, bytes, write_many(bytes), &module)) &&
               is_ok(wrl_store_new(world.engine, NULL, NULL, &store)) &&
               is_ok(wrl_instance_new(store, module, NULL, &instance)) && call_many(store, instance);
        wrl_store_delete(store);
        wrl_module_release(module);
        int made = wrl_js_held(3) - before;
        (void)printf("      %d new places in the program's table\n", made);
        good = good && made == (round ? 0 : SIGNATURES) && wrl_js_held(4) - table == made;
    }
    close_world(&world);
    return good;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"unreachable", "stack overflow", "host error"};
    char name[128];
    if (argc > 1 && strcmp(argv[1], "exit") == 0) {
        return exit_below_guests();
    }
    for (int i = 0; i < 6; i++) {
        (void)snprintf(name, sizeof name, "%s below 100 levels, %s", names[i / 2], i % 2 ? "handled" : "passed on");
        tell(name, nest((bottom_t)(i / 2), i % 2));
    }
    tell("the layer's limit", dive(200, WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW));
    tell("the stack's end, between guests", dive(60000, WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW));
    world_t world;
    bool open = open_world(&world, 200) && open_store(&world);
    tell("100,000 calls leave nothing", open && leaves_nothing(one_call, &world, 10000));
    tell("10,000 traps leave nothing", open && leaves_nothing(one_trap, &world, 1000));
    tell("that store ends", open && close_store(&world));
    tell("1,000 stores leave nothing", open && leaves_nothing(one_store, &world, 100));
    close_world(&world);
    tell("10,000 functions of 5 signatures have 5 adapters", adapters_are_bounded());
    (void)printf("%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
