/* Differences, for people. */
#ifndef WRL_TESTS_DIFFERENTIAL_REPORT_H
#define WRL_TESTS_DIFFERENTIAL_REPORT_H

#include "options.h"

/* What the two have to say. */
void print_difference(const difference_t *difference);

/* What came with a trial. */
void print_recorded(const trial_t *trial);
/* What all have to say of a module. */
void print_voices(const choir_t *choir, bool agree, const difference_t *difference);

/* The module to a file in the folder of the options; says where it is. */
void write_module(const options_t *options, const trial_t *trial, const char *suffix);

/* All of a difference; one without `what` is a death, of which the first line has been told. Natively its module is
 * shrunk, too. */
void report(const options_t *options, const trial_t *trial, const difference_t *difference);

/* Compares the engines on one more module. Whether all agree. */
bool run_trial(choir_t *choir, const trial_t *trial, progress_t *progress);

#endif
