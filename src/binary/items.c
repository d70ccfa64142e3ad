/* The sections with a module's own functions, tables, memories, globals and tags. */
#include "binary/expression.h"
#include "binary/sections.h"
#include "binary/types.h"

/* Reads and enters an item that the module defines. */
static void read_item(wrl_reader_t *r, wrl_externkind_t kind)
{
    wrl_items_t *items = &r->info->items[kind];
    uint32_t type = wrl__read_item_type(r, kind);
    if (!r->error) {
        items->types[items->count++ - items->import_count] = type;
    }
}

static void read_table(wrl_reader_t *r)
{
    bool has_initial = wrl__reader_rest(r) && r->bytes[r->offset] == TABLE_WITH_VALUE;
    if (has_initial) {
        r->offset++;
        size_t start = r->offset;
        if (wrl__read_byte(r) != 0) {
            wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "a table of unknown form");
        }
    }
    read_item(r, WRL_EXTERN_TABLE);
    if (has_initial) {
        wrl__skip_constant_expression(r);
    }
}

static void check_item_count(wrl_reader_t *r, wrl_externkind_t kind, size_t start, uint32_t count)
{
    static const struct {
        uint32_t most; /* For tables and memories, wrl__reader_check_tables() counts imported ones as well. */
        const char *what;
    } all[WRL_EXTERN_LIMIT] = {{0, ""},           {1000000, "functions"}, {1000000, "globals"},
                               {100, "memories"}, {100000, "tables"},     {1000000, "tags"}};
    if (WRL_COMPILES_HERE) {
        wrl__reader_check_most(r, start, count, all[kind].most, all[kind].what);
    }
}

void wrl__read_items(wrl_reader_t *r, wrl_externkind_t kind, size_t least)
{
    size_t start = r->offset;
    uint32_t count = wrl__read_count(r, least);
    check_item_count(r, kind, start, count);
    wrl_items_t *items = &r->info->items[kind];
    items->types = (uint32_t *)wrl__reader_array(r, count, sizeof *items->types);
    for (; count && !r->error; count--) {
        if (kind == WRL_EXTERN_TABLE) {
            read_table(r);
            continue;
        }
        read_item(r, kind);
        if (kind == WRL_EXTERN_GLOBAL) {
            wrl__skip_constant_expression(r);
        }
    }
    wrl__reader_check_tables(r, start);
}
