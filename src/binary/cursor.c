#include "binary/cursor.h"

#include "binary/format.h"

bool wrl__scan_text(cursor_t *cursor, const char **text, size_t *size)
{
    *size = u32(cursor);
    *text = (const char *)cursor->bytes + cursor->at;
    skip(cursor, *size);
    return !cursor->failed;
}

bool wrl__next_section(cursor_t *cursor, section_t *section)
{
    if (cursor->at >= cursor->end || cursor->failed) {
        return false;
    }
    section->header = cursor->at;
    section->id = byte(cursor);
    return wrl__next_body(cursor, &section->body);
}

bool wrl__find_section(const uint8_t *bytes, size_t size, unsigned id, section_t *section)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    while (wrl__next_section(&cursor, section)) {
        if (section->id == id) {
            return true;
        }
    }
    return false;
}

bool wrl__next_body(cursor_t *cursor, cursor_t *body)
{
    size_t size = u32(cursor);
    *body = *cursor;
    skip(cursor, size);
    body->end = cursor->at;
    return !cursor->failed;
}

void wrl__skip_valtype(cursor_t *cursor)
{
    unsigned code = byte(cursor);
    if (code == CODE_REF_NULL || code == CODE_REF) {
        leb(cursor);
    }
}

unsigned wrl__skip_limits(cursor_t *cursor)
{
    unsigned flags = byte(cursor);
    leb(cursor);
    if (flags & LIMITS_MAX) {
        leb(cursor);
    }
    if (flags & LIMITS_PAGE_SIZE) {
        leb(cursor);
    }
    return flags;
}
