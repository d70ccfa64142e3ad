/* Files of trials: a header of fixed size, the module, and its items. In the byte order of the machine that writes,
 * which is that of the one that reads, little-endian, as wasm32 is. */
#include "trials.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC UINT32_C(0x4c495254) /* TRIL */

enum { EXPECT_REFUSED = 0, EXPECT_ACCEPTED = 1, EXPECT_EITHER = 2 };

typedef struct header {
    uint32_t magic;
    uint8_t is_played;
    uint8_t expected;
    uint16_t has_items;
    uint64_t seed;
    uint32_t size;
    uint32_t items_size;
} header_t;

static bool is_valid_by_file(const trial_t *trial, uint32_t proposals, bool *known)
{
    (void)proposals;
    *known = trial->expected != EXPECT_EITHER;
    return trial->expected == EXPECT_ACCEPTED;
}

/* Whoever reads has an engine of its own, with proposals that nobody knows here: where they matter, any answer is
 * right. */
static uint8_t expected_of(const trial_t *trial)
{
    bool known = false;
    bool with_none = trial->is_valid(trial, 0, &known);
    bool with_all = trial->is_valid(trial, UINT32_MAX, &known);
    if (trial->is_played) {
        return EXPECT_ACCEPTED;
    }
    if (with_none != with_all) {
        return EXPECT_EITHER;
    }
    return with_all ? EXPECT_ACCEPTED : EXPECT_REFUSED;
}

bool trial_write(FILE *file, const trial_t *trial)
{
    header_t header = {.magic = MAGIC,
                       .is_played = trial->is_played,
                       .expected = expected_of(trial),
                       .has_items = trial->items != NULL,
                       .seed = trial->guest.seed,
                       .size = (uint32_t)trial->guest.size,
                       .items_size = (uint32_t)trial->items_size};
    return fwrite(&header, sizeof(header), 1, file) == 1 &&
           fwrite(trial->guest.data, 1, header.size, file) == header.size &&
           (!header.items_size || fwrite(trial->items, 1, header.items_size, file) == header.items_size);
}

bool trial_read(FILE *file, owned_trial_t *trial, bool *broken)
{
    header_t header;
    memset(trial, 0, sizeof(*trial));
    size_t got = fread(&header, 1, sizeof(header), file);
    *broken = got != 0;
    if (got != sizeof(header) || header.magic != MAGIC) {
        return false;
    }
    trial->data = (uint8_t *)malloc(header.size + 1U);
    trial->items = (char *)malloc(header.items_size + 1U);
    if (!trial->data || !trial->items || fread(trial->data, 1, header.size, file) != header.size ||
        fread(trial->items, 1, header.items_size, file) != header.items_size) {
        owned_trial_free(trial);
        return false;
    }
    *broken = false;
    trial->trial = (trial_t){.guest = {trial->data, header.size, header.seed},
                             .is_played = header.is_played,
                             .is_valid = is_valid_by_file,
                             .items = header.has_items ? trial->items : NULL,
                             .items_size = header.items_size,
                             .expected = header.expected};
    return true;
}

void owned_trial_free(owned_trial_t *trial)
{
    free(trial->data);
    free(trial->items);
    memset(trial, 0, sizeof(*trial));
}
