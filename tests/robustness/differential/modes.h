/* What the program does beside trying seeds, natively. */
#ifndef WRL_TESTS_DIFFERENTIAL_MODES_H
#define WRL_TESTS_DIFFERENTIAL_MODES_H

#include "options.h"

/* Writes the trials of all seeds to a file, for other hosts. */
bool write_trials(const options_t *options);

/* Plays one module, and prints what each engine says. Returns the exit status. */
int run_module(const options_t *options);

#endif
