/* Imports, shared memories, and how far element segments reach. */
#include "binary/format.h"
#include "binary/scan.h"

unsigned wrl__scan_import(cursor_t *cursor, wrl_import_name_t *name, uint32_t *detail)
{
    wrl__scan_text(cursor, &name->module, &name->module_size);
    wrl__scan_text(cursor, &name->name, &name->name_size);
    unsigned kind = byte(cursor);
    switch (kind) {
    case KIND_FUNC:
        *detail = u32(cursor);
        break;
    case KIND_TABLE:
        wrl__skip_valtype(cursor);
        wrl__skip_limits(cursor);
        break;
    case KIND_MEMORY:
        *detail = wrl__skip_limits(cursor);
        break;
    case KIND_GLOBAL:
        wrl__skip_valtype(cursor);
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

bool wrl__scan_shared(cursor_t memories)
{
    bool found = false;
    for (uint32_t count = u32(&memories); count > 0 && !memories.failed; count--) {
        found |= (wrl__skip_limits(&memories) & LIMITS_SHARED) != 0;
    }
    return found;
}

/* ---- Element segments (core specification 5.5.12) ---- */

/* Each segment scans the tables anew, so only this many are considered. */
enum { MOST_TABLES = 64 };

/* Reads the initial size of a table that the module defines. Returns false if it is not found. */
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
        wrl__skip_valtype(&tables);
        if (i < index) {
            wrl__skip_limits(&tables);
        }
    }
    byte(&tables);
    *size = leb(&tables);
    return !tables.failed;
}

/* Reads an offset that is a constant. Returns false for other expressions, whose end is not found. */
static bool read_offset(cursor_t *cursor, uint64_t *offset)
{
    unsigned op = byte(cursor);
    if (op != OP_I32_CONST && op != OP_I64_CONST) {
        return false;
    }
    *offset = leb(cursor);
    if (!cursor->failed && (cursor->bytes[cursor->at - 1] & 0x40)) {
        *offset = UINT32_MAX; /* A negative offset. As an unsigned number it lies beyond every table. */
    }
    return byte(cursor) == OP_END;
}

/* Skips the elements of a segment. Returns false if they are expressions whose end is not found. */
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

wrl_reach_t wrl__scan_reach(cursor_t tables, uint32_t table_import_count, cursor_t cursor)
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
            wrl__skip_valtype(&cursor); /* Or the kind of the elements, which has the same length. */
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
