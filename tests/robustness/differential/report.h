/* Prints differences for people. */
#ifndef WRL_TESTS_DIFFERENTIAL_REPORT_H
#define WRL_TESTS_DIFFERENTIAL_REPORT_H

#include "options.h"

/* Prints what the two engines did. */
void print_difference(const difference_t *difference);

/* Prints the record of a trial. */
void print_recorded(const trial_t *trial);
/* Prints what all engines did with a module. */
void print_voices(const choir_t *choir, bool agree, const difference_t *difference);

/* Writes the module to a file in the output folder and prints its path. */
void write_module(const options_t *options, const trial_t *trial, const char *suffix);

/* Prints a difference. If its `what` is NULL, the process crashed, and the caller has printed the first line. Native
 * builds also shrink the module. */
void report(const options_t *options, const trial_t *trial, const difference_t *difference);

/* Compares the engines on one more module. Returns whether all agree. */
bool run_trial(choir_t *choir, const trial_t *trial, progress_t *progress);

#endif
