#include "manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

/* ---- Reading ---- */

/* Cuts the next word off a line and returns it, or NULL at the end. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t");
    if (*word == '\0') {
        return NULL;
    }
    char *end = word + strcspn(word, " \t");
    *rest = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

/* Cuts "v2/i32.wast:12,15" at the colon and returns what follows it, or NULL without a colon. */
static char *split_place(char *place)
{
    char *colon = strrchr(place, ':');
    if (!colon) {
        return NULL;
    }
    *colon = '\0';
    return colon + 1;
}

/* Parses the next number of a comma-separated list. Numbers start at 1. */
static bool next_number(char **numbers, uint32_t *line)
{
    char *end = NULL;
    unsigned long number = strtoul(*numbers, &end, 10);
    bool good = **numbers >= '1' && **numbers <= '9' && number <= UINT32_MAX;
    if (!good || !(*end == '\0' || (*end == ',' && end[1] != '\0'))) {
        return false;
    }
    *numbers = *end == ',' ? end + 1 : end;
    *line = (uint32_t)number;
    return true;
}

static bool find_feature(const char *name, wrl_feature_t *feature)
{
    for (unsigned i = 0; i < WRL_FEATURE_LIMIT; i++) {
        const char *known = wrl_feature_name((wrl_feature_t)i);
        if (known && strcmp(known, name) == 0) {
            *feature = (wrl_feature_t)i;
            return true;
        }
    }
    return false;
}

static char *copy(const char *prefix, const char *text)
{
    size_t size = strlen(prefix) + strlen(text) + 1;
    char *copied = malloc(size);
    if (copied) {
        (void)snprintf(copied, size, "%s%s", prefix, text);
    }
    return copied;
}

static bool add(spec_manifest_t *manifest, const spec_entry_t *entry, const char *file, const char *reason,
                spec_message_t *why)
{
    for (size_t i = 0; i < manifest->count; i++) {
        const spec_entry_t *other = &manifest->entries[i];
        if (other->line == entry->line && strcmp(other->file, file) == 0 && other->kind == entry->kind &&
            (entry->kind != SPEC_LACKS || other->feature == entry->feature)) {
            spec_message_add(why, "is already covered at %s:%u", other->manifest, other->manifest_line);
            return false;
        }
    }
    spec_entry_t *larger = realloc(manifest->entries, (manifest->count + 1) * sizeof(*larger));
    if (!larger) {
        spec_message_add(why, "out of memory");
        return false;
    }
    manifest->entries = larger;
    spec_entry_t *added = &larger[manifest->count];
    *added = *entry;
    added->file = copy("", file);
    static const char *const words[] = {"lacks ", "", "", "superseded by "};
    added->reason = copy(words[entry->kind], reason);
    if (!added->file || !added->reason) {
        free(added->file);
        free(added->reason);
        spec_message_add(why, "out of memory");
        return false;
    }
    manifest->count++;
    return true;
}

static bool find_kind(const char *verb, spec_entry_kind_t *kind)
{
    static const char *const verbs[] = {"lacks", "omits", "fails", "superseded"};
    for (size_t i = 0; verb && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verb, verbs[i]) == 0) {
            *kind = (spec_entry_kind_t)i;
            return true;
        }
    }
    return false;
}

/* Parses a line without its newline. Empty lines and comments make no entry. */
static bool read_entry(spec_manifest_t *manifest, char *line, spec_entry_t *entry, spec_message_t *why)
{
    char *rest = line;
    char *place = next_word(&rest);
    if (!place || place[0] == '#') {
        return true;
    }
    char *verb = next_word(&rest);
    rest += strspn(rest, " \t");
    char *numbers = split_place(place);
    if (!find_kind(verb, &entry->kind)) {
        spec_message_add(why, "\"%.80s\" is neither lacks, omits, fails nor superseded", verb ? verb : "");
        return false;
    }
    bool of_line = entry->kind == SPEC_FAILS || entry->kind == SPEC_SUPERSEDED;
    if (of_line && !numbers) {
        spec_message_add(why, "\"%s\" needs lines, FILE:LINE,LINE", verb);
        return false;
    }
    if (*rest == '\0') {
        spec_message_add(why, "the reason is missing");
        return false;
    }
    bool of_feature = entry->kind == SPEC_LACKS || entry->kind == SPEC_SUPERSEDED;
    if (of_feature && !find_feature(rest, &entry->feature)) {
        spec_message_add(why, "\"%.80s\" is not a feature (wrl/feature.h)", rest);
        return false;
    }
    entry->line = 0;
    if (!numbers) {
        return add(manifest, entry, place, rest, why);
    }
    do {
        if (!next_number(&numbers, &entry->line)) {
            spec_message_add(why, "\"%.80s:\" is not followed by a list of lines", place);
            return false;
        }
        if (!add(manifest, entry, place, rest, why)) {
            return false;
        }
    } while (*numbers != '\0');
    return true;
}

static bool read_lines(spec_manifest_t *manifest, char *data, const char *path, spec_message_t *why)
{
    spec_entry_t entry;
    memset(&entry, 0, sizeof(entry));
    entry.manifest = path;
    for (char *line = data; *line != '\0';) {
        entry.manifest_line++;
        char *end = line + strcspn(line, "\n");
        char *next = *end == '\0' ? end : end + 1;
        *end = '\0';
        if (end > line && end[-1] == '\r') {
            end[-1] = '\0';
        }
        spec_message_clear(why);
        spec_message_add(why, "%s:%u: ", path, entry.manifest_line);
        if (!read_entry(manifest, line, &entry, why)) {
            return false;
        }
        line = next;
    }
    return true;
}

bool spec_manifest_read(spec_manifest_t *manifest, const char *path, spec_message_t *why)
{
    file_bytes_t bytes;
    spec_message_clear(why);
    const char *problem = file_read(path, &bytes);
    if (problem) {
        spec_message_add(why, "%s: %s", path, problem);
        return false;
    }
    char *text = malloc(bytes.size + 1);
    if (!text) {
        free(bytes.data);
        spec_message_add(why, "%s: out of memory", path);
        return false;
    }
    memcpy(text, bytes.data, bytes.size);
    text[bytes.size] = '\0';
    free(bytes.data);
    bool read = false;
    if (strlen(text) != bytes.size) {
        spec_message_add(why, "%s: contains a NUL byte", path);
    } else {
        read = read_lines(manifest, text, path, why);
    }
    free(text);
    return read;
}

void spec_manifest_clear(spec_manifest_t *manifest)
{
    for (size_t i = 0; i < manifest->count; i++) {
        free(manifest->entries[i].file);
        free(manifest->entries[i].reason);
    }
    free(manifest->entries);
    memset(manifest, 0, sizeof(*manifest));
}

/* ---- Look-up ---- */

void spec_manifest_choose(spec_manifest_t *manifest, const wrl_engine_t *engine)
{
    size_t kept = 0;
    for (size_t i = 0; i < manifest->count; i++) {
        spec_entry_t *entry = &manifest->entries[i];
        if (entry->kind == SPEC_SUPERSEDED && !wrl_engine_supports(engine, entry->feature)) {
            free(entry->file);
            free(entry->reason);
        } else {
            manifest->entries[kept++] = *entry;
        }
    }
    manifest->count = kept;
}

spec_entry_t *spec_manifest_cover(spec_manifest_t *manifest, const char *file, uint32_t line, bool failed)
{
    spec_entry_t *best = NULL;
    for (size_t i = 0; i < manifest->count; i++) {
        spec_entry_t *entry = &manifest->entries[i];
        bool fitting = entry->kind == SPEC_FAILS || (failed == (entry->kind == SPEC_SUPERSEDED));
        bool applies = fitting && (entry->line == 0 || entry->line == line);
        if (!applies || strcmp(entry->file, file) != 0) {
            continue;
        }
        /* An entry for the line takes precedence over one for the file. */
        if (!best || (best->line == 0 && entry->line != 0)) {
            best = entry;
        }
    }
    if (best) {
        best->uses++;
    }
    return best;
}
