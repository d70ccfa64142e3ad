/* What a module did, in lines of text. Two engines are compared by their transcripts. */
#ifndef WRL_TESTS_TRANSCRIPT_H
#define WRL_TESTS_TRANSCRIPT_H

#include "wrl.h"

typedef struct transcript {
    char *data; /* NUL-terminated once anything was said. */
    size_t size;
    size_t capacity;
} transcript_t;

/* Adds to the last line. Ends the process without memory. */
void say(transcript_t *transcript, const char *format, ...) WRL_PRINTF(2, 3);

/* Adds the kind of an error, its trap's code, and of a host's error the message as well; then deletes it. */
void say_error(transcript_t *transcript, wrl_error_t *error);

/* The same mix of bits on every host (SplitMix64's finisher). */
uint64_t mix(uint64_t a, uint64_t b);

uint64_t hash_bytes(const void *data, size_t size);

#endif
