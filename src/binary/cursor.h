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

enum { HEADER_SIZE = 8 };

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

static inline bool read_name(cursor_t *cursor, const char **name, size_t *size)
{
    *size = u32(cursor);
    *name = (const char *)cursor->bytes + cursor->at;
    skip(cursor, *size);
    return !cursor->failed;
}

/* ---- Sections ---- */

typedef struct section {
    unsigned id;
    size_t header; /* Where its id stands. */
    cursor_t body;
} section_t;

static inline bool next_section(cursor_t *cursor, section_t *section)
{
    if (cursor->at >= cursor->end || cursor->failed) {
        return false;
    }
    section->header = cursor->at;
    section->id = byte(cursor);
    size_t size = u32(cursor);
    size_t start = cursor->at;
    skip(cursor, size);
    section->body = (cursor_t){cursor->bytes, start, cursor->at, false};
    return !cursor->failed;
}

static inline bool find_section(const uint8_t *bytes, size_t size, unsigned id, section_t *section)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    while (next_section(&cursor, section)) {
        if (section->id == id) {
            return true;
        }
    }
    return false;
}

/* ---- Types (core specification 5.3) ---- */

static inline void skip_valtype(cursor_t *cursor)
{
    unsigned code = byte(cursor);
    if (code == CODE_REF_NULL || code == CODE_REF) {
        leb(cursor);
    }
}

/* Limits of a table or a memory; returns their flags. */
static inline unsigned skip_limits(cursor_t *cursor)
{
    unsigned flags = byte(cursor);
    leb(cursor);
    if (flags & LIMITS_MAX) {
        leb(cursor);
    }
    if (flags & LIMITS_PAGE_SIZE) {
        leb(cursor); /* The size of its pages. */
    }
    return flags;
}

#endif
