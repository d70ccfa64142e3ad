#include "report.h"

#include "shrink.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void print_difference(const difference_t *difference)
{
    (void)printf("      %s: %s\n", difference->first, difference->first_line);
    (void)printf("      %s: %s\n", difference->second, difference->second_line);
}

static void print_text(const char *text, size_t size)
{
    (void)fwrite(text ? text : "", 1, text ? size : 0, stdout);
}

void print_recorded(const trial_t *trial)
{
    (void)printf("==== seed %" PRIu64 "\n", trial->guest.seed);
    if (trial->recorder) {
        (void)printf("---- recorded of %s\n", trial->recorder);
        print_text(trial->transcript, trial->transcript_size);
    }
}

void print_voices(const choir_t *choir, bool agree, const difference_t *difference)
{
    for (size_t i = 0; i < choir->count; i++) {
        const voice_t *voice = &choir->voices[i];
        (void)printf("---- %s\n", voice->backend);
        print_text(voice->items.data, voice->items.size);
        print_text(voice->transcript.data, voice->transcript.size);
    }
    (void)printf("---- %s\n", agree ? difference->known ? difference->known : "they agree" : difference->what);
    if (difference->what) {
        print_difference(difference);
    }
}

void write_module(const options_t *options, const trial_t *trial, const char *suffix)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/differential-%" PRIu64 "%s.wasm", options->out, trial->guest.seed, suffix);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(trial->guest.data, 1, trial->guest.size, file) == trial->guest.size;
    if (file && fclose(file) != 0) {
        written = false;
    }
    (void)printf("      %s %s; again: differential --module %s --seed %" PRIu64 "%s\n",
                 written ? "written to" : "cannot be written to", path, path, trial->guest.seed,
                 trial->recorder ? " --backends A --reader COMMAND" : "");
}

void report(const options_t *options, const trial_t *trial, const difference_t *difference)
{
    if (difference->what) {
        (void)printf("FAIL  seed %" PRIu64 ", %s: %s\n", trial->guest.seed,
                     trial->is_played ? "played" : "a broken copy, compiled", difference->what);
        print_difference(difference);
    }
    write_module(options, trial, "");
#ifndef __EMSCRIPTEN__
    shrink(options, trial, difference);
#endif
    (void)fflush(stdout);
}

/* Counts the lines with results of calls, which world_call() writes. */
static void count_calls(const transcript_t *transcript, progress_t *progress)
{
    static const char mark[] = "\n  = ";
    const char *at = transcript->size ? transcript->data : NULL;
    while (at && (at = strstr(at, mark)) != NULL) {
        at += strlen(mark);
        progress->returned += *at == '(';
        progress->stopped += *at != '(';
    }
}

bool run_trial(choir_t *choir, const trial_t *trial, progress_t *progress)
{
    bool agree = compare(choir, trial, &progress->difference);
    progress->modules += trial->is_played;
    progress->broken += !trial->is_played;
    progress->accepted += !trial->is_played && choir->voices[0].verdict == VERDICT_ACCEPTED;
    progress->known += agree && progress->difference.known;
    progress->failures += !agree;
    if (trial->is_played) {
        count_calls(&choir->voices[0].transcript, progress);
    }
    return agree;
}
