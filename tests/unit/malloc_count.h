/* Counts the allocations of the whole process, shared objects and engines included. */
#ifndef WRL_TESTS_UNIT_MALLOC_COUNT_H
#define WRL_TESTS_UNIT_MALLOC_COUNT_H

#include <cstddef>

/* Whether this build can count: it takes glibc, and no sanitizer, which brings its own malloc. */
#if defined(__GLIBC__) && !defined(WRL_UNIT_SANITIZED)
#define WRL_UNIT_COUNTS_MALLOC
#endif

/* Starts counting from 0. */
void malloc_count_start();
/* Stops, and tells how many calls of malloc and its like, and of free, there were. */
size_t malloc_count_stop();
/* Starts looking at how much is held, beginning at 0. What was there before must not be freed meanwhile. */
void malloc_peak_start();
/* Stops, and tells how many bytes were held at most at a time. */
size_t malloc_peak_stop();

#endif
