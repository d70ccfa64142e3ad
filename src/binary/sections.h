/* Reading sections: each function has the contents of one before it. */
#ifndef WRL_SRC_BINARY_SECTIONS_H
#define WRL_SRC_BINARY_SECTIONS_H

#include "binary/format.h"
#include "binary/reader.h"

/* What the sections are called, by id. */
extern const char *const wrl_section_names[SECTION_LIMIT];

/* A section and its header; `last_rank` tells which sections may follow. */
void wrl_read_section(wrl_reader_t *r, size_t module_size, uint8_t *last_rank);

void wrl_read_imports(wrl_reader_t *r);
/* A section of items, each of which takes so many bytes at least. */
void wrl_read_items(wrl_reader_t *r, wrl_externkind_t kind, size_t least);
void wrl_read_exports(wrl_reader_t *r);
void wrl_read_start(wrl_reader_t *r);
void wrl_read_elements(wrl_reader_t *r);
void wrl_read_data(wrl_reader_t *r);
/* The section of names, of the custom sections that were kept. What is broken in it is left out. */
void wrl_read_name_section(const uint8_t *bytes, wrl_module_info_t *info);

/* The kind of an import or export. */
wrl_externkind_t wrl_read_kind(wrl_reader_t *r, const char *what);
/* Refuses more tables and memories than a module may have, those imported included. */
void wrl_reader_check_tables(wrl_reader_t *r, size_t start);

#endif
