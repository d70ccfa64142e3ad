/*
 * Scans a module that the core's reader has accepted, for what a backend needs to know and its engine does not report:
 * the positions of types, imports, segments, names. The engine may not have validated the module. Every read is
 * therefore checked, and all functions take at most linear time.
 */
#ifndef WRL_SRC_BINARY_SCAN_H
#define WRL_SRC_BINARY_SCAN_H

#include "binary/cursor.h"
#include "wrl/type.h"

/* ---- Types (scan_types.c) ---- */

/* Values of wrl_scan_types_t::at for types that are not function types. */
#define WRL_SCAN_ARRAY (UINT32_MAX - 1)
#define WRL_SCAN_STRUCT UINT32_MAX

/* The type section without the number of groups, and the position of each type in it. */
typedef struct wrl__scan_types {
    const uint8_t *bytes;
    size_t size;
    const uint32_t *at; /* By type index: where a function type's parameters begin, or one of the two above. */
    uint32_t count;
} wrl_scan_types_t;

/*
 * Scans this many groups of types. With `at`, records the position of each type, as in wrl_scan_types_t. Returns the
 * number of types. Sets *has_distinct to true if an engine treats a function type as distinct from the plain type with
 * the same parameters and results: the type is non-final, a subtype, or in a group with others.
 */
uint32_t wrl__scan_types(const uint8_t *bytes, size_t size, uint32_t groups, uint32_t *at, bool *has_distinct);

/* Reads function type `index`. Returns false if it is not a function type, or is beyond what the interface supports.
 * `types` has space for 2 * WRL_MAX_PARAMS. */
bool wrl__scan_functype(const wrl_scan_types_t *all, uint32_t index, wrl_valtype_t *types, size_t *param_count,
                        size_t *result_count);

/* ---- Imports, tables, elements (scan_items.c) ---- */

/* The names of an import, borrowed from the module's bytes. */
typedef struct wrl_import_name {
    const char *module;
    size_t module_size;
    const char *name;
    size_t name_size;
} wrl_import_name_t;

/* Reads the next import. Returns its kind, KIND_…; an unknown kind makes the cursor fail. *detail receives the type
 * index of a function, or the flags of a memory's limits. */
unsigned wrl__scan_import(cursor_t *cursor, wrl_import_name_t *name, uint32_t *detail);

/* Whether a memory section has a shared memory. */
bool wrl__scan_shared(cursor_t memories);

/* Whether the element segments stay within their tables when an instance is made, as far as the module alone determines
 * this. */
typedef enum wrl_reach { WRL_REACH_UNKNOWN, WRL_REACH_WITHIN, WRL_REACH_BEYOND } wrl_reach_t;

/* Examines the element section at `cursor` with the table section. A section that does not exist has no bytes. */
wrl_reach_t wrl__scan_reach(cursor_t tables, uint32_t table_import_count, cursor_t cursor);

/* ---- Names (scan_names.c; core specification, appendix "Name Section") ---- */

/* Whether a custom section is a name section. If it is, moves the cursor to its payload. */
bool wrl__scan_is_names(cursor_t *cursor);
/* Finds the name of the module in such a payload. Returns false if there is none. */
bool wrl__scan_module_name(const uint8_t *names, size_t names_size, const char **name, size_t *size);
/* Records where in such a payload the names of the first `func_count` functions are, for wrl__scan_text(). `at` is all
 * zeros, and stays zero for functions without a name. */
void wrl__scan_func_names(const uint8_t *names, size_t names_size, uint32_t *at, uint32_t func_count);
/* Returns the size of the module without the name section at its end and the custom sections that follow that section.
 * Sets *has_more to true if there are name sections earlier in the module, else to false. */
size_t wrl__scan_cut_names(const uint8_t *bytes, size_t size, bool *has_more);
/* Renames name sections, so that they are custom sections that no engine knows. */
void wrl__scan_blot_names(uint8_t *bytes, size_t size);

#endif
