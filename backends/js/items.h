/* The tables, memories and globals that a module's instructions speak of. */
#ifndef WRL_BACKEND_JS_ITEMS_H
#define WRL_BACKEND_JS_ITEMS_H

#include "backend.h"
#include "binary/cursor.h"

typedef struct js_items {
    uint8_t *table_types;   /* Of their elements, see js_read_type, */
    uint8_t *tables_are_64; /* and whether their indices have 64 bits. */
    uint32_t table_count;
    uint8_t *global_types;
    uint32_t global_count;
    bool has_memory64; /* Some memory has indices of 64 bits. */
    bool is_unknown;   /* A constant expression has an instruction that is not known. */
} js_items_t;

/* The code of a type of values; CODE_REF for all references but funcref and externref. */
uint8_t js_read_type(cursor_t *cursor);
/* Of a module that the engine finds valid: false if memory is short. What is there is freed by js_free_items. */
bool js_read_items(const wrl_core_t *core, const uint8_t *bytes, size_t size, js_items_t *items);
void js_free_items(const wrl_core_t *core, js_items_t *items);

#endif
