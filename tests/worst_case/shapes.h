/* Modules that are made to be hard to compile: shapes of code of which compilers may make more than their size. */
#ifndef WRL_TESTS_WORST_CASE_SHAPES_H
#define WRL_TESTS_WORST_CASE_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. A program that finds no memory for them ends. */
typedef struct bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
} bytes_t;

void free_bytes(bytes_t *bytes);

/* A shape: a module that repeats something `count` times, with `width` values, handlers or the like in each. */
typedef struct shape {
    const char *name;
    void (*build)(bytes_t *module, uint32_t count, uint32_t width);
    uint32_t widths[4]; /* Those that are tried; 0 for no more. */
} shape_t;

extern const shape_t shapes[];
extern const size_t shape_count;

#endif
