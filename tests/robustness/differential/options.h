/* The options and the progress of the program. */
#ifndef WRL_TESTS_DIFFERENTIAL_OPTIONS_H
#define WRL_TESTS_DIFFERENTIAL_OPTIONS_H

#include "compare.h"

/* The number of failures that end a run. */
#define MAX_FAILURES 10
/* The number of seeds that the same engines play. Replacing the engines frees the memory that they kept for each
 * module. */
#define BATCH 200
#define MAX_JOBS 64

typedef struct options {
    const char *backends;
    const char *out;
    const char *read;
    const char *write;
    const char *module;
    const char *reader;   /* A command that plays trials on engines that this program does not have. */
    uint64_t first, last; /* The range of seeds, inclusive. */
    size_t jobs;
    bool known;
    bool newest; /* Whether modules use all proposals that the newest JS engines support. */
    bool print;
    bool help;
    bool no_shrink;
    bool plant; /* Whether one engine computes wrongly on purpose, to check that the test detects it. */
} options_t;

/* A child's progress, in shared memory. */
typedef struct progress {
    uint64_t seed; /* The current seed. */
    unsigned number;
    uint32_t common, all; /* The proposals that all engines support, and those that at least one engine supports. */
    size_t modules, broken, accepted, known, failures;
    size_t returned, stopped; /* Calls on the first engine that returned or failed. */
    difference_t difference;  /* The last difference. */
} progress_t;

/* Makes the engines that the options select. */
static inline bool make_choir(const options_t *options, choir_t *choir)
{
    bool made = choir_new(choir, options->backends);
    choir->plant = options->plant;
    return made;
}

#endif
