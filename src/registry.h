/* The list of known backends. */
#ifndef WRL_SRC_REGISTRY_H
#define WRL_SRC_REGISTRY_H

#include "wrl/sys/backend.h"

/* Finds the description of a backend by name, or that of the default backend for NULL. Loads the backend if it is
 * installed. */
wrl_error_t *wrl__registry_get(const char *name, const wrl_backend_t **backend);

#endif
