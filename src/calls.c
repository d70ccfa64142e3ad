#include "calls.h"

#include "alloc.h"
#include "store.h"

#include <string.h>

WRL_CALLS_THREAD wrl_calls_t wrl_calls;

bool wrl_calls_reserve(void)
{
    enum { FIRST_CAPACITY = 64 };
    if (wrl_calls.count < wrl_calls.capacity) {
        return true;
    }
    uint32_t capacity = wrl_calls.capacity ? 2 * wrl_calls.capacity : FIRST_CAPACITY;
    wrl_call_t *grown = (wrl_call_t *)wrl_alloc(capacity * sizeof *grown);
    if (!grown) {
        return false;
    }
    if (wrl_calls.count) {
        memcpy(grown, wrl_calls.list, wrl_calls.count * sizeof *grown);
    }
    wrl_call_t *former = wrl_calls.list;
    wrl_calls.list = grown;
    wrl_calls.capacity = capacity;
    wrl_free(former);
    return true;
}

void wrl_calls_forget(uintptr_t here)
{
    while (wrl_calls.count) {
        const wrl_call_t *last = &wrl_calls.list[wrl_calls.count - 1];
        const wrl_store_t *store = last->store;
        if (store && (!store->backend->calls_lost || last->frame > here)) {
            return;
        }
        if (store) {
            store->backend->calls_lost();
        }
        wrl_calls_vanished(wrl_calls.count - 1);
    }
}

/* Coroutines may end their calls in another order than they began them. Where that cannot be, later calls have
 * vanished, and somebody caught in JS what ended them. */
void wrl_calls_end_early(uint32_t call)
{
    if (call >= wrl_calls.count) {
        return;
    }
    if (wrl_calls.list[call].store && wrl_calls.list[call].store->backend->calls_lost) {
        wrl_calls_vanished(call + 1);
    }
    wrl_calls.list[call].store = NULL;
    while (wrl_calls.count && !wrl_calls.list[wrl_calls.count - 1].store) {
        wrl_calls.count--;
    }
}

uint32_t *wrl_calls_place(void)
{
    return &wrl_calls.count;
}

/* The end of a store may run finalizers, which may call guests themselves. */
void wrl_calls_vanished(uint32_t left)
{
    while (wrl_calls.count > left) {
        wrl_store_t *store = wrl_calls.list[wrl_calls.count - 1].store;
        /* The frames of other engines have vanished, too, and their stores with them. */
        bool is_counted = store && store->backend->calls_lost;
        wrl_calls.count--;
        if (is_counted) {
            /* Here, without a call: the end of the engine's stack may end any call. */
            store->runs += WRL_ONE_RUN - 1;
            wrl_store_call_vanished(store);
        }
    }
}
