/*
 * What engines compile of a module beside its functions: code that gives globals, tables and memories their initial
 * values when the module is instantiated, and images of tables and memories whose initial values are known before.
 */
#ifndef WRL_SRC_STARTUP_H
#define WRL_SRC_STARTUP_H

#include "walk.h"

typedef struct wrl_startup {
    uint64_t size;   /* Bytes of the constant expressions that become code. */
    uint64_t runs;   /* How many these are. */
    uint64_t images; /* Bytes of the images. */
} wrl_startup_t;

/*
 * Counts it like a function, as wasmtime 48 does it. A section that is broken is left to the engine. No memory:
 * w->error.
 */
void wrl_walk_startup(walk_t *w, const uint8_t *bytes, wrl_startup_t *startup);

#endif
