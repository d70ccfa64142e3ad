/*
 * The native stack of the calling thread: how much of it is left, and whether a call is nested in another. A coroutine,
 * which has a stack of its own, may run while others wait inside their calls. On platforms that do not report the
 * limits of stacks, nothing is checked.
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

/* Emscripten reports the C stack of the calling thread, except to side modules, which are linked to a running
 * program. */
#if defined(__EMSCRIPTEN__) && !defined(WRL_SIDE_MODULE)
#include <emscripten/stack.h>
#define WRL_STACK_LEFT() ((size_t)emscripten_stack_get_free())
#else
#define WRL_STACK_LEFT() SIZE_MAX
#endif

#if WRL_STACK_KNOWN

/* An address in the frame of the function that uses the macro. */
#define WRL_STACK_HERE() ((uintptr_t)__builtin_frame_address(0))

typedef struct wrl__stack {
    uintptr_t low; /* The lowest address that may be used. */
    /* A call that begins less than this many bytes above `low` needs no further checks: it is below the innermost call
     * of an engine that runs guests on the native stack or, if there is no such call, anywhere on the stack.
     * WRL_STACK_FOREIGN if that innermost call began on another stack, 0 if the limits are not known yet. */
    uintptr_t size;
    uintptr_t whole; /* The size of the whole stack. */
    uintptr_t entry; /* Where the innermost such call began, if it began on another stack. */
} wrl_stack_t;

#define WRL_STACK_FOREIGN 1

/*
 * The calling thread's own stack. On glibc the variable is accessed without a call, even from a library that is loaded
 * late: glibc reserves space for such small variables. Other C libraries do not, and loading the library would fail
 * there.
 */
#ifdef __GLIBC__
#define WRL_STACK_MODEL __attribute__((tls_model("initial-exec"), visibility("hidden")))
#else
#define WRL_STACK_MODEL __attribute__((visibility("hidden")))
#endif
extern WRL_STACK_MODEL _Thread_local wrl_stack_t wrl__stack;

/* Whether the limits are known. If they are not, the system had too little memory to report them, and nothing may
 * run. */
bool wrl__stack_is_known(void);

/* Handles the rare cases: the limits are not known yet, too little is left, or the program runs on another stack than
 * the thread's own. */
bool wrl__stack_has_slowly(size_t need);

/* Whether the frame with that address is among the calling frames. Takes microseconds or more on a stack that is not
 * the thread's own. */
bool wrl__stack_is_inside(uintptr_t frame);

/* Whether the innermost call of an engine that runs guests on the native stack is among the calling frames. If there is
 * no such call on this thread, returns whether none is expected. */
bool wrl__stack_is_in_order(bool is_expected);

/* Begins such a call, with the frame `here`: on a stack that is not the thread's own, or above the innermost call. */
void wrl__stack_enter_slowly(uintptr_t here);

#endif

/* Whether `need` bytes are left below the caller's frame. True on a stack that is not the thread's own. */
static inline bool wrl__stack_has(size_t need)
{
#if WRL_STACK_KNOWN
    uintptr_t left = WRL_STACK_HERE() - wrl__stack.low;
    return (left >= need && left < wrl__stack.size) || wrl__stack_has_slowly(need);
#else
    return WRL_STACK_LEFT() >= need;
#endif
}

#endif
