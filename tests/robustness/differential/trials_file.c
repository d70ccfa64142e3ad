/* Files of trials: a header of fixed size, the module, its items, and the transcript of an engine. Numbers are in the
 * writer's byte order, which must be the reader's: little-endian, as on wasm32. */
#include "trials.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC UINT32_C(0x324c5254) /* TRL2 */

enum { EXPECT_REFUSED = 0, EXPECT_ACCEPTED = 1, EXPECT_EITHER = 2 };

typedef struct header {
    uint32_t magic;
    uint8_t is_played;
    uint8_t expected;
    uint8_t has_items;
    uint8_t recorder_size; /* 0 without a recorder. */
    uint64_t seed;
    uint32_t size;
    uint32_t items_size;
    uint32_t transcript_size;
    uint32_t reserved;
} header_t;

static bool is_valid_by_file(const trial_t *trial, uint32_t proposals, bool *known)
{
    (void)proposals;
    *known = trial->expected != EXPECT_EITHER;
    return trial->expected == EXPECT_ACCEPTED;
}

/* A reader's engine may support more proposals. If these proposals change the verdict, any verdict is correct. */
static uint8_t expected_of(const trial_t *trial, uint32_t proposals)
{
    bool known = false;
    bool with_few = trial->is_valid(trial, proposals, &known);
    bool with_all = trial->is_valid(trial, UINT32_MAX, &known);
    if (!known) {
        return EXPECT_EITHER; /* The trial was read from a file. */
    }
    if (trial->is_played) {
        return EXPECT_ACCEPTED;
    }
    if (with_few != with_all) {
        return EXPECT_EITHER;
    }
    return with_all ? EXPECT_ACCEPTED : EXPECT_REFUSED;
}

static bool put(FILE *file, const void *data, size_t size)
{
    return size == 0 || fwrite(data, 1, size, file) == size;
}

bool trial_write(FILE *file, const trial_t *trial, uint32_t proposals)
{
    /* An invalid module has no items; the reason takes their place. */
    const char *items = trial->items ? trial->items : trial->why;
    size_t size = trial->items ? trial->items_size : trial->why ? strlen(trial->why) : 0;
    header_t header = {.magic = MAGIC,
                       .is_played = trial->is_played,
                       .expected = expected_of(trial, proposals),
                       .has_items = trial->items != NULL,
                       .recorder_size = (uint8_t)(trial->recorder ? strlen(trial->recorder) : 0),
                       .seed = trial->guest.seed,
                       .size = (uint32_t)trial->guest.size,
                       .items_size = (uint32_t)size,
                       .transcript_size = (uint32_t)trial->transcript_size};
    return put(file, &header, sizeof(header)) && put(file, trial->guest.data, header.size) &&
           put(file, items, header.items_size) && put(file, trial->recorder, header.recorder_size) &&
           put(file, trial->transcript, header.transcript_size);
}

/* Reads a block of the file and appends a zero. Returns NULL if the block is incomplete. */
static void *get(FILE *file, size_t size)
{
    char *data = (char *)malloc(size + 1);
    if (data && fread(data, 1, size, file) != size) {
        free(data);
        return NULL;
    }
    if (data) {
        data[size] = '\0';
    }
    return data;
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
    trial->data = (uint8_t *)get(file, header.size);
    trial->items = (char *)get(file, header.items_size);
    trial->recorder = (char *)get(file, header.recorder_size);
    trial->transcript = (char *)get(file, header.transcript_size);
    if (!trial->data || !trial->items || !trial->recorder || !trial->transcript) {
        owned_trial_free(trial);
        return false;
    }
    *broken = false;
    trial->trial = (trial_t){.guest = {trial->data, header.size, header.seed},
                             .is_played = header.is_played,
                             .is_valid = is_valid_by_file,
                             .items = header.has_items ? trial->items : NULL,
                             .items_size = header.has_items ? header.items_size : 0,
                             .why = header.items_size && !header.has_items ? trial->items : NULL,
                             .expected = header.expected,
                             .recorder = header.recorder_size ? trial->recorder : NULL,
                             .transcript = trial->transcript,
                             .transcript_size = header.transcript_size};
    return true;
}

void owned_trial_free(owned_trial_t *trial)
{
    free(trial->data);
    free(trial->items);
    free(trial->recorder);
    free(trial->transcript);
    memset(trial, 0, sizeof(*trial));
}
