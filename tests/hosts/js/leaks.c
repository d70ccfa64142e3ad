#include "glue.h"
#include "stack.h"
#include "world.h"

#include <emscripten.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Checks for leaks ---- */

enum { COUNTS = 5, CACHED = 100 };

typedef struct usage {
    int held[COUNTS];
    size_t heap;
    uint32_t stack;
} usage_t;

static usage_t measure(void)
{
    usage_t usage;
    for (int i = 0; i < COUNTS; i++) {
        usage.held[i] = wrl__js_held(i);
    }
    usage.heap = (size_t)mallinfo().uordblks;
    usage.stack = wrl__js_get_stack();
    return usage;
}

/* The heap may have grown by `slack` bytes. If there is a slack, there are caches as well, whose fill varies. */
static bool same(const usage_t *before, const usage_t *after, size_t slack)
{
    bool good =
        after->heap <= before->heap + slack && (slack || before->heap == after->heap) && before->stack == after->stack;
    for (int i = 0; i < COUNTS; i++) {
        bool kept = before->held[i] == after->held[i] || (slack && abs(before->held[i] - after->held[i]) < CACHED);
        good = good && kept;
        if (!kept) {
            (void)printf("      count %d: %d, then %d\n", i, before->held[i], after->held[i]);
        }
    }
    if (!good) {
        (void)printf("      heap: %zu, then %zu; stack: %u, then %u\n", before->heap, after->heap,
                     (unsigned)before->stack, (unsigned)after->stack);
    }
    return good;
}

static bool leaves(bool (*action)(world_t *world, int number), world_t *world, int times, size_t slack)
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
    return same(&before, &after, slack);
}

bool leaves_nothing(bool (*action)(world_t *world, int number), world_t *world, int times)
{
    return leaves(action, world, times, 0);
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
    /* Malformed bytes, and a missing import. */
    good = good && is_kind(wrl_module_new(world->engine, guest, guest_size - 1 - (size_t)number % 8, NULL, &module),
                           WRL_ERROR_MALFORMED, WRL_TRAP_NONE);
    good = good &&
           is_kind(wrl_instance_new(world->store, world->module, NULL, NULL, &instance), WRL_ERROR_LINK, WRL_TRAP_NONE);
    return close_store(world) && good && released == 1;
}

/* ---- Signatures ---- */

/* Writes a module with (type (func (param …))) of ten numbers, distinct for each `number` (a non-final type if
 * `distinct`), "f" of that type, and a table with it. */
static size_t write_signature(uint8_t *bytes, int number, bool distinct)
{
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1}, plain[] = {14, 1, 0x60, 10},
                         open[] = {16, 1, 0x50, 0, 0x60, 10},
                         rest[] = {0,   3, 2, 1, 0, 4, 4, 1,    0x70, 0,    1, 7, 9,  2, 1, 'f', 0, 0,   1,
                                   't', 1, 0, 9, 7, 1, 0, 0x41, 0,    0x0b, 1, 0, 10, 4, 1, 2,   0, 0x0b};
    uint8_t *at = bytes;
    memcpy(at, head, sizeof head);
    at += sizeof head;
    memcpy(at, distinct ? open : plain, distinct ? sizeof open : sizeof plain);
    at += distinct ? sizeof open : sizeof plain;
    for (int i = 0; i < 10; i++, number /= 4) {
        *at++ = (uint8_t)(0x7f - number % 4);
    }
    memcpy(at, rest, sizeof rest);
    return (size_t)(at + sizeof rest - bytes);
}

/* Uses a module with a unique signature. Calls its function by name and by reference. */
static bool use_signature(const world_t *world, int number, bool distinct)
{
    uint8_t bytes[128];
    wrl_raw_t slots[10] = {{0}};
    wrl_module_t *module = NULL;
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    wrl_func_t func;
    wrl_table_t table;
    wrl_val_t element;
    bool good =
        is_ok(wrl_module_new(world->engine, bytes, write_signature(bytes, number, distinct), NULL, &module)) &&
        is_ok(wrl_store_new(world->engine, NULL, &store)) &&
        is_ok(wrl_instance_new(store, module, NULL, NULL, &instance)) &&
        wrl_instance_get_func(store, instance, "f", &func) && is_ok(wrl_func_call_raw(store, func, slots, 10)) &&
        wrl_instance_get_table(store, instance, "t", &table) && is_ok(wrl_table_get(store, table, 0, &element)) &&
        is_ok(wrl_func_call_raw(store, element.of.func, slots, 10));
    wrl_store_delete(store);
    wrl_module_release(module);
    return good;
}

static wrl_error_t *do_nothing(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    return NULL;
}

/* Makes a host function with a unique type. A reference to the host function makes a JS function. */
static bool use_host_signature(wrl_engine_t *engine, int number)
{
    static const wrl_valtype_t kinds[] = {WRL_TYPE_I32, WRL_TYPE_I64, WRL_TYPE_F32, WRL_TYPE_F64};
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, 1);
    wrl_valtype_t params[12];
    for (int i = 0; i < 12; i++, number /= 4) {
        params[i] = kinds[number % 4];
    }
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(params, 12), WRL_NO_TYPES);
    wrl_store_t *store = NULL;
    wrl_func_t func = {0, 0};
    wrl_table_t table;
    bool good = is_ok(wrl_store_new(engine, NULL, &store)) &&
                is_ok(wrl_func_new_raw(store, &type, do_nothing, NULL, NULL, &func));
    wrl_val_t value = wrl_val_funcref(func);
    good = good && is_ok(wrl_table_new(store, &table_type, &value, &table));
    wrl_store_delete(store);
    return good;
}

static bool one_signature(world_t *world, int number)
{
    return use_signature(world, number, false) && use_host_signature(world->engine, number);
}

static bool one_distinct_signature(world_t *world, int number)
{
    return use_signature(world, number, true);
}

/* The signatures that a store uses stay, while other modules and stores come and go. */
static bool signatures_stay(world_t *world)
{
    enum { OTHERS = 1000, FIRST = 1 << 19 };
    uint8_t bytes[128];
    wrl_raw_t slots[10] = {{0}};
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    wrl_func_t func;
    bool good = open_store(world) &&
                is_ok(wrl_module_new(world->engine, bytes, write_signature(bytes, FIRST, false), NULL, &module)) &&
                is_ok(wrl_instance_new(world->store, module, NULL, NULL, &instance)) &&
                wrl_instance_get_func(world->store, instance, "f", &func);
    wrl_module_release(module);
    for (int i = 0; i < OTHERS && good; i++) {
        good = one_signature(world, i) && is_ok(wrl_func_call_raw(world->store, func, slots, 10)) &&
               is_ok(call(world, world->one));
    }
    return close_store(world) && good;
}

/* ---- The stack of slots ---- */

/* This many levels with this many slots each need a second chunk after the 4,096 permanent slots. */
enum { WIDE = 1000, DEEP = 13 };

typedef struct deep {
    wrl_func_t func;
    int levels;
    wrl_error_t *bottom; /* The error of the innermost call, or NULL. */
    bool passes;         /* Whether the innermost call throws a JS exception instead. */
    bool differs;        /* Whether a slot differed from what the guest had passed. */
} deep_t;

static deep_t deep;

static void put_section(uint8_t **at, unsigned id, size_t size)
{
    *(*at)++ = (uint8_t)id;
    *(*at)++ = (uint8_t)((size & 0x7f) | 0x80);
    *(*at)++ = (uint8_t)(size >> 7);
}

/* Writes (import "e" "h" (func (param i64 …))) and "f" of the same type, which calls it with its own arguments. */
static size_t write_deep(uint8_t *bytes)
{
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0}, type[] = {1, 0x60, 0x80 | (WIDE & 0x7f), WIDE >> 7},
                         rest[] = {0, 2, 7, 1, 1, 'e', 1, 'h', 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 'f', 0, 1},
                         end[] = {0x10, 0, 0x0b};
    const size_t body = 1 + 3 * WIDE + sizeof end;
    uint8_t *at = bytes;
    memcpy(at, head, sizeof head);
    at += sizeof head;
    put_section(&at, 1, sizeof type + WIDE + 1);
    memcpy(at, type, sizeof type);
    at += sizeof type;
    memset(at, 0x7e, WIDE);
    at += WIDE;
    memcpy(at, rest, sizeof rest);
    at += sizeof rest;
    put_section(&at, 10, 3 + body);
    put_section(&at, 1, body);
    *at++ = 0;
    for (int i = 0; i < WIDE; i++) {
        put_section(&at, 0x20, (size_t)i);
    }
    memcpy(at, end, sizeof end);
    return (size_t)(at + sizeof end - bytes);
}

static wrl_error_t *go_deep(wrl_store_t *store)
{
    static wrl_raw_t slots[WIDE];
    slots[0].i64 = deep.levels;
    slots[WIDE - 1].i64 = -deep.levels;
    return wrl_func_call_raw(store, deep.func, slots, WIDE);
}

static wrl_error_t *on_deep(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    const int level = deep.levels--;
    (void)env;
    if (!deep.levels && deep.passes) {
        throw_in_js();
    }
    wrl_error_t *error = deep.levels ? go_deep(wrl_caller_store(caller)) : deep.bottom;
    deep.differs |= slots[0].i64 != level || slots[WIDE - 1].i64 != -level;
    return error;
}

static bool open_deep(const world_t *world)
{
    static uint8_t bytes[5 * WIDE];
    static wrl_valtype_t params[WIDE];
    for (int i = 0; i < WIDE; i++) {
        params[i] = (wrl_valtype_t)WRL_TYPE_I64;
    }
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(params, WIDE), WRL_NO_TYPES);
    wrl_module_t *module = NULL;
    wrl_imports_t *imports = NULL;
    wrl_instance_t instance;
    wrl_func_t host;
    bool good = is_ok(wrl_module_new(world->engine, bytes, write_deep(bytes), NULL, &module)) &&
                is_ok(wrl_imports_new(&imports)) &&
                is_ok(wrl_func_new_raw(world->store, &type, on_deep, NULL, NULL, &host)) &&
                is_ok(wrl_imports_define(imports, "e", "h", wrl_extern_from_func(host))) &&
                is_ok(wrl_instance_new(world->store, module, imports, NULL, &instance)) &&
                wrl_instance_get_func(world->store, instance, "f", &deep.func);
    wrl_imports_delete(imports);
    wrl_module_release(module);
    return good;
}

static void run_deep(void *store)
{
    (void)is_ok(go_deep((wrl_store_t *)store));
}

/* Makes a deep call that returns, or ends in one of the other ways. */
static bool one_deep(world_t *world, int number)
{
    deep.levels = DEEP;
    deep.bottom = number % 3 == 1 ? wrl_error_new(WRL_ERROR_HOST, "from the bottom") : NULL;
    deep.passes = number % 3 == 2;
    deep.differs = false;
    if (deep.passes) {
        return catch_of(run_deep, world->store) && !deep.differs;
    }
    wrl_error_t *error = go_deep(world->store);
    return (number % 3 ? is_kind(error, WRL_ERROR_HOST, WRL_TRAP_NONE) : is_ok(error)) && !deep.differs;
}

/* ---- The JS heap ---- */

/* clang-format off */
/* Returns the size of the reachable part of the JS heap in bytes, or -1 if the size is unknown. */
EM_JS(double, js_heap, (void), {
    const gc = globalThis["gc"];
    if (!gc) { return -1; }
    gc();
    gc();
    return process["memoryUsage"]()["heapUsed"];
});
/* clang-format on */

/* Returns the growth of the JS heap during `times` uses of everything, or infinity on failure. */
static double heap_growth(world_t *world, int times)
{
    double before = js_heap();
    for (int i = 0; i < times; i++) {
        if (!use_everything(world, i)) {
            return INFINITY;
        }
    }
    return before > 0 ? js_heap() - before : INFINITY;
}

/* The engine settles during these rounds, and the heap shrinks by about 40,000 bytes. A leak of one empty object per
 * store would make the heap grow by 56,000 bytes in every round. Recompiled code makes the heap grow only once. */
static bool leaves_no_garbage(world_t *world)
{
    enum { WARM_UP = 1000, TIMES = 2000, ROUNDS = 4 };
    double grown = heap_growth(world, WARM_UP);
    for (int round = 0; round < ROUNDS && isfinite(grown); round++) {
        grown = heap_growth(world, TIMES);
        (void)printf("      JS's heap has grown by %.0f bytes\n", grown);
        if (grown < 10.0 * TIMES) {
            return true;
        }
    }
    return false;
}

/* ---- Exceptions, errors and traps ---- */

static const char *const bottoms[] = {
    [UNREACHABLE] = "traps of a guest", [OVERFLOW] = "ends of the stack",      [HOST_ERROR] = "errors of the host",
    [JS_THROWS] = "exceptions of JS",   [HOST_TRAPS] = "traps of the program",
};

/* Makes a call that ends in one of the ways, sometimes nested to depth 100. The error is handled or propagates. */
static bool one_way_out(world_t *world, int number)
{
    bottom_t bottom = world->bottom;
    world->levels = number % 500 == 0 ? 100 : 1 + number % 3;
    world->handles = number % 2;
    if (bottom == JS_THROWS || bottom == HOST_TRAPS) {
        return bottom == JS_THROWS ? catch_in_js(world) : catch_trap_in_js(world);
    }
    wrl_error_t *error = call(world, world->f);
    return world->handles          ? is_ok(error)
           : bottom == UNREACHABLE ? is_kind(error, WRL_ERROR_TRAP, WRL_TRAP_UNREACHABLE)
           : bottom == HOST_ERROR  ? is_kind(error, WRL_ERROR_HOST, WRL_TRAP_NONE)
                                   : is_kind(error, WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW);
}

static void test_ways_out(guest_kind_t kind)
{
    static const bottom_t all[] = {UNREACHABLE, HOST_ERROR, JS_THROWS, HOST_TRAPS, OVERFLOW};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        world_t world;
        char name[80];
        /* A stack overflow takes a hundred times as long as the others. */
        int times = all[i] == OVERFLOW ? 100 : 10000;
        bool good = open_world_of(&world, 200, kind) && open_store(&world);
        world.bottom = all[i];
        (void)snprintf(name, sizeof name, "%d %s leave nothing, guests: %s", 10 * times, bottoms[all[i]],
                       guest_kinds[kind]);
        good = good && leaves_nothing(one_way_out, &world, times) && close_store(&world);
        tell(name, good);
        close_world(&world);
    }
}

void test_leaks(void)
{
    world_t world;
    for (guest_kind_t kind = PLAIN; kind < GUEST_KINDS; kind++) {
        if (can_open(kind)) {
            test_ways_out(kind);
        }
    }
    bool open = open_world(&world, 200) && open_store(&world);
    tell("100,000 calls leave nothing", open && leaves_nothing(one_call, &world, 10000));
    tell("10,000 traps leave nothing", open && leaves_nothing(one_trap, &world, 1000));
    tell("that store ends", open && close_store(&world));
    tell("1,000 stores leave nothing", open && leaves_nothing(one_store, &world, 100));
    tell("500 stores with everything in them leave nothing", open && leaves_nothing(use_everything, &world, 50));
    tell("2,000 such stores leave nothing in the heap of JS", open && leaves_no_garbage(&world));
    /* The cache of recent signatures stays allocated. A reused block may be some bytes larger than necessary. */
    enum { SIGNATURES = 300, SLACK = 512 };
    tell("3,000 modules of as many signatures leave nothing", open && leaves(one_signature, &world, SIGNATURES, SLACK));
    tell("what a store uses stays meanwhile", open && signatures_stay(&world));
    if (open && wrl_engine_supports(world.engine, WRL_FEATURE_GC)) {
        tell("nor do as many of types that are open for subtypes",
             leaves(one_distinct_signature, &world, SIGNATURES, SLACK));
    }
    tell("3,000 calls beyond the first slots leave nothing",
         open && open_store(&world) && open_deep(&world) && leaves_nothing(one_deep, &world, 300));
    tell("that store ends, too", open && close_store(&world));
    close_world(&world);
}
