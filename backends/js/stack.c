#include "stack.h"

#include "wrl/value.h"

/* Calls of host functions that lie inside one another, each with its slots: the default of 200 levels have room for 20
 * slots each. */
#define SLOTS 4096

static wrl_raw_t slots[SLOTS];
static wrl_raw_t *top = slots;
static uint32_t pending;
static js_shield_t shield;
static uint32_t guarded;

uint32_t js_top_place(void)
{
    return (uint32_t)(uintptr_t)&top;
}

uint32_t js_slots_end(void)
{
    return (uint32_t)(uintptr_t)(slots + SLOTS);
}

uint32_t js_pending_place(void)
{
    return (uint32_t)(uintptr_t)&pending;
}

uint32_t js_take_pending(void)
{
    uint32_t taken = pending;
    pending = JS_PENDING_NONE;
    return taken;
}

js_shield_t js_shield(void)
{
    return shield;
}

void js_set_shield(js_shield_t found)
{
    shield = found;
}

uint32_t js_guarded_place(void)
{
    return (uint32_t)(uintptr_t)&guarded;
}

bool js_is_guarded(void)
{
    return guarded;
}

void js_set_guarded(void)
{
    guarded = 1;
}
