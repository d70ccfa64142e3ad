/* Functions that all sides share, apart from the operations. */
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

void *bench_alloc(const char *what, size_t size)
{
    void *memory = calloc(1, size);
    if (!memory) {
        bench_fail(what, "out of memory");
    }
    return memory;
}

size_t bench_copied(const char *what, bench_op_t op, bool *write)
{
    *write = op == BENCH_MEMORY_WRITE8 || op == BENCH_MEMORY_WRITE64 || op == BENCH_MEMORY_WRITE1M;
    switch (op) {
    case BENCH_MEMORY_READ8:
    case BENCH_MEMORY_WRITE8:
        return 8;
    case BENCH_MEMORY_READ64:
    case BENCH_MEMORY_WRITE64:
        return 64;
    case BENCH_MEMORY_READ1M:
    case BENCH_MEMORY_WRITE1M:
        return BENCH_COPY_MOST;
    default:
        bench_fail(what, "there is no such operation");
        return 0;
    }
}
