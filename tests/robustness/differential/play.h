/* Playing a module: it is compiled, instantiated, called from all sides and looked at. */
#ifndef WRL_TESTS_PLAY_H
#define WRL_TESTS_PLAY_H

#include "transcript.h"

/* A module in the binary format, and the seed that decides what the host does with it. */
typedef struct guest {
    const uint8_t *data;
    size_t size;
    uint64_t seed;
} guest_t;

typedef enum verdict {
    VERDICT_ACCEPTED,
    VERDICT_REFUSED, /* As malformed or invalid. */
    VERDICT_LIMIT    /* The engine or the layer could not say: a limit, want of memory. */
} verdict_t;

/* Compiles the module, and writes down what it tells of its imports and exports. With a transcript it is then played,
 * and all that can be seen of it is written there. */
verdict_t play(wrl_engine_t *engine, const guest_t *guest, transcript_t *items, transcript_t *transcript);

#endif
