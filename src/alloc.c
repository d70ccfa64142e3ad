#include "alloc.h"

#include "error.h"
#include "wrl/allocator.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK_SIZE 4096

static bool (*alloc_hook)(size_t size);

/* The program's, or zeros for the C library's. Never changes once is_used is set. */
static wrl_allocator_t custom;
static atomic_bool is_used;

/* Says that there is memory of this allocator. Written once, so that threads do not fight for the line. */
static void note_use(void)
{
    if (!atomic_load_explicit(&is_used, memory_order_relaxed)) {
        atomic_store_explicit(&is_used, true, memory_order_relaxed);
    }
}

wrl_error_t *wrl_allocator_set(const wrl_allocator_t *allocator)
{
    if (!allocator) {
        return wrl_error_null("allocator");
    }
    if (allocator->size != sizeof custom || !allocator->allocate || !allocator->reallocate || !allocator->deallocate) {
        return wrl_error_argument("allocator", "lacks a function, or has a size of %zu, not %zu", allocator->size,
                                  sizeof custom);
    }
    if (atomic_load_explicit(&is_used, memory_order_relaxed)) {
        return wrl_error_argument("allocator", "comes too late: the library has allocated memory");
    }
    custom = *allocator;
    return NULL;
}

void wrl_alloc_set_hook(bool (*hook)(size_t size))
{
    alloc_hook = hook;
}

bool wrl_alloc_allowed(size_t size)
{
    return !alloc_hook || alloc_hook(size);
}

void *wrl_alloc(size_t size)
{
    if (!wrl_alloc_allowed(size)) {
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

void *wrl_alloc_array(size_t count, size_t item_size)
{
    if (item_size && count > SIZE_MAX / item_size) {
        return NULL;
    }
    return wrl_alloc(count * item_size);
}

void wrl_free(void *memory)
{
    if (custom.deallocate) {
        custom.deallocate(custom.env, memory);
    } else {
        free(memory);
    }
}

bool wrl_grow(void **items, size_t *capacity, size_t needed, size_t item_size)
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
    if (wanted > SIZE_MAX / item_size || !wrl_alloc_allowed(wanted * item_size)) {
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

void *wrl_arena_alloc(wrl_arena_t *arena, size_t size)
{
    const size_t align = sizeof(max_align_t);
    if (size > SIZE_MAX - sizeof(struct wrl_arena_block) - align || !wrl_alloc_allowed(size)) {
        return NULL;
    }
    size = (size + align - 1) / align * align;
    struct wrl_arena_block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > ARENA_BLOCK_SIZE / 4 ? size : ARENA_BLOCK_SIZE;
        struct wrl_arena_block *fresh = (struct wrl_arena_block *)wrl_alloc(sizeof *fresh + room);
        if (!fresh) {
            return NULL;
        }
        fresh->size = room;
        /* A block made for one large item is full: it goes behind the block that still has room. */
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

void wrl_arena_free(wrl_arena_t *arena)
{
    while (arena->blocks) {
        struct wrl_arena_block *next = arena->blocks->next;
        wrl_free(arena->blocks);
        arena->blocks = next;
    }
}
