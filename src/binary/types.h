/* Reads types. */
#ifndef WRL_SRC_BINARY_TYPES_H
#define WRL_SRC_BINARY_TYPES_H

#include "binary/reader.h"

/* Reads the type section. */
void wrl__read_types(wrl_reader_t *r);

int64_t wrl__read_heap(wrl_reader_t *r);
wrl_valtype_t wrl__read_reftype(wrl_reader_t *r);
wrl_externtype_t wrl__read_memorytype(wrl_reader_t *r);
wrl_externtype_t wrl__read_tabletype(wrl_reader_t *r);
wrl_externtype_t wrl__read_globaltype(wrl_reader_t *r);
/* Reads the type of an item. Returns its record: see wrl_items_t::types. */
uint32_t wrl__read_item_type(wrl_reader_t *r, wrl_externkind_t kind);

#endif
