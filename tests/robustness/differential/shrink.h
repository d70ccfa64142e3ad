/* Shrinks a module with a difference. Native only: each smaller module is tried in a process of its own. */
#ifndef WRL_TESTS_DIFFERENTIAL_SHRINK_H
#define WRL_TESTS_DIFFERENTIAL_SHRINK_H

#include "options.h"

/* Prints the smallest module found that shows the difference, as text, and writes it to a file. The process must not
 * have used any engine: engines with threads of their own do not work in its children. */
void shrink(const options_t *options, const trial_t *trial, const difference_t *difference);

/* Does the same for a module for which a reader reports a difference from the backend, see --help. Returns whether the
 * reader and the backend agree. */
bool shrink_for_reader(const options_t *options, const trial_t *trial);

#endif
