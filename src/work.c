#define _POSIX_C_SOURCE 200809L /* pthread_sigmask() */

#include "work.h"

#include "alloc.h"
#include "error.h"

#ifdef WRL_NO_THREADS

#include <emscripten/eventloop.h>

static void run(void *work)
{
    ((wrl_work_t *)work)->run((wrl_work_t *)work);
}

wrl_error_t *wrl__work_start(wrl_work_t *work)
{
    /* The runtime stays alive until the work has run. */
    (void)emscripten_set_timeout(run, 0, work);
    return NULL;
}

bool wrl__work_is_idle(void)
{
    return true;
}

#else

#include <errno.h>
#include <signal.h>

/* The usual size of the main thread's stack: the program's functions run there, and guests that they call. */
#define STACK_SIZE ((size_t)8 << 20)

static wrl_lock_t lock = WRL_LOCK_INIT;
static wrl_work_t *first;
static wrl_work_t **last = &first;
static size_t threads;

/* Appends work to the queue. The lock is held. */
static void put(wrl_work_t *work)
{
    work->next = NULL;
    *last = work;
    last = &work->next;
}

/* Removes and returns the work that has waited longest, or returns NULL. The lock is held. */
static wrl_work_t *take(void)
{
    wrl_work_t *work = first;
    if (work) {
        first = work->next;
        last = first ? last : &first;
    }
    return work;
}

static void *work_on(void *unused)
{
    (void)unused;
    wrl__lock(&lock);
    wrl_work_t *work = take();
    while (work) {
        wrl__unlock(&lock);
        work->run(work);
        wrl__lock(&lock);
        work = take();
    }
    threads--;
    wrl__unlock(&lock);
    return NULL;
}

/* Fills the set of signals that these threads block: the program's signals, but not those by which engines detect
 * traps. */
static void no_signals(sigset_t *set)
{
    static const int of_traps[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    (void)sigfillset(set);
    for (size_t i = 0; i < sizeof of_traps / sizeof of_traps[0]; i++) {
        (void)sigdelset(set, of_traps[i]);
    }
}

/* Starts a thread. Returns 0 or an error number. */
static int start_thread(void)
{
    pthread_attr_t attributes;
    /* The stack counts as an allocation, which tests can make fail. */
    int failed = wrl__alloc_allowed(STACK_SIZE) ? pthread_attr_init(&attributes) : EAGAIN;
    if (failed) {
        return failed;
    }
    sigset_t none, before;
    no_signals(&none);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    (void)pthread_sigmask(SIG_SETMASK, &none, &before);
    pthread_t thread;
    failed = pthread_create(&thread, &attributes, work_on, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return failed;
}

wrl_error_t *wrl__work_start(wrl_work_t *work)
{
    int failed = 0;
    wrl__lock(&lock);
    if (threads < WRL_WORK_THREADS) {
        failed = start_thread();
        threads += !failed;
    }
    /* If no further thread starts, the existing ones do the work. */
    bool started = threads > 0;
    if (started) {
        put(work);
    }
    wrl__unlock(&lock);
    return started ? NULL
                   : wrl__error_format(WRL_ERROR_RESOURCE_LIMIT, "cannot start a thread (error number %d)", failed);
}

bool wrl__work_is_idle(void)
{
    wrl__lock(&lock);
    bool idle = threads == 0;
    wrl__unlock(&lock);
    return idle;
}

#endif
