/*
 * Reads a module, byte by byte. The core's reader has accepted the module, but the engine may not have. Every read is
 * therefore checked, and numbers after a failure are zero.
 */
#ifndef WRL_SRC_BINARY_CURSOR_H
#define WRL_SRC_BINARY_CURSOR_H

#include "binary/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cursor {
    const uint8_t *bytes;
    size_t at;
    size_t end;
    bool failed;
} cursor_t;

static inline unsigned byte(cursor_t *cursor)
{
    if (cursor->at >= cursor->end) {
        cursor->failed = true;
        return 0;
    }
    return cursor->bytes[cursor->at++];
}

/* Reads an LEB128 number of at most 64 bits. Most callers need 32. */
static inline uint64_t leb(cursor_t *cursor)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !cursor->failed; shift += 7) {
        unsigned next = byte(cursor);
        value |= (uint64_t)(next & 0x7f) << shift;
        if (!(next & 0x80)) {
            return value;
        }
    }
    cursor->failed = true;
    return 0;
}

static inline uint32_t u32(cursor_t *cursor)
{
    return (uint32_t)leb(cursor);
}

static inline void skip(cursor_t *cursor, size_t size)
{
    if (size > cursor->end - cursor->at) {
        cursor->failed = true;
        cursor->at = cursor->end;
    } else {
        cursor->at += size;
    }
}

/* Reads a name, which is borrowed from the module's bytes. Returns false if it is cut off. */
bool wrl__scan_text(cursor_t *cursor, const char **text, size_t *size);

/* ---- Sections ---- */

typedef struct section {
    unsigned id;
    size_t header; /* The position of its id. */
    cursor_t body;
} section_t;

bool wrl__next_section(cursor_t *cursor, section_t *section);
bool wrl__find_section(const uint8_t *bytes, size_t size, unsigned id, section_t *section);
/* Reads the next function's body in the code section. Returns false if it is cut off. */
bool wrl__next_body(cursor_t *cursor, cursor_t *body);

/* ---- Types (core specification 5.3) ---- */

void wrl__skip_valtype(cursor_t *cursor);
/* Skips the limits of a table or memory. Returns their flags. */
unsigned wrl__skip_limits(cursor_t *cursor);

#endif
