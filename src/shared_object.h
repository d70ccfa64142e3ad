/* Backends in shared objects: the only part of the core that depends on the operating system. */
#ifndef WRL_SRC_SHARED_OBJECT_H
#define WRL_SRC_SHARED_OBJECT_H

#include "wrl/sys/backend.h"

#define WRL_SHARED_OBJECT_PATH_SIZE 4096

/* Loads a shared object, and finds the backend's function in it. */
wrl_error_t *wrl__shared_object_open(const char *path, wrl_backend_open_t *open);

/*
 * Loads the installed backend of that name: wrl-NAME.so in the folder "wrl" beside the library, in "../lib/wrl" from
 * there (for a program that the library is linked into), or in the folder that the build was configured for. If there
 * is no such file, sets *open to NULL and returns no error. A file that users other than this one and root may change
 * is an error. `path` receives the path of the file, for messages. The name consists of [a-z0-9_].
 */
wrl_error_t *wrl__shared_object_open_installed(const char *name, wrl_backend_open_t *open,
                                               char path[WRL_SHARED_OBJECT_PATH_SIZE]);

/*
 * Calls `visit` with the NAME in the name of every installed file wrl-NAME.so. Loads no file. Returns why the folder
 * beside the library was not searched, or NULL.
 */
const char *wrl__shared_object_each(void (*visit)(void *context, const char *name, size_t size), void *context);

#endif
