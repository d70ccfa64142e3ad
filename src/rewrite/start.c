/*
 * While an engine runs the start function of a module, there is no instance yet whose exports a host function could
 * use. The start function is therefore made an export, which is called when the instance exists.
 */
#include "rewrite/start.h"

#include "binary/cursor.h"
#include "binary/format.h"

/* Returns the length of the longest name of an export. */
static size_t longest_name(cursor_t cursor)
{
    size_t longest = 0;
    for (uint32_t count = u32(&cursor); count > 0 && !cursor.failed; count--) {
        const char *name;
        size_t size;
        if (wrl__scan_text(&cursor, &name, &size) && size > longest) {
            longest = size;
        }
        byte(&cursor);
        u32(&cursor);
    }
    return longest;
}

/* Writes the export section with one more export, whose name is longer than all others. */
static void put_exports(wrl_start_t *start, const section_t *section, wrl_writer_t *out)
{
    size_t longest = section ? longest_name(section->body) : 0;
    wrl__put(out, SECTION_EXPORT);
    size_t size = wrl__put_begin(out);
    if (section) {
        cursor_t exports = section->body;
        wrl__put_u32(out, u32(&exports) + 1);
        wrl__put_all(out, exports.bytes + exports.at, exports.end - exports.at);
    } else {
        wrl__put_u32(out, 1);
    }
    start->name_size = (uint32_t)longest + 1;
    wrl__put_u32(out, start->name_size);
    for (uint32_t i = 0; i < start->name_size; i++) {
        wrl__put(out, '*');
    }
    wrl__put(out, KIND_FUNC);
    wrl__put_u32(out, start->func);
    wrl__put_end(out, size);
}

bool wrl__export_start(const uint8_t *bytes, size_t size, wrl_start_t *start, wrl_writer_t *out)
{
    section_t section, exports;
    if (!wrl__find_section(bytes, size, SECTION_START, &section)) {
        return false;
    }
    bool has_exports = wrl__find_section(bytes, size, SECTION_EXPORT, &exports);
    size_t section_end = section.body.end;
    start->func = u32(&section.body);
    wrl__put_all(out, bytes, has_exports ? exports.header : section.header);
    put_exports(start, has_exports ? &exports : NULL, out);
    if (has_exports) {
        wrl__put_all(out, bytes + exports.body.end, section.header - exports.body.end);
    }
    wrl__put_all(out, bytes + section_end, size - section_end);
    return true;
}
