/* Manifests: what a backend does not run or gets wrong, with the reason. README.md describes the format. */
#ifndef SPEC_MANIFEST_H
#define SPEC_MANIFEST_H

#include "message.h"
#include "wrl.h"

typedef enum spec_entry_kind {
    SPEC_LACKS,     /* The engine does not support a feature. Covers what was not run. */
    SPEC_OMITS,     /* Another reason. Covers what was not run. */
    SPEC_FAILS,     /* Covers a line that failed or was not run. */
    SPEC_SUPERSEDED /* Covers a line that failed on an engine with a feature. */
} spec_entry_kind_t;

typedef struct spec_entry {
    spec_entry_kind_t kind;
    char *file;            /* Such as "v2/i32.wast". */
    uint32_t line;         /* 0 for the whole file. */
    wrl_feature_t feature; /* For SPEC_LACKS and SPEC_SUPERSEDED. */
    char *reason;          /* For those two, the words of the manifest. */
    const char *manifest;  /* The path of the manifest. Borrowed from the command line. */
    unsigned manifest_line;
    size_t uses; /* How often the entry covered something. */
    bool file_was_run;
} spec_entry_t;

typedef struct spec_manifest {
    spec_entry_t *entries;
    size_t count;
} spec_manifest_t;

/* Adds the entries of a file. Returns false, with the reason, if the file cannot be read or a line is malformed. */
bool spec_manifest_read(spec_manifest_t *manifest, const char *path, spec_message_t *why);
void spec_manifest_clear(spec_manifest_t *manifest);

/* Removes the entries that do not apply to the engine: SPEC_SUPERSEDED with a feature that it does not support. */
void spec_manifest_choose(spec_manifest_t *manifest, const wrl_engine_t *engine);

/* Returns the entry that covers a line of a file, or NULL, and increments the entry's counter. SPEC_LACKS and
 * SPEC_OMITS do not cover a line that ran and `failed`. */
spec_entry_t *spec_manifest_cover(spec_manifest_t *manifest, const char *file, uint32_t line, bool failed);

#endif
