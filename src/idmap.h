/* A map from the backend's identities of objects to the indices of their records, and from types to their copies. */
#ifndef WRL_SRC_IDMAP_H
#define WRL_SRC_IDMAP_H

#include "wrl/sys/backend.h"

typedef struct wrl_idmap_slot {
    wrl_backend_ref_t ref;
    uint32_t kind; /* wrl_externkind_t; WRL_EXTERN_NONE for a free slot. */
    uint32_t index;
} wrl_idmap_slot_t;

/* The kind of a key that stands for a function type (item.c). */
#define WRL_IDMAP_TYPE ((wrl_externkind_t)16)

typedef struct wrl_idmap {
    wrl_idmap_slot_t *slots;
    size_t slot_count;
    size_t used;
} wrl_idmap_t;

/* Adds an object, which must not be in the map yet. Returns false if memory runs out or `index` is UINT32_MAX or
 * more. */
bool wrl__idmap_add(wrl_idmap_t *map, wrl_externkind_t kind, wrl_backend_ref_t ref, size_t index);

/* Returns the index that was added for the object, or SIZE_MAX. */
size_t wrl__idmap_find(const wrl_idmap_t *map, wrl_externkind_t kind, wrl_backend_ref_t ref);

void wrl__idmap_free(wrl_idmap_t *map);

#endif
