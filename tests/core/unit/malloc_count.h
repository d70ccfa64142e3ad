/* Counts the allocations of the whole process, shared objects and engines included. */
#ifndef WRL_TESTS_UNIT_MALLOC_COUNT_H
#define WRL_TESTS_UNIT_MALLOC_COUNT_H

#include <cstddef>

/* Whether this build can count: it needs glibc, and no sanitizer, as sanitizers replace malloc. */
#if defined(__GLIBC__) && !defined(WRL_UNIT_SANITIZED)
#define WRL_UNIT_COUNTS_MALLOC
#endif

/* Starts counting from 0. */
void malloc_count_start();
/* Stops counting and returns the number of calls that allocate or free memory. */
size_t malloc_count_stop();
/* Starts measuring the allocated memory from 0. Memory allocated earlier must not be freed meanwhile. */
void malloc_peak_start();
/* Stops measuring and returns the maximum number of bytes allocated at a time. */
size_t malloc_peak_stop();

#endif
