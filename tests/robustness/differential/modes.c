#include "modes.h"

#include "report.h"
#include "seeds.h"
#include "shrink.h"
#include "smith.h"
#include "trials.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Trials for other hosts ---- */

typedef struct writer {
    const options_t *options;
    choir_t choir;
    progress_t progress;
    FILE *file;
    uint32_t proposals; /* The proposals that modules may use. */
    uint32_t readers;   /* The proposals that every reader supports. */
} writer_t;

/* Writes the first engine's transcript, for other hosts to compare. */
static bool write_trial(writer_t *writer, const trial_t *trial)
{
    trial_t recorded = *trial;
    const voice_t *voice = &writer->choir.voices[0];
    if (!run_trial(&writer->choir, trial, &writer->progress)) {
        (void)fprintf(stderr, "differential: seed %" PRIu64 ": engines differ in %s\n", trial->guest.seed,
                      writer->progress.difference.what);
        print_difference(&writer->progress.difference);
        return false;
    }
    if (trial->is_played && voice->verdict == VERDICT_ACCEPTED) {
        recorded.recorder = voice->backend;
        recorded.transcript = voice->transcript.data;
        recorded.transcript_size = voice->transcript.size;
    }
    return trial_write(writer->file, &recorded, writer->readers);
}

static bool write_seed(writer_t *writer, uint64_t seed)
{
    uint32_t proposals = writer->options->newest ? trial_proposals(seed, writer->proposals) : writer->proposals;
    bool good = (seed - writer->options->first + 1) % BATCH != 0 || choir_renew(&writer->choir);
    for (unsigned number = 0; good && number < TRIALS_PER_SEED; number++) {
        owned_trial_t trial;
        good = trial_make(seed, number, proposals, proposals, &trial) && write_trial(writer, &trial.trial);
        owned_trial_free(&trial);
    }
    return good;
}

static bool write_seeds(writer_t *writer)
{
    bool newest = writer->options->newest;
    note_proposals(&writer->choir, &writer->progress);
    writer->proposals = writer->progress.common & ~(uint32_t)(SMITH_NATIVE_ONLY | (newest ? 0 : SMITH_NEWER_JS));
    writer->readers = newest ? writer->proposals : 0;
    bool good = true;
    for (uint64_t seed = writer->options->first; good && seed <= writer->options->last; seed++) {
        good = write_seed(writer, seed);
    }
    return good;
}

bool write_trials(const options_t *options)
{
    writer_t writer = {.options = options, .file = fopen(options->write, "wb")};
    bool made = make_choir(options, &writer.choir);
    bool good = made && writer.file && write_seeds(&writer);
    choir_delete(&writer.choir);
    return writer.file && fclose(writer.file) == 0 && good;
}

/* ---- One module ---- */

static bool read_whole(const char *path, uint8_t **data, size_t *size)
{
    FILE *file = fopen(path, "rb");
    long length = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    *size = length < 0 ? 0 : (size_t)length;
    *data = length < 0 ? NULL : (uint8_t *)malloc(*size + 1);
    bool good = *data && fseek(file, 0, SEEK_SET) == 0 && fread(*data, 1, *size, file) == *size;
    if (file) {
        (void)fclose(file);
    }
    return good;
}

static bool print_module(const options_t *options, const trial_t *trial)
{
    choir_t choir;
    difference_t difference;
    if (!make_choir(options, &choir)) {
        return false;
    }
    bool agree = compare(&choir, trial, &difference);
    print_voices(&choir, agree, &difference);
    choir_delete(&choir);
    return agree;
}

int run_module(const options_t *options)
{
    uint8_t *data = NULL;
    size_t size = 0;
    bool agree = false;
    if (read_whole(options->module, &data, &size)) {
        trial_t trial = trial_of(options->first, data, size);
        agree = options->reader ? shrink_for_reader(options, &trial) : print_module(options, &trial);
    } else {
        (void)fprintf(stderr, "differential: %s cannot be read\n", options->module);
    }
    free(data);
    return agree ? 0 : 1;
}
