#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

void bench_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}
