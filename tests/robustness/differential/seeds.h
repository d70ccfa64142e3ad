/* Trying seed after seed, natively, in child processes. */
#ifndef WRL_TESTS_DIFFERENTIAL_SEEDS_H
#define WRL_TESTS_DIFFERENTIAL_SEEDS_H

#include "options.h"

/* Tries all seeds of the options, and reports what differs and what dies. Whether all were tried. */
bool run_seeds(const options_t *options, progress_t *totals);

/* Notes which proposals all engines have, and which any. */
void note_proposals(const choir_t *choir, progress_t *progress);

#endif
