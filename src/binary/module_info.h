/* The binary reader: what a module's own bytes tell of it (core specification, chapter 5). */
#ifndef WRL_SRC_BINARY_MODULE_INFO_H
#define WRL_SRC_BINARY_MODULE_INFO_H

#include "alloc.h"
#include "names.h"
#include "wrl/error.h"
#include "wrl/module.h"
#include "wrl/type.h"

/* The number of kinds of extern, as an array size for tables indexed by wrl_externkind_t. */
#define WRL_EXTERN_LIMIT 6

/*
 * What is kept of a module. Its author chooses how many entries there are, so an entry takes few bytes: all that is
 * kept takes at most 8 bytes for each byte of the module, beyond a constant. Text and the encoded types of globals,
 * memories and tables lie in one pool. The functions below build the public structs from that when a program asks.
 */

typedef struct wrl_type_record {
    uint32_t values;           /* Its parameters, and its results after them, are values[values] and so on. */
    uint32_t param_count : 14; /* Of a struct: how many fields it has. */
    uint32_t result_count : 10;
    uint32_t depth : 6; /* How many types are above it, of which it is a subtype. */
    uint32_t is_func : 1;
    uint32_t is_open : 1; /* It may have subtypes. */
} wrl_type_record_t;

typedef struct wrl_import_record {
    uint32_t module; /* Its place in the pool; the name comes after it. Both end with a NUL. */
    uint32_t module_size;
    uint32_t name_size;
    uint32_t type; /* See wrl_items_t. */
    uint32_t kind : 3;
    uint32_t index : 29; /* In the index space of its kind. */
} wrl_import_record_t;

typedef struct wrl_export_record {
    uint32_t name; /* Its place in the pool. */
    uint32_t name_size;
    uint32_t kind : 3;
    uint32_t index : 29; /* In the index space of its kind. */
} wrl_export_record_t;

/* In wrl_section_record_t::name_size: not a custom section. */
#define WRL_NOT_CUSTOM UINT32_MAX

typedef struct wrl_section_record {
    uint32_t offset;
    uint32_t size;
    uint32_t name_size;
    uint32_t name; /* A custom section's place in the pool, where kept contents come after the NUL; or the id. */
    uint32_t data_size;
} wrl_section_record_t;

/* A function that the name section names. */
typedef struct wrl_func_name {
    uint32_t index;
    uint32_t name; /* Its place in the pool. */
} wrl_func_name_t;

/* All items of one kind, imported ones first. */
typedef struct wrl_items {
    size_t count;
    size_t import_count;
    uint32_t *imports; /* Of the imported items, in order, the import's number. Part of import_numbers. */
    uint32_t *types;   /* Of the others: a type index for functions and tags, else the type's place in the pool. */
} wrl_items_t;

typedef struct wrl_module_info {
    wrl_valtype_t *values; /* Of all function types. */
    wrl_type_record_t *types;
    size_t value_count;
    size_t type_count;
    uint8_t *pool;
    size_t pool_capacity;
    size_t pool_size; /* How much of it is used. */
    wrl_import_record_t *imports;
    size_t import_count;
    uint32_t *import_numbers;
    wrl_export_record_t *exports;
    size_t export_count;
    wrl_names_t export_names;
    wrl_items_t items[WRL_EXTERN_LIMIT]; /* By wrl_externkind_t. */
    wrl_section_record_t *sections;
    size_t section_count;
    wrl_func_name_t *func_names; /* By index. */
    size_t func_name_count;
    const char *name;
    size_t name_size;
    /* Of a start function that is imported: the offset of its section, else 0; and the number of the import. */
    size_t start_section;
    size_t start_import;
    bool keeps_contents; /* Of custom sections. */
    bool keeps_refs;     /* It has something where references can be kept that are not to functions. */
} wrl_module_info_t;

/*
 * Reads a module, and keeps the contents of its custom sections if asked to. It survives any bytes. Errors: MALFORMED
 * for what breaks the format, INVALID for indices that point nowhere and the like, RESOURCE_LIMIT for what is beyond
 * the limits of the JS API (its section "Implementation-defined Limits"), OUT_OF_MEMORY. After an error there is
 * nothing to free.
 */
wrl_error_t *wrl_module_info_read(const uint8_t *bytes, size_t size, bool keep_contents, wrl_module_info_t *info);

void wrl_module_info_free(wrl_module_info_t *info);

/* What the program sees. The numbers are in range. Text and types are lent by the info. */
void wrl_module_info_item(const wrl_module_info_t *info, wrl_externkind_t kind, size_t index, wrl_externtype_t *type);
void wrl_module_info_import(const wrl_module_info_t *info, size_t number, wrl_importtype_t *import);
void wrl_module_info_export(const wrl_module_info_t *info, size_t number, wrl_exporttype_t *export_type);
void wrl_module_info_section(const wrl_module_info_t *info, size_t number, wrl_section_t *section);
wrl_name_t wrl_module_info_export_name(const wrl_module_info_t *info, size_t number);

/* The type index of a function or tag, or one that is not there. */
static inline uint32_t wrl_module_info_type_index(const wrl_module_info_t *info, wrl_externkind_t kind, uint32_t index)
{
    const wrl_items_t *items = &info->items[kind];
    if (index >= items->count) {
        return UINT32_MAX;
    }
    return index < items->import_count ? info->imports[items->imports[index]].type
                                       : items->types[index - items->import_count];
}

/* The number of the export of that name, or SIZE_MAX. */
size_t wrl_module_info_find_export(const wrl_module_info_t *info, const char *name, size_t name_size);

#endif
