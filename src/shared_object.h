/* Backends in shared objects: the one part of the core that depends on the operating system. */
#ifndef WRL_SRC_SHARED_OBJECT_H
#define WRL_SRC_SHARED_OBJECT_H

#include "wrl/sys/backend.h"

#define WRL_SHARED_OBJECT_PATH_SIZE 4096

/* Loads a shared object and finds the function of the backend in it. */
wrl_error_t *wrl_shared_object_open(const char *path, wrl_backend_open_t *open);

/*
 * Loads the installed backend of that name: wrl-NAME.so in the folder "wrl" beside the library, or in the folder that
 * the build was configured for. `path` gets the path of the file, for messages. `open` gets NULL without an error if
 * there is no such file. A file that others than this user and root may change is an error. The name is made of
 * [a-z0-9_].
 */
wrl_error_t *wrl_shared_object_open_installed(const char *name, wrl_backend_open_t *open,
                                              char path[WRL_SHARED_OBJECT_PATH_SIZE]);

/*
 * Calls `visit` with the NAME in the name of every installed file wrl-NAME.so, and loads none. Returns why the folder
 * beside the library is not looked at, or NULL.
 */
const char *wrl_shared_object_each(void (*visit)(void *context, const char *name, size_t size), void *context);

#endif
