#include "compare.h"

#include "../../support/backend_option.h"

#include "known.h"
#include "smith.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Engines ---- */

static uint32_t proposals_of(const wrl_engine_t *engine)
{
    static const struct {
        wrl_feature_t feature;
        uint32_t proposal;
    } pairs[] = {
        {WRL_FEATURE_TAIL_CALL, SMITH_TAIL_CALL},
        {WRL_FEATURE_MULTI_MEMORY, SMITH_MULTI_MEMORY},
        {WRL_FEATURE_MEMORY64, SMITH_MEMORY64},
        {WRL_FEATURE_CUSTOM_PAGE_SIZES, SMITH_CUSTOM_PAGE_SIZES},
        {WRL_FEATURE_WIDE_ARITHMETIC, SMITH_WIDE_ARITHMETIC},
        {WRL_FEATURE_THREADS, SMITH_THREADS},
        {WRL_FEATURE_EXCEPTIONS, SMITH_EXCEPTIONS},
        {WRL_FEATURE_GC, SMITH_GC},
        {WRL_FEATURE_EXTENDED_CONST, SMITH_EXTENDED_CONST},
        {WRL_FEATURE_RELAXED_SIMD, SMITH_RELAXED_SIMD},
    };
    uint32_t proposals = 0;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        proposals |= wrl_engine_supports(engine, pairs[i].feature) ? pairs[i].proposal : 0;
    }
    return proposals;
}

static bool make_engine(voice_t *voice)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    set_backend(&config, voice->backend);
    wrl_error_t *error = wrl_engine_new(&config, &voice->engine);
    if (error) {
        (void)fprintf(stderr, "differential: no engine %s: %s\n", voice->backend, wrl_error_message(error));
        wrl_error_delete(error);
        return false;
    }
    voice->proposals = proposals_of(voice->engine);
    return true;
}

bool choir_new(choir_t *choir, const char *backends)
{
    memset(choir, 0, sizeof(*choir));
    (void)snprintf(choir->names, sizeof(choir->names), "%s", backends);
    for (char *name = strtok(choir->names, ","); name; name = strtok(NULL, ",")) {
        if (choir->count == MAX_VOICES) {
            (void)fprintf(stderr, "differential: more than %d backends\n", MAX_VOICES);
            return false;
        }
        choir->voices[choir->count++].backend = name;
    }
    return choir_renew(choir);
}

bool choir_renew(choir_t *choir)
{
    for (size_t i = 0; i < choir->count; i++) {
        wrl_engine_release(choir->voices[i].engine);
        choir->voices[i].engine = NULL;
        if (!make_engine(&choir->voices[i])) {
            return false;
        }
    }
    return choir->count > 0;
}

void choir_delete(choir_t *choir)
{
    for (size_t i = 0; i < choir->count; i++) {
        wrl_engine_release(choir->voices[i].engine);
        free(choir->voices[i].items.data);
        free(choir->voices[i].transcript.data);
    }
    choir->count = 0;
}

/* ---- Comparing ---- */

static void copy_line(char line[256], const char *text, size_t size)
{
    const char *end = size ? (const char *)memchr(text, '\n', size) : NULL;
    size_t length = end ? (size_t)(end - text) : size;
    length = length < 255 ? length : 255;
    if (length) {
        memcpy(line, text, length);
    }
    line[length] = '\0';
}

/* Returns whether the texts are equal. If not, stores the first lines that differ. */
static bool same(const char *a, size_t a_size, const char *b, size_t b_size, difference_t *difference)
{
    size_t line = 0, i = 0;
    while (i < a_size && i < b_size && a[i] == b[i]) {
        line = a[i] == '\n' ? i + 1 : line;
        i++;
    }
    if (i == a_size && i == b_size) {
        return true;
    }
    copy_line(difference->first_line, a_size ? a + line : "", a_size - line);
    copy_line(difference->second_line, b_size ? b + line : "", b_size - line);
    return false;
}

static bool is_known(difference_t *difference, const trial_t *trial, const char *what, const char *first,
                     const char *second)
{
    difference->what = what;
    (void)snprintf(difference->first, sizeof(difference->first), "%s", first);
    (void)snprintf(difference->second, sizeof(difference->second), "%s", second);
    difference->known = known_name(difference, trial);
    return difference->known;
}

static bool check_verdict(const voice_t *voice, const trial_t *trial, difference_t *difference)
{
    bool known = false;
    bool is_valid = trial->is_valid(trial, voice->proposals, &known);
    if (voice->verdict == VERDICT_LIMIT || !known || is_valid == (voice->verdict == VERDICT_ACCEPTED)) {
        return true;
    }
    copy_line(difference->first_line, voice->verdict == VERDICT_ACCEPTED ? "accepted" : voice->items.data,
              voice->verdict == VERDICT_ACCEPTED ? strlen("accepted") : voice->items.size);
    const char *verdict = is_valid ? "accepted" : trial->why ? trial->why : "refused";
    copy_line(difference->second_line, verdict, strlen(verdict));
    return is_known(difference, trial, "acceptance", voice->backend, "wasmparser");
}

static bool check_items(const voice_t *voice, const trial_t *trial, difference_t *difference)
{
    if (voice->verdict != VERDICT_ACCEPTED || !trial->items ||
        same(voice->items.data, voice->items.size, trial->items, trial->items_size, difference)) {
        return true;
    }
    return is_known(difference, trial, "items", voice->backend, "wasmparser");
}

/* The transcript to compare with. */
typedef struct said {
    const char *who; /* NULL if there is none yet. */
    const char *text;
    size_t size;
} said_t;

static bool check_transcript(const said_t *first, const voice_t *second, const trial_t *trial, difference_t *difference)
{
    if (!first->who || same(first->text, first->size, second->transcript.data, second->transcript.size, difference)) {
        return true;
    }
    return is_known(difference, trial, "transcript", first->who, second->backend);
}

static verdict_t play_with_fault(const voice_t *voice, const trial_t *trial, transcript_t *items,
                                 transcript_t *transcript)
{
#ifndef __EMSCRIPTEN__
    guest_t guest = trial->guest;
    smith_bytes_t planted = {NULL, 0};
    if (!smith_plant(guest.data, guest.size, &planted)) {
        return VERDICT_LIMIT;
    }
    guest.data = planted.data;
    guest.size = planted.size;
    verdict_t verdict = play(voice->engine, &guest, items, transcript);
    smith_free(&planted);
    return verdict;
#else
    return play(voice->engine, &trial->guest, items, transcript);
#endif
}

static void hear(const choir_t *choir, voice_t *voice, const trial_t *trial)
{
    transcript_t *transcript = trial->is_played ? &voice->transcript : NULL;
    bool has_fault = choir->plant && trial->is_played && voice == &choir->voices[choir->count - 1];
    voice->items.size = 0;
    voice->transcript.size = 0;
    voice->verdict = has_fault ? play_with_fault(voice, trial, &voice->items, transcript)
                               : play(voice->engine, &trial->guest, &voice->items, transcript);
}

bool compare(choir_t *choir, const trial_t *trial, difference_t *difference)
{
    said_t first = {trial->recorder, trial->transcript, trial->transcript_size};
    bool agree = true;
    memset(difference, 0, sizeof(*difference));
    for (size_t i = 0; i < choir->count && agree; i++) {
        voice_t *voice = &choir->voices[i];
        hear(choir, voice, trial);
        agree = check_verdict(voice, trial, difference) && check_items(voice, trial, difference);
        if (voice->verdict == VERDICT_ACCEPTED && agree) {
            agree = check_transcript(&first, voice, trial, difference);
            first = first.who ? first : (said_t){voice->backend, voice->transcript.data, voice->transcript.size};
        }
    }
    return agree;
}
