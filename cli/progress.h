/* A line on the terminal for work that takes long. */
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

/* From now on says each second, on stderr, that `file` of `size` bytes is being compiled, if stderr is a terminal.
 * `file` must stay until progress_end(). */
void progress_begin(progress_t *progress, const char *file, size_t size);

/* Wipes the line. */
void progress_end(progress_t *progress);

#endif
