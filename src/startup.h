/*
 * Estimates the parts of a module that engines compile in addition to functions: code that sets the initial values of
 * globals, tables and memories during instantiation, and images of tables and memories whose initial values are known
 * in advance.
 */
#ifndef WRL_SRC_STARTUP_H
#define WRL_SRC_STARTUP_H

#include "walk.h"

typedef struct wrl_startup {
    uint64_t size;   /* Bytes of the constant expressions and function indices that become code. */
    uint64_t runs;   /* The number of these expressions. */
    uint64_t images; /* Bytes of the images. */
} wrl_startup_t;

/*
 * Counts that code like a function, as wasmtime 48 compiles it. A malformed section is left to the engine. Sets
 * w->error if memory runs out.
 */
void wrl__walk_startup(walk_t *w, const uint8_t *bytes, wrl_startup_t *startup);

#endif
