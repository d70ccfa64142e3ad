/* Known differences, each with its reason and a module that shows it. A difference that has disappeared fails the
 * test. */
#ifndef WRL_TESTS_KNOWN_H
#define WRL_TESTS_KNOWN_H

#include "compare.h"

typedef struct known {
    const char *name;
    const char *reason;
    const char *backends; /* The backends that show the difference. */
    uint32_t needs;       /* Proposals of smith.h that the first backend must support to show the difference. */
    uint32_t lacks;       /* Proposals that the first backend must not support to show the difference. */
    const char *text;     /* A module that shows the difference, as text. */
    const char *recorder; /* An engine on another host that is part of the difference, or NULL. */
    const char *recorded; /* That engine's transcript of the module. */
    const char *why;      /* wasmparser's error for the module, or NULL. */
    bool (*explains)(const difference_t *difference, const trial_t *trial);
} known_t;

extern const known_t known_differences[];
extern const size_t known_count;

/* Returns the name of the known difference that explains the difference, or NULL. */
const char *known_name(const difference_t *difference, const trial_t *trial);

/* Checks each known difference whose engines this host has. Returns the exit status. */
int run_known(void);

#endif
