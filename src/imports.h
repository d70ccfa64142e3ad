/* The imports map: internals. */
#ifndef WRL_SRC_IMPORTS_H
#define WRL_SRC_IMPORTS_H

#include "names.h"
#include "wrl/imports.h"

struct wrl_imports {
    wrl_import_t *entries; /* In the order of first definition. Each entry owns one block with both names. */
    size_t count;
    size_t capacity;
    wrl_names_t names;
};

#endif
