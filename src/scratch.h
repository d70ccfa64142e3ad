/*
 * Working room for calls with many values, so that they do not allocate: a stack of blocks that grows to what the
 * deepest call needed and is then used again.
 */
#ifndef WRL_SRC_SCRATCH_H
#define WRL_SRC_SCRATCH_H

#include <stddef.h>

typedef struct wrl_scratch {
    struct wrl_scratch_block *first;
    struct wrl_scratch_block *top;
} wrl_scratch_t;

/* Where the stack stood. */
typedef struct wrl_scratch_mark {
    struct wrl_scratch_block *top;
    size_t used;
} wrl_scratch_mark_t;

/* Room that is not zeroed, aligned for any type, until the mark is released; NULL without memory. */
void *wrl_scratch_take(wrl_scratch_t *scratch, size_t size, wrl_scratch_mark_t *mark);

/* Gives back what was taken since. Marks are released in reverse order. */
void wrl_scratch_release(wrl_scratch_t *scratch, wrl_scratch_mark_t mark);

void wrl_scratch_free(wrl_scratch_t *scratch);

#endif
