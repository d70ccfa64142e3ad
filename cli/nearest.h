/* Suggests names for a function that a module does not export. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <wrl.h>

/* Makes the error for a name that is not an exported function of the module. It is INVALID_ARGUMENT, with the nearest
 * names of exported functions or, if an export has the name, with its kind. It is OUT_OF_MEMORY if memory runs out. */
WRL_NODISCARD wrl_error_t *nearest_error(const wrl_module_t *module, const char *name);

#endif
