/*
 * The worst case of compilation. For each shape of code, the test finds the largest module that the limits permit and
 * compiles it in a process of its own. Compilation must not take more time and memory than the documented bounds of the
 * limits. This is the only test that measures time: it measures processor time, with a generous limit.
 *
 * Usage: worst_case BACKEND [WORK [MEMORY]]
 */
#include "shapes.h"

#include <wrl.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Limits below the defaults, so that the search takes seconds. */
#define WORK 400000
#define MEMORY (64ul << 20)
/* Larger modules are not tested: their size alone permits so much time and memory that only a shape with this cost for
 * every byte could exceed the limits. */
#define MAX_SIZE 65536
/* A slow or busy computer may take this many times as long for a step. */
#define SLOWNESS 4.0
/* A module beyond the limits is measured so often. */
#define MEASUREMENTS 3
/* The cost of the first module, however small. */
#define FIRST_SECONDS 0.5
#define FIRST_MEMORY (48ul << 20)

typedef struct usage {
    double seconds;
    double memory; /* In bytes. */
} usage_t;

static uint64_t max_work = WORK;
static uint64_t max_memory = MEMORY;

static wrl_engine_t *make_engine(const char *backend)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backend;
    config.max_compile_work = max_work;
    config.max_compile_memory = max_memory;
    wrl_engine_t *engine;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    if (error) {
        (void)fprintf(stderr, "%s: %s\n", backend, wrl_error_message(error));
        exit(2);
    }
    return engine;
}

/* Returns whether the limits permit a module. */
static bool passes(wrl_engine_t *engine, const bytes_t *bytes, char *words, size_t size)
{
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(engine, bytes->data, bytes->size, NULL, &module);
    bool beyond = error && wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT;
    (void)snprintf(words, size, "%s", error ? wrl_error_message(error) : "");
    if (error && !beyond) {
        (void)fprintf(stderr, "the test's module is malformed: %s\n", wrl_error_message(error));
        exit(2);
    }
    wrl_error_delete(error);
    wrl_module_release(module);
    return !beyond;
}

static bytes_t build(const shape_t *shape, uint32_t count, uint32_t width)
{
    bytes_t bytes = {NULL, 0, 0};
    shape->build(&bytes, count, width);
    return bytes;
}

/* Returns whether a module with that count is within the limits and within MAX_SIZE. */
static bool fits(wrl_engine_t *engine, const shape_t *shape, uint32_t count, uint32_t width)
{
    char words[512];
    bytes_t bytes = build(shape, count, width);
    bool fit = bytes.size <= MAX_SIZE && passes(engine, &bytes, words, sizeof words);
    free_bytes(&bytes);
    return fit;
}

static uint32_t largest(wrl_engine_t *engine, const shape_t *shape, uint32_t width)
{
    uint32_t low = 1;
    while (fits(engine, shape, 2 * low, width)) {
        low *= 2;
    }
    uint32_t high = 2 * low;
    while (high - low > low / 64 + 1) {
        uint32_t middle = low + (high - low) / 2;
        if (fits(engine, shape, middle, width)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static usage_t usage_now(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    usage_t usage = {(double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                         1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec),
                     1024.0 * (double)used.ru_maxrss};
    return usage;
}

/* Runs in the child: compiles the module and reports the time and memory. */
static void compile(const char *backend, const bytes_t *bytes, int out)
{
    wrl_engine_t *engine = make_engine(backend);
    usage_t before = usage_now();
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(engine, bytes->data, bytes->size, NULL, &module);
    usage_t after = usage_now();
    usage_t used = {after.seconds - before.seconds, after.memory - before.memory};
    if (error && wrl_error_kind(error) != WRL_ERROR_INVALID && wrl_error_kind(error) != WRL_ERROR_RESOURCE_LIMIT) {
        (void)fprintf(stderr, "%s\n", wrl_error_message(error));
        _exit(1);
    }
    _exit(write(out, &used, sizeof used) == (ssize_t)sizeof used ? 0 : 1);
}

static bool measure(const char *backend, const bytes_t *bytes, usage_t *used)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        compile(backend, bytes, ends[1]);
    }
    (void)close(ends[1]);
    bool told = child > 0 && read(ends[0], used, sizeof *used) == (ssize_t)sizeof *used;
    (void)close(ends[0]);
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 && told;
}

static bool is_within(const usage_t *used, size_t size)
{
    double steps = (double)max_work + (double)WRL_COMPILE_WORK_PER_BYTE * (double)size;
    double memory = (double)max_memory + (double)WRL_COMPILE_MEMORY_PER_BYTE * (double)size;
    return used->seconds <= FIRST_SECONDS + SLOWNESS * 1e-6 * steps && used->memory <= (double)FIRST_MEMORY + memory;
}

static bool try_shape(wrl_engine_t *judge, const char *backend, const shape_t *shape, uint32_t width)
{
    uint32_t count = largest(judge, shape, width);
    bytes_t bytes = build(shape, count, width);
    usage_t used = {0, 0};
    bool compiled = false, within = false;
    /* Other processes on the computer slow a measurement down, but never speed one up. */
    for (int i = 0; i < MEASUREMENTS && !within; i++) {
        compiled = measure(backend, &bytes, &used);
        within = compiled && is_within(&used, bytes.size);
    }
    double size = (double)bytes.size;
    printf("%-4s %-40s %6u x %-6u %7zu bytes %7.2f s %8.2f us/byte %8.1f MiB %8.2f KiB/byte\n",
           within     ? "ok"
           : compiled ? "LONG"
                      : "DIED",
           shape->name, (unsigned)count, (unsigned)width, bytes.size, used.seconds, 1e6 * used.seconds / size,
           used.memory / 1048576, used.memory / 1024 / size);
    free_bytes(&bytes);
    return within;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("usage: worst_case BACKEND [WORK [MEMORY]]\n", stderr);
        return 2;
    }
    max_work = argc > 2 ? strtoull(argv[2], NULL, 10) : max_work;
    max_memory = argc > 3 ? strtoull(argv[3], NULL, 10) : max_memory;
    /* All backends have the same limits, and null checks nothing else. */
    wrl_engine_t *judge = make_engine("null");
    size_t failures = 0, tried = 0;
    for (size_t i = 0; i < shape_count; i++) {
        for (const uint32_t *width = shapes[i].widths; width < shapes[i].widths + 4 && *width; width++) {
            failures += !try_shape(judge, argv[1], &shapes[i], *width);
            tried++;
        }
    }
    wrl_engine_release(judge);
    printf("%s: %zu shapes, %zu beyond the promised limits\n", argv[1], tried, failures);
    return failures != 0;
}
