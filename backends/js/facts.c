/* Records the parts of a guest's module that the JS API does not provide: types, the offsets of function bodies, names.
 * The binary format itself is implemented in src/binary. */
#include "backend.h"
#include "binary/cursor.h"
#include "binary/format.h"
#include "binary/scan.h"
#include "rewrite/start.h"

#include <string.h>

/* ---- Types ---- */

static bool keep_types(js_module_t *module, const section_t *section)
{
    const wrl_core_t *core = module->core;
    cursor_t cursor = section->body;
    module->group_count = u32(&cursor);
    size_t size = cursor.end - cursor.at;
    module->types = (js_types_t *)core->alloc(sizeof *module->types + size);
    if (!module->types) {
        return false;
    }
    module->types->users = 1;
    module->types->size = (uint32_t)size;
    memcpy(module->types->bytes, cursor.bytes + cursor.at, size);
    const uint8_t *types = module->types->bytes;
    module->type_count = wrl__scan_types(types, size, module->group_count, NULL, &module->has_distinct_types);
    module->type_at = (uint32_t *)core->alloc((module->type_count + 1) * sizeof(uint32_t));
    if (module->type_at) {
        wrl__scan_types(types, size, module->group_count, module->type_at, &module->has_distinct_types);
    }
    return module->type_at != NULL;
}

bool wrl__jsb_func_type_of(const js_module_t *module, uint32_t func, wrl_valtype_t *types, size_t *param_count,
                           size_t *result_count)
{
    if (func >= module->func_count || !module->types) {
        return false;
    }
    const wrl_scan_types_t all = {module->types->bytes, module->types->size, module->type_at, module->type_count};
    return wrl__scan_functype(&all, module->func_type[func], types, param_count, result_count);
}

void wrl__jsb_leave_types(const wrl_core_t *core, js_types_t *types)
{
    if (types && --types->users == 0) {
        core->free(types);
    }
}

/* ---- Imports and functions ---- */

static void keep_import(js_module_t *module, cursor_t *cursor, uint32_t number)
{
    uint32_t detail = 0;
    switch (wrl__scan_import(cursor, &module->import_names[number], &detail)) {
    case KIND_FUNC:
        module->func_type[module->func_count++] = detail;
        break;
    case KIND_TABLE:
        module->table_import_count++;
        break;
    case KIND_MEMORY:
        module->has_shared_memory |= (detail & LIMITS_SHARED) != 0;
        break;
    default:
        break;
    }
}

static bool keep_functions(js_module_t *module, cursor_t imports, cursor_t functions)
{
    module->import_count = imports.at < imports.end ? u32(&imports) : 0;
    uint32_t defined = functions.at < functions.end ? u32(&functions) : 0;
    if (module->import_count > imports.end - imports.at || defined > functions.end - functions.at) {
        return true; /* Never reached: the core's reader rejects such modules. */
    }
    const wrl_core_t *core = module->core;
    size_t size = imports.end - imports.at;
    module->imports = (uint8_t *)core->alloc(size + 1);
    module->import_names =
        (wrl_import_name_t *)core->alloc(((size_t)module->import_count + 1) * sizeof(wrl_import_name_t));
    module->func_type = (uint32_t *)core->alloc(((size_t)module->import_count + defined + 1) * sizeof(uint32_t));
    module->bodies = (js_range_t *)core->alloc(((size_t)defined + 1) * sizeof(js_range_t));
    if (!module->imports || !module->import_names || !module->func_type || !module->bodies) {
        return false;
    }
    if (size) {
        memcpy(module->imports, imports.bytes + imports.at, size);
    }
    imports = (cursor_t){module->imports, 0, size, false};
    for (uint32_t i = 0; i < module->import_count && !imports.failed; i++) {
        keep_import(module, &imports, i);
    }
    module->func_import_count = module->func_count;
    for (uint32_t i = 0; i < defined && !functions.failed; i++) {
        module->func_type[module->func_count++] = u32(&functions);
    }
    return true;
}

/* ---- Code ---- */

static bool keep_code(js_module_t *module, cursor_t cursor, bool keep)
{
    size_t start = cursor.at, size = cursor.end - cursor.at;
    uint32_t count = u32(&cursor), there = module->func_count - module->func_import_count;
    cursor_t body;
    for (uint32_t i = 0; i < count && i < there && wrl__next_body(&cursor, &body); i++) {
        module->bodies[i] = (js_range_t){(uint32_t)body.at, (uint32_t)body.end};
    }
    if (!keep) {
        return true;
    }
    module->code = (uint8_t *)module->core->alloc(size ? size : 1);
    if (!module->code) {
        return false;
    }
    memcpy(module->code, cursor.bytes + start, size);
    module->code_start = (uint32_t)start;
    module->code_size = (uint32_t)size;
    return true;
}

/* ---- Names ---- */

static bool keep_names(js_module_t *module, cursor_t cursor)
{
    if (module->names || !wrl__scan_is_names(&cursor)) {
        return true;
    }
    size_t rest = cursor.end - cursor.at;
    module->names = (uint8_t *)module->core->alloc(rest ? rest : 1);
    if (!module->names) {
        return false;
    }
    memcpy(module->names, cursor.bytes + cursor.at, rest);
    module->names_size = (uint32_t)rest;
    return true;
}

bool wrl__jsb_name_of(js_module_t *module, int64_t func, const char **name, size_t *size)
{
    if (func < 0) {
        return wrl__scan_module_name(module->names, module->names_size, name, size);
    }
    if (!module->name_at && module->names) {
        module->name_at = (uint32_t *)module->core->alloc((module->func_count + 1) * sizeof(uint32_t));
        if (!module->name_at) {
            return false;
        }
        wrl__scan_func_names(module->names, module->names_size, module->name_at, module->func_count);
    }
    uint32_t at = module->name_at && func < module->func_count ? module->name_at[func] : 0;
    cursor_t cursor = {module->names, at, module->names_size, false};
    return at && wrl__scan_text(&cursor, name, size);
}

/* ---- All sections ---- */

/* Sections that are read after others. */
typedef struct later {
    cursor_t imports;
    cursor_t functions;
    cursor_t tables;
    cursor_t elements;
} later_t;

static bool keep_section(js_module_t *module, const section_t *section, later_t *later, bool keeps_code)
{
    switch (section->id) {
    case SECTION_TYPE:
        return keep_types(module, section);
    case SECTION_IMPORT:
        later->imports = section->body;
        return true;
    case SECTION_FUNCTION:
        later->functions = section->body;
        return true;
    case SECTION_TABLE:
        later->tables = section->body;
        return true;
    case SECTION_MEMORY:
        module->has_shared_memory |= wrl__scan_shared(section->body);
        return true;
    case SECTION_ELEMENT:
        module->has_elements = true;
        later->elements = section->body;
        return true;
    case SECTION_DATA:
        module->has_data = true;
        return true;
    case SECTION_CODE:
        return keep_functions(module, later->imports, later->functions) && keep_code(module, section->body, keeps_code);
    case SECTION_CUSTOM:
        return keep_names(module, section->body);
    default:
        return true;
    }
}

bool wrl__jsb_keep_facts(js_module_t *module, const uint8_t *bytes, size_t size, bool keeps_code)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    const cursor_t nothing = {bytes, 0, 0, false};
    later_t later = {nothing, nothing, nothing, nothing};
    section_t section;
    while (wrl__next_section(&cursor, &section)) {
        if (!keep_section(module, &section, &later, keeps_code)) {
            return false;
        }
    }
    /* A module without a code section may have imports. */
    if (!module->imports && !keep_functions(module, later.imports, later.functions)) {
        return false;
    }
    module->element_reach = wrl__scan_reach(later.tables, module->table_import_count, later.elements);
    return true;
}

void wrl__jsb_export_start(js_module_t *module, const uint8_t *bytes, size_t size, wrl_writer_t *out)
{
    wrl_start_t start;
    module->has_start = wrl__export_start(bytes, size, &start, out);
    if (module->has_start) {
        module->start = start.func;
        module->start_name_size = start.name_size;
        module->shift = (int64_t)size - (int64_t)out->size;
    }
}

void wrl__jsb_forget(js_module_t *module)
{
    wrl__jsb_leave_types(module->core, module->types);
    module->core->free(module->type_at);
    module->core->free(module->func_type);
    module->core->free(module->imports);
    module->core->free(module->import_names);
    module->core->free(module->bodies);
    module->core->free(module->code);
    module->core->free(module->runs);
    module->core->free(module->names);
    module->core->free(module->name_at);
}
