/*
 * Reading a module, byte by byte. The core's reader has accepted it before, but the engine has not: every read is
 * checked, and what is behind a failure is zero.
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

/* An LEB128 of at most 64 bits, of which the callers need 32. */
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

/* A name, which is borrowed: false if it is cut off. */
bool wrl_scan_text(cursor_t *cursor, const char **text, size_t *size);

/* ---- Sections ---- */

typedef struct section {
    unsigned id;
    size_t header; /* Where its id stands. */
    cursor_t body;
} section_t;

bool wrl_next_section(cursor_t *cursor, section_t *section);
bool wrl_find_section(const uint8_t *bytes, size_t size, unsigned id, section_t *section);
/* The next function's body, of those of the section of code. */
bool wrl_next_body(cursor_t *cursor, cursor_t *body);

/* ---- Types (core specification 5.3) ---- */

void wrl_skip_valtype(cursor_t *cursor);
/* Limits of a table or a memory; returns their flags. */
unsigned wrl_skip_limits(cursor_t *cursor);

#endif
