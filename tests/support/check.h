/* Counts checks in test programs in C. The last line that they print is "N passed, N failed". */
#ifndef WRL_TESTS_CHECK_H
#define WRL_TESTS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

static size_t passed;
static size_t failed;

static inline void check(bool held, const char *what)
{
    if (held) {
        passed++;
    } else {
        failed++;
        printf("FAIL  %s\n", what);
    }
}

#endif
