/* The walk over a module's code, for passes. */
#ifndef WRL_SRC_REWRITE_REWRITE_H
#define WRL_SRC_REWRITE_REWRITE_H

#include "rewrite/pass.h"
#include "rewrite/run.h"

typedef enum wrl_rewrite_outcome {
    WRL_REWRITE_DONE,
    WRL_REWRITE_UNCHANGED, /* No pass puts anything: nothing was written. */
    WRL_REWRITE_INVALID,   /* A pass says so. */
    WRL_REWRITE_UNKNOWN,   /* It has instructions that are not known, and a pass that has to know them all. */
    WRL_REWRITE_NO_MEMORY
} wrl_rewrite_outcome_t;

/* A module that was written anew. What is not NULL is freed by wrl_core_t::free. */
typedef struct wrl_rewritten {
    uint8_t *bytes;
    size_t size;
    wrl_run_t *runs; /* In order. */
    uint32_t run_count;
} wrl_rewritten_t;

/*
 * Takes all passes over a module in one walk. `info` is what wrl_module_info_read() read of these bytes, and an engine
 * has found them valid. What is written has the same imports, exports and indices; the functions of passes, and their
 * type, come last. Custom sections are left out, since what they say of the code is no longer true; functions of passes
 * alone have names. `rewritten` is empty unless the outcome is DONE. Time and memory: a few times the module's size.
 */
wrl_rewrite_outcome_t wrl_rewrite(const wrl_core_t *core, const uint8_t *bytes, size_t size,
                                  const wrl_module_info_t *info, wrl_pass_t *const *passes, size_t pass_count,
                                  wrl_rewritten_t *rewritten);

#endif
