/* One section after the other. */
#include "binary/sections.h"

#include "binary/types.h"

const char *const wrl_section_names[SECTION_LIMIT] = {
    "custom", "type",  "import",  "function", "table", "memory",     "global",
    "export", "start", "element", "code",     "data",  "data count", "tag",
};

/* The order in which sections must come, as ranks; the numbers alone do not tell it. */
static const uint8_t section_ranks[SECTION_LIMIT] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

/* The contents of the sections that are read; the others are only measured. Returns whether it was one of them. */
static bool read_contents(wrl_reader_t *r, uint8_t id)
{
    switch (id) {
    case SECTION_TYPE:
        wrl_read_types(r);
        return true;
    case SECTION_IMPORT:
        wrl_read_imports(r);
        return true;
    case SECTION_FUNCTION:
        wrl_read_items(r, WRL_EXTERN_FUNC, 1);
        return true;
    case SECTION_TABLE:
        wrl_read_items(r, WRL_EXTERN_TABLE, 3);
        return true;
    case SECTION_MEMORY:
        wrl_read_items(r, WRL_EXTERN_MEMORY, 2);
        return true;
    case SECTION_TAG:
        wrl_read_items(r, WRL_EXTERN_TAG, 2);
        return true;
    case SECTION_GLOBAL:
        wrl_read_items(r, WRL_EXTERN_GLOBAL, 3);
        return true;
    case SECTION_EXPORT:
        wrl_read_exports(r);
        return true;
    case SECTION_START:
        wrl_read_start(r);
        return true;
    case SECTION_ELEMENT:
        wrl_read_elements(r);
        return true;
    case SECTION_DATA:
        wrl_read_data(r);
        return true;
    default:
        return false;
    }
}

/* Keeps a custom section's name, and its contents if asked to. */
static void read_custom(wrl_reader_t *r, wrl_section_record_t *section)
{
    section->name = wrl_read_string(r, &section->name_size);
    section->data_size = (uint32_t)wrl_reader_rest(r);
    if (r->info->keeps_contents) {
        (void)wrl_reader_keep(r, r->bytes + r->offset, section->data_size);
    }
    r->offset = r->end;
}

void wrl_read_section(wrl_reader_t *r, size_t module_size, uint8_t *last_rank)
{
    r->part = "section";
    r->form = "header";
    r->end = module_size;
    size_t start = r->offset;
    r->section = start;
    uint8_t id = wrl_read_byte(r);
    if (!r->error && id >= SECTION_LIMIT) {
        wrl_reader_fail(r, WRL_ERROR_MALFORMED, start, "unknown section %u", id);
    }
    uint32_t size = wrl_read_u32(r);
    if (!r->error && size > wrl_reader_rest(r)) {
        wrl_reader_fail(r, WRL_ERROR_MALFORMED, start, "the %s section has %lu bytes, but only %zu are left",
                        wrl_section_names[id], (unsigned long)size, wrl_reader_rest(r));
    }
    if (r->error) {
        return;
    }
    if (id != SECTION_CUSTOM && section_ranks[id] <= *last_rank) {
        wrl_reader_fail(r, WRL_ERROR_MALFORMED, start, "the %s section comes twice or out of order",
                        wrl_section_names[id]);
        return;
    }
    *last_rank = id == SECTION_CUSTOM ? *last_rank : section_ranks[id];

    r->part = wrl_section_names[id];
    r->form = "section";
    r->end = r->offset + size;
    wrl_section_record_t section = {(uint32_t)r->offset, size, WRL_NOT_CUSTOM, id, 0};
    if (id == SECTION_CUSTOM) {
        read_custom(r, &section);
    } else if (!read_contents(r, id)) {
        r->offset = r->end;
    }
    if (!r->error && r->offset != r->end) {
        wrl_reader_fail(r, WRL_ERROR_MALFORMED, r->offset, "%zu bytes are left over", r->end - r->offset);
    }
    if (!r->error) {
        r->info->sections[r->info->section_count++] = section;
    }
}
