/* Linking: resolves the imports of a module. */
#ifndef WRL_SRC_LINK_H
#define WRL_SRC_LINK_H

#include "store.h"
#include "wrl/imports.h"

/*
 * Finds and checks the items that a module imports, and writes them to `items` in the module's order. `given` has the
 * items in that order. If `given` is NULL, they are looked up in `imports` by name. Errors: LINK, INVALID_ARGUMENT.
 */
wrl_error_t *wrl__link(wrl_store_t *store, const wrl_module_t *module, const wrl_imports_t *imports,
                       const wrl_extern_t *given, wrl_extern_t *items);

#endif
