/* This hash table is separate from the one in idmap.c because its slots hold only the numbers of entries, which store
 * the names elsewhere, and because its hash needs a seed. */
#include "names.h"

#include "alloc.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

/* Module authors choose the names. The hash starts from a number that they do not know, so that they cannot choose
 * names that collide. */
static uint64_t hash_seed(void)
{
    static _Atomic uint64_t seed;
    uint64_t value = atomic_load_explicit(&seed, memory_order_relaxed);
    if (value == 0) {
        struct timespec now = {0};
        (void)timespec_get(&now, TIME_UTC);
        value = (uint64_t)(uintptr_t)&now ^ ((uint64_t)now.tv_nsec << 32) ^ (uint64_t)now.tv_sec ^
                (uint64_t)(uintptr_t)&seed << 17;
        value |= 1;
        uint64_t none = 0;
        if (!atomic_compare_exchange_strong(&seed, &none, value)) {
            value = none;
        }
    }
    return value;
}

static uint64_t mix(uint64_t value)
{
    value ^= value >> 32;
    value *= 0xD6E8FEB86659FD93u;
    value ^= value >> 32;
    value *= 0xD6E8FEB86659FD93u;
    return value ^ value >> 32;
}

static uint64_t hash_name(uint64_t hash, wrl_name_t name)
{
    size_t i = 0;
    for (; name.size - i >= 8; i += 8) {
        uint64_t chunk;
        memcpy(&chunk, name.data + i, 8);
        hash = mix(hash ^ chunk);
    }
    uint64_t rest = name.size;
    for (; i < name.size; i++) {
        rest = rest << 8 | (uint8_t)name.data[i];
    }
    return mix(hash ^ rest);
}

static uint64_t hash_key(wrl_name_key_t key)
{
    return hash_name(hash_name(hash_seed(), key.first), key.second);
}

static bool name_equal(wrl_name_t a, wrl_name_t b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static void insert(wrl_names_t *names, size_t number, uint64_t hash)
{
    size_t mask = names->slot_count - 1;
    size_t slot = (size_t)hash & mask;
    while (names->slots[slot]) {
        slot = (slot + 1) & mask;
    }
    names->slots[slot] = (uint32_t)number + 1;
    names->used++;
}

bool wrl__names_reserve(wrl_names_t *names, size_t count, wrl_names_key_of_t key_of, const void *context)
{
    wrl_names_t larger = {NULL, names->slot_count ? names->slot_count : 16, 0};
    /* At most three quarters of the slots are used. */
    while (larger.slot_count / 4 * 3 < names->used + count) {
        if (larger.slot_count > SIZE_MAX / 2) {
            return false;
        }
        larger.slot_count *= 2;
    }
    if (larger.slot_count == names->slot_count) {
        return true;
    }
    larger.slots = (uint32_t *)wrl__alloc_array(larger.slot_count, sizeof *larger.slots);
    if (!larger.slots) {
        return false;
    }
    for (size_t i = 0; i < names->slot_count; i++) {
        if (names->slots[i]) {
            insert(&larger, names->slots[i] - 1, hash_key(key_of(context, names->slots[i] - 1)));
        }
    }
    wrl__free(names->slots);
    *names = larger;
    return true;
}

bool wrl__names_add(wrl_names_t *names, size_t number, wrl_names_key_of_t key_of, const void *context)
{
    if (number >= UINT32_MAX || !wrl__names_reserve(names, 1, key_of, context)) {
        return false;
    }
    insert(names, number, hash_key(key_of(context, number)));
    return true;
}

size_t wrl__names_find(const wrl_names_t *names, wrl_name_key_t key, wrl_names_key_of_t key_of, const void *context)
{
    if (names->slot_count == 0) {
        return SIZE_MAX;
    }
    size_t mask = names->slot_count - 1;
    for (size_t slot = (size_t)hash_key(key) & mask; names->slots[slot]; slot = (slot + 1) & mask) {
        wrl_name_key_t found = key_of(context, names->slots[slot] - 1);
        if (name_equal(found.first, key.first) && name_equal(found.second, key.second)) {
            return names->slots[slot] - 1;
        }
    }
    return SIZE_MAX;
}

void wrl__names_clear(wrl_names_t *names)
{
    if (names->slots) {
        memset(names->slots, 0, names->slot_count * sizeof *names->slots);
    }
    names->used = 0;
}

void wrl__names_free(wrl_names_t *names)
{
    wrl__free(names->slots);
    memset(names, 0, sizeof *names);
}
