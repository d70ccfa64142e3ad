/* Reads a whole module. */
#include "binary/module_info.h"

#include "alloc.h"
#include "binary/format.h"
#include "binary/sections.h"
#include "compiler.h"
#include "error.h"
#include "text.h"

#include <string.h>

/* The JS API's limit on the size of a module, in bytes. Positions in a module fit in 32 bits. */
#define MAX_MODULE_SIZE (1ul << 30)

static bool looks_like_text(const uint8_t *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r' || bytes[i] == '\n')) {
        i++;
    }
    return i + 1 < size && bytes[i] == '(' && ((bytes[i + 1] >= 'a' && bytes[i + 1] <= 'z') || bytes[i + 1] == ';');
}

static wrl_error_t *check_header(const uint8_t *bytes, size_t size)
{
    static const uint8_t magic[4] = {0x00, 0x61, 0x73, 0x6D};
    static const uint8_t version[4] = {1, 0, 0, 0};
    size_t shown = size < 4 ? size : 4;
    if (size == 0) {
        return wrl_error_new(WRL_ERROR_MALFORMED, "malformed module: it is empty");
    }
    if (WRL_COMPILES_HERE && size > MAX_MODULE_SIZE) {
        return wrl__error_format(WRL_ERROR_RESOURCE_LIMIT, "module limit exceeded: %zu bytes, more than %lu", size,
                                 MAX_MODULE_SIZE);
    }
    if (memcmp(bytes, magic, shown) != 0) {
        if (looks_like_text(bytes, size)) {
            return wrl_error_new(WRL_ERROR_MALFORMED, "malformed module: wrong magic number; this looks like the text "
                                                      "format, which wrl_wat_to_wasm() translates");
        }
        wrl_text_t text = {0};
        wrl__text_add(&text, "malformed module: it starts with");
        for (size_t i = 0; i < shown; i++) {
            wrl__text_addf(&text, " %02x", bytes[i]);
        }
        wrl__text_add(&text, " instead of the magic number 00 61 73 6d");
        return wrl__error_from_text(WRL_ERROR_MALFORMED, &text);
    }
    if (size < 8) {
        return wrl__error_format(WRL_ERROR_MALFORMED, "malformed module: its header ends after %zu of 8 bytes", size);
    }
    if (bytes[4] == 0x0D && bytes[6] == 1) {
        return wrl_error_new(WRL_ERROR_MALFORMED, "malformed module: this is a component, not a core module");
    }
    if (memcmp(bytes + 4, version, 4) != 0) {
        return wrl__error_format(WRL_ERROR_MALFORMED, "malformed module: unknown version %u.%u.%u.%u, not 1.0.0.0",
                                 bytes[4], bytes[5], bytes[6], bytes[7]);
    }
    return NULL;
}

/* Returns how much of the pool the remaining bytes need as the contents of a custom section: for its name with a NUL,
 * for its contents if they are kept, and for the names in it, which need at most as many bytes as the section has. */
static size_t custom_share(wrl_reader_t r)
{
    size_t size = wrl__reader_rest(&r);
    wrl_name_t name = wrl__read_name(&r);
    bool holds_names = !r.error && name.size == 4 && memcmp(name.data, "name", 4) == 0;
    size_t kept = r.error || r.info->keeps_contents ? size : name.size + 1;
    wrl_error_delete(r.error);
    return holds_names ? kept + size : kept;
}

/* Allocates what all sections share: their records, and the pool. A section that is not custom needs at most as much of
 * the pool as it has bytes. */
static bool make_pool(const uint8_t *bytes, size_t size, wrl_module_info_t *info)
{
    static const uint16_t kept = 1 << SECTION_CUSTOM | 1 << SECTION_IMPORT | 1 << SECTION_TABLE | 1 << SECTION_MEMORY |
                                 1 << SECTION_GLOBAL | 1 << SECTION_EXPORT;
    wrl_reader_t r = {bytes, HEADER_SIZE, size, info, "", "", NULL, 0};
    size_t count = 0;
    for (; wrl__reader_rest(&r); count++) {
        uint8_t id = wrl__read_byte(&r);
        uint32_t section_size = wrl__read_u32(&r);
        if (r.error || wrl__reader_rest(&r) < section_size) {
            break;
        }
        r.end = r.offset + section_size;
        if (id < SECTION_LIMIT && kept >> id & 1) {
            info->pool_capacity += id == SECTION_CUSTOM ? custom_share(r) : section_size;
        }
        r.offset = r.end;
        r.end = size;
    }
    wrl_error_delete(r.error);
    info->sections = (wrl_section_record_t *)wrl__alloc_array(count, sizeof *info->sections);
    info->pool = (uint8_t *)wrl__alloc(info->pool_capacity);
    return info->sections && info->pool;
}

/* Whether the module has a place for references other than function references. Struct and array types count, whatever
 * their fields are. */
static bool keeps_refs(const wrl_module_info_t *info)
{
    bool found = false;
    wrl_externtype_t type;
    for (size_t i = 0; !found && i < info->type_count; i++) {
        found = !info->types[i].is_func;
    }
    for (size_t i = 0; !found && i < info->items[WRL_EXTERN_TABLE].count; i++) {
        wrl__module_info_item(info, WRL_EXTERN_TABLE, i, &type);
        found = wrl_valtype_value_kind(type.of.table.element) != WRL_VALKIND_FUNCREF;
    }
    for (size_t i = 0; !found && i < info->items[WRL_EXTERN_GLOBAL].count; i++) {
        wrl__module_info_item(info, WRL_EXTERN_GLOBAL, i, &type);
        found = wrl_valtype_value_kind(type.of.global.content) > WRL_VALKIND_FUNCREF;
    }
    return found;
}

wrl_error_t *wrl__module_info_read(const uint8_t *bytes, size_t size, bool keep_contents, wrl_module_info_t *info)
{
    memset(info, 0, sizeof *info);
    info->keeps_contents = keep_contents;
    wrl_error_t *error = check_header(bytes, size);
    if (error) {
        return error;
    }
    wrl_reader_t r = {bytes, HEADER_SIZE, size, info, "section", "header", NULL, 0};
    if (!make_pool(bytes, size, info)) {
        wrl__reader_fail_memory(&r);
    }
    uint8_t last_rank = 0;
    while (!r.error && r.offset < size) {
        wrl__read_section(&r, size, &last_rank);
    }
    if (r.error) {
        wrl__module_info_free(info);
        return r.error;
    }
    wrl__read_name_section(bytes, info);
    info->keeps_refs = keeps_refs(info);
    return NULL;
}

void wrl__module_info_free(wrl_module_info_t *info)
{
    for (size_t i = 0; i < WRL_EXTERN_LIMIT; i++) {
        wrl__free(info->items[i].types);
    }
    wrl__free(info->values);
    wrl__free(info->types);
    wrl__free(info->pool);
    wrl__free(info->imports);
    wrl__free(info->import_numbers);
    wrl__free(info->exports);
    wrl__free(info->sections);
    wrl__free(info->func_names);
    wrl__names_free(&info->export_names);
    memset(info, 0, sizeof *info);
}
