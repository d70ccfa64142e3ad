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

/* The export of that name, without an error if there is none: then `item` is of kind WRL_EXTERN_NONE. */
wrl_error_t *wrl_instance_find_export(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                                      wrl_extern_t *item);

/* "name: the export NAME is a FOUND, not a WANTED" */
wrl_error_t *wrl_error_wrong_export_kind(const char *name, size_t name_size, wrl_externkind_t wanted,
                                         wrl_externkind_t found);

#endif
