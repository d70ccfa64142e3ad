/* What the program was asked for, and how far it has come. */
#ifndef WRL_TESTS_DIFFERENTIAL_OPTIONS_H
#define WRL_TESTS_DIFFERENTIAL_OPTIONS_H

#include "compare.h"

/* After so many a run ends. */
#define MAX_FAILURES 10
/* Seeds that are tried with the same engines: these end, and with them what they keep of each module. */
#define BATCH 200
#define MAX_JOBS 64

typedef struct options {
    const char *backends;
    const char *out;
    const char *read;
    const char *write;
    const char *module;
    const char *reader;   /* A command that plays trials on engines that this program does not have. */
    uint64_t first, last; /* Seeds, both included. */
    size_t jobs;
    bool known;
    bool newest; /* Modules of all that the newest engines of JS have. */
    bool print;
    bool help;
    bool no_shrink;
    bool plant; /* One engine is made to compute wrongly, as a test of the test. */
} options_t;

/* What a child tells, in memory that all see. */
typedef struct progress {
    uint64_t seed; /* The one under way. */
    unsigned number;
    uint32_t common, all; /* Proposals of all engines, and of any. */
    size_t modules, broken, accepted, known, failures;
    size_t returned, stopped; /* Calls on the first engine. */
    difference_t difference;  /* The last one. */
} progress_t;

/* Engines as the options say. */
static inline bool make_choir(const options_t *options, choir_t *choir)
{
    bool made = choir_new(choir, options->backends);
    choir->plant = options->plant;
    return made;
}

#endif
