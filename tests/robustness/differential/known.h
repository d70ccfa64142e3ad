/* Differences that are known, each with its reason and a module that shows it. One that is gone fails the test. */
#ifndef WRL_TESTS_KNOWN_H
#define WRL_TESTS_KNOWN_H

#include "compare.h"

typedef struct known {
    const char *name;
    const char *reason;
    const char *backends; /* Those that it takes to see it. */
    uint32_t needs;       /* Proposals of the first of them, those of smith.h, without which it does not show. */
    uint32_t lacks;       /* Those with which it does not. */
    const char *text;     /* A module that shows it, as text. */
    const char *recorder; /* The engine that it takes as well, on another host; NULL for none. */
    const char *recorded; /* What that says of the module. */
    const char *why;      /* What wasmparser has against the module; NULL for nothing. */
    bool (*explains)(const difference_t *difference, const trial_t *trial);
} known_t;

extern const known_t known_differences[];
extern const size_t known_count;

/* The name of the one that explains the difference, or NULL. */
const char *known_name(const difference_t *difference, const trial_t *trial);

/* Looks that each known difference is still there whose engines this host has. Returns the exit status. */
int run_known(void);

#endif
