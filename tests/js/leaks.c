#include "../../backends/js/glue.h"
#include "../../backends/js/stack.h"
#include "world.h"

#include <emscripten.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>

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

bool leaves_nothing(bool (*action)(world_t *world, int number), world_t *world, int times)
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
    good = good && is_kind(wrl_module_new(world->engine, guest, guest_size - 1 - (size_t)number % 8, &module),
                           WRL_ERROR_MALFORMED, WRL_TRAP_NONE);
    good =
        good && is_kind(wrl_instance_new(world->store, world->module, NULL, &instance), WRL_ERROR_LINK, WRL_TRAP_NONE);
    return close_store(world) && good && released == 1;
}

/* ---- The heap of JS ---- */

/* clang-format off */
/* What JS holds that nobody can do without, in bytes; -1 if it cannot be told. */
EM_JS(double, js_heap, (void), {
    const gc = globalThis["gc"];
    if (!gc) { return -1; }
    gc();
    gc();
    return process["memoryUsage"]()["heapUsed"];
});
/* clang-format on */

/* By how much the heap of JS grows while all is used so many times; a number that nothing allows if that failed. */
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

/* In these rounds the heap shrinks by some 40,000 bytes, as the engine comes to rest. An empty object that is kept for
 * each store makes it grow by 56,000, each time; code that the engine compiles anew makes it grow once. */
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

void test_leaks(void)
{
    world_t world;
    bool open = open_world(&world, 200) && open_store(&world);
    tell("100,000 calls leave nothing", open && leaves_nothing(one_call, &world, 10000));
    tell("10,000 traps leave nothing", open && leaves_nothing(one_trap, &world, 1000));
    tell("that store ends", open && close_store(&world));
    tell("1,000 stores leave nothing", open && leaves_nothing(one_store, &world, 100));
    tell("500 stores with everything in them leave nothing", open && leaves_nothing(use_everything, &world, 50));
    tell("2,000 such stores leave nothing in the heap of JS", open && leaves_no_garbage(&world));
    close_world(&world);
}
