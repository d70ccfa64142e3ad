#include "calls.h"

#include "alloc.h"
#include "store.h"

#include <string.h>

WRL_CALLS_THREAD wrl_calls_t wrl__calls;

bool wrl__calls_reserve(void)
{
    enum { FIRST_CAPACITY = 64 };
    if (wrl__calls.count < wrl__calls.capacity) {
        return true;
    }
    uint32_t capacity = wrl__calls.capacity ? 2 * wrl__calls.capacity : FIRST_CAPACITY;
    wrl_call_t *grown = (wrl_call_t *)wrl__alloc(capacity * sizeof *grown);
    if (!grown) {
        return false;
    }
    if (wrl__calls.count) {
        memcpy(grown, wrl__calls.list, wrl__calls.count * sizeof *grown);
    }
    wrl_call_t *former = wrl__calls.list;
    wrl__calls.list = grown;
    wrl__calls.capacity = capacity;
    wrl__free(former);
    return true;
}

void wrl__calls_forget(uintptr_t here)
{
    while (wrl__calls.count) {
        const wrl_call_t *last = &wrl__calls.list[wrl__calls.count - 1];
        const wrl_store_t *store = last->store;
        if (store && (!store->backend->calls_lost || last->frame > here)) {
            return;
        }
        if (store) {
            store->backend->calls_lost();
        }
        wrl__calls_vanished(wrl__calls.count - 1);
    }
}

/* Coroutines may end their calls in a different order from the one in which they began them. Backends with calls_lost
 * rule this out. On those backends, the later calls have disappeared: the program's JS code has caught the exception
 * that ended them. */
void wrl__calls_end_early(uint32_t call)
{
    if (call >= wrl__calls.count) {
        return;
    }
    if (wrl__calls.list[call].store && wrl__calls.list[call].store->backend->calls_lost) {
        wrl__calls_vanished(call + 1);
    }
    wrl__calls.list[call].store = NULL;
    while (wrl__calls.count && !wrl__calls.list[wrl__calls.count - 1].store) {
        wrl__calls.count--;
    }
}

uint32_t *wrl__calls_place(void)
{
    return &wrl__calls.count;
}

/* Deleting a store may run finalizers, which may call guests themselves. So each iteration reads the list anew. */
void wrl__calls_vanished(uint32_t left)
{
    while (wrl__calls.count > left) {
        wrl_store_t *store = wrl__calls.list[wrl__calls.count - 1].store;
        /* Without calls_lost, the engine itself has lost frames, and the store must not be used any more. */
        bool is_counted = store && store->backend->calls_lost;
        wrl__calls.count--;
        if (is_counted) {
            /* Updated here rather than in a function: when the engine's stack is almost used up, any call may fail. */
            store->runs += WRL_ONE_RUN - 1;
            wrl__store_call_vanished(store);
        }
    }
}
