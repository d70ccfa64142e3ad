/*
 * The end of the engine's stack. A guest recurses almost to the end and calls a host function, which calls the guest of
 * another store. Wherever the stack ends during these calls, nothing stays behind: no slots, no counted call, no
 * pending error. A JS exception that was thrown reaches JS.
 */
#include "glue.h"
#include "stack.h"
#include "world.h"

#include <emscripten.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

/* (import "e" "h" (func $h (param i32) (result i32)))
 * (func $d (export "d") (param i32) (result i32)
 *   (if (result i32) (i32.eqz (local.get 0)) (then (call $h (i32.const 0)))
 *     (else (call $d (i32.sub (local.get 0) (i32.const 1)))))) */
static const uint8_t deep[] = {0,    'a',  's', 'm',  1, 0,    0,    0,   1,    6,  1,    0x60, 1, 0x7f, 1,
                               0x7f, 2,    7,   1,    1, 'e',  1,    'h', 0,    0,  3,    2,    1, 0,    7,
                               5,    1,    1,   'd',  0, 1,    10,   22,  1,    20, 0,    0x20, 0, 0x45, 0x04,
                               0x7f, 0x41, 0,   0x10, 0, 0x05, 0x20, 0,   0x41, 1,  0x6b, 0x10, 1, 0x0b, 0x0b};

enum { LIMIT = 200 };

/* clang-format off */
/* Calls run(data) below `depth` JS functions, and catches any exception. Returns 1 if run() has thrown one. */
EM_JS(int, js_fall, (int depth, uint32_t run, void *data, uint32_t get_stack, uint32_t set_stack), {
    const stack = wasmTable.get(get_stack)();
    const body = wasmTable.get(run);
    const down = (n) => { if (n) { down(n - 1); } else { body(data); } };
    try { down(depth); } catch (e) {
        wasmTable.get(set_stack)(stack);
        return 1;
    }
    return 0;
});
/* clang-format on */

typedef struct pit {
    world_t inner; /* The other store. */
    wrl_module_t *module;
    wrl_store_t *store;
    wrl_func_t d;
    wrl_func_t wide; /* A function of many parameters, or null. */
    bool reaches;    /* Whether the host function calls the other store, or `wide` if it is not null. */
} pit_t;

enum { WIDE = 1000 };

static wrl_error_t *at_the_end(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    pit_t *pit = (pit_t *)env;
    (void)caller;
    (void)slots;
    static wrl_raw_t values[WIDE];
    pit->inner.levels = 2;
    if (pit->reaches && !wrl_func_is_null(pit->wide)) {
        return wrl_func_call_raw(pit->store, pit->wide, values, WIDE);
    }
    return pit->reaches ? go_down(&pit->inner) : NULL;
}

static bool open_pit(pit_t *pit, guest_kind_t kind)
{
    wrl_valtype_t i32 = {.kind = WRL_VALKIND_I32};
    wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&i32, 1), WRL_TYPES_N(&i32, 1));
    wrl_instance_t instance;
    wrl_imports_t *imports = NULL;
    wrl_func_t host;
    memset(pit, 0, sizeof *pit);
    bool good = open_world_of(&pit->inner, LIMIT, kind) && open_store(&pit->inner) &&
                is_ok(wrl_module_new(pit->inner.engine, deep, sizeof deep, NULL, &pit->module)) &&
                is_ok(wrl_store_new(pit->inner.engine, NULL, &pit->store)) &&
                is_ok(wrl_func_new_raw(pit->store, &type, at_the_end, pit, NULL, &host)) &&
                is_ok(wrl_imports_new(&imports)) &&
                is_ok(wrl_imports_define(imports, "e", "h", wrl_extern_from_func(host))) &&
                is_ok(wrl_instance_new(pit->store, pit->module, imports, NULL, &instance)) &&
                wrl_instance_get_func(pit->store, instance, "d", &pit->d);
    wrl_imports_delete(imports);
    return good;
}

static void close_pit(pit_t *pit)
{
    wrl_store_delete(pit->store);
    wrl_module_release(pit->module);
    close_world(&pit->inner);
}

static wrl_error_t *fall(pit_t *pit, int depth)
{
    wrl_raw_t slot = {.i32 = depth};
    return wrl_func_call_raw(pit->store, pit->d, &slot, 1);
}

static int find_end_now(pit_t *pit)
{
    int good = 0, bad = 1 << 20;
    while (bad - good > 1) {
        int middle = good + (bad - good) / 2;
        wrl_error_t *error = fall(pit, middle);
        *(error ? &bad : &good) = middle;
        wrl_error_delete(error);
    }
    return good;
}

/* Returns the largest depth at which the guest can still call a host function that does nothing. Frames get smaller
 * when the engine has recompiled the guest. */
static int find_end(pit_t *pit)
{
    enum { WARM_UP = 300, SHALLOW = 1000 };
    int end, before;
    pit->reaches = false;
    do {
        for (int i = 0; i < WARM_UP; i++) {
            wrl_error_delete(fall(pit, SHALLOW));
        }
        before = find_end_now(pit);
        end = find_end_now(pit);
    } while (end != before);
    pit->reaches = true;
    return end;
}

typedef struct jump {
    pit_t *pit;
    int depth;
    wrl_error_t *error;
} jump_t;

static void jump(void *data)
{
    jump_t *jump = (jump_t *)data;
    jump->error = fall(jump->pit, jump->depth);
}

static uint32_t value_at(uint32_t place)
{
    return *(const uint32_t *)(uintptr_t)place;
}

static bool is_expected(const pit_t *pit, wrl_error_t *error)
{
    wrl_error_kind_t kind = wrl_error_kind(error);
    wrl_trap_code_t code = wrl_error_trap_code(error);
    bool good = (kind == WRL_ERROR_TRAP && code == WRL_TRAP_STACK_OVERFLOW) ||
                (!error && pit->inner.bottom == NOTHING) ||
                (kind == WRL_ERROR_TRAP && code == WRL_TRAP_UNREACHABLE && pit->inner.bottom == UNREACHABLE) ||
                (kind == WRL_ERROR_HOST && pit->inner.bottom == HOST_ERROR);
    if (!good) {
        (void)printf("      %s\n", error ? wrl_error_message(error) : "no error");
    }
    wrl_error_delete(error);
    return good;
}

/* Recurses to all depths at which the stack ends between the host function and the innermost call. */
static bool leaves_nothing_at_the_end(guest_kind_t kind, bottom_t bottom)
{
    enum { BEFORE = 900, AFTER = 30 };
    pit_t pit;
    bool good = open_pit(&pit, kind);
    /* The first call makes adapters, which takes more of the stack than a call. */
    pit.inner.levels = 2;
    pit.inner.bottom = NOTHING;
    good = good && is_ok(go_down(&pit.inner));
    int end = good ? find_end(&pit) : 0, caught = 0, thrown = js_thrown();
    uint32_t top = value_at(wrl__jsb_top_place()), stack = wrl__js_get_stack();
    pit.inner.bottom = bottom;
    for (int depth = end - BEFORE; depth < end + AFTER && good; depth++) {
        jump_t data = {&pit, depth, NULL};
        bool passed = catch_of(jump, &data);
        caught += passed;
        good = (passed ? bottom == JS_THROWS : is_expected(&pit, data.error)) &&
               value_at(wrl__jsb_top_place()) == top && wrl__js_get_stack() == stack &&
               wrl__jsb_pending() == JS_PENDING_NONE && value_at(wrl__jsb_calls_place()) == 0;
    }
    (void)printf("      depth %d, %d of %d exceptions reached JS\n", end, caught, js_thrown() - thrown);
    good = good && caught == js_thrown() - thrown && (bottom != JS_THROWS || caught > 0);
    /* The other store's limit of levels is unchanged. */
    pit.inner.levels = 1 << 30;
    pit.inner.bottom = NOTHING;
    pit.inner.deepest = 0;
    good = good && is_kind(go_down(&pit.inner), WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW) &&
           pit.inner.deepest == LIMIT && close_store(&pit.inner);
    close_pit(&pit);
    return good;
}

/* (import "e" "h" (func $h (param externref) (result i32)))
 * (global $g (mut externref) (ref.null extern))
 * (func $d (export "d") (param i32) (result i32)
 *   (if (result i32) (i32.eqz (local.get 0)) (then (call $h (global.get $g)))
 *     (else (call $d (i32.sub (local.get 0) (i32.const 1))))))
 * (func (export "s") (param externref) (global.set $g (local.get 0))) */
static const uint8_t deep_ref[] = {
    0,    'a',  's',  'm',  1,  0,    0,    0,  1,    15,   3,    0x60, 1,    0x6f, 1,    0x7f, 0x60, 1,
    0x7f, 1,    0x7f, 0x60, 1,  0x6f, 0,    2,  7,    1,    1,    'e',  1,    'h',  0,    0,    3,    3,
    2,    1,    2,    6,    6,  1,    0x6f, 1,  0xd0, 0x6f, 0x0b, 7,    9,    2,    1,    'd',  0,    1,
    1,    's',  0,    2,    10, 29,   2,    20, 0,    0x20, 0,    0x45, 0x04, 0x7f, 0x23, 0,    0x10, 0,
    0x05, 0x20, 0,    0x41, 1,  0x6b, 0x10, 1,  0x0b, 0x0b, 6,    0,    0x20, 0,    0x24, 0,    0x0b};

static wrl_error_t *ignore_ref(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    ++*(int *)env;
    slots[0].i32 = 0;
    return NULL;
}

static bool open_ref_pit(pit_t *pit, int *calls, wrl_func_t *set)
{
    wrl_valtype_t types[] = {{.kind = WRL_VALKIND_EXTERNREF}, {.kind = WRL_VALKIND_I32}};
    wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(types, 1), WRL_TYPES_N(types + 1, 1));
    wrl_instance_t instance;
    wrl_imports_t *imports = NULL;
    wrl_func_t host;
    memset(pit, 0, sizeof *pit);
    bool good = open_world(&pit->inner, LIMIT) &&
                is_ok(wrl_module_new(pit->inner.engine, deep_ref, sizeof deep_ref, NULL, &pit->module)) &&
                is_ok(wrl_store_new(pit->inner.engine, NULL, &pit->store)) &&
                is_ok(wrl_func_new_raw(pit->store, &type, ignore_ref, calls, NULL, &host)) &&
                is_ok(wrl_imports_new(&imports)) &&
                is_ok(wrl_imports_define(imports, "e", "h", wrl_extern_from_func(host))) &&
                is_ok(wrl_instance_new(pit->store, pit->module, imports, NULL, &instance)) &&
                wrl_instance_get_func(pit->store, instance, "d", &pit->d) &&
                wrl_instance_get_func(pit->store, instance, "s", set);
    wrl_imports_delete(imports);
    return good;
}

/* Passes an externref to the guest and releases the program's hold. */
static bool give_ref(const pit_t *pit, wrl_func_t set)
{
    wrl_externref_t ref;
    bool good = is_ok(wrl_externref_new(pit->store, NULL, NULL, &ref));
    wrl_raw_t slot = {.externref = ref};
    return good && is_ok(wrl_func_call_raw(pit->store, set, &slot, 1)) && is_ok(wrl_externref_release(pit->store, ref));
}

/* A guest passes a reference to a host function. If the call does not reach the function, nothing may hold the
 * reference. */
static bool keeps_no_reference_at_the_end(void)
{
    enum { BEFORE = 900, AFTER = 30, HELD = 5 };
    pit_t pit;
    wrl_func_t set;
    int calls = 0, held = wrl__js_held(HELD);
    bool good = open_ref_pit(&pit, &calls, &set) && give_ref(&pit, set) && wrl__js_held(HELD) == held;
    int end = good ? find_end(&pit) : 0, reached = 0;
    pit.inner.bottom = NOTHING;
    calls = 0;
    for (int depth = end - BEFORE; depth < end + AFTER && good; depth++) {
        wrl_error_t *error = fall(&pit, depth);
        reached += !error;
        good = is_expected(&pit, error) && wrl__js_held(HELD) == held;
    }
    (void)printf("      depth %d, %d calls of %d\n", end, reached, BEFORE + AFTER);
    good = good && reached == calls && reached > 0 && reached < BEFORE + AFTER;
    close_pit(&pit);
    return good;
}

/* Makes an instance of (module (func (export "f") (param i64 …))), and looks up its function. */
static bool open_wide(pit_t *pit)
{
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 0xed, 7, 1, 0x60, 0xe8, 7},
                         tail[] = {0, 3, 2, 1, 0, 7, 5, 1, 1, 'f', 0, 0, 10, 4, 1, 2, 0, 0x0b};
    uint8_t bytes[sizeof head + WIDE + sizeof tail];
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    memcpy(bytes, head, sizeof head);
    memset(bytes + sizeof head, 0x7e, WIDE);
    memcpy(bytes + sizeof head + WIDE, tail, sizeof tail);
    bool good = is_ok(wrl_module_new(pit->inner.engine, bytes, sizeof bytes, NULL, &module)) &&
                is_ok(wrl_instance_new(pit->store, module, NULL, NULL, &instance)) &&
                wrl_instance_get_func(pit->store, instance, "f", &pit->wide);
    wrl_module_release(module);
    return good;
}

/* The first call of a function makes its adapter. Where the stack ends before that, each further call tries again. */
static bool first_calls_leave_nothing_at_the_end(void)
{
    enum { AFTER = 2, STEPS = 4000, FRAMES_OF_A_STEP = 20000 };
    pit_t pit;
    bool good = open_pit(&pit, PLAIN) && open_wide(&pit);
    int end = good ? find_end(&pit) : 0, failed = 0;
    /* Where more frames fit onto the stack, each is smaller. */
    int step = 1 + end / FRAMES_OF_A_STEP;
    for (int depth = end + AFTER; depth > end - STEPS * step && good; depth -= step) {
        wrl_error_t *error = fall(&pit, depth);
        if (!error) {
            break;
        }
        failed++;
        pit.inner.bottom = NOTHING;
        good = is_expected(&pit, error);
        size_t heap = (size_t)mallinfo().uordblks;
        int handles = wrl__js_held(0);
        good = is_expected(&pit, fall(&pit, depth)) && good;
        good = good && wrl__js_held(0) == handles && (size_t)mallinfo().uordblks == heap;
    }
    (void)printf("      depth %d, %d first calls failed\n", end, failed);
    good = good && failed > AFTER && failed < STEPS;
    close_pit(&pit);
    return good;
}

static void call_inner(void *data)
{
    world_t *world = (world_t *)data;
    world->levels = 2;
    wrl_error_delete(go_down(world));
}

static bool falls(world_t *world, int depth)
{
    return js_fall(depth, (uint32_t)(uintptr_t)call_inner, world, (uint32_t)(uintptr_t)wrl__js_get_stack,
                   (uint32_t)(uintptr_t)wrl__js_set_stack);
}

/* JS code of the program uses up the stack and then makes the outermost call. The next call removes the remains of that
 * call. */
static bool forgets_outermost_calls(guest_kind_t kind, bottom_t bottom)
{
    enum { BEFORE = 150, AFTER = 10, SHALLOW = 100, WARM_UP = 300 };
    world_t world;
    bool good = open_world_of(&world, LIMIT, kind) && open_store(&world);
    int end = 0, bad = 1 << 20, fallen = 0;
    world.bottom = NOTHING;
    for (int i = 0; i < WARM_UP && good; i++) {
        good = !falls(&world, SHALLOW);
    }
    while (bad - end > 1 && good) {
        int middle = end + (bad - end) / 2;
        *(falls(&world, middle) ? &bad : &end) = middle;
    }
    world.bottom = bottom;
    for (int round = 0; round < 4; round++) {
        for (int depth = end - BEFORE; depth < end + AFTER && good; depth++) {
            fallen += falls(&world, depth);
        }
    }
    world.levels = 1;
    world.bottom = UNREACHABLE;
    good = good && is_kind(go_down(&world), WRL_ERROR_TRAP, WRL_TRAP_UNREACHABLE) &&
           wrl__jsb_pending() == JS_PENDING_NONE && value_at(wrl__jsb_calls_place()) == 0;
    (void)printf("      depth %d, %d of %d calls did not return\n", end, fallen, 4 * (BEFORE + AFTER));
    good = good && fallen > 0;
    /* The store is deleted without another call. */
    bool ended = js_fall(end - 2, (uint32_t)(uintptr_t)call_inner, &world, (uint32_t)(uintptr_t)wrl__js_get_stack,
                         (uint32_t)(uintptr_t)wrl__js_set_stack) >= 0 &&
                 close_store(&world);
    close_world(&world);
    return good && ended;
}

void test_stack_end(void)
{
    static const struct {
        bottom_t bottom;
        const char *name;
    } bottoms[] = {
        {NOTHING, "nothing"}, {UNREACHABLE, "a trap"}, {HOST_ERROR, "a host error"}, {JS_THROWS, "an exception of JS"}};
    for (guest_kind_t kind = PLAIN; kind < GUEST_KINDS; kind++) {
        for (size_t i = 0; i < sizeof bottoms / sizeof bottoms[0] && can_open(kind); i++) {
            char name[128];
            (void)snprintf(name, sizeof name, "at the end of the stack, %s below %s guests", bottoms[i].name,
                           guest_kinds[kind]);
            tell(name, leaves_nothing_at_the_end(kind, bottoms[i].bottom));
            (void)snprintf(name, sizeof name, "at the end of JS's own stack, %s below %s guests", bottoms[i].name,
                           guest_kinds[kind]);
            tell(name, forgets_outermost_calls(kind, bottoms[i].bottom));
        }
    }
    tell("at the end of the stack, no reference is held", keeps_no_reference_at_the_end());
    tell("at the end of the stack, first calls leave nothing", first_calls_leave_nothing_at_the_end());
}
