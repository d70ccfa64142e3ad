/*
 * JS exceptions that are not from guests propagate through all guests, up to the JS code that catches them. The C
 * frames in between disappear, and the library must no longer count their calls.
 */
#include "stack.h"
#include "world.h"

#include <emscripten.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
EM_JS(void, js_throw, (void), {
    globalThis.wrlThrown = (globalThis.wrlThrown || 0) + 1;
    throw "from a function of JS";
});

EM_JS(int, js_count_thrown, (void), { return globalThis.wrlThrown || 0; });

/* Returns 1 for the exception of js_throw and 2 for a trap. Restores the C stack pointer, as any JS code that catches
 * such an exception must. */
EM_JS(int, js_catch, (uint32_t run, void *data, uint32_t get_stack, uint32_t set_stack), {
    const stack = wasmTable.get(get_stack)();
    try { wasmTable.get(run)(data); } catch (e) {
        wasmTable.get(set_stack)(stack);
        return e === "from a function of JS" ? 1 : e instanceof WebAssembly.RuntimeError ? 2 : 3;
    }
    return 0;
});
/* clang-format on */

void throw_in_js(void)
{
    js_throw();
}

int js_thrown(void)
{
    return js_count_thrown();
}

static void run(void *data)
{
    (void)is_ok(go_down((world_t *)data));
}

static int what_comes_of(void (*body)(void *data), void *data)
{
    return js_catch((uint32_t)(uintptr_t)body, data, (uint32_t)(uintptr_t)wrl__js_get_stack,
                    (uint32_t)(uintptr_t)wrl__js_set_stack);
}

bool catch_of(void (*body)(void *data), void *data)
{
    return what_comes_of(body, data) == 1;
}

bool catch_in_js(world_t *world)
{
    return catch_of(run, world);
}

bool catch_trap_in_js(world_t *world)
{
    return what_comes_of(run, world) == 2;
}

enum { DEPTH = 100, LIMIT = 200 };

/* Returns whether the largest possible number of nested host calls equals the limit. */
static bool has_full_depth(world_t *world)
{
    world->levels = 1 << 30;
    world->bottom = NOTHING;
    world->direct = false;
    world->deepest = 0;
    return is_kind(call(world, world->f), WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW) && world->deepest == LIMIT;
}

/* JS catches the exception outside all guests. The test repeats this often: if the calls stayed counted, they would
 * exceed the limit. */
static bool passes_all(guest_kind_t kind, bottom_t bottom, bool direct)
{
    enum { TIMES = 20 };
    world_t world;
    bool good = open_world_of(&world, LIMIT, kind) && open_store(&world);
    uint32_t stack = wrl__js_get_stack();
    for (int i = 0; i < TIMES && good; i++) {
        world.levels = DEPTH;
        world.bottom = bottom;
        world.direct = direct;
        world.deepest = 0;
        good = (bottom == JS_THROWS ? catch_in_js(&world) : catch_trap_in_js(&world)) && world.deepest == DEPTH &&
               wrl__js_get_stack() == stack && has_full_depth(&world);
    }
    good = good && close_store(&world);
    close_world(&world);
    return good;
}

/* JS catches the exception at half of the depth. The outer calls continue, and new calls can use all levels that the
 * outer calls leave. */
static bool passes_some(guest_kind_t kind, bool direct)
{
    world_t world;
    bool good = open_world_of(&world, LIMIT, kind) && open_store(&world);
    world.levels = DEPTH;
    world.bottom = JS_THROWS;
    world.direct = direct;
    world.catches_at = DEPTH / 2;
    good = good && is_ok(go_down(&world)) && world.caught == 1 && world.room == LIMIT - DEPTH / 2;
    good = good && has_full_depth(&world) && close_store(&world);
    close_world(&world);
    return good;
}

/* A store that is deleted during a call stays alive until its outermost call has ended. */
static bool deletes_meanwhile(void)
{
    world_t world;
    bool good = open_world(&world, LIMIT) && open_store(&world);
    world.levels = DEPTH;
    world.bottom = JS_THROWS;
    world.deletes = true;
    good = good && catch_in_js(&world) && world.finalized == 1 && world.finalized_fn == 1;
    close_world(&world);
    return good;
}

/* (import "e" "h" (func)) (start 0) */
static const uint8_t starts[] = {0, 'a', 's', 'm', 1, 0,   0, 0,   1, 4, 1, 0x60, 0,
                                 0, 2,   7,   1,   1, 'e', 1, 'h', 0, 0, 8, 1,    0};

static wrl_error_t *on_start(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    throw_in_js();
    return NULL;
}

typedef struct start {
    wrl_store_t *store;
    wrl_module_t *module;
    wrl_imports_t *imports;
} start_t;

static void run_start(void *data)
{
    const start_t *start = (const start_t *)data;
    wrl_instance_t instance;
    (void)is_ok(wrl_instance_new(start->store, start->module, start->imports, NULL, &instance));
}

/* A host function throws during an instantiation. */
static bool passes_start(void)
{
    static const wrl_functype_t type = {0};
    world_t world;
    start_t start = {NULL, NULL, NULL};
    wrl_func_t host;
    bool good = open_world(&world, LIMIT) && open_store(&world);
    good = good && is_ok(wrl_module_new(world.engine, starts, sizeof starts, NULL, &start.module)) &&
           is_ok(wrl_imports_new(&start.imports)) &&
           is_ok(wrl_func_new_raw(world.store, &type, on_start, NULL, NULL, &host)) &&
           is_ok(wrl_imports_define(start.imports, "e", "h", wrl_extern_from_func(host)));
    start.store = world.store;
    for (int i = 0; i < LIMIT + 1 && good; i++) {
        good = catch_of(run_start, &start);
    }
    good = good && has_full_depth(&world) && close_store(&world);
    wrl_imports_delete(start.imports);
    wrl_module_release(start.module);
    close_world(&world);
    return good;
}

static bool one_that_passes(world_t *world, int number)
{
    world->levels = 1 + number % 10;
    world->bottom = JS_THROWS;
    world->direct = number % 3 == 0;
    return catch_in_js(world);
}

void test_passing(void)
{
    world_t world;
    for (guest_kind_t kind = PLAIN; kind < GUEST_KINDS; kind++) {
        (void)printf("      guests: %s%s\n", guest_kinds[kind],
                     can_open(kind) ? "" : ", which the engine does not have");
        for (int i = 0; i < 2 && can_open(kind); i++) {
            (void)printf("      %s\n", i ? "half of the levels without a guest" : "a guest at each level");
            tell("an exception of JS passes 100 levels", passes_all(kind, JS_THROWS, i));
            tell("a trap of the program's passes 100 levels", passes_all(kind, HOST_TRAPS, i));
            tell("an exception of JS passes 50 of 100 levels", passes_some(kind, i));
        }
    }
    tell("a store that is deleted meanwhile ends", deletes_meanwhile());
    tell("an exception of JS passes a start function", passes_start());
    bool open = open_world(&world, LIMIT) && open_store(&world);
    tell("1,000 exceptions of JS leave nothing", open && leaves_nothing(one_that_passes, &world, 100));
    tell("that store ends, too", open && close_store(&world));
    close_world(&world);
}
