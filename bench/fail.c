#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

void bench_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

void bench_check_sum(const char *what, int32_t sum, uint64_t count)
{
    if (sum != (int32_t)count) {
        bench_fail(what, "a wrong sum");
    }
}
