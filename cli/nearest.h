/* What the user may have meant by the name of a function that a module does not export. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <wrl.h>

/* The error for a name that is no exported function of the module: INVALID_ARGUMENT, with the nearest names that are,
 * or with the kind of the export that has the name; or OUT_OF_MEMORY. */
WRL_NODISCARD wrl_error_t *nearest_error(const wrl_module_t *module, const char *name);

#endif
