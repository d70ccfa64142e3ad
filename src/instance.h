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

/*
 * Finds an item that the engine told of by the name under which some instance exports it, and enters it. Slow, but once
 * for each item.
 */
wrl_error_t *wrl_store_search_export(wrl_store_t *store, const char *name, size_t name_size,
                                     const wrl_backend_extern_t *found, wrl_extern_t *item);

/* "name: the export NAME is a FOUND, not a WANTED" */
wrl_error_t *wrl_error_wrong_export_kind(const char *name, size_t name_size, wrl_externkind_t wanted,
                                         wrl_externkind_t found);

#endif
