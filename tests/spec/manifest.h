/* Manifests: what a backend is known not to run or to get wrong, with the reason. README.md has their form. */
#ifndef SPEC_MANIFEST_H
#define SPEC_MANIFEST_H

#include "message.h"
#include "wrl.h"

typedef enum spec_entry_kind {
    SPEC_LACKS,     /* The engine lacks a feature: covers what was not run. */
    SPEC_OMITS,     /* There is another reason: covers what was not run. */
    SPEC_FAILS,     /* Covers one line that failed or was not run. */
    SPEC_SUPERSEDED /* Covers one line that failed, where the engine has a feature. */
} spec_entry_kind_t;

typedef struct spec_entry {
    spec_entry_kind_t kind;
    char *file;            /* Such as "v2/i32.wast". */
    uint32_t line;         /* 0 for the whole file. */
    wrl_feature_t feature; /* Of SPEC_LACKS and SPEC_SUPERSEDED. */
    char *reason;          /* Of those two, what they say in words. */
    const char *manifest;  /* Where the entry is. Lent by the command line. */
    unsigned manifest_line;
    size_t uses; /* How much it covered. */
    bool file_was_run;
} spec_entry_t;

typedef struct spec_manifest {
    spec_entry_t *entries;
    size_t count;
} spec_manifest_t;

/* Adds the entries of a file. Returns false, with the reason, if it cannot be read or a line is no entry. */
bool spec_manifest_read(spec_manifest_t *manifest, const char *path, spec_message_t *why);
void spec_manifest_clear(spec_manifest_t *manifest);

/* Takes out the entries that say nothing of this engine: superseded by a feature that it lacks. */
void spec_manifest_choose(spec_manifest_t *manifest, const wrl_engine_t *engine);

/* The entry that covers a line of a file, or NULL. Those of lacking and omitting do not cover what ran and `failed`.
 * The entry counts it. */
spec_entry_t *spec_manifest_cover(spec_manifest_t *manifest, const char *file, uint32_t line, bool failed);

#endif
