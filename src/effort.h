/*
 * Estimates what compiling a module costs, before a compiler starts. For some shapes of code, the time and memory that
 * compilers need grow faster than the module, so that a few kilobytes could take gigabytes. One pass over the
 * functions' bodies adds up what such shapes cost.
 */
#ifndef WRL_SRC_EFFORT_H
#define WRL_SRC_EFFORT_H

#include "binary/module_info.h"

/* The estimated cost of compiling. The estimate is made for Cranelift, wasmtime's compiler, which needs the most. */
typedef struct wrl_effort {
    double work;   /* In steps of about a microsecond. */
    double memory; /* In bytes, with up to 64 functions compiled in parallel. */
} wrl_effort_t;

/* Limits on the cost of a module, in addition to WRL_COMPILE_WORK_PER_BYTE and WRL_COMPILE_MEMORY_PER_BYTE for each
 * byte that is compiled. */
typedef struct wrl_effort_limits {
    uint64_t work;
    uint64_t memory;
    bool takes_fuel; /* Guests take fuel, which compilers count wherever blocks begin, end or meet. */
} wrl_effort_limits_t;

/*
 * Estimates the cost of a module that was read without error. Errors: RESOURCE_LIMIT for a module beyond `limits`, or
 * beyond the limits of the JS API for functions; OUT_OF_MEMORY. A body that is malformed, or holds an unknown
 * instruction, is left to the engine, which rejects it.
 */
wrl_error_t *wrl__effort_check(const wrl_module_info_t *info, const uint8_t *bytes, const wrl_effort_limits_t *limits,
                               wrl_effort_t *effort);

#endif
