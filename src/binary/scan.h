/*
 * Goes over a module that the core's reader has accepted, for what a backend has to know of it whose engine does not
 * say: where types lie, imports, segments, names. The engine may not have validated the module: every read is checked,
 * and nothing takes more time than the module is long.
 */
#ifndef WRL_SRC_BINARY_SCAN_H
#define WRL_SRC_BINARY_SCAN_H

#include "binary/cursor.h"
#include "wrl/type.h"

/* ---- Types (scan_types.c) ---- */

/* In wrl_scan_types_t::at: what is no function type. */
#define WRL_SCAN_ARRAY (UINT32_MAX - 1)
#define WRL_SCAN_STRUCT UINT32_MAX

/* The section of types without the number of groups, and where each type is in it. */
typedef struct wrl_scan_types {
    const uint8_t *bytes;
    size_t size;
    const uint32_t *at; /* By type index: where a function type's parameters begin, or one of the two above. */
    uint32_t count;
} wrl_scan_types_t;

/*
 * Goes over so many groups of types. With `at`, notes where each type is, as in wrl_scan_types_t. Returns how many
 * there are. *has_distinct becomes true if an engine takes a function type for another one than the plain one with the
 * same parameters and results: it may have subtypes, is one, or belongs to a group with others.
 */
uint32_t wrl_scan_types(const uint8_t *bytes, size_t size, uint32_t groups, uint32_t *at, bool *has_distinct);

/* Reads function type `index`: false if it is none, or is beyond what the interface can carry. `types` has space for
 * 2 * WRL_MAX_PARAMS. */
bool wrl_scan_functype(const wrl_scan_types_t *all, uint32_t index, wrl_valtype_t *types, size_t *param_count,
                       size_t *result_count);

/* ---- Imports, tables, elements (scan_items.c) ---- */

/* Of an import: borrowed from the module's bytes. */
typedef struct wrl_import_name {
    const char *module;
    size_t module_size;
    const char *name;
    size_t name_size;
} wrl_import_name_t;

/* The next import. Returns its kind, KIND_…; one that is unknown makes the cursor fail. *detail is the index of a
 * function's type, or the flags of a memory's limits. */
unsigned wrl_scan_import(cursor_t *cursor, wrl_import_name_t *name, uint32_t *detail);

/* Whether a section of memories has one that is shared. */
bool wrl_scan_shared(cursor_t memories);

/* Whether the segments of elements stay in their tables when an instance is made, as far as the module alone says. */
typedef enum wrl_reach { WRL_REACH_UNKNOWN, WRL_REACH_WITHIN, WRL_REACH_BEYOND } wrl_reach_t;

/* Of the section of tables, and that of elements at `cursor`; one that is not there has no bytes. */
wrl_reach_t wrl_scan_reach(cursor_t tables, uint32_t table_import_count, cursor_t cursor);

/* ---- Names (scan_names.c; core specification, appendix "Name Section") ---- */

/* Whether a custom section is one of names; the cursor then moves to its payload. */
bool wrl_scan_is_names(cursor_t *cursor);
/* The name of a function, or of the module (func < 0), in such a payload: false if there is none. */
bool wrl_scan_name(const uint8_t *names, size_t names_size, int64_t func, const char **name, size_t *size);
/* The size of a module without names at its end, and the custom sections after them. *has_more: there are others
 * before that. */
size_t wrl_scan_cut_names(const uint8_t *bytes, size_t size, bool *has_more);
/* Turns sections of names into custom sections that no engine knows. */
void wrl_scan_blot_names(uint8_t *bytes, size_t size);

#endif
