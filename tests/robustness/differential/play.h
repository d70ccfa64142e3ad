/* Plays a module: compiles it, instantiates it, calls its exports and reads its state. */
#ifndef WRL_TESTS_PLAY_H
#define WRL_TESTS_PLAY_H

#include "transcript.h"

/* A module in the binary format, and the seed that determines what the host does with it. */
typedef struct guest {
    const uint8_t *data;
    size_t size;
    uint64_t seed;
} guest_t;

typedef enum verdict {
    VERDICT_ACCEPTED,
    VERDICT_REFUSED, /* Rejected as malformed or invalid. */
    VERDICT_LIMIT    /* No verdict, because of a limit or a lack of memory. */
} verdict_t;

/* Compiles the module and writes its imports and exports to `items`. If `transcript` is not NULL, also plays the module
 * and writes everything that can be observed. */
verdict_t play(wrl_engine_t *engine, const guest_t *guest, transcript_t *items, transcript_t *transcript);

#endif
