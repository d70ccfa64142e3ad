/*
 * The calls into guests that are under way, where frames can vanish (compiler.h). Whoever sees that frames have
 * vanished ends the calls that they had begun. Each thread has its own.
 */
#ifndef WRL_SRC_CALLS_H
#define WRL_SRC_CALLS_H

#include "compiler.h"
#include "wrl/base.h"

#include <stdbool.h>
#include <stdint.h>

#if WRL_FRAMES_VANISH

#ifdef __EMSCRIPTEN_PTHREADS__
#define WRL_CALLS_THREAD _Thread_local
#else
#define WRL_CALLS_THREAD
#endif

typedef struct wrl_call {
    wrl_store_t *store; /* NULL if the call ended before a later one. */
} wrl_call_t;

typedef struct wrl_calls {
    wrl_call_t *list; /* Outermost first. */
    uint32_t count;
    uint32_t capacity;
} wrl_calls_t;

extern WRL_CALLS_THREAD wrl_calls_t wrl_calls;

/* Whether there is memory for one more. Then it can begin. */
bool wrl_calls_reserve(void);

/* Call number `call` of those under way ends, and is not the last one. */
void wrl_calls_end_early(uint32_t call);

/* For wrl_core_t. */
uint32_t *wrl_calls_place(void);
void wrl_calls_vanished(uint32_t left);

/* Begins a call, and returns its number. */
static inline uint32_t wrl_calls_begin(wrl_store_t *store)
{
    wrl_calls.list[wrl_calls.count].store = store;
    return wrl_calls.count++;
}

static inline void wrl_calls_end(uint32_t call)
{
    if (wrl_calls.count == call + 1) {
        wrl_calls.count = call;
    } else {
        wrl_calls_end_early(call);
    }
}

#endif

#endif
