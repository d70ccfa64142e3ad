#include "trials.h"

#include "smith.h"

#include <stdlib.h>
#include <string.h>

/* Never used in modules, because the results of engines may correctly differ. */
#define NOT_MADE SMITH_RELAXED_SIMD
/* One seed in this many makes a module with proposals that only some engines support. */
#define RARE 8

static bool is_valid_by_smith(const trial_t *trial, uint32_t proposals, bool *known)
{
    *known = true;
    return smith_is_valid(proposals, trial->guest.data, trial->guest.size);
}

/* Moves the bytes to memory of this program's allocator. */
static bool take(smith_bytes_t *bytes, void **data)
{
    *data = malloc(bytes->size + 1);
    if (*data && bytes->size) {
        memcpy(*data, bytes->data, bytes->size);
    }
    smith_free(bytes);
    return *data;
}

/* Breaks the bytes after the header in up to three places. */
static void mutate(uint64_t random, uint8_t *data, size_t *size)
{
    for (uint64_t i = 0; i <= random % 3 && *size > 9; i++) {
        uint64_t choice = mix(random, i);
        size_t at = 8 + (size_t)(choice / 8 % (*size - 8));
        switch (choice % 8) {
        case 0:
            *size = at;
            break;
        case 1:
            memmove(data + at, data + at + 1, *size - at - 1);
            (*size)--;
            break;
        case 2:
        case 3:
            data[at] ^= (uint8_t)(1U << (choice >> 40) % 8);
            break;
        case 4:
            data[at] = (uint8_t)(data[at] + 1);
            break;
        default:
            data[at] = (uint8_t)(choice >> 48);
        }
    }
}

uint32_t trial_proposals(uint64_t seed, uint32_t all)
{
    return all & (uint32_t)(mix(seed, 6) | mix(seed, 7));
}

trial_t trial_of(uint64_t seed, const uint8_t *data, size_t size)
{
    return (trial_t){.guest = {data, size, seed}, .is_played = true, .is_valid = is_valid_by_smith};
}

/* Describes a module with all of wasmparser's proposals: a broken module may be valid for some engines and invalid for
 * others. */
static bool describe(owned_trial_t *owned)
{
    trial_t *trial = &owned->trial;
    smith_bytes_t text = {NULL, 0};
    void *taken = NULL;
    bool is_valid = smith_is_valid(UINT32_MAX, owned->data, trial->guest.size);
    bool told = is_valid ? smith_reflect(owned->data, trial->guest.size, &text)
                         : smith_why_invalid(owned->data, trial->guest.size, &text);
    if (!told) {
        return true;
    }
    size_t size = text.size;
    if (!take(&text, &taken)) {
        return false;
    }
    owned->items = (char *)taken;
    owned->items[size] = '\0';
    trial->items = is_valid ? owned->items : NULL;
    trial->items_size = is_valid ? size : 0;
    trial->why = is_valid ? NULL : owned->items;
    return true;
}

bool trial_make(uint64_t seed, unsigned number, uint32_t common, uint32_t all, owned_trial_t *trial)
{
    smith_bytes_t module = {NULL, 0};
    memset(trial, 0, sizeof(*trial));
    uint32_t proposals = (mix(seed, 5) % RARE == 0 ? all : common) & ~(uint32_t)NOT_MADE;
    if (!smith_module(seed, proposals, &module)) {
        return false;
    }
    size_t size = module.size;
    void *data = NULL;
    if (!take(&module, &data)) {
        return false;
    }
    trial->data = (uint8_t *)data;
    if (number) {
        mutate(mix(seed, number), trial->data, &size);
    }
    trial->trial = trial_of(seed, trial->data, size);
    trial->trial.is_played = number == 0;
    bool good = describe(trial);
    if (!good) {
        owned_trial_free(trial);
    }
    return good;
}
