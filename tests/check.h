/* What test programs in C share: counting. Their last line is "N passed, N failed". */
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
