#include "alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK_SIZE 4096

static bool (*alloc_hook)(size_t size);

/* The program's allocator, or zeros for the C library's. Never changes once is_used is set. */
static wrl_allocator_t custom;
static atomic_bool is_used;

/* Records that this allocator has allocated memory. Stores only once, so that threads do not contend for the cache
 * line. */
static void note_use(void)
{
    if (!atomic_load_explicit(&is_used, memory_order_relaxed)) {
        atomic_store_explicit(&is_used, true, memory_order_relaxed);
    }
}

bool wrl__alloc_set_functions(const wrl_allocator_t *allocator)
{
    if (atomic_load_explicit(&is_used, memory_order_relaxed)) {
        return false;
    }
    custom = *allocator;
    return true;
}

void wrl__alloc_set_hook(bool (*hook)(size_t size))
{
    alloc_hook = hook;
}

bool wrl__alloc_allowed(size_t size)
{
    return !alloc_hook || alloc_hook(size);
}

void *wrl__alloc(size_t size)
{
    if (!wrl__alloc_allowed(size)) {
        return NULL;
    }
    note_use();
    size = size ? size : 1;
    if (!custom.allocate) {
        return calloc(1, size);
    }
    void *memory = custom.allocate(custom.env, size);
    return memory ? memset(memory, 0, size) : NULL;
}

void *wrl__alloc_array(size_t count, size_t item_size)
{
    if (item_size && count > SIZE_MAX / item_size) {
        return NULL;
    }
    return wrl__alloc(count * item_size);
}

void wrl__free(void *memory)
{
    if (custom.deallocate) {
        custom.deallocate(custom.env, memory);
    } else {
        free(memory);
    }
}

bool wrl__grow(void **items, size_t *capacity, size_t needed, size_t item_size)
{
    if (needed <= *capacity) {
        return true;
    }
    size_t wanted = *capacity + *capacity / 2;
    if (wanted < needed) {
        wanted = needed;
    }
    if (wanted < 8) {
        wanted = 8;
    }
    if (wanted > SIZE_MAX / item_size || !wrl__alloc_allowed(wanted * item_size)) {
        return false;
    }
    note_use();
    wanted *= item_size;
    char *moved = (char *)(custom.reallocate ? custom.reallocate(custom.env, *items, wanted) : realloc(*items, wanted));
    if (!moved) {
        return false;
    }
    *items = moved;
    memset(moved + *capacity * item_size, 0, wanted - *capacity * item_size);
    *capacity = wanted / item_size;
    return true;
}

struct wrl_arena_block {
    struct wrl_arena_block *next;
    size_t used;
    size_t size;
    max_align_t data[];
};

void *wrl__arena_alloc(wrl_arena_t *arena, size_t size)
{
    const size_t align = sizeof(max_align_t);
    if (size > SIZE_MAX - sizeof(struct wrl_arena_block) - align || !wrl__alloc_allowed(size)) {
        return NULL;
    }
    size = (size + align - 1) / align * align;
    struct wrl_arena_block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > ARENA_BLOCK_SIZE / 4 ? size : ARENA_BLOCK_SIZE;
        struct wrl_arena_block *fresh = (struct wrl_arena_block *)wrl__alloc(sizeof *fresh + room);
        if (!fresh) {
            return NULL;
        }
        fresh->size = room;
        /* A block for one large item is full. It is linked after the current block, which still has space. */
        if (block && room == size) {
            fresh->next = block->next;
            block->next = fresh;
        } else {
            fresh->next = block;
            arena->blocks = fresh;
        }
        block = fresh;
    }
    void *result = (char *)block->data + block->used;
    block->used += size;
    return result;
}

void wrl__arena_free(wrl_arena_t *arena)
{
    while (arena->blocks) {
        struct wrl_arena_block *next = arena->blocks->next;
        wrl__free(arena->blocks);
        arena->blocks = next;
    }
}
