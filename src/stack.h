/*
 * How much of the calling thread's native stack is left. Where the system does not tell, there is no check.
 */
#ifndef WRL_SRC_STACK_H
#define WRL_SRC_STACK_H

#include "compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if (defined(__linux__) || defined(__APPLE__)) && !defined(__EMSCRIPTEN__) && defined(__GNUC__)
#define WRL_STACK_KNOWN 1
#else
#define WRL_STACK_KNOWN 0
#endif

#if WRL_STACK_KNOWN

typedef struct wrl_stack {
    uintptr_t low;  /* The lowest address that may be used. */
    uintptr_t size; /* 0 if not asked for yet, 1 if the system does not tell. */
} wrl_stack_t;

/*
 * The calling thread's own stack. On glibc the variable is reached without a call, also from a library that is loaded
 * late: glibc keeps space for such small ones. Other C libraries do not, and a load would fail there.
 */
#ifdef __GLIBC__
#define WRL_STACK_MODEL __attribute__((tls_model("initial-exec"), visibility("hidden")))
#else
#define WRL_STACK_MODEL __attribute__((visibility("hidden")))
#endif
extern WRL_STACK_MODEL _Thread_local wrl_stack_t wrl_stack;

/* The rare cases: the limits are not known yet, too little is left, or the program runs on a stack of its own. */
bool wrl_stack_has_slowly(size_t need);

#endif

/* Whether `need` bytes are left below the caller's frame. True on a stack that is not the thread's own. */
static inline bool wrl_stack_has(size_t need)
{
#if WRL_STACK_KNOWN
    uintptr_t left = (uintptr_t)__builtin_frame_address(0) - wrl_stack.low;
    return (left >= need && left < wrl_stack.size) || wrl_stack_has_slowly(need);
#else
    (void)need;
    return true;
#endif
}

#endif
