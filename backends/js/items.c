/* Reading what a module imports and has of tables, memories and globals. */
#include "items.h"

#include "binary/format.h"
#include "binary/instruction.h"

uint8_t js_read_type(cursor_t *cursor)
{
    size_t at = cursor->at;
    wrl_skip_valtype(cursor);
    uint8_t code = cursor->failed ? 0 : cursor->bytes[at];
    return code >= CODE_V128 || code == CODE_FUNCREF || code == CODE_EXTERNREF ? code : CODE_REF;
}

static void read_table(js_items_t *items, cursor_t *cursor)
{
    items->table_types[items->table_count] = js_read_type(cursor);
    items->tables_are_64[items->table_count++] = (wrl_skip_limits(cursor) & LIMITS_64) != 0;
}

static void read_memory(js_items_t *items, cursor_t *cursor)
{
    items->has_memory64 |= (wrl_skip_limits(cursor) & LIMITS_64) != 0;
}

static void read_global(js_items_t *items, cursor_t *cursor)
{
    items->global_types[items->global_count++] = js_read_type(cursor);
    byte(cursor);
}

static void read_imports(js_items_t *items, cursor_t cursor)
{
    for (uint32_t count = u32(&cursor); count > 0 && !cursor.failed; count--) {
        const char *name;
        size_t size;
        wrl_scan_text(&cursor, &name, &size);
        wrl_scan_text(&cursor, &name, &size);
        switch (byte(&cursor)) {
        case KIND_FUNC:
            leb(&cursor);
            break;
        case KIND_TABLE:
            read_table(items, &cursor);
            break;
        case KIND_MEMORY:
            read_memory(items, &cursor);
            break;
        case KIND_GLOBAL:
            read_global(items, &cursor);
            break;
        default:
            byte(&cursor);
            leb(&cursor);
        }
    }
}

static bool skip_value(js_items_t *items, cursor_t *cursor)
{
    items->is_unknown |= !wrl_skip_expression(cursor);
    return !items->is_unknown;
}

static void read_tables(js_items_t *items, cursor_t cursor)
{
    bool goes_on = true;
    for (uint32_t count = u32(&cursor); count > 0 && goes_on && !cursor.failed; count--) {
        bool has_value = cursor.at < cursor.end && cursor.bytes[cursor.at] == TABLE_WITH_VALUE;
        if (has_value) {
            skip(&cursor, 2);
        }
        read_table(items, &cursor);
        goes_on = !has_value || skip_value(items, &cursor);
    }
}

static void read_memories(js_items_t *items, cursor_t cursor)
{
    for (uint32_t count = u32(&cursor); count > 0 && !cursor.failed; count--) {
        read_memory(items, &cursor);
    }
}

static void read_globals(js_items_t *items, cursor_t cursor)
{
    bool goes_on = true;
    for (uint32_t count = u32(&cursor); count > 0 && goes_on && !cursor.failed; count--) {
        read_global(items, &cursor);
        goes_on = skip_value(items, &cursor);
    }
}

bool js_read_items(const wrl_core_t *core, const uint8_t *bytes, size_t size, js_items_t *items)
{
    static const struct {
        unsigned id;
        void (*read)(js_items_t *items, cursor_t cursor);
    } readers[] = {{SECTION_IMPORT, read_imports},
                   {SECTION_TABLE, read_tables},
                   {SECTION_MEMORY, read_memories},
                   {SECTION_GLOBAL, read_globals}};
    enum { READERS = sizeof readers / sizeof readers[0] };
    section_t sections[READERS];
    bool found[READERS];
    /* Each takes more than one byte there; one may be cut off in each section. */
    size_t room = READERS;
    for (size_t i = 0; i < READERS; i++) {
        found[i] = wrl_find_section(bytes, size, readers[i].id, &sections[i]);
        room += found[i] ? sections[i].body.end - sections[i].body.at : 0;
    }
    items->table_types = (uint8_t *)core->alloc(room);
    items->tables_are_64 = (uint8_t *)core->alloc(room);
    items->global_types = (uint8_t *)core->alloc(room);
    if (!items->table_types || !items->tables_are_64 || !items->global_types) {
        return false;
    }
    for (size_t i = 0; i < READERS; i++) {
        if (found[i]) {
            readers[i].read(items, sections[i].body);
        }
    }
    return true;
}

void js_free_items(const wrl_core_t *core, js_items_t *items)
{
    core->free(items->table_types);
    core->free(items->tables_are_64);
    core->free(items->global_types);
}
