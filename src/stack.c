/* pthread_getattr_np() is not in POSIX. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "stack.h"

#if WRL_STACK_KNOWN

#include <pthread.h>
#include <unwind.h>
#ifdef __GLIBC__
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

_Thread_local wrl_stack_t wrl__stack;

#ifdef __GLIBC__
#define PAGE ((uintptr_t)4096)
#define USUAL_STACK_SIZE ((uintptr_t)8 << 20)

/* Estimates the main thread's stack without reading files: glibc reads /proc/self/maps, which a sandbox may not have.
 * The stack ends above the name of the program, which the kernel puts there, and may grow down to its limit. */
static bool guess_main(uintptr_t *low, uintptr_t *size)
{
    struct rlimit limit;
    uintptr_t name = (uintptr_t)getauxval(AT_EXECFN);
    if (getpid() != (pid_t)syscall(SYS_gettid) || !name || getrlimit(RLIMIT_STACK, &limit) != 0) {
        return false;
    }
    uintptr_t top = (name + PAGE) / PAGE * PAGE;
    uintptr_t most = limit.rlim_cur == RLIM_INFINITY ? USUAL_STACK_SIZE : (uintptr_t)limit.rlim_cur;
    if (most < 2 * PAGE || most >= top) {
        return false;
    }
    *size = most - PAGE;
    *low = top - *size;
    return true;
}
#else
static bool guess_main(uintptr_t *low, uintptr_t *size)
{
    (void)low;
    (void)size;
    return false;
}
#endif

/* Asks the system for the limits. Returns false if it cannot report them now: glibc needs memory and, for the main
 * thread, a file. */
static bool ask_limits(uintptr_t *low, uintptr_t *size)
{
#ifdef __APPLE__
    *size = pthread_get_stacksize_np(pthread_self());
    *low = (uintptr_t)pthread_get_stackaddr_np(pthread_self()) - *size;
    return *size > WRL_STACK_FOREIGN;
#else
    pthread_attr_t attributes;
    void *address = NULL;
    size_t bytes = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return false;
    }
    bool told = pthread_attr_getstack(&attributes, &address, &bytes) == 0 && bytes > WRL_STACK_FOREIGN;
    (void)pthread_attr_destroy(&attributes);
    *low = (uintptr_t)address;
    *size = bytes;
    return told;
#endif
}

/* Asks the system once in each thread, because asking takes a while for the main thread. If the system cannot report
 * the limits now, it is asked again later. */
bool wrl__stack_is_known(void)
{
    uintptr_t low = 0, size = 0;
    if (wrl__stack.size == 0 && (ask_limits(&low, &size) || guess_main(&low, &size))) {
        wrl__stack.low = low;
        wrl__stack.whole = size;
        wrl__stack.size = size;
    }
    return wrl__stack.size != 0;
}

static bool is_own(uintptr_t address)
{
    return wrl__stack_is_known() && address - wrl__stack.low < wrl__stack.whole;
}

bool wrl__stack_has_slowly(size_t need)
{
    uintptr_t here = WRL_STACK_HERE();
    return wrl__stack_is_known() && (!is_own(here) || here - wrl__stack.low >= need);
}

/* ---- Whether a call is nested in another ---- */

/* No frame of this library is this large. The gap between two stacks, where calls go from one to the other, may be as
 * large. */
#define MAX_FRAME 65536

typedef struct search {
    uintptr_t wanted;
    uintptr_t below; /* The end of the previous frame; 0 at first. */
    bool found;
} search_t;

static _Unwind_Reason_Code look_at(struct _Unwind_Context *context, void *argument)
{
    search_t *search = (search_t *)argument;
    uintptr_t end = (uintptr_t)_Unwind_GetCFA(context);
    search->found =
        search->below && search->below <= search->wanted && search->wanted < end && end - search->below < MAX_FRAME;
    search->below = end;
    return search->found ? _URC_END_OF_STACK : _URC_NO_REASON;
}

/* The search ends without success at a function that has no unwind table. */
static bool unwinds_to(uintptr_t frame)
{
    search_t search = {.wanted = frame};
    (void)_Unwind_Backtrace(look_at, &search);
    return search.found;
}

bool wrl__stack_is_inside(uintptr_t frame)
{
    uintptr_t here = WRL_STACK_HERE();
    return is_own(here) && is_own(frame) ? here < frame : unwinds_to(frame);
}

bool wrl__stack_is_in_order(bool is_expected)
{
    (void)is_own(0);
    uintptr_t entry = wrl__stack.size != WRL_STACK_FOREIGN ? wrl__stack.low + wrl__stack.size : wrl__stack.entry;
    bool is_none = wrl__stack.size != WRL_STACK_FOREIGN ? wrl__stack.size == wrl__stack.whole : !wrl__stack.entry;
    return is_none ? !is_expected : wrl__stack_is_inside(entry);
}

void wrl__stack_enter_slowly(uintptr_t here)
{
    wrl__stack.size = is_own(here) ? here - wrl__stack.low : WRL_STACK_FOREIGN;
    wrl__stack.entry = here;
}

#else

typedef int wrl_stack_is_not_known_t;

#endif
