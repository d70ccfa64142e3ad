/* The name section. */
#include "binary/sections.h"

#include "error.h"

#include <string.h>

static bool next_subsection(wrl_reader_t *r, size_t end, uint8_t *id, size_t *subsection_end)
{
    r->end = end;
    if (wrl__reader_rest(r) == 0) {
        return false;
    }
    *id = wrl__read_byte(r);
    uint32_t size = wrl__read_u32(r);
    if (r->error || size > wrl__reader_rest(r)) {
        return false;
    }
    *subsection_end = r->offset + size;
    r->end = *subsection_end;
    return true;
}

/* Reads the names of functions, which have to be in order. They are returned to programs without a size, so names that
 * contain NUL are left out. */
static void read_func_names(wrl_reader_t *r)
{
    wrl_module_info_t *info = r->info;
    uint32_t count = wrl__read_count(r, 2);
    if (info->func_names) {
        return;
    }
    info->func_names = (wrl_func_name_t *)wrl__reader_array(r, count, sizeof *info->func_names);
    for (uint64_t least = 0; count && !r->error; count--) {
        uint32_t size;
        wrl_func_name_t named = {.index = wrl__read_u32(r)};
        named.name = wrl__read_string(r, &size);
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
 * The name section (core specification, appendix 7.4) is for people: malformed parts are left out, and are never an
 * error. Names for which memory ran out are left out as well.
 */
static void read_name_section(const uint8_t *bytes, size_t start, size_t size, wrl_module_info_t *info)
{
    wrl_reader_t r = {bytes, start, start + size, info, "name", "section", NULL, 0};
    uint8_t id;
    size_t end;
    while (next_subsection(&r, start + size, &id, &end)) {
        if (id == NAMES_OF_MODULE) {
            uint32_t name_size;
            uint32_t name = wrl__read_string(&r, &name_size);
            info->name = r.error ? NULL : (const char *)info->pool + name;
            info->name_size = r.error ? 0 : name_size;
        } else if (id == NAMES_OF_FUNCTIONS) {
            read_func_names(&r);
        }
        r.offset = end;
    }
    wrl_error_delete(r.error);
}

void wrl__read_name_section(const uint8_t *bytes, wrl_module_info_t *info)
{
    for (size_t i = 0; i < info->section_count; i++) {
        const wrl_section_record_t *section = &info->sections[i];
        /* A module with a section has a pool. */
        if (info->pool && section->name_size == 4 && memcmp(info->pool + section->name, "name", 4) == 0) {
            size_t start = section->offset + (size_t)section->size - section->data_size;
            read_name_section(bytes, start, section->data_size, info);
            return;
        }
    }
}
