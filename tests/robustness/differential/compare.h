/* Engines side by side: whether they agree on a module, and what it is that they differ in. */
#ifndef WRL_TESTS_COMPARE_H
#define WRL_TESTS_COMPARE_H

#include "play.h"

enum { MAX_VOICES = 4 };

/* An engine, and what it had to say of the last module. */
typedef struct voice {
    const char *backend; /* In the choir's names. */
    wrl_engine_t *engine;
    uint32_t proposals; /* Those of smith.h that the engine has. */
    verdict_t verdict;
    transcript_t items;
    transcript_t transcript;
} voice_t;

typedef struct choir {
    voice_t voices[MAX_VOICES];
    size_t count;
    bool plant;      /* The last voice gets modules with a fault in them. */
    char names[128]; /* Of the backends, one after the other. */
} choir_t;

/* Makes the engines of the backends, whose names have commas between them. False, and said, if one cannot be made. */
bool choir_new(choir_t *choir, const char *backends);
/* New engines of the same backends: wasmi keeps the code of all modules until its engine ends. */
bool choir_renew(choir_t *choir);
void choir_delete(choir_t *choir);

/* A module, and what is expected of it. */
typedef struct trial {
    guest_t guest;
    bool is_played; /* Otherwise it is only compiled: it might run for ever. */
    bool (*is_valid)(const struct trial *trial, uint32_t proposals, bool *known);
    const char *items; /* What it imports and exports, by another reader; NULL if it is not known. */
    size_t items_size;
    const char *why;        /* What wasmparser has against it, with all proposals; NULL for nothing. */
    uint8_t expected;       /* For is_valid. */
    const char *recorder;   /* The engine that has played it elsewhere; NULL for none. */
    const char *transcript; /* What that said. */
    size_t transcript_size;
} trial_t;

/* What two voices differ in, or one and wasmparser. Without pointers to anything that a process may take with it. */
typedef struct difference {
    const char *what; /* "acceptance", "items" or "transcript"; NULL for none. Static storage. */
    char first[32];
    char second[32];      /* Names of backends, of those that recorded, or "wasmparser". */
    char first_line[256]; /* The first lines that differ, cut. */
    char second_line[256];
    const char *known; /* The name of the known difference that it is, or NULL. Static storage. */
} difference_t;

/* Whether all voices agree, with a recorded one as well, known differences included; `difference` tells the first. */
bool compare(choir_t *choir, const trial_t *trial, difference_t *difference);

#endif
