/*
 * Deferred work. It runs on a few threads of the library's own, which start when there is work and end when there is
 * none. On hosts without threads it runs from the event loop.
 */
#ifndef WRL_SRC_WORK_H
#define WRL_SRC_WORK_H

#include "lock.h"
#include "wrl/base.h"

/* Whether work runs on threads other than the one that hands it over. */
#ifdef WRL_NO_THREADS
#define WRL_WORK_ON_THREADS 0
#else
#define WRL_WORK_ON_THREADS 1
#endif

/* The maximum number of threads at a time. */
#define WRL_WORK_THREADS 4

/* A piece of work. It is the first member of a struct that holds what it needs. */
typedef struct wrl_work {
    void (*run)(struct wrl_work *work);
    struct wrl_work *next; /* Used by the queue. */
} wrl_work_t;

/*
 * Hands work over. It runs once, and is not touched after that, as it may free itself. If an error is returned, the
 * work does not run. Errors: RESOURCE_LIMIT.
 */
wrl_error_t *wrl__work_start(wrl_work_t *work);

/* Whether no thread is working or about to end. For tests. */
bool wrl__work_is_idle(void);

#endif
