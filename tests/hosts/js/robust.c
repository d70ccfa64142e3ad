/*
 * The js backend's guarantees. Calls, traps and stores leave nothing behind, in JS or in C. Nested calls end properly
 * even if a JS exception propagates through C frames, which then disappear.
 */
#include "glue.h"
#include "stack.h"
#include "world.h"

#include <emscripten.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __has_feature(address_sanitizer)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* ---- Nested calls ---- */

static bool nest(bottom_t bottom, bool handles)
{
    static const wrl_error_kind_t kinds[] = {WRL_ERROR_TRAP, WRL_ERROR_TRAP, WRL_ERROR_HOST};
    static const wrl_trap_code_t codes[] = {WRL_TRAP_UNREACHABLE, WRL_TRAP_STACK_OVERFLOW, WRL_TRAP_NONE};
    enum { DEPTH = 100, TIMES = 3 };
    world_t world;
    bool good = open_world(&world, 200) && open_store(&world);
    uint32_t stack = wrl__js_get_stack();
    for (int i = 0; i < TIMES && good; i++) {
        world.levels = DEPTH;
        world.bottom = bottom;
        world.handles = handles;
        wrl_error_t *error = call(&world, world.f);
        good = handles ? is_ok(error) && world.handled == i + 1 : is_kind(error, kinds[bottom], codes[bottom]);
        good = good && wrl__js_get_stack() == stack && world.deepest == (i + 1) * DEPTH;
    }
    good = good && close_store(&world);
    close_world(&world);
    return good;
}

/* clang-format off */
/* From now on exit() throws, as in browsers, instead of ending Node immediately. */
EM_JS(void, let_exit_throw, (void), { noExitRuntime = true; });
/* clang-format on */

/* exit() and abort() throw a JS exception, which must propagate through all guests. */
static int end_below_guests(bottom_t end, const char *guests)
{
    world_t world;
    guest_kind_t kind = PLAIN;
    while (kind < GUEST_KINDS && strcmp(guests, guest_kinds[kind]) != 0) {
        kind++;
    }
    if (kind < GUEST_KINDS && open_world_of(&world, 200, kind) && open_store(&world)) {
        world.levels = 3;
        world.bottom = end;
        let_exit_throw();
        wrl_error_delete(call(&world, world.f));
    }
    (void)printf("the program goes on\n");
    return EXIT_FAILURE;
}

/* Recurses up to the layer's limit or, if the limit is high, to the end of a stack. */
static bool dive(uint32_t max_reentry, wrl_error_kind_t kind, wrl_trap_code_t code)
{
    enum { TIMES = 20 };
    world_t world;
    bool good = open_world(&world, max_reentry) && open_store(&world);
    uint32_t stack = wrl__js_get_stack();
    for (int i = 0; i < TIMES && good; i++) {
        world.levels = 1 << 30;
        world.bottom = NOTHING;
        world.deepest = 0;
        good = is_kind(call(&world, world.f), kind, code) && wrl__js_get_stack() == stack;
    }
    (void)printf("      %d nested host calls\n", world.deepest);
    good = good && close_store(&world);
    close_world(&world);
    return good;
}

/* ---- Adapters: one per signature, however many functions have it ---- */

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

/* Begins a section with `size` bytes after the count. */
static void put_section(writer_t *out, uint8_t id, uint32_t size, uint32_t count)
{
    put(out, id);
    put_u32(out, size + (count > 0x7f ? 2 : 1));
    put_u32(out, count);
}

enum { FUNCTIONS = 10000, SIGNATURES = 5, FIRST_PARAMS = 2 };

/* Writes functions that do nothing, with two to six parameters. Each is exported under a name of four letters. */
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
        good = wrl_instance_get_func(store, instance, name, &func) &&
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
        int before = wrl__js_held(3);
        int table = wrl__js_held(4);
        wrl_module_t *module = NULL;
        wrl_store_t *store = NULL;
        wrl_instance_t instance;
        good = is_ok(wrl_module_new(world.engine, bytes, write_many(bytes), NULL, &module)) &&
               is_ok(wrl_store_new(world.engine, NULL, &store)) &&
               is_ok(wrl_instance_new(store, module, NULL, NULL, &instance)) && call_many(store, instance);
        wrl_store_delete(store);
        wrl_module_release(module);
        int made = wrl__js_held(3) - before;
        (void)printf("      %d new entries in the program's table\n", made);
        good = good && made == (round ? 0 : SIGNATURES) && wrl__js_held(4) - table == made;
    }
    close_world(&world);
    return good;
}

/* ---- Functions of many types that the host sees and never calls ---- */

enum { TYPES = 4000, TYPE_PARAMS = 10, INDEX_BYTES = 2 * TYPES - 128 };

static void put_indices(writer_t *out)
{
    for (uint32_t i = 0; i < TYPES; i++) {
        put_u32(out, i);
    }
}

/* Writes a module whose table "t" contains functions that do nothing, each of a type of its own. */
static size_t write_types(uint8_t *bytes)
{
    static const uint8_t table[] = {4, 5, 1, 0x70, 0, (TYPES & 127) | 128, TYPES >> 7, 7, 5, 1, 1, 't', 1, 0},
                         segment[] = {0, 0x41, 0, 0x0b};
    writer_t out = {bytes};
    memcpy(out.at, guest, 8);
    out.at += 8;
    put_section(&out, 1, TYPES * (3 + TYPE_PARAMS), TYPES);
    for (uint32_t i = 0; i < TYPES; i++) {
        put(&out, 0x60);
        put(&out, TYPE_PARAMS);
        for (uint32_t j = 0; j < TYPE_PARAMS; j++) {
            put(&out, 0x7f - (i >> 2 * j) % 4);
        }
        put(&out, 0);
    }
    put_section(&out, 3, INDEX_BYTES, TYPES);
    put_indices(&out);
    memcpy(out.at, table, sizeof table);
    out.at += sizeof table;
    put_section(&out, 9, sizeof segment + 2 + INDEX_BYTES, 1);
    memcpy(out.at, segment, sizeof segment);
    out.at += sizeof segment;
    put_u32(&out, TYPES);
    put_indices(&out);
    put_section(&out, 10, TYPES * 3, TYPES);
    for (uint32_t i = 0; i < TYPES; i++) {
        put(&out, 2);
        put(&out, 0);
        put(&out, 0x0b);
    }
    return (size_t)(out.at - bytes);
}

static bool see_all(wrl_store_t *store, wrl_instance_t instance, wrl_func_t *last)
{
    wrl_table_t table;
    wrl_val_t element;
    bool good = wrl_instance_get_table(store, instance, "t", &table);
    for (uint32_t i = 0; i < TYPES && good; i++) {
        good = is_ok(wrl_table_get(store, table, i, &element)) && !wrl_func_is_null(element.of.func);
    }
    if (good) {
        *last = element.of.func;
    }
    return good;
}

/* Only a function that is called needs an adapter. To find the type of one, the backend makes modules, of which it
 * keeps a few. */
static bool seen_functions_cost_little(void)
{
    enum { KEPT = 100 };
    static uint8_t bytes[TYPES * 32];
    wrl_raw_t slots[TYPE_PARAMS] = {{0}};
    wrl_module_t *module = NULL;
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    wrl_func_t last = wrl_func_null();
    world_t world;
    bool good = open_world(&world, 200) &&
                is_ok(wrl_module_new(world.engine, bytes, write_types(bytes), NULL, &module)) &&
                is_ok(wrl_store_new(world.engine, NULL, &store)) &&
                is_ok(wrl_instance_new(store, module, NULL, NULL, &instance));
    int handles = wrl__js_held(0), entries = wrl__js_held(3);
    good = good && see_all(store, instance, &last);
    handles = wrl__js_held(0) - handles;
    entries = wrl__js_held(3) - entries;
    (void)printf("      %d objects are held, %d entries made\n", handles, entries);
    good = good && handles < KEPT && entries == 0;
    for (int i = 0; i < 2 && good; i++) {
        good = is_ok(wrl_func_call_raw(store, last, slots, TYPE_PARAMS));
    }
    wrl_store_delete(store);
    wrl_module_release(module);
    close_world(&world);
    return good;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"unreachable", "stack overflow", "host error"};
    char name[128];
    if (argc > 2) {
        return end_below_guests(strcmp(argv[1], "exit") == 0 ? EXIT : ABORT, argv[2]);
    }
    if (argc > 1) {
        test_passing();
        test_stack_end();
        return tell_counts();
    }
    for (int i = 0; i < 6; i++) {
        (void)snprintf(name, sizeof name, "%s below 100 levels, %s", names[i / 2], i % 2 ? "handled" : "passed on");
        tell(name, nest((bottom_t)(i / 2), i % 2));
    }
    tell("the layer's limit", dive(200, WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW));
    if (IS_SANITIZED) {
        (void)printf("      skipped: C frames that disappear, which the sanitizer does not notice\n");
    } else {
        tell("the stack's end, between guests", dive(60000, WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW));
        test_passing();
        test_stack_end();
    }
    tell("10,000 functions of 5 signatures have 5 adapters", adapters_are_bounded());
    tell("4,000 functions of as many types that are never called have no adapter", seen_functions_cost_little());
    test_leaks();
    return tell_counts();
}
