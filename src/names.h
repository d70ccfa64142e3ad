/* An index of names: finds the number of an entry by one or two strings. */
#ifndef WRL_SRC_NAMES_H
#define WRL_SRC_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wrl_name {
    const char *data;
    size_t size;
} wrl_name_t;

/* The key of an entry. `second` is empty if entries have only one string. */
typedef struct wrl_name_key {
    wrl_name_t first;
    wrl_name_t second;
} wrl_name_key_t;

/* Returns the key of entry `number` in the indexed collection. */
typedef wrl_name_key_t (*wrl_names_key_of_t)(const void *context, size_t number);

typedef struct wrl_names {
    uint32_t *slots; /* Entry number + 1, or 0. */
    size_t slot_count;
    size_t used;
} wrl_names_t;

/* Reserves space for `count` more entries. Returns false if memory runs out. */
bool wrl__names_reserve(wrl_names_t *names, size_t count, wrl_names_key_of_t key_of, const void *context);

/* Adds an entry. The index must not have its key yet. Returns false if memory runs out, which cannot happen if space
 * was reserved, or if `number` is UINT32_MAX or more. */
bool wrl__names_add(wrl_names_t *names, size_t number, wrl_names_key_of_t key_of, const void *context);

/* Returns the number of the entry with that key, or SIZE_MAX. */
size_t wrl__names_find(const wrl_names_t *names, wrl_name_key_t key, wrl_names_key_of_t key_of, const void *context);

/* Removes all entries, and keeps the space. */
void wrl__names_clear(wrl_names_t *names);

void wrl__names_free(wrl_names_t *names);

#endif
