/* Imports, shared memories, and how far segments of elements reach. */
#include "binary/format.h"
#include "binary/scan.h"

unsigned wrl_scan_import(cursor_t *cursor, wrl_import_name_t *name, uint32_t *detail)
{
    wrl_scan_text(cursor, &name->module, &name->module_size);
    wrl_scan_text(cursor, &name->name, &name->name_size);
    unsigned kind = byte(cursor);
    switch (kind) {
    case KIND_FUNC:
        *detail = u32(cursor);
        break;
    case KIND_TABLE:
        wrl_skip_valtype(cursor);
        wrl_skip_limits(cursor);
        break;
    case KIND_MEMORY:
        *detail = wrl_skip_limits(cursor);
        break;
    case KIND_GLOBAL:
        wrl_skip_valtype(cursor);
        byte(cursor);
        break;
    case KIND_TAG:
        byte(cursor);
        leb(cursor);
        break;
    default:
        cursor->failed = true;
    }
    return kind;
}

bool wrl_scan_shared(cursor_t memories)
{
    bool found = false;
    for (uint32_t count = u32(&memories); count > 0 && !memories.failed; count--) {
        found |= (wrl_skip_limits(&memories) & LIMITS_SHARED) != 0;
    }
    return found;
}

/* ---- Segments of elements (core specification 5.5.12) ---- */

/* The tables are gone over anew for each segment, so that no more of them are looked at. */
enum { MOST_TABLES = 64 };

/* What size a table of the module's own begins with: false if that is not found. */
static bool read_table_size(cursor_t tables, uint32_t index, uint64_t *size)
{
    uint32_t count = tables.at < tables.end ? u32(&tables) : 0;
    if (index >= count || index >= MOST_TABLES) {
        return false;
    }
    for (uint32_t i = 0; i <= index && !tables.failed; i++) {
        if (tables.at < tables.end && tables.bytes[tables.at] == TABLE_WITH_VALUE) {
            return false;
        }
        wrl_skip_valtype(&tables);
        if (i < index) {
            wrl_skip_limits(&tables);
        }
    }
    byte(&tables);
    *size = leb(&tables);
    return !tables.failed;
}

/* A constant of an offset; false for other expressions, of which the end is not found. */
static bool read_offset(cursor_t *cursor, uint64_t *offset)
{
    unsigned op = byte(cursor);
    if (op != OP_I32_CONST && op != OP_I64_CONST) {
        return false;
    }
    *offset = leb(cursor);
    if (!cursor->failed && (cursor->bytes[cursor->at - 1] & 0x40)) {
        *offset = UINT32_MAX; /* Negative, which no table reaches when it is taken for unsigned. */
    }
    return byte(cursor) == OP_END;
}

/* The elements of a segment; false if they are expressions of which the end is not found. */
static bool skip_elements(cursor_t *cursor, uint32_t count, bool expressions)
{
    for (; count > 0 && !cursor->failed; count--) {
        unsigned op = expressions ? byte(cursor) : OP_REF_FUNC;
        if (op != OP_REF_FUNC && op != OP_REF_NULL && op != OP_GLOBAL_GET) {
            return false;
        }
        leb(cursor);
        if (expressions && byte(cursor) != OP_END) {
            return false;
        }
    }
    return true;
}

wrl_reach_t wrl_scan_reach(cursor_t tables, uint32_t table_import_count, cursor_t cursor)
{
    wrl_reach_t reach = WRL_REACH_WITHIN;
    uint32_t count = cursor.at < cursor.end ? u32(&cursor) : 0;
    for (; count > 0 && !cursor.failed; count--) {
        uint32_t flags = u32(&cursor), table = 0;
        bool is_active = !(flags & SEGMENT_NOT_ACTIVE);
        uint64_t offset = 0, size = 0;
        if (is_active && (flags & SEGMENT_HAS_INDEX)) {
            table = u32(&cursor);
        }
        if (is_active && !read_offset(&cursor, &offset)) {
            return WRL_REACH_UNKNOWN;
        }
        if (flags & (SEGMENT_NOT_ACTIVE | SEGMENT_HAS_INDEX)) {
            wrl_skip_valtype(&cursor); /* Or the kind of the elements, which is as long. */
        }
        uint32_t elements = u32(&cursor);
        bool is_own =
            is_active && table >= table_import_count && read_table_size(tables, table - table_import_count, &size);
        if (is_own && offset + elements > size) {
            return WRL_REACH_BEYOND;
        }
        if (is_active && !is_own) {
            reach = WRL_REACH_UNKNOWN;
        }
        if (!skip_elements(&cursor, elements, flags & SEGMENT_EXPRESSIONS)) {
            return WRL_REACH_UNKNOWN;
        }
    }
    return cursor.failed ? WRL_REACH_UNKNOWN : reach;
}
