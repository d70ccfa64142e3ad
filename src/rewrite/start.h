/* Makes the start function an export, for hosts whose engine would run it before there is an instance. */
#ifndef WRL_SRC_REWRITE_START_H
#define WRL_SRC_REWRITE_START_H

#include "binary/writer.h"

typedef struct wrl_start {
    uint32_t func;      /* The index of the start function. */
    uint32_t name_size; /* The size of its export's name, which is longer than all other names. */
} wrl_start_t;

/* Writes the module to `out`, without its start section: the start function becomes the last export instead. Returns
 * false and writes nothing if the module has no start function. */
bool wrl__export_start(const uint8_t *bytes, size_t size, wrl_start_t *start, wrl_writer_t *out);

#endif
