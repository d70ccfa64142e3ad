/* The section of names. */
#include "binary/sections.h"

#include "error.h"

#include <string.h>

static bool next_subsection(wrl_reader_t *r, size_t end, uint8_t *id, size_t *subsection_end)
{
    r->end = end;
    if (wrl_reader_rest(r) == 0) {
        return false;
    }
    *id = wrl_read_byte(r);
    uint32_t size = wrl_read_u32(r);
    if (r->error || size > wrl_reader_rest(r)) {
        return false;
    }
    *subsection_end = r->offset + size;
    r->end = *subsection_end;
    return true;
}

/* They have to be in order. What they are given out as has no size, so those that hold NUL are left out. */
static void read_func_names(wrl_reader_t *r)
{
    wrl_module_info_t *info = r->info;
    uint32_t count = wrl_read_count(r, 2);
    if (info->func_names) {
        return;
    }
    info->func_names = (wrl_func_name_t *)wrl_reader_array(r, count, sizeof *info->func_names);
    for (uint64_t least = 0; count && !r->error; count--) {
        uint32_t size;
        wrl_func_name_t named = {.index = wrl_read_u32(r)};
        named.name = wrl_read_string(r, &size);
        if (r->error || named.index < least) {
            return;
        }
        least = (uint64_t)named.index + 1;
        if (!memchr(info->pool + named.name, '\0', size)) {
            info->func_names[info->func_name_count++] = named;
        }
    }
}

/*
 * The name section (core specification, appendix 7.4) is for people: what is broken in it is left out, never an error.
 * Names that find no memory are left out as well.
 */
static void read_name_section(const uint8_t *bytes, size_t start, size_t size, wrl_module_info_t *info)
{
    wrl_reader_t r = {bytes, start, start + size, info, "name", "section", NULL, 0};
    uint8_t id;
    size_t end;
    while (next_subsection(&r, start + size, &id, &end)) {
        if (id == NAMES_OF_MODULE) {
            uint32_t name_size;
            uint32_t name = wrl_read_string(&r, &name_size);
            info->name = r.error ? NULL : (const char *)info->pool + name;
            info->name_size = r.error ? 0 : name_size;
        } else if (id == NAMES_OF_FUNCTIONS) {
            read_func_names(&r);
        }
        r.offset = end;
    }
    wrl_error_delete(r.error);
}

void wrl_read_name_section(const uint8_t *bytes, wrl_module_info_t *info)
{
    for (size_t i = 0; i < info->section_count; i++) {
        const wrl_section_record_t *section = &info->sections[i];
        /* Where there is a section, there is a pool. */
        if (info->pool && section->name_size == 4 && memcmp(info->pool + section->name, "name", 4) == 0) {
            size_t start = section->offset + (size_t)section->size - section->data_size;
            read_name_section(bytes, start, section->data_size, info);
            return;
        }
    }
}
