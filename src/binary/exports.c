/* The export section, and the names in it. */
#include "binary/sections.h"
#include "text.h"

static wrl_name_key_t export_key(const void *context, size_t number)
{
    wrl_name_key_t key = {wrl__module_info_export_name((const wrl_module_info_t *)context, number), {NULL, 0}};
    return key;
}

size_t wrl__module_info_find_export(const wrl_module_info_t *info, const char *name, size_t name_size)
{
    wrl_name_key_t key = {{name, name_size}, {NULL, 0}};
    return wrl__names_find(&info->export_names, key, export_key, info);
}

static void enter_export_name(wrl_reader_t *r, size_t start)
{
    wrl_module_info_t *info = r->info;
    wrl_name_t name = wrl__module_info_export_name(info, info->export_count);
    if (wrl__module_info_find_export(info, name.data, name.size) != SIZE_MAX) {
        wrl_text_t text = {0};
        wrl__text_add_quoted(&text, name.data, name.size);
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "duplicate export name %s", text.failed ? "" : text.data);
        wrl__text_free(&text);
    } else if (!wrl__names_add(&info->export_names, info->export_count++, export_key, info)) {
        wrl__reader_fail_memory(r);
    }
}

static void read_export(wrl_reader_t *r)
{
    wrl_export_record_t item = {0};
    size_t name_start = r->offset;
    item.name = wrl__read_string(r, &item.name_size);
    wrl_externkind_t kind = wrl__read_kind(r, "export");
    size_t start = r->offset;
    uint32_t index = wrl__read_u32(r);
    if (!r->error && index >= r->info->items[kind].count) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "unknown %s %lu", wrl_externkind_name(kind),
                         (unsigned long)index);
    }
    if (!r->error) {
        item.kind = kind & 7;
        item.index = index & 0x1FFFFFFF;
        r->info->exports[r->info->export_count] = item;
        enter_export_name(r, name_start);
    }
}

void wrl__read_exports(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t count = wrl__read_count(r, 3);
    wrl__reader_check_most(r, start, count, 1000000, "exports");
    r->info->exports = (wrl_export_record_t *)wrl__reader_array(r, count, sizeof *r->info->exports);
    for (; count && !r->error; count--) {
        read_export(r);
    }
}
