/* Backends in shared objects: the one part of the core that depends on the operating system. */
#ifndef WRL_SRC_SHARED_OBJECT_H
#define WRL_SRC_SHARED_OBJECT_H

#include "wrl/backend.h"

#define WRL_SHARED_OBJECT_PATH_SIZE 4096

/* Loads a shared object and finds the function of the backend in it. */
wrl_error_t *wrl_shared_object_open(const char *path, wrl_backend_open_t *open);

/* Where the backend of that name is installed: in the folder "wrl" beside the library. Returns false if nowhere. */
bool wrl_shared_object_find(const char *name, char path[WRL_SHARED_OBJECT_PATH_SIZE]);

/* Calls `visit` with the path of every installed backend. */
void wrl_shared_object_each(void (*visit)(void *context, const char *path), void *context);

#endif
