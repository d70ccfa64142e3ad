/*
 * How much a compiler has to do for a module, before it is asked to. Compilers take time and memory that grow faster
 * than a module does for some shapes of code, so that a few kilobytes could take gigabytes. This goes over the
 * functions' bodies once and adds up what such shapes cost.
 */
#ifndef WRL_SRC_EFFORT_H
#define WRL_SRC_EFFORT_H

#include "binary/module_info.h"

/* What compiling takes, by an estimate that is made for wasmtime's Cranelift, the engine that takes most. */
typedef struct wrl_effort {
    double work;   /* Steps of about a microsecond. */
    double memory; /* In bytes, with up to 64 functions compiled side by side. */
} wrl_effort_t;

/* What a module may take, beyond WRL_COMPILE_WORK_PER_BYTE and WRL_COMPILE_MEMORY_PER_BYTE for what is compiled of it.
 */
typedef struct wrl_effort_limits {
    uint64_t work;
    uint64_t memory;
} wrl_effort_limits_t;

/*
 * Looks at the bodies of a module that was read without error. RESOURCE_LIMIT for what is beyond the limits, or beyond
 * those of the JS API for functions; OUT_OF_MEMORY. A body that is broken, or holds an instruction that is not known,
 * is left to the engine, which refuses it.
 */
wrl_error_t *wrl_effort_check(const wrl_module_info_t *info, const uint8_t *bytes, const wrl_effort_limits_t *limits,
                              wrl_effort_t *effort);

#endif
