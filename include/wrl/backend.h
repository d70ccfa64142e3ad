/**
 * @file
 * The list of backends.
 *
 * Most programs do not need this header: the name in wrl_engine_config_t is enough. wrl/sys/backend.h, which wrl.h does
 * not include, describes what a backend implements.
 */
#ifndef WRL_BACKEND_H
#define WRL_BACKEND_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The type of the one symbol of a backend: a backend called NAME has a function of this type called wrl_backend_NAME.
 * The function receives the version of the interface that the library implements (WRL_BACKEND_ABI of
 * wrl/sys/backend.h). It returns the backend's description, in static storage, or NULL if it does not implement that
 * version.
 *
 * The function may be called several times, on any thread. It may call wrl_backend_register() for other backends. It
 * must not call functions that look for backends (wrl_backend_find(), wrl_backend_count(), wrl_engine_new() and
 * similar), because one of them may be calling it.
 */
typedef const wrl_backend_t *(*wrl_backend_open_t)(uint32_t abi);

/**
 * Registers a backend of the program's own, under the name in its description. Registering the same backend again
 * succeeds.
 *
 * Errors: INVALID_ARGUMENT if the backend does not implement this version of the interface, if its description lacks a
 * function that its features require (the message names the function), or if another backend already has the name. Any
 * thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_backend_register(wrl_backend_open_t open);

/**
 * Loads a backend from a shared object and registers it. Loading the same file again succeeds. The object stays loaded
 * until the process ends, and its symbols stay private to it.
 *
 * The program is responsible for the path: unlike for installed backends, the library does not check who may write to
 * the file. A relative path is relative to the current directory.
 *
 * @param path  The file. Its name determines the symbol: "libNAME.so", "wrl-NAME.so" and "NAME.so" hold
 *              wrl_backend_NAME (a "-" in NAME becomes "_" in the symbol).
 * @param name  Receives the backend's name, for wrl_engine_config_t. Static storage. May be NULL.
 *
 * Errors: IO if the file cannot be loaded or lacks the symbol; UNSUPPORTED where the host has no shared objects, and in
 * a statically linked program (see wrl/wasmtime.h); RESOURCE_LIMIT if less than 40 KiB of the thread's native stack is
 * left; otherwise as wrl_backend_register(). Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_backend_load(const char *path, const char **name);

/** A description of a backend, available without an engine. The strings have static storage. */
typedef struct wrl_backend_info {
    const char *name;           /**< For wrl_engine_config_t::backend. */
    const char *engine_name;    /**< The engine behind the backend. wrl_backend_get() reports an empty string for an
                                   installed file that has not been loaded. */
    const char *engine_version; /**< The version of that engine. Empty if engine_name is. */
    bool is_default;            /**< Whether wrl_engine_new(NULL, …) uses this backend. */
} wrl_backend_info_t;

/**
 * Returns how many backends are known: those built in, registered or loaded, and those installed as "wrl-NAME.so" in
 * the folder "wrl" beside the library or in the folder that the library was configured for. Lists installed backends by
 * their file names and loads none of them; wrl_backend_find() reports whether one can be loaded. Any thread.
 */
WRL_API size_t wrl_backend_count(void);

/**
 * Reports backend `index`. Returns false and clears `info` if there is none. A backend keeps its index. Does not look
 * for installed files: call wrl_backend_count() first, which does. Loads nothing: wrl_backend_find() with the name
 * loads the backend and fills the members that are empty here. Any thread.
 */
WRL_API bool wrl_backend_get(size_t index, wrl_backend_info_t *info);

/**
 * Reports the backend with a given name (NULL for the default), and first loads it if it is installed. Returns false
 * if there is none, or if its file cannot be loaded or is refused (wrl_engine_new() reports why). `info` may be NULL.
 * Any thread.
 */
WRL_API bool wrl_backend_find(const char *name, wrl_backend_info_t *info);

#ifdef __cplusplus
}
#endif

#endif
