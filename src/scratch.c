#include "scratch.h"

#include "alloc.h"

#include <stddef.h>
#include <stdint.h>

#define BLOCK_SIZE 16384

struct wrl_scratch_block {
    struct wrl_scratch_block *next;
    size_t size;
    max_align_t data[];
};

static struct wrl_scratch_block *add_block(wrl_scratch_t *scratch, size_t size)
{
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct wrl_scratch_block *block = (struct wrl_scratch_block *)wrl__alloc(sizeof *block + room);
    if (!block) {
        return NULL;
    }
    block->size = room;
    /* Behind the top: the blocks after it are empty, and the next one is too small. */
    struct wrl_scratch_block **link = scratch->top ? &scratch->top->next : &scratch->first;
    block->next = *link;
    *link = block;
    return block;
}

void *wrl__scratch_take(wrl_scratch_t *scratch, size_t size, wrl_scratch_mark_t *mark)
{
    const size_t align = sizeof(max_align_t);
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = (size + align - 1) / align * align;
    *mark = wrl__scratch_mark(scratch);
    struct wrl_scratch_block *block = scratch->top;
    if (!block || block->size - scratch->used < size) {
        block = block ? block->next : scratch->first;
        if (!block || block->size < size) {
            block = add_block(scratch, size);
            if (!block) {
                return NULL;
            }
        }
        scratch->used = 0;
        scratch->top = block;
    }
    void *room = (char *)block->data + scratch->used;
    scratch->used += size;
    return room;
}

void wrl__scratch_release(wrl_scratch_t *scratch, wrl_scratch_mark_t mark)
{
    scratch->top = mark.top;
    scratch->used = mark.used;
}

void wrl__scratch_free(wrl_scratch_t *scratch)
{
    while (scratch->first) {
        struct wrl_scratch_block *next = scratch->first->next;
        wrl__free(scratch->first);
        scratch->first = next;
    }
    scratch->top = NULL;
}
