/*
 * How much of the calling thread's native stack is left, and whether a call is made inside another one: a coroutine,
 * which has a stack of its own, may run while others wait inside their calls. Where the system does not tell, there is
 * no check.
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

/* Emscripten tells of the C stack of the calling thread, other than to modules that it links to a program that runs. */
#if defined(__EMSCRIPTEN__) && !defined(WRL_SIDE_MODULE)
#include <emscripten/stack.h>
#define WRL_STACK_LEFT() ((size_t)emscripten_stack_get_free())
#else
#define WRL_STACK_LEFT() SIZE_MAX
#endif

#if WRL_STACK_KNOWN

/* An address in the frame of the function that this stands in. */
#define WRL_STACK_HERE() ((uintptr_t)__builtin_frame_address(0))

typedef struct wrl_stack {
    uintptr_t low; /* The lowest address that may be used. */
    /* How far above `low` a call may begin without further questions: below the innermost call of an engine that runs
     * guests on the native stack, and otherwise anywhere. WRL_STACK_FOREIGN if that call began on another stack, 0 if
     * the limits are not known yet. */
    uintptr_t size;
    uintptr_t whole; /* Of the whole stack. */
    uintptr_t entry; /* Where the innermost such call began, if it was on another stack. */
} wrl_stack_t;

#define WRL_STACK_FOREIGN 1

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

/* Whether the limits are known. If not, the system did not tell, for want of memory: nothing may run. */
bool wrl_stack_is_known(void);

/* The rare cases: the limits are not known yet, too little is left, or the program runs on a stack of its own. */
bool wrl_stack_has_slowly(size_t need);

/* Whether a frame with that address is one of those that called. Takes microseconds and more on a stack that is not the
 * thread's own. */
bool wrl_stack_is_inside(uintptr_t frame);

/* Whether the innermost call of an engine that runs guests on the native stack called. If there is none on this thread:
 * whether none is expected. */
bool wrl_stack_is_in_order(bool is_expected);

/* Begins such a call, of the frame `here`, on a stack that is not the thread's own, or above the innermost call. */
void wrl_stack_enter_slowly(uintptr_t here);

#endif

/* Whether `need` bytes are left below the caller's frame. True on a stack that is not the thread's own. */
static inline bool wrl_stack_has(size_t need)
{
#if WRL_STACK_KNOWN
    uintptr_t left = WRL_STACK_HERE() - wrl_stack.low;
    return (left >= need && left < wrl_stack.size) || wrl_stack_has_slowly(need);
#else
    return WRL_STACK_LEFT() >= need;
#endif
}

#endif
