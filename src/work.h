/*
 * Work that is done later: on a few threads of the library's own, which start when there is work and end when there is
 * none; where the host has no threads, from its event loop.
 */
#ifndef WRL_SRC_WORK_H
#define WRL_SRC_WORK_H

#include "lock.h"
#include "wrl/base.h"

/* Whether work is done on other threads than the one that hands it over. */
#ifdef WRL_NO_THREADS
#define WRL_WORK_ON_THREADS 0
#else
#define WRL_WORK_ON_THREADS 1
#endif

/* At most so many threads at a time. */
#define WRL_WORK_THREADS 4

/* A piece of work: the first member of a struct that holds what it needs. */
typedef struct wrl_work {
    void (*run)(struct wrl_work *work);
    struct wrl_work *next; /* For the queue. */
} wrl_work_t;

/*
 * Hands work over: it is run once, and not touched after that, as it may free itself. If an error is returned it is not
 * run. Kinds of error: RESOURCE_LIMIT.
 */
wrl_error_t *wrl_work_start(wrl_work_t *work);

/* Whether no thread is at work, or about to end. For tests. */
bool wrl_work_is_idle(void);

#endif
