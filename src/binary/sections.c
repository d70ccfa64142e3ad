/* Reads sections, one after the other. */
#include "binary/sections.h"

#include "binary/types.h"

/* The order in which sections must come, as ranks. It differs from the order of the ids. */
static const uint8_t section_ranks[SECTION_LIMIT] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

/* Reads the contents of a section. Returns false for a section whose contents are not read. */
static bool read_contents(wrl_reader_t *r, uint8_t id)
{
    switch (id) {
    case SECTION_TYPE:
        wrl__read_types(r);
        return true;
    case SECTION_IMPORT:
        wrl__read_imports(r);
        return true;
    case SECTION_FUNCTION:
        wrl__read_items(r, WRL_EXTERN_FUNC, 1);
        return true;
    case SECTION_TABLE:
        wrl__read_items(r, WRL_EXTERN_TABLE, 3);
        return true;
    case SECTION_MEMORY:
        wrl__read_items(r, WRL_EXTERN_MEMORY, 2);
        return true;
    case SECTION_TAG:
        wrl__read_items(r, WRL_EXTERN_TAG, 2);
        return true;
    case SECTION_GLOBAL:
        wrl__read_items(r, WRL_EXTERN_GLOBAL, 3);
        return true;
    case SECTION_EXPORT:
        wrl__read_exports(r);
        return true;
    case SECTION_START:
        wrl__read_start(r);
        return true;
    case SECTION_ELEMENT:
        wrl__read_elements(r);
        return true;
    case SECTION_DATA:
        wrl__read_data(r);
        return true;
    default:
        return false;
    }
}

/* Keeps a custom section's name, and its contents if `keeps_contents` is set. */
static void read_custom(wrl_reader_t *r, wrl_section_record_t *section)
{
    section->name = wrl__read_string(r, &section->name_size);
    section->data_size = (uint32_t)wrl__reader_rest(r);
    if (r->info->keeps_contents) {
        (void)wrl__reader_keep(r, r->bytes + r->offset, section->data_size);
    }
    r->offset = r->end;
}

void wrl__read_section(wrl_reader_t *r, size_t module_size, uint8_t *last_rank)
{
    r->part = "section";
    r->form = "header";
    r->end = module_size;
    size_t start = r->offset;
    r->section = start;
    uint8_t id = wrl__read_byte(r);
    if (!r->error && id >= SECTION_LIMIT) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "unknown section %u", id);
    }
    uint32_t size = wrl__read_u32(r);
    if (!r->error && size > wrl__reader_rest(r)) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "the %s section has %lu bytes, but only %zu are left",
                         wrl__section_names[id], (unsigned long)size, wrl__reader_rest(r));
    }
    if (r->error) {
        return;
    }
    if (id != SECTION_CUSTOM && section_ranks[id] <= *last_rank) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "the %s section is repeated or out of order",
                         wrl__section_names[id]);
        return;
    }
    *last_rank = id == SECTION_CUSTOM ? *last_rank : section_ranks[id];

    r->part = wrl__section_names[id];
    r->form = "section";
    r->end = r->offset + size;
    wrl_section_record_t section = {(uint32_t)r->offset, size, WRL_NOT_CUSTOM, id, 0};
    if (id == SECTION_CUSTOM) {
        read_custom(r, &section);
    } else if (!read_contents(r, id)) {
        r->offset = r->end;
    }
    if (!r->error && r->offset != r->end) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, r->offset, "%zu bytes are left over", r->end - r->offset);
    }
    if (!r->error) {
        r->info->sections[r->info->section_count++] = section;
    }
}
