/**
 * @file
 * The list of backends.
 *
 * Most programs do not need it: the name in wrl_engine_config_t is enough. What a backend implements stands in
 * wrl/sys/backend.h, which wrl.h does not include.
 */
#ifndef WRL_BACKEND_H
#define WRL_BACKEND_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The one symbol of a backend called NAME is a function of this type called wrl_backend_NAME. It is given the version
 * of the interface that the library speaks (WRL_BACKEND_ABI of wrl/sys/backend.h), and returns its description, in
 * static storage, or NULL if it does not speak that version. It may be called several times, on any thread. Of this
 * library's functions it may call wrl_backend_register() for other backends, but none that looks for backends
 * (wrl_backend_find(), wrl_backend_count(), wrl_engine_new() and the like), since these may be what calls it.
 */
typedef const wrl_backend_t *(*wrl_backend_open_t)(uint32_t abi);

/**
 * Makes a backend of the program's own known, under the name in its description.
 * Errors: INVALID_ARGUMENT if the backend does not speak this version, if its description lacks a function that its
 * features promise (the message names it), or if another backend has the name already. Registering the same backend
 * again succeeds. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_backend_register(wrl_backend_open_t open);

/**
 * Loads a backend from a shared object and makes it known. The object stays loaded until the process ends, with its
 * symbols private to it.
 *
 * @param path  The file. Its name tells the symbol: "libNAME.so", "wrl-NAME.so" and "NAME.so" hold wrl_backend_NAME
 *              (a "-" in NAME becomes "_" in the symbol).
 * @param name  Gets the backend's name, for wrl_engine_config_t. Static storage. May be NULL.
 *
 * Errors: IO if the file cannot be loaded or lacks the symbol; UNSUPPORTED where the host has no shared objects,
 * and in a program that is linked statically (see wrl/wasmtime.h); RESOURCE_LIMIT if less than 40 KiB of the thread's
 * native stack are left; otherwise as wrl_backend_register(). Loading the same file again succeeds. Any thread. The
 * path is the program's choice: unlike for installed backends, nobody checks who may write to the file, and a relative
 * path is relative to the current folder.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_backend_load(const char *path, const char **name);

/** What can be told of a backend without making an engine. The strings have static storage. */
typedef struct wrl_backend_info {
    const char *name;           /**< For wrl_engine_config_t::backend. */
    const char *engine_name;    /**< The engine behind it. Empty, from wrl_backend_get(), for an installed file that has
                                   not been loaded. */
    const char *engine_version; /**< The version of that engine. Empty where engine_name is. */
    bool is_default;            /**< Whether wrl_engine_new(NULL, …) takes it. */
} wrl_backend_info_t;

/**
 * How many backends are known: those built in, registered or loaded, and those installed as "wrl-NAME.so" (in the
 * folder "wrl" beside the library, or in the folder that the library was configured for). No file is loaded: the names
 * of files alone are listed. wrl_backend_find() tells whether one can be loaded. Any thread.
 */
WRL_API size_t wrl_backend_count(void);

/** Backend `index`. Loads nothing: wrl_backend_find() with the name does, and gives what is empty here. Returns false,
 * and clears `info`, if there is none. Indices never change meaning. Any thread. */
WRL_API bool wrl_backend_get(size_t index, wrl_backend_info_t *info);

/** The backend of that name (NULL for the default), loaded first if it is installed. Returns false if there is none, or
 * if its file cannot be loaded or is refused (wrl_engine_new() says why). `info` may be NULL. Any thread. */
WRL_API bool wrl_backend_find(const char *name, wrl_backend_info_t *info);

#ifdef __cplusplus
}
#endif

#endif
