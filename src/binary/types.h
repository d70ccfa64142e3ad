/* Reading types. */
#ifndef WRL_SRC_BINARY_TYPES_H
#define WRL_SRC_BINARY_TYPES_H

#include "binary/reader.h"

/* The section of types. */
void wrl_read_types(wrl_reader_t *r);

int64_t wrl_read_heap(wrl_reader_t *r);
wrl_valtype_t wrl_read_reftype(wrl_reader_t *r);
wrl_externtype_t wrl_read_memorytype(wrl_reader_t *r);
wrl_externtype_t wrl_read_tabletype(wrl_reader_t *r);
wrl_externtype_t wrl_read_globaltype(wrl_reader_t *r);
/* Goes over the type of an item, and returns what is kept of it, as wrl_items_t::types says. */
uint32_t wrl_read_item_type(wrl_reader_t *r, wrl_externkind_t kind);

#endif
