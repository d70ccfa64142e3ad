/* Memory: every allocation of the core goes through here, so that tests can count allocations and let them fail. */
#ifndef WRL_SRC_ALLOC_H
#define WRL_SRC_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory, or NULL. A size of 0 gives a valid pointer. */
void *wrl_alloc(size_t size);

/* Zeroed memory for an array, or NULL, also if the size would overflow. */
void *wrl_alloc_array(size_t count, size_t item_size);

/* NULL is allowed. */
void wrl_free(void *memory);

/*
 * Makes room for `needed` items in a growing array: *items may move, *capacity grows by half at least. New room is
 * zeroed. Returns false, and changes nothing, if memory is short.
 */
bool wrl_grow(void **items, size_t *capacity, size_t needed, size_t item_size);

/*
 * Whether an item may be made that finds room in an allocation made before, if it does not need a new one: which of the
 * two it is should be no matter of chance in tests of failing allocations.
 */
bool wrl_alloc_allowed(size_t size);

/* For tests: asked before each allocation; an answer of false makes it fail. NULL switches it off. */
void wrl_alloc_set_hook(bool (*hook)(size_t size));

/* Memory that is freed all at once. */
typedef struct wrl_arena {
    struct wrl_arena_block *blocks;
} wrl_arena_t;

/* Zeroed and aligned for any type, or NULL. */
void *wrl_arena_alloc(wrl_arena_t *arena, size_t size);

void wrl_arena_free(wrl_arena_t *arena);

#endif
