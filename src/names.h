/* An index over names: finds the number of an entry by one or two strings. */
#ifndef WRL_SRC_NAMES_H
#define WRL_SRC_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wrl_name {
    const char *data;
    size_t size;
} wrl_name_t;

/* What an index is asked for; the second part is empty where there is only one. */
typedef struct wrl_name_key {
    wrl_name_t first;
    wrl_name_t second;
} wrl_name_key_t;

/* Gives the key of entry `number` of whatever the index is over. */
typedef wrl_name_key_t (*wrl_names_key_of_t)(const void *context, size_t number);

typedef struct wrl_names {
    uint32_t *slots; /* Entry number + 1, or 0. */
    size_t slot_count;
    size_t used;
} wrl_names_t;

/* Makes room for `count` more entries. Returns false without memory. */
bool wrl_names_reserve(wrl_names_t *names, size_t count, wrl_names_key_of_t key_of, const void *context);

/* Enters an entry. Returns false without memory, never after room was made. The key must not be there yet. */
bool wrl_names_add(wrl_names_t *names, size_t number, wrl_names_key_of_t key_of, const void *context);

/* The number of the entry with that key, or SIZE_MAX. */
size_t wrl_names_find(const wrl_names_t *names, wrl_name_key_t key, wrl_names_key_of_t key_of, const void *context);

/* Forgets all entries, and keeps the space. */
void wrl_names_clear(wrl_names_t *names);

void wrl_names_free(wrl_names_t *names);

#endif
