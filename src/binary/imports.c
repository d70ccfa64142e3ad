/* The import section. */
#include "binary/sections.h"
#include "binary/types.h"

static const wrl_externkind_t extern_kinds[] = {WRL_EXTERN_FUNC, WRL_EXTERN_TABLE, WRL_EXTERN_MEMORY, WRL_EXTERN_GLOBAL,
                                                WRL_EXTERN_TAG};

wrl_externkind_t wrl__read_kind(wrl_reader_t *r, const char *what)
{
    size_t start = r->offset;
    uint8_t kind = wrl__read_byte(r);
    if (kind >= sizeof extern_kinds / sizeof extern_kinds[0]) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a kind of %s", kind, what);
        kind = 0;
    }
    return extern_kinds[kind];
}

static void read_import(wrl_reader_t *r)
{
    wrl_import_record_t import = {0};
    import.module = wrl__read_string(r, &import.module_size);
    (void)wrl__read_string(r, &import.name_size);
    wrl_externkind_t kind = wrl__read_kind(r, "import");
    import.kind = kind & 7;
    import.type = r->error ? 0 : wrl__read_item_type(r, kind);
    if (!r->error) {
        wrl_items_t *items = &r->info->items[kind];
        import.index = items->count++ & 0x1FFFFFFF;
        items->import_count++;
        r->info->imports[r->info->import_count++] = import;
    }
}

/* Lists the imports by kind. */
static void number_imports(wrl_reader_t *r)
{
    wrl_module_info_t *info = r->info;
    info->import_numbers = (uint32_t *)wrl__reader_array(r, info->import_count, sizeof *info->import_numbers);
    if (r->error) {
        return;
    }
    uint32_t *next = info->import_numbers;
    for (size_t kind = 0; kind < WRL_EXTERN_LIMIT; kind++) {
        info->items[kind].imports = next;
        next += info->items[kind].import_count;
    }
    for (size_t i = 0; i < info->import_count; i++) {
        const wrl_import_record_t *import = &info->imports[i];
        info->items[import->kind].imports[import->index] = (uint32_t)i;
    }
}

void wrl__reader_check_tables(wrl_reader_t *r, size_t start)
{
    wrl__reader_check_most(r, start, r->info->items[WRL_EXTERN_TABLE].count, 100000, "tables");
    wrl__reader_check_most(r, start, r->info->items[WRL_EXTERN_MEMORY].count, 100, "memories");
}

void wrl__read_imports(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t count = wrl__read_count(r, 4);
    wrl__reader_check_most(r, start, count, 1000000, "imports");
    r->info->imports = (wrl_import_record_t *)wrl__reader_array(r, count, sizeof *r->info->imports);
    for (; count && !r->error; count--) {
        read_import(r);
    }
    wrl__reader_check_tables(r, start);
    number_imports(r);
}
