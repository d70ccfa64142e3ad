/* What the program does beside trying seeds, natively. */
#ifndef WRL_TESTS_DIFFERENTIAL_MODES_H
#define WRL_TESTS_DIFFERENTIAL_MODES_H

#include "options.h"

/* Writes the trials of all seeds to a file, for other hosts, with what the first engine says of each. */
bool write_trials(const options_t *options);

/* Plays one module, and prints what each engine says; or shrinks it, where the options name a reader. Returns the exit
 * status. */
int run_module(const options_t *options);

#endif
