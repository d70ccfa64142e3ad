/* Instances: private parts. */
#ifndef WRL_SRC_INSTANCE_H
#define WRL_SRC_INSTANCE_H

#include "store.h"
#include "wrl/imports.h"
#include "wrl/instance.h"

/*
 * Writes the items that fill a module's imports, in the module's order, to `items`, which has space for them. They are
 * `given` in that order, or, if that is NULL, found in the imports by name. Errors: LINK, INVALID_ARGUMENT.
 */
wrl_error_t *wrl_link(wrl_store_t *store, const wrl_module_t *module, const wrl_imports_t *imports,
                      const wrl_extern_t *given, wrl_extern_t *items);

#endif
