/* Maps positions in a rewritten module to positions in the original. */
#ifndef WRL_SRC_REWRITE_RUN_H
#define WRL_SRC_REWRITE_RUN_H

#include <stdint.h>

/* A part of a rewritten module that was copied unchanged. */
typedef struct wrl_run {
    uint32_t at;   /* Where it begins in the rewritten module. */
    uint32_t from; /* Where it begins in the original. */
} wrl_run_t;

#endif
