/* This hash table is separate from the one in names.c because its slots hold the keys: a lookup, needed for each
 * function reference that is passed to the host, reads the slots alone and makes no indirect calls. */
#include "idmap.h"

#include "alloc.h"

#include <string.h>

static size_t hash(wrl_externkind_t kind, wrl_backend_ref_t ref)
{
    uint64_t value = ref.words[0] * 0x9E3779B97F4A7C15u + ref.words[1] + (uint64_t)kind;
    value ^= value >> 29;
    value *= 0xBF58476D1CE4E5B9u;
    return (size_t)(value ^ value >> 32);
}

static void insert(wrl_idmap_t *map, const wrl_idmap_slot_t *entry)
{
    size_t mask = map->slot_count - 1;
    size_t slot = hash((wrl_externkind_t)entry->kind, entry->ref) & mask;
    while (map->slots[slot].kind != WRL_EXTERN_NONE) {
        slot = (slot + 1) & mask;
    }
    map->slots[slot] = *entry;
    map->used++;
}

static bool enlarge(wrl_idmap_t *map)
{
    wrl_idmap_t larger = {NULL, map->slot_count ? map->slot_count * 2 : 16, 0};
    larger.slots = (wrl_idmap_slot_t *)wrl__alloc_array(larger.slot_count, sizeof *larger.slots);
    if (!larger.slots) {
        return false;
    }
    for (size_t i = 0; i < map->slot_count; i++) {
        if (map->slots[i].kind != WRL_EXTERN_NONE) {
            insert(&larger, &map->slots[i]);
        }
    }
    wrl__free(map->slots);
    *map = larger;
    return true;
}

bool wrl__idmap_add(wrl_idmap_t *map, wrl_externkind_t kind, wrl_backend_ref_t ref, size_t index)
{
    if (index >= UINT32_MAX || !wrl__alloc_allowed(sizeof(wrl_idmap_slot_t)) ||
        (map->used * 4 >= map->slot_count * 3 && !enlarge(map))) {
        return false;
    }
    wrl_idmap_slot_t entry = {ref, (uint32_t)kind, (uint32_t)index};
    insert(map, &entry);
    return true;
}

size_t wrl__idmap_find(const wrl_idmap_t *map, wrl_externkind_t kind, wrl_backend_ref_t ref)
{
    if (map->slot_count == 0) {
        return SIZE_MAX;
    }
    size_t mask = map->slot_count - 1;
    for (size_t slot = hash(kind, ref) & mask; map->slots[slot].kind != WRL_EXTERN_NONE; slot = (slot + 1) & mask) {
        const wrl_idmap_slot_t *entry = &map->slots[slot];
        if (entry->kind == (uint32_t)kind && entry->ref.words[0] == ref.words[0] &&
            entry->ref.words[1] == ref.words[1]) {
            return entry->index;
        }
    }
    return SIZE_MAX;
}

void wrl__idmap_free(wrl_idmap_t *map)
{
    wrl__free(map->slots);
    memset(map, 0, sizeof *map);
}
