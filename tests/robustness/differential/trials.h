/* Where modules come from: made from seeds, or read from a file of trials, for hosts that cannot make any. */
#ifndef WRL_TESTS_TRIALS_H
#define WRL_TESTS_TRIALS_H

#include "compare.h"

#include <stdio.h>

/* Each seed gives a module that is played, and broken copies of it that are only compiled. */
enum { TRIALS_PER_SEED = 4 };

/* A trial that owns what its guest and its items point to. */
typedef struct owned_trial {
    trial_t trial;
    uint8_t *data;
    char *items; /* Or why it is refused. */
    char *recorder;
    char *transcript;
} owned_trial_t;

void owned_trial_free(owned_trial_t *trial);

/* Trial `number` of a seed. The module is of the proposals `common` or, for some seeds, `all`. */
bool trial_make(uint64_t seed, unsigned number, uint32_t common, uint32_t all, owned_trial_t *trial);

/* What a module of this seed may use, of all that it might: each most of the time, so that they meet in all ways. */
uint32_t trial_proposals(uint64_t seed, uint32_t all);

/* Wraps a module that is there already. `data` and what it tells stay the caller's. */
trial_t trial_of(uint64_t seed, const uint8_t *data, size_t size);

/* To and from a file, with what is recorded. Whoever reads has these proposals at the least. Reading answers false at
 * the file's end; `broken` tells whether that was to be expected. */
bool trial_write(FILE *file, const trial_t *trial, uint32_t proposals);
bool trial_read(FILE *file, owned_trial_t *trial, bool *broken);

#endif
