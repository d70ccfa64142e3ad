/* A map from the backend's names of things to the numbers of their records. */
#ifndef WRL_SRC_IDMAP_H
#define WRL_SRC_IDMAP_H

#include "wrl/sys/backend.h"

typedef struct wrl_idmap_slot {
    wrl_backend_ref_t ref;
    uint32_t kind; /* wrl_externkind_t; WRL_EXTERN_NONE for a free slot. */
    uint32_t index;
} wrl_idmap_slot_t;

typedef struct wrl_idmap {
    wrl_idmap_slot_t *slots;
    size_t slot_count;
    size_t used;
} wrl_idmap_t;

/* Returns false without memory. The name must not be there yet. */
bool wrl_idmap_add(wrl_idmap_t *map, wrl_externkind_t kind, wrl_backend_ref_t ref, size_t index);

/* The number that was entered under the name, or SIZE_MAX. */
size_t wrl_idmap_find(const wrl_idmap_t *map, wrl_externkind_t kind, wrl_backend_ref_t ref);

void wrl_idmap_free(wrl_idmap_t *map);

#endif
