/* The start function as an export, for hosts whose engine would run it before there is an instance. */
#ifndef WRL_SRC_REWRITE_START_H
#define WRL_SRC_REWRITE_START_H

#include "binary/writer.h"

typedef struct wrl_start {
    uint32_t func;      /* Its index. */
    uint32_t name_size; /* How long its name as an export is: longer than all others. It is the last export. */
} wrl_start_t;

/* Writes the module without its start function to `out`, where it is exported instead. False, and nothing is written,
 * if it has none. */
bool wrl_export_start(const uint8_t *bytes, size_t size, wrl_start_t *start, wrl_writer_t *out);

#endif
