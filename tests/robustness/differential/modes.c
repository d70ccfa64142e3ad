#include "modes.h"

#include "report.h"
#include "seeds.h"
#include "smith.h"
#include "trials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool write_trials(const options_t *options)
{
    choir_t choir;
    progress_t progress = {0};
    FILE *file = fopen(options->write, "wb");
    bool good = file && make_choir(options, &choir);
    if (good) {
        note_proposals(&choir, &progress);
        choir_delete(&choir);
    }
    uint32_t common = progress.common & ~(uint32_t)SMITH_NATIVE_ONLY;
    for (uint64_t seed = options->first; good && seed <= options->last; seed++) {
        for (unsigned number = 0; good && number < TRIALS_PER_SEED; number++) {
            owned_trial_t trial;
            good = trial_make(seed, number, common, common, &trial) && trial_write(file, &trial.trial);
            owned_trial_free(&trial);
        }
    }
    return file && fclose(file) == 0 && good;
}

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

/* One module: prints what each engine says. */
int run_module(const options_t *options)
{
    choir_t choir;
    uint8_t *data = NULL;
    size_t size = 0;
    difference_t difference;
    if (!read_whole(options->module, &data, &size) || !make_choir(options, &choir)) {
        (void)fprintf(stderr, "differential: %s cannot be read\n", options->module);
        free(data);
        return 2;
    }
    trial_t trial = trial_of(options->first, data, size);
    bool agree = compare(&choir, &trial, &difference);
    for (size_t i = 0; i < choir.count; i++) {
        (void)printf("---- %s\n%.*s%.*s", choir.voices[i].backend, (int)choir.voices[i].items.size,
                     choir.voices[i].items.data ? choir.voices[i].items.data : "", (int)choir.voices[i].transcript.size,
                     choir.voices[i].transcript.data ? choir.voices[i].transcript.data : "");
    }
    (void)printf("---- %s\n", agree ? difference.known ? difference.known : "they agree" : difference.what);
    if (difference.what) {
        print_difference(&difference);
    }
    choir_delete(&choir);
    free(data);
    return agree ? 0 : 1;
}
