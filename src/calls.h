/*
 * The calls into guests that are in progress on this thread, on hosts where frames can disappear (compiler.h). Code
 * that detects that frames have disappeared ends the calls that these frames began.
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
    wrl_store_t *store; /* NULL if the call ended before a later one did. */
    uintptr_t frame;    /* An address in the frame that made the call. */
} wrl_call_t;

/* An address in the frame of the function that uses the macro, below the frames of its callers. */
#define WRL_CALLS_HERE() ((uintptr_t)__builtin_frame_address(0))

typedef struct wrl__calls {
    wrl_call_t *list; /* Outermost first. */
    uint32_t count;
    uint32_t capacity;
} wrl_calls_t;

extern WRL_CALLS_THREAD wrl_calls_t wrl__calls;

/* Reserves memory for one more call. Returns false if memory runs out. */
bool wrl__calls_reserve(void);

/* Ends the last calls if they have disappeared without a report: their frames then do not lie above `here`. Outermost
 * calls disappear in this way if the program's JS code overflows the stack and catches the exception. */
void wrl__calls_forget(uintptr_t here);

/* Ends call number `call` if it is not the last one, or if the one before it has ended already. */
void wrl__calls_end_early(uint32_t call);

/* wrl_core_t::calls and wrl_core_t::calls_vanished. */
uint32_t *wrl__calls_place(void);
void wrl__calls_vanished(uint32_t left);

/* Whether the frame of the last call is among the calling frames. */
static inline bool wrl__calls_are_live(uintptr_t here)
{
    return wrl__calls.list[wrl__calls.count - 1].frame > here;
}

/* Begins a call and returns its number. */
static inline uint32_t wrl__calls_begin(wrl_store_t *store, uintptr_t here)
{
    wrl__calls.list[wrl__calls.count] = (wrl_call_t){store, here};
    return wrl__calls.count++;
}

static inline void wrl__calls_end(uint32_t call)
{
    if (wrl__calls.count == call + 1 && (!call || wrl__calls.list[call - 1].store)) {
        wrl__calls.count = call;
    } else {
        wrl__calls_end_early(call);
    }
}

#endif

#endif
