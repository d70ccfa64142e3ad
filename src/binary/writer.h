/* Writes modules. */
#ifndef WRL_SRC_BINARY_WRITER_H
#define WRL_SRC_BINARY_WRITER_H

#include "wrl/sys/backend.h"

/* A module, or a part of one, that is being written. `core` allocates `data`, and core->free() frees it. */
typedef struct wrl_writer {
    const wrl_core_t *core;
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* Out of memory: later writes are lost, and `data` must not be used. */
} wrl_writer_t;

void wrl__put(wrl_writer_t *bytes, unsigned byte);
void wrl__put_all(wrl_writer_t *bytes, const uint8_t *data, size_t size);
void wrl__put_u32(wrl_writer_t *bytes, uint32_t value); /* Unsigned LEB128. */
void wrl__put_u64(wrl_writer_t *bytes, uint64_t value); /* The same. */
void wrl__put_i32(wrl_writer_t *bytes, int32_t value);  /* Signed LEB128. */
void wrl__put_text(wrl_writer_t *bytes, const char *text);
size_t wrl__put_begin(wrl_writer_t *bytes);               /* Leaves space for a size. Returns the position after it. */
void wrl__put_end(wrl_writer_t *bytes, size_t beginning); /* Fills in the size of what was written since. */
void wrl__put_header(wrl_writer_t *bytes);
/* Writes a name section with the names of `count` functions from `first` on. Each name lies `step` entries after the
 * one before it. */
void wrl__put_names(wrl_writer_t *bytes, uint32_t first, uint32_t count, const char *const *names, size_t step);

#endif
