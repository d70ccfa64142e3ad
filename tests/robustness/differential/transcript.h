/* Transcripts: lines of text that record the results of a module. Engines are compared by their transcripts. */
#ifndef WRL_TESTS_TRANSCRIPT_H
#define WRL_TESTS_TRANSCRIPT_H

#include "wrl.h"

typedef struct transcript {
    char *data; /* NUL-terminated if not empty. */
    size_t size;
    size_t capacity;
} transcript_t;

/* Appends to the last line. Ends the process if memory is out. */
void say(transcript_t *transcript, const char *format, ...) WRL_PRINTF(2, 3);

/* Appends an error's kind, a trap's code, and the message of an error of the host. Deletes the error. */
void say_error(transcript_t *transcript, wrl_error_t *error);

/* Mixes bits in the same way on every host (SplitMix64's finisher). */
uint64_t mix(uint64_t a, uint64_t b);

uint64_t hash_bytes(const void *data, size_t size);

#endif
