/*
 * A program with a small C stack, the default of newer versions of Emscripten. Nested calls end with a trap before the
 * stack is full, and never reach the program's static data, which is below the stack.
 */
#include "world.h"

#include <emscripten/stack.h>
#include <stdio.h>
#include <string.h>

static bool dives(world_t *world, guest_kind_t kind)
{
    enum { LIMIT = 10000 };
    bool good = open_world_of(world, LIMIT, kind) && open_store(world);
    world->levels = 1 << 30;
    wrl_error_t *error = go_down(world);
    good = good && error && strstr(wrl_error_message(error), "stack_reserve");
    good =
        is_kind(error, WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW) && good && world->deepest > 8 && world->deepest < LIMIT;
    (void)printf("      %d nested host calls\n", world->deepest);
    good = good && close_store(world);
    close_world(world);
    return good;
}

int main(void)
{
    world_t world;
    size_t before = emscripten_stack_get_free();
    for (guest_kind_t kind = PLAIN; kind < GUEST_KINDS; kind++) {
        if (can_open(kind)) {
            tell(guest_kinds[kind], dives(&world, kind));
        }
    }
    tell("the C stack is as it was", emscripten_stack_get_free() == before);
    return tell_counts();
}
