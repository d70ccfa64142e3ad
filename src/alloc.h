/* Memory allocation. Every allocation of the core goes through here, so that tests can count allocations and make them
 * fail. */
#ifndef WRL_SRC_ALLOC_H
#define WRL_SRC_ALLOC_H

#include "wrl/allocator.h"

#include <stdbool.h>
#include <stddef.h>

/* Allocates zeroed memory. Returns NULL if memory runs out. A size of 0 yields a valid pointer. */
void *wrl__alloc(size_t size);

/* Allocates zeroed memory for an array. Returns NULL if memory runs out or the size overflows. */
void *wrl__alloc_array(size_t count, size_t item_size);

/* Frees memory. NULL is allowed. */
void wrl__free(void *memory);

/*
 * Grows an array, if necessary, so that `needed` items fit. *items may move, and *capacity grows by at least half. New
 * space is zeroed. Returns false and changes nothing if memory runs out.
 */
bool wrl__grow(void **items, size_t *capacity, size_t needed, size_t item_size);

/*
 * Whether an allocation of `size` bytes may succeed: asks the tests' hook. Insertions that may reuse spare capacity ask
 * as well, so that each counts as an allocation whether or not it needs new memory. This makes allocation-failure tests
 * deterministic.
 */
bool wrl__alloc_allowed(size_t size);

/* Sets the allocator's functions, which the caller has checked. Returns false if memory has been allocated before. */
bool wrl__alloc_set_functions(const wrl_allocator_t *allocator);

/* For tests: sets a function that is called before each allocation. If it returns false, the allocation fails. NULL
 * removes it. */
void wrl__alloc_set_hook(bool (*hook)(size_t size));

/* An arena: its memory is freed all at once. */
typedef struct wrl_arena {
    struct wrl_arena_block *blocks;
} wrl_arena_t;

/* Allocates zeroed memory, aligned for any type. Returns NULL if memory runs out. */
void *wrl__arena_alloc(wrl_arena_t *arena, size_t size);

void wrl__arena_free(wrl_arena_t *arena);

#endif
