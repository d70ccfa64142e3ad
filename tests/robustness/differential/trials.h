/* Makes trials from seeds, or reads them from a file, for hosts that cannot make any. */
#ifndef WRL_TESTS_TRIALS_H
#define WRL_TESTS_TRIALS_H

#include "compare.h"

#include <stdio.h>

/* Each seed makes a module, which is played, and broken copies of it, which are only compiled. */
enum { TRIALS_PER_SEED = 4 };

/* A trial that owns the memory of its guest and items. */
typedef struct owned_trial {
    trial_t trial;
    uint8_t *data;
    char *items; /* Or the reason for the rejection. */
    char *recorder;
    char *transcript;
} owned_trial_t;

void owned_trial_free(owned_trial_t *trial);

/* Makes trial `number` of a seed. The module uses the proposals `common` or, for some seeds, `all`. */
bool trial_make(uint64_t seed, unsigned number, uint32_t common, uint32_t all, owned_trial_t *trial);

/* Returns the proposals that the module of a seed may use: most of `all`, in varying combinations. */
uint32_t trial_proposals(uint64_t seed, uint32_t all);

/* Makes a trial of an existing module. The caller keeps ownership of `data`. */
trial_t trial_of(uint64_t seed, const uint8_t *data, size_t size);

/* Writes and reads trials with their records. Every reader supports at least `proposals`. trial_read() returns false at
 * the end of the file; `broken` is true if the end was unexpected. */
bool trial_write(FILE *file, const trial_t *trial, uint32_t proposals);
bool trial_read(FILE *file, owned_trial_t *trial, bool *broken);

#endif
