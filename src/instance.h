/* Instances: private parts. */
#ifndef WRL_SRC_INSTANCE_H
#define WRL_SRC_INSTANCE_H

#include "store.h"
#include "wrl/imports.h"
#include "wrl/instance.h"

/*
 * The items that fill a module's imports, in the module's order, into `items`, which has room for them. Errors: LINK,
 * INVALID_ARGUMENT.
 */
wrl_error_t *wrl_link(wrl_store_t *store, const wrl_module_t *module, const wrl_imports_t *imports,
                      wrl_extern_t *items);

#endif
