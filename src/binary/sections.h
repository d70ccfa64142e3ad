/* Reads sections. Each function begins at the contents of its section. */
#ifndef WRL_SRC_BINARY_SECTIONS_H
#define WRL_SRC_BINARY_SECTIONS_H

#include "binary/format.h"
#include "binary/reader.h"

/* The names of sections, by id. */
extern const char *const wrl__section_names[SECTION_LIMIT];

/* Reads a section and its header. `last_rank` determines which sections may follow. */
void wrl__read_section(wrl_reader_t *r, size_t module_size, uint8_t *last_rank);

void wrl__read_imports(wrl_reader_t *r);
/* Reads a section of items, each of which takes at least `least` bytes. */
void wrl__read_items(wrl_reader_t *r, wrl_externkind_t kind, size_t least);
void wrl__read_exports(wrl_reader_t *r);
void wrl__read_start(wrl_reader_t *r);
void wrl__read_elements(wrl_reader_t *r);
void wrl__read_data(wrl_reader_t *r);
/* Reads the name section, one of the custom sections that were recorded. Malformed parts are left out. */
void wrl__read_name_section(const uint8_t *bytes, wrl_module_info_t *info);

/* Reads the kind of an import or export. */
wrl_externkind_t wrl__read_kind(wrl_reader_t *r, const char *what);
/* Refuses more tables or memories than a module may have, imported ones included. */
void wrl__reader_check_tables(wrl_reader_t *r, size_t start);

#endif
