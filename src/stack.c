/* pthread_getattr_np is no part of POSIX. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "stack.h"

#if WRL_STACK_KNOWN

#include <pthread.h>

_Thread_local wrl_stack_t wrl_stack;

/* Asked for once in each thread: the answer takes a while for the main thread, and memory. */
static void find_limits(void)
{
    wrl_stack = (wrl_stack_t){0, 1};
#ifdef __APPLE__
    wrl_stack.size = pthread_get_stacksize_np(pthread_self());
    wrl_stack.low = (uintptr_t)pthread_get_stackaddr_np(pthread_self()) - wrl_stack.size;
#else
    pthread_attr_t attributes;
    void *low;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return;
    }
    if (pthread_attr_getstack(&attributes, &low, &size) == 0 && size) {
        wrl_stack = (wrl_stack_t){(uintptr_t)low, size};
    }
    (void)pthread_attr_destroy(&attributes);
#endif
}

bool wrl_stack_has_slowly(size_t need)
{
    if (wrl_stack.size == 0) {
        find_limits();
    }
    uintptr_t left = (uintptr_t)__builtin_frame_address(0) - wrl_stack.low;
    return left >= wrl_stack.size || left >= need;
}

#else

typedef int wrl_stack_is_not_known_t;

#endif
