/* The modes of the native program, apart from playing seeds. */
#ifndef WRL_TESTS_DIFFERENTIAL_MODES_H
#define WRL_TESTS_DIFFERENTIAL_MODES_H

#include "options.h"

/* Writes the trials of all seeds, with the first engine's transcripts, to a file for other hosts. */
bool write_trials(const options_t *options);

/* Plays one module and prints each engine's transcript, or shrinks it if the options name a reader. Returns the exit
 * status. */
int run_module(const options_t *options);

#endif
