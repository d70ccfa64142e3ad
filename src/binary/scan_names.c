/* The name section: finding it, reading it, cutting it off. */
#include "binary/format.h"
#include "binary/scan.h"

#include <string.h>

bool wrl__scan_is_names(cursor_t *cursor)
{
    static const char name[] = "name";
    size_t size = u32(cursor);
    if (size != sizeof name - 1 || size > cursor->end - cursor->at ||
        memcmp(cursor->bytes + cursor->at, name, size) != 0) {
        return false;
    }
    cursor->at += size;
    return true;
}

size_t wrl__scan_cut_names(const uint8_t *bytes, size_t size, bool *has_more)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    section_t section;
    size_t end = 0;
    *has_more = false;
    while (wrl__next_section(&cursor, &section)) {
        if (section.id != SECTION_CUSTOM) {
            *has_more = *has_more || end;
            end = 0;
        } else if (!end && wrl__scan_is_names(&section.body)) {
            end = section.header;
        }
    }
    return end ? end : size;
}

void wrl__scan_blot_names(uint8_t *bytes, size_t size)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    section_t section;
    while (wrl__next_section(&cursor, &section)) {
        if (section.id == SECTION_CUSTOM && wrl__scan_is_names(&section.body)) {
            bytes[section.body.at - 1] = '-';
        }
    }
}

static bool find_part(const uint8_t *bytes, size_t size, unsigned id, cursor_t *body)
{
    cursor_t names = {bytes, 0, size, false};
    section_t part;
    while (wrl__next_section(&names, &part)) {
        if (part.id == id) {
            *body = part.body;
            return true;
        }
    }
    return false;
}

bool wrl__scan_module_name(const uint8_t *names, size_t names_size, const char **name, size_t *size)
{
    cursor_t cursor;
    return find_part(names, names_size, NAMES_OF_MODULE, &cursor) && wrl__scan_text(&cursor, name, size);
}

void wrl__scan_func_names(const uint8_t *names, size_t names_size, uint32_t *at, uint32_t func_count)
{
    cursor_t cursor;
    if (!find_part(names, names_size, NAMES_OF_FUNCTIONS, &cursor)) {
        return;
    }
    for (uint32_t count = u32(&cursor); count > 0; count--) {
        uint32_t index = u32(&cursor);
        uint32_t start = (uint32_t)cursor.at;
        const char *name;
        size_t size;
        if (!wrl__scan_text(&cursor, &name, &size)) {
            return;
        }
        if (index < func_count && !at[index]) {
            at[index] = start;
        }
    }
}
