/* Writing a module. */
#ifndef WRL_SRC_BINARY_WRITER_H
#define WRL_SRC_BINARY_WRITER_H

#include "wrl/sys/backend.h"

/* A module, or a part of one, that is being written. It grows by `core`, which also frees `data`. */
typedef struct wrl_writer {
    const wrl_core_t *core;
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* Out of memory: what is written after that is lost, and nobody reads what is there. */
} wrl_writer_t;

void wrl_put(wrl_writer_t *bytes, unsigned byte);
void wrl_put_all(wrl_writer_t *bytes, const uint8_t *data, size_t size);
void wrl_put_u32(wrl_writer_t *bytes, uint32_t value); /* Unsigned LEB128. */
void wrl_put_u64(wrl_writer_t *bytes, uint64_t value); /* The same. */
void wrl_put_i32(wrl_writer_t *bytes, int32_t value);  /* Signed LEB128. */
void wrl_put_text(wrl_writer_t *bytes, const char *text);
size_t wrl_put_begin(wrl_writer_t *bytes);               /* Leaves space for a size. */
void wrl_put_end(wrl_writer_t *bytes, size_t beginning); /* Fills in the size of what was written since. */
void wrl_put_header(wrl_writer_t *bytes);
/* A section with the names of `count` functions from `first` on; that of each next one lies `step` further. */
void wrl_put_names(wrl_writer_t *bytes, uint32_t first, uint32_t count, const char *const *names, size_t step);

#endif
