#define _POSIX_C_SOURCE 200809L

#include "progress.h"

#ifdef CLI_HAS_THREADS

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

/* Keeps the line short enough for narrow terminals. A line that wraps could not be erased. */
#define MAX_NAME 32

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] != '\0' ? slash + 1 : path;
}

/* Returns the size of the whole characters that fit into MAX_NAME bytes. */
static size_t shown_size(const char *name, size_t size)
{
    uint32_t code_point;
    size_t end = 0;
    while (end < size) {
        size_t length = text_decode(name + end, size - end, &code_point);
        length = length == 0 ? 1 : length;
        if (end + length > MAX_NAME) {
            break;
        }
        end += length;
    }
    return end;
}

static void show(const progress_t *progress, unsigned seconds)
{
    const char *name = base_name(progress->file);
    size_t size = strlen(name);
    size_t shown = shown_size(name, size);
    fputs("\rcompiling ", stderr);
    text_print(stderr, name, shown);
    fprintf(stderr, "%s (%.1f MB) ... %u s", shown < size ? "..." : "", (double)progress->size / 1e6, seconds);
    fflush(stderr);
}

static void *tell(void *argument)
{
    progress_t *progress = argument;
    struct timespec next;
    unsigned seconds = 0;
    clock_gettime(CLOCK_REALTIME, &next);
    pthread_mutex_lock(&progress->mutex);
    while (!progress->is_done) {
        next.tv_sec++;
        int status = 0;
        while (!progress->is_done && status == 0) {
            status = pthread_cond_timedwait(&progress->done, &progress->mutex, &next);
        }
        if (!progress->is_done) {
            show(progress, ++seconds);
        }
    }
    pthread_mutex_unlock(&progress->mutex);
    if (seconds > 0) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    return NULL;
}

void progress_begin(progress_t *progress, const char *file, size_t size)
{
    progress->file = file;
    progress->size = size;
    progress->is_running = false;
    progress->is_done = false;
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    if (pthread_mutex_init(&progress->mutex, NULL) != 0) {
        return;
    }
    if (pthread_cond_init(&progress->done, NULL) != 0) {
        pthread_mutex_destroy(&progress->mutex);
        return;
    }
    /* Without the thread, the compilation continues without progress messages. */
    if (pthread_create(&progress->thread, NULL, tell, progress) != 0) {
        pthread_cond_destroy(&progress->done);
        pthread_mutex_destroy(&progress->mutex);
        return;
    }
    progress->is_running = true;
}

void progress_end(progress_t *progress)
{
    if (!progress->is_running) {
        return;
    }
    pthread_mutex_lock(&progress->mutex);
    progress->is_done = true;
    pthread_cond_signal(&progress->done);
    pthread_mutex_unlock(&progress->mutex);
    pthread_join(progress->thread, NULL);
    pthread_cond_destroy(&progress->done);
    pthread_mutex_destroy(&progress->mutex);
    progress->is_running = false;
}

#else

void progress_begin(progress_t *progress, const char *file, size_t size)
{
    progress->file = file;
    progress->size = size;
    progress->unused = 0;
}

void progress_end(progress_t *progress)
{
    (void)progress;
}

#endif
