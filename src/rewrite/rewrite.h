/* The walk over a module's code, for passes. */
#ifndef WRL_SRC_REWRITE_REWRITE_H
#define WRL_SRC_REWRITE_REWRITE_H

#include "rewrite/pass.h"
#include "rewrite/run.h"

typedef enum wrl_rewrite_outcome {
    WRL_REWRITE_DONE,
    WRL_REWRITE_UNCHANGED, /* No pass inserts anything, and nothing was written. */
    WRL_REWRITE_INVALID,   /* A pass found the module invalid. */
    WRL_REWRITE_UNKNOWN,   /* The module has unknown instructions, and there is a pass that has to know them all. */
    WRL_REWRITE_NO_MEMORY
} wrl_rewrite_outcome_t;

/* A rewritten module. Pointers that are not NULL are to be freed with wrl_core_t::free. */
typedef struct wrl_rewritten {
    uint8_t *bytes;
    size_t size;
    wrl_run_t *runs; /* In order. */
    uint32_t run_count;
} wrl_rewritten_t;

/*
 * Runs all passes over a module in one walk. `info` is what wrl__module_info_read() read from these bytes, and an
 * engine has accepted them as valid. The new module has the same imports, exports and indices. The functions of passes,
 * and their type, come last. Custom sections are left out, since what they say about the code is no longer true. Only
 * functions of passes have names. `rewritten` is empty unless the outcome is WRL_REWRITE_DONE. Time and memory: a few
 * times the module's size.
 */
wrl_rewrite_outcome_t wrl__rewrite(const wrl_core_t *core, const uint8_t *bytes, size_t size,
                                   const wrl_module_info_t *info, wrl_pass_t *const *passes, size_t pass_count,
                                   wrl_rewritten_t *rewritten);

#endif
