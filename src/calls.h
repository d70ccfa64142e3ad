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
    uintptr_t frame;    /* An address in the frame that made it. */
} wrl_call_t;

/* An address in the frame of the function that this stands in, and below those that called it. */
#define WRL_CALLS_HERE() ((uintptr_t)__builtin_frame_address(0))

typedef struct wrl_calls {
    wrl_call_t *list; /* Outermost first. */
    uint32_t count;
    uint32_t capacity;
} wrl_calls_t;

extern WRL_CALLS_THREAD wrl_calls_t wrl_calls;

/* Whether there is memory for one more. Then it can begin. */
bool wrl_calls_reserve(void);

/* Ends the last calls if they have vanished, and nobody has reported that: their frames do not lie above `here`.
 * Outermost calls vanish so where JS of the program has used up the stack, and catches what ends them. */
void wrl_calls_forget(uintptr_t here);

/* Call number `call` of those under way ends, and is not the last one, or follows one that has ended. */
void wrl_calls_end_early(uint32_t call);

/* For wrl_core_t. */
uint32_t *wrl_calls_place(void);
void wrl_calls_vanished(uint32_t left);

/* Whether the last call is one of those that called. */
static inline bool wrl_calls_are_live(uintptr_t here)
{
    return wrl_calls.list[wrl_calls.count - 1].frame > here;
}

/* Begins a call, and returns its number. */
static inline uint32_t wrl_calls_begin(wrl_store_t *store, uintptr_t here)
{
    wrl_calls.list[wrl_calls.count] = (wrl_call_t){store, here};
    return wrl_calls.count++;
}

static inline void wrl_calls_end(uint32_t call)
{
    if (wrl_calls.count == call + 1 && (!call || wrl_calls.list[call - 1].store)) {
        wrl_calls.count = call;
    } else {
        wrl_calls_end_early(call);
    }
}

#endif

#endif
