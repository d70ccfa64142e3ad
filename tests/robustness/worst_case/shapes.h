/* Modules that are hard to compile: shapes of code whose compilation may take more than linear effort. */
#ifndef WRL_TESTS_WORST_CASE_SHAPES_H
#define WRL_TESTS_WORST_CASE_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing array of bytes. The program ends if memory is out. */
typedef struct bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
} bytes_t;

void free_bytes(bytes_t *bytes);

/* A shape: a module that repeats something `count` times, each time with `width` values, handlers or the like. */
typedef struct shape {
    const char *name;
    void (*build)(bytes_t *module, uint32_t count, uint32_t width);
    uint32_t widths[4]; /* The widths to try, padded with 0. */
} shape_t;

extern const shape_t shapes[];
extern const size_t shape_count;

#endif
