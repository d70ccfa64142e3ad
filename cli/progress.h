/* Shows a line on the terminal during long compilations. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>

#if !defined(__EMSCRIPTEN__) && !defined(_WIN32)
#define CLI_HAS_THREADS 1
#include <pthread.h>
#include <stdbool.h>
#endif

typedef struct progress {
    const char *file;
    size_t size;
#ifdef CLI_HAS_THREADS
    bool is_running;
    bool is_done; /* Guarded by mutex. */
    pthread_mutex_t mutex;
    pthread_cond_t done;
    pthread_t thread;
#else
    int unused;
#endif
} progress_t;

/* Starts to report, each second, that `file` of `size` bytes is being compiled. Writes to stderr, and only if stderr is
 * a terminal. `file` must stay valid until progress_end(). */
void progress_begin(progress_t *progress, const char *file, size_t size);

/* Stops reporting, and erases the line. */
void progress_end(progress_t *progress);

#endif
