/*
 * Scratch space for calls with many values, so that they do not allocate: a stack of blocks that grows to what the
 * deepest call needed and is then reused.
 */
#ifndef WRL_SRC_SCRATCH_H
#define WRL_SRC_SCRATCH_H

#include <stddef.h>

typedef struct wrl_scratch {
    struct wrl_scratch_block *first;
    struct wrl_scratch_block *top;
    size_t used; /* In bytes, of the top block. */
} wrl_scratch_t;

/* A position in the stack. */
typedef struct wrl_scratch_mark {
    struct wrl_scratch_block *top;
    size_t used;
} wrl_scratch_mark_t;

/* Returns the current position. */
static inline wrl_scratch_mark_t wrl__scratch_mark(const wrl_scratch_t *scratch)
{
    wrl_scratch_mark_t mark = {scratch->top, scratch->used};
    return mark;
}

/* Takes space that is aligned for any type and not zeroed. It stays valid until the mark is released. Returns NULL if
 * memory runs out. */
void *wrl__scratch_take(wrl_scratch_t *scratch, size_t size, wrl_scratch_mark_t *mark);

/* Releases what was taken since the mark. Marks are released in reverse order. */
void wrl__scratch_release(wrl_scratch_t *scratch, wrl_scratch_mark_t mark);

void wrl__scratch_free(wrl_scratch_t *scratch);

#endif
