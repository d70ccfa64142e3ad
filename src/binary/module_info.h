/* The binary reader: what the bytes of a module contain (core specification, chapter 5). */
#ifndef WRL_SRC_BINARY_MODULE_INFO_H
#define WRL_SRC_BINARY_MODULE_INFO_H

#include "alloc.h"
#include "names.h"
#include "wrl/error.h"
#include "wrl/module.h"
#include "wrl/type.h"

/* The size of arrays indexed by wrl_externkind_t. */
#define WRL_EXTERN_LIMIT 6

/*
 * The records that the reader keeps of a module. The module's author chooses the number of entries, so entries are
 * small: all records take at most 8 bytes for each byte of the module, plus a constant. Text and the encoded types of
 * globals, memories and tables lie in one pool. The functions below build the public structs from these records when a
 * program asks.
 */

typedef struct wrl_type_record {
    uint32_t values;           /* Where its parameters begin in wrl_module_info_t::values. The results follow them. */
    uint32_t param_count : 14; /* For a struct, the number of fields. */
    uint32_t result_count : 10;
    uint32_t depth : 6; /* The number of supertypes above it. */
    uint32_t is_func : 1;
    uint32_t is_open : 1; /* It may have subtypes. */
} wrl_type_record_t;

typedef struct wrl_import_record {
    uint32_t module; /* Its position in the pool. The name follows it. Both end with a NUL. */
    uint32_t module_size;
    uint32_t name_size;
    uint32_t type; /* See wrl_items_t. */
    uint32_t kind : 3;
    uint32_t index : 29; /* In the index space of its kind. */
} wrl_import_record_t;

typedef struct wrl_export_record {
    uint32_t name; /* Its position in the pool. */
    uint32_t name_size;
    uint32_t kind : 3;
    uint32_t index : 29; /* In the index space of its kind. */
} wrl_export_record_t;

/* The value of wrl_section_record_t::name_size for sections other than custom sections. */
#define WRL_NOT_CUSTOM UINT32_MAX

typedef struct wrl_section_record {
    uint32_t offset;
    uint32_t size;
    uint32_t name_size;
    uint32_t name; /* For a custom section, the position of its name in the pool, where kept contents follow the NUL;
                      otherwise the id. */
    uint32_t data_size;
} wrl_section_record_t;

/* A function that has a name in the name section. */
typedef struct wrl_func_name {
    uint32_t index;
    uint32_t name; /* Its position in the pool. */
} wrl_func_name_t;

/* The index space of one kind. Imported items come first. */
typedef struct wrl_items {
    size_t count;
    size_t import_count;
    uint32_t *imports; /* For each imported item, the number of the import. Part of import_numbers. */
    uint32_t *types;   /* For each other item: a type index (functions, tags), or the type's position in the pool. */
} wrl_items_t;

typedef struct wrl_module_info {
    wrl_valtype_t *values; /* Of all function types. */
    wrl_type_record_t *types;
    size_t value_count;
    size_t type_count;
    uint8_t *pool;
    size_t pool_capacity;
    size_t pool_size; /* How much of the pool is used. */
    wrl_import_record_t *imports;
    size_t import_count;
    uint32_t *import_numbers;
    wrl_export_record_t *exports;
    size_t export_count;
    wrl_names_t export_names;
    wrl_items_t items[WRL_EXTERN_LIMIT]; /* By wrl_externkind_t. */
    wrl_section_record_t *sections;
    size_t section_count;
    wrl_func_name_t *func_names; /* In the order of their indices. */
    size_t func_name_count;
    const char *name;
    size_t name_size;
    /* For a start function that is imported: the offset of the start section, else 0; and the number of the import. */
    size_t start_section;
    size_t start_import;
    bool keeps_contents; /* Whether the contents of custom sections are kept. */
    bool keeps_refs;     /* Whether the module has a place for references other than function references. */
} wrl_module_info_t;

/*
 * Reads a module. Any bytes are safe to read. Keeps the contents of custom sections if `keep_contents` is set. Errors:
 * MALFORMED for bytes that break the format; INVALID for indices out of range and the like; RESOURCE_LIMIT for a module
 * beyond the limits of the JS API (its section "Implementation-defined Limits"); OUT_OF_MEMORY. After an error there is
 * nothing to free.
 */
wrl_error_t *wrl__module_info_read(const uint8_t *bytes, size_t size, bool keep_contents, wrl_module_info_t *info);

void wrl__module_info_free(wrl_module_info_t *info);

/* Fills in a public struct. The indices must be in range. Text and types are borrowed from the info. */
void wrl__module_info_item(const wrl_module_info_t *info, wrl_externkind_t kind, size_t index, wrl_externtype_t *type);
void wrl__module_info_import(const wrl_module_info_t *info, size_t number, wrl_importtype_t *import);
void wrl__module_info_export(const wrl_module_info_t *info, size_t number, wrl_exporttype_t *export_type);
void wrl__module_info_section(const wrl_module_info_t *info, size_t number, wrl_section_t *section);
wrl_name_t wrl__module_info_export_name(const wrl_module_info_t *info, size_t number);

/* Returns the type index of a function or tag, or UINT32_MAX if there is no such item. */
static inline uint32_t wrl__module_info_type_index(const wrl_module_info_t *info, wrl_externkind_t kind, uint32_t index)
{
    const wrl_items_t *items = &info->items[kind];
    if (index >= items->count) {
        return UINT32_MAX;
    }
    return index < items->import_count ? info->imports[items->imports[index]].type
                                       : items->types[index - items->import_count];
}

/* Returns the number of the export of that name, or SIZE_MAX. */
size_t wrl__module_info_find_export(const wrl_module_info_t *info, const char *name, size_t name_size);

#endif
