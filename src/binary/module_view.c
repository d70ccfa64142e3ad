/* Builds the public structs from the records of a module. */
#include "binary/module_info.h"
#include "binary/sections.h"
#include "binary/types.h"

#include <string.h>

const char *const wrl__section_names[SECTION_LIMIT] = {
    "custom", "type",  "import",  "function", "table", "memory",     "global",
    "export", "start", "element", "code",     "data",  "data count", "tag",
};

static const char *text_at(const wrl_module_info_t *info, size_t place)
{
    return (const char *)info->pool + place;
}

static const char *func_name(const wrl_module_info_t *info, size_t index)
{
    size_t low = 0, high = info->func_name_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (info->func_names[middle].index == index) {
            return text_at(info, info->func_names[middle].name);
        }
        if (info->func_names[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

void wrl__module_info_item(const wrl_module_info_t *info, wrl_externkind_t kind, size_t index, wrl_externtype_t *type)
{
    const wrl_items_t *items = &info->items[kind];
    uint32_t kept = index < items->import_count ? info->imports[items->imports[index]].type
                                                : items->types[index - items->import_count];
    wrl_reader_t r = {info->pool, kept, info->pool_size, (wrl_module_info_t *)info, "", "", NULL, 0};
    switch (kind) {
    case WRL_EXTERN_TABLE:
        *type = wrl__read_tabletype(&r);
        return;
    case WRL_EXTERN_MEMORY:
        *type = wrl__read_memorytype(&r);
        return;
    case WRL_EXTERN_GLOBAL:
        *type = wrl__read_globaltype(&r);
        return;
    default:
        break;
    }
    const wrl_type_record_t *record = &info->types[kept];
    const wrl_valtype_t *values = &info->values[record->values];
    memset(type, 0, sizeof *type);
    type->kind = kind;
    type->of.func = (wrl_functype_t)WRL_FUNCTYPE(WRL_TYPES_N(values, record->param_count),
                                                 WRL_TYPES_N(values + record->param_count, record->result_count));
    type->of.func.name = kind == WRL_EXTERN_FUNC ? func_name(info, index) : NULL;
}

void wrl__module_info_import(const wrl_module_info_t *info, size_t number, wrl_importtype_t *import)
{
    const wrl_import_record_t *record = &info->imports[number];
    import->module = text_at(info, record->module);
    import->module_size = record->module_size;
    import->name = import->module + record->module_size + 1;
    import->name_size = record->name_size;
    wrl__module_info_item(info, (wrl_externkind_t)record->kind, record->index, &import->type);
}

wrl_name_t wrl__module_info_export_name(const wrl_module_info_t *info, size_t number)
{
    wrl_name_t name = {text_at(info, info->exports[number].name), info->exports[number].name_size};
    return name;
}

void wrl__module_info_export(const wrl_module_info_t *info, size_t number, wrl_exporttype_t *export_type)
{
    wrl_name_t name = wrl__module_info_export_name(info, number);
    export_type->name = name.data;
    export_type->name_size = name.size;
    const wrl_export_record_t *record = &info->exports[number];
    wrl__module_info_item(info, (wrl_externkind_t)record->kind, record->index, &export_type->type);
}

void wrl__module_info_section(const wrl_module_info_t *info, size_t number, wrl_section_t *section)
{
    const wrl_section_record_t *record = &info->sections[number];
    bool is_custom = record->name_size != WRL_NOT_CUSTOM;
    *section = (wrl_section_t){.offset = record->offset, .size = record->size};
    section->id = is_custom ? 0 : (uint8_t)record->name;
    section->name = is_custom ? text_at(info, record->name) : wrl__section_names[section->id];
    section->name_size = is_custom ? record->name_size : strlen(section->name);
    section->data = is_custom && info->keeps_contents ? info->pool + record->name + record->name_size + 1 : NULL;
    section->data_size = record->data_size;
}
