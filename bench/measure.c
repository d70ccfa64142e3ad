/*
 * Measures two sides in alternating rounds, so that disturbances of the machine affect both. Rounds take less than a
 * millisecond, so most are not interrupted. A side's figure is the median of its rounds or, on JS hosts, the best
 * round.
 */
#include "bench.h"

#include <stdlib.h>
#include <time.h>
#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

#ifdef __EMSCRIPTEN__
/* The clocks of browsers have resolutions of 5 and 20 microseconds, so rounds take longer: 2 milliseconds. */
#define ROUND_NS 2e6
#else
#define ROUND_NS 4e5
#endif
#define MIN_ROUNDS 3
#define MAX_ROUNDS 2001

typedef struct series {
    double times[MAX_ROUNDS];
    size_t count;
} series_t;

static double now_ns(void)
{
#ifdef __EMSCRIPTEN__
    return emscripten_get_now() * 1e6;
#else
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
#endif
}

/* Measures a round. Returns the nanoseconds per operation. */
static double time_round(const bench_side_t *side, void *self, bench_op_t op, uint64_t count)
{
    double start = now_ns();
    side->run(self, op, count);
    return (now_ns() - start) / (double)count;
}

/* Returns the number of operations in a round. Also warms up. */
static uint64_t calibrate(const bench_side_t *side, void *self, bench_op_t op)
{
    uint64_t count = 1;
    for (;;) {
        double total = time_round(side, self, op, count) * (double)count;
        if (total >= ROUND_NS / 4) {
            double wanted = (double)count * ROUND_NS / total;
            return wanted < 1 ? 1 : (uint64_t)wanted;
        }
        count *= 4;
    }
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

/* Returns a side's figure. On JS hosts this is the best round, because JS engines optimize code later, in the
 * background. */
static double figure(series_t *series)
{
    qsort(series->times, series->count, sizeof series->times[0], compare);
#ifdef __EMSCRIPTEN__
    return series->times[0];
#endif
    size_t middle = series->count / 2;
    return series->count % 2 ? series->times[middle] : (series->times[middle - 1] + series->times[middle]) / 2;
}

/* Measures and records a round. If the round is too short for the clock, because the engine has optimized the code,
 * makes the next rounds longer instead. */
static void add_round(series_t *series, const bench_side_t *side, void *self, bench_op_t op, uint64_t *count)
{
    double time = time_round(side, self, op, *count);
    if (time * (double)*count < ROUND_NS / 4) {
        *count *= 2;
    } else {
        series->times[series->count++] = time;
    }
}

bench_result_t bench_measure(const bench_row_t *row, void *native, void *layer, double seconds)
{
    static series_t natives, layers;
    uint64_t native_count = calibrate(row->native, native, row->native_op);
    uint64_t layer_count = calibrate(&bench_layer, layer, row->layer_op);
    natives.count = layers.count = 0;
    double end = now_ns() + seconds * 1e9;
    for (int round = 0; round < MAX_ROUNDS; round++) {
        if (natives.count >= MIN_ROUNDS && layers.count >= MIN_ROUNDS && now_ns() >= end) {
            break;
        }
        /* The side that goes first alternates as well. */
        if (round % 2) {
            add_round(&layers, &bench_layer, layer, row->layer_op, &layer_count);
        }
        add_round(&natives, row->native, native, row->native_op, &native_count);
        if (round % 2 == 0) {
            add_round(&layers, &bench_layer, layer, row->layer_op, &layer_count);
        }
    }
    bench_result_t result = {.native_ns = figure(&natives), .layer_ns = figure(&layers)};
    result.ratio = result.layer_ns / result.native_ns;
    return result;
}
