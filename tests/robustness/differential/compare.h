/* Compares engines on a module and finds the first difference. */
#ifndef WRL_TESTS_COMPARE_H
#define WRL_TESTS_COMPARE_H

#include "play.h"

enum { MAX_VOICES = 4 };

/* An engine and its results for the last module. */
typedef struct voice {
    const char *backend; /* Points into the choir's names. */
    wrl_engine_t *engine;
    uint32_t proposals; /* The proposals of smith.h that the engine supports. */
    verdict_t verdict;
    transcript_t items;
    transcript_t transcript;
} voice_t;

typedef struct choir {
    voice_t voices[MAX_VOICES];
    size_t count;
    bool plant;      /* Whether the last voice gets modules with a fault. */
    char names[128]; /* The ids of the backends, one after the other. */
} choir_t;

/* Makes the engines of the backends, a comma-separated list of ids. If an engine cannot be made, prints the error and
 * returns false. */
bool choir_new(choir_t *choir, const char *backends);
/* Replaces the engines by new ones of the same backends: wasmi keeps the code of all modules until its engine is
 * deleted. */
bool choir_renew(choir_t *choir);
void choir_delete(choir_t *choir);

/* A module and the expected results. */
typedef struct trial {
    guest_t guest;
    bool is_played; /* If false, the module is only compiled, because it might never end. */
    bool (*is_valid)(const struct trial *trial, uint32_t proposals, bool *known);
    const char *items; /* The module's imports and exports as another reader found them, or NULL if unknown. */
    size_t items_size;
    const char *why;        /* wasmparser's error with all proposals, or NULL for a valid module. */
    uint8_t expected;       /* For is_valid. */
    const char *recorder;   /* The engine that played the module on another host, or NULL. */
    const char *transcript; /* The recorder's transcript. */
    size_t transcript_size;
} trial_t;

/* A difference between two voices, or between a voice and wasmparser. Contains no pointers to memory of a process that
 * may die. */
typedef struct difference {
    const char *what; /* "acceptance", "items" or "transcript", or NULL for no difference. In static storage. */
    char first[32];
    char second[32];      /* Ids of backends or of the recorder, or "wasmparser". */
    char first_line[256]; /* The first lines that differ, truncated. */
    char second_line[256];
    const char *known; /* The name of the known difference, or NULL. In static storage. */
} difference_t;

/* Returns whether all voices, and the recorder if there is one, agree. A known difference counts as agreement.
 * `difference` receives the first difference. */
bool compare(choir_t *choir, const trial_t *trial, difference_t *difference);

#endif
