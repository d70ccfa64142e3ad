#include "stack.h"

#include "backend.h"
#include "func_glue.h"

/*
 * The number of slots for nested calls of host functions: 20 for each of 200 levels, the default limit. If they do not
 * suffice, chunks are added, each at least twice as large as the one before. Chunks are freed when the calls that need
 * them have ended.
 */
#define SLOTS 4096

typedef struct chunk {
    struct chunk *before; /* NULL for the first chunk after `slots`. */
    const wrl_core_t *core;
    wrl_raw_t *end;
    wrl_raw_t slots[];
} chunk_t;

static wrl_raw_t slots[SLOTS];
static wrl_raw_t *top = slots;
static wrl_raw_t *end = slots + SLOTS;
static chunk_t *last;
static uint32_t pending;
static uint32_t calls_place;
static const wrl_core_t *the_core;
static js_shield_t shield;
static uint32_t guarded;

uint32_t wrl__jsb_top_place(void)
{
    return (uint32_t)(uintptr_t)&top;
}

uint32_t wrl__jsb_end_place(void)
{
    return (uint32_t)(uintptr_t)&end;
}

uint32_t wrl__jsb_pending_place(void)
{
    return (uint32_t)(uintptr_t)&pending;
}

uint32_t wrl__jsb_pending(void)
{
    return pending;
}

void wrl__jsb_set_pending(uint32_t error)
{
    pending = error;
}

uint32_t wrl__jsb_take_pending(void)
{
    uint32_t taken = pending;
    pending = JS_PENDING_NONE;
    return taken;
}

uint32_t wrl__jsb_calls_place(void)
{
    return calls_place;
}

void wrl__jsb_set_core(const wrl_core_t *core)
{
    the_core = core;
    calls_place = (uint32_t)(uintptr_t)core->calls();
}

void wrl__jsb_calls_lost(void)
{
    uint32_t lost = wrl__jsb_take_pending();
    wrl__js_lost();
    if (lost > JS_PENDING_EXCEPTION) {
        the_core->error_delete((wrl_error_t *)(uintptr_t)lost);
    }
}

js_shield_t wrl__jsb_shield(void)
{
    return shield;
}

void wrl__jsb_set_shield(js_shield_t found)
{
    shield = found;
}

uint32_t wrl__jsb_guarded_place(void)
{
    return (uint32_t)(uintptr_t)&guarded;
}

bool wrl__jsb_is_guarded(void)
{
    return guarded;
}

void wrl__jsb_set_guarded(void)
{
    guarded = 1;
}

void wrl__jsb_trim_slots(void)
{
    while (last && (top < last->slots || top > last->end)) {
        /* A stack overflow in the engine may end any call, so the chunk is removed from the list before it is freed. */
        chunk_t *ended = last;
        last = ended->before;
        end = last ? last->end : slots + SLOTS;
        ended->core->free(ended);
    }
}

static bool add_chunk(const wrl_core_t *core, size_t least)
{
    size_t count = last ? 2 * (size_t)(last->end - last->slots) : 2 * SLOTS;
    count = count < least ? least : count;
    chunk_t *made = (chunk_t *)core->alloc(sizeof *made + count * sizeof made->slots[0]);
    if (!made) {
        return false;
    }
    made->before = last;
    made->core = core;
    made->end = made->slots + count;
    last = made;
    top = made->slots;
    end = made->end;
    return true;
}

uint32_t wrl__jsb_move_slots(const struct js_shims *caller, uint32_t from, uint32_t size)
{
    top = (wrl_raw_t *)(uintptr_t)from;
    wrl__jsb_trim_slots();
    if (size && !add_chunk(caller->store->core, size / sizeof *top)) {
        const wrl_core_t *core = caller->store->core;
        pending = (uint32_t)(uintptr_t)core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
        return 1;
    }
    return 0;
}
