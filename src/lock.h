/* A mutex. It does nothing on hosts without threads. */
#ifndef WRL_SRC_LOCK_H
#define WRL_SRC_LOCK_H

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)

/* The host has an event loop instead of threads. */
#define WRL_NO_THREADS

typedef int wrl_lock_t;
#define WRL_LOCK_INIT 0

static inline void wrl__lock(wrl_lock_t *lock)
{
    (void)lock;
}

static inline void wrl__unlock(wrl_lock_t *lock)
{
    (void)lock;
}

#else

#include <pthread.h>

typedef pthread_mutex_t wrl_lock_t;
#define WRL_LOCK_INIT PTHREAD_MUTEX_INITIALIZER

static inline void wrl__lock(wrl_lock_t *lock)
{
    (void)pthread_mutex_lock(lock);
}

static inline void wrl__unlock(wrl_lock_t *lock)
{
    (void)pthread_mutex_unlock(lock);
}

#endif

#endif
