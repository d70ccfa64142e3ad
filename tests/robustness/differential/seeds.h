/* Plays one seed after the other in child processes, on the native host. */
#ifndef WRL_TESTS_DIFFERENTIAL_SEEDS_H
#define WRL_TESTS_DIFFERENTIAL_SEEDS_H

#include "options.h"

/* Plays all seeds of the options and reports differences and deaths. Returns whether all were played. */
bool run_seeds(const options_t *options, progress_t *totals);

/* Records the proposals that all engines support, and those that at least one engine supports. */
void note_proposals(const choir_t *choir, progress_t *progress);

#endif
