/* The binary reader: what a module's own bytes tell of it (core specification, chapter 5). */
#ifndef WRL_SRC_READER_H
#define WRL_SRC_READER_H

#include "alloc.h"
#include "names.h"
#include "wrl/error.h"
#include "wrl/module.h"
#include "wrl/type.h"

/* The number of kinds of extern, as an array size for tables indexed by wrl_externkind_t. */
#define WRL_EXTERN_LIMIT 6

/* An import: what the program sees, and which item of its kind it is. */
typedef struct wrl_import_entry {
    wrl_importtype_t import;
    uint32_t index;
} wrl_import_entry_t;

typedef struct wrl_export_entry {
    wrl_exporttype_t export_type;
    uint32_t index; /* In the index space of its kind. */
} wrl_export_entry_t;

/* All items of one kind, imported ones first. */
typedef struct wrl_items {
    wrl_externtype_t *types;
    size_t count;
    size_t capacity;
    uint32_t *imports; /* Of the imported items, in order, the import's number. */
    size_t import_count;
    size_t import_capacity;
} wrl_items_t;

typedef struct wrl_module_info {
    wrl_arena_t arena;     /* Owns all strings and types. */
    wrl_functype_t *types; /* By type index; size is 0 for types that are not functions. */
    size_t type_count;
    size_t type_capacity;
    wrl_import_entry_t *imports;
    size_t import_count;
    size_t import_capacity;
    wrl_export_entry_t *exports;
    size_t export_count;
    size_t export_capacity;
    wrl_names_t export_names;
    wrl_items_t items[WRL_EXTERN_LIMIT]; /* By wrl_externkind_t. */
    wrl_section_t *sections;
    size_t section_count;
    size_t section_capacity;
    const char *name;
    size_t name_size;
    /* Of a start function that is imported: the offset of its section, else 0; and the number of the import. */
    size_t start_section;
    size_t start_import;
} wrl_module_info_t;

/*
 * Reads a module. It survives any bytes. Errors: MALFORMED for what breaks the format, INVALID for indices that point
 * nowhere and the like, OUT_OF_MEMORY. After an error there is nothing to free.
 */
wrl_error_t *wrl_module_info_read(const uint8_t *bytes, size_t size, wrl_module_info_t *info);

void wrl_module_info_free(wrl_module_info_t *info);

/* The number of the export of that name, or SIZE_MAX. */
size_t wrl_module_info_find_export(const wrl_module_info_t *info, const char *name, size_t name_size);

#endif
