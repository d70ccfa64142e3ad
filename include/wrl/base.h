/**
 * @file
 * Definitions that all other headers use: visibility, version, owned byte buffers.
 *
 * @section conventions Conventions of the whole interface
 * - A function that can fail returns `wrl_error_t *`: NULL on success, otherwise an error that the caller owns and
 *   deletes with wrl_error_delete(). On failure, outputs are set to null handles, NULL or zero unless documented
 *   otherwise.
 * - Outputs are the last parameters. They must not be NULL unless documented as optional.
 * - A function that cannot fail in a correct program returns its result directly: a size, a count, a type, a pointer,
 *   or whether something was found. For a NULL argument or an invalid handle it returns zero, NULL, false or a null
 *   handle. wrl_instance_check(), wrl_extern_check(), wrl_externref_get() and wrl_ref_check() report why a handle is
 *   invalid.
 * - Absence is not an error: a function that looks something up (`get`) returns whether it was found, and allocates no
 *   message. The `require` form of such a function is for items that a program needs: it returns an error that names
 *   the missing item.
 * - A function whose documentation states no cost takes constant time, plus the time for what it copies.
 * - "Borrowed" means: the target of the pointer stays owned by the object that the pointer came from. The pointer is
 *   valid as long as that object, or as long as documented.
 * - Strings are UTF-8. A `const char *` without a size is NUL-terminated; a pointer with a size may hold NUL bytes. If
 *   a name in a module contains NUL, functions that do not report the name's size report NULL instead of the name.
 * - "Any thread" means: the function may be called from any thread at any time, concurrently with any other call. "One
 *   thread per store" means: only one thread at a time may use a store and the objects in it. The thread may change
 *   between calls as long as the calls are ordered (a mutex, a join).
 * - Unless documented otherwise, functions that take a store or a caller are "one thread per store"; functions that
 *   take a wrl_imports_t or a wrl_error_t may be used by one thread at a time for each such object; all others are "any
 *   thread".
 * - An "Errors:" list names kinds of wrl_error_kind_t without their prefix, such as INVALID_ARGUMENT. Any function that
 *   makes or keeps something may return OUT_OF_MEMORY, listed or not.
 * - Misuse that a C library can detect (NULL, a handle of another store, a wrong count or type, an index out of range)
 *   is WRL_ERROR_INVALID_ARGUMENT. The only misuse that cannot be detected is a dangling pointer: using an object after
 *   it was deleted.
 * - Sections of the WebAssembly core specification are cited by title, because their numbers change.
 * - Everything has been available since version 0.1.0. Until 1.0 the interface may change; CHANGELOG.md lists the
 *   changes.
 */
#ifndef WRL_BASE_H
#define WRL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Marks the public symbols of the library. All other symbols are hidden. */
#if defined(WRL_STATIC)
#define WRL_API
#elif defined(_WIN32)
#if defined(WRL_BUILDING)
#define WRL_API __declspec(dllexport)
#else
#define WRL_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define WRL_API __attribute__((visibility("default")))
#else
#define WRL_API
#endif

/** Makes the compiler warn where a returned error is dropped, which would leak it. */
#if defined(__GNUC__)
#define WRL_NODISCARD __attribute__((warn_unused_result))
/** Makes the compiler check a format against its arguments, as for printf. */
#define WRL_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#else
#define WRL_NODISCARD
#define WRL_PRINTF(format_index, first_index)
#endif

#define WRL_VERSION_MAJOR 0        /**< The version of these headers. wrl_version() returns the library's. */
#define WRL_VERSION_MINOR 1        /**< See WRL_VERSION_MAJOR. */
#define WRL_VERSION_PATCH 0        /**< See WRL_VERSION_MAJOR. */
#define WRL_VERSION_STRING "0.1.0" /**< The three numbers as text. */

#ifdef __cplusplus
extern "C" {
#endif

/** An error; see wrl/error.h. */
typedef struct wrl_error wrl_error_t;
/** A configured runtime; see wrl/engine.h. */
typedef struct wrl_engine wrl_engine_t;
/** A compiled module; see wrl/module.h. */
typedef struct wrl_module wrl_module_t;
/** The owner of instances and everything inside them; see wrl/store.h. */
typedef struct wrl_store wrl_store_t;
/** A map from import names to externs; see wrl/imports.h. */
typedef struct wrl_imports wrl_imports_t;
/** The calling side of a host function call in progress; see wrl/func.h. */
typedef struct wrl_caller wrl_caller_t;
/** The interface that a backend implements; see wrl/backend.h. */
typedef struct wrl_backend wrl_backend_t;

/**
 * A function that a program passes together with a pointer to its data. The library calls the finalizer exactly once,
 * with that pointer: when the object that received the pointer is deleted or, if the function that takes the pointer
 * fails, before that function returns. The finalizer runs on the thread of the call that deletes the object or fails.
 *
 * When a store is deleted, all finalizers in it run before anything is freed: first those of host functions, then those
 * of externrefs, then that of the store's own data. These finalizers may read from the store, and retain and release
 * references in it, but must not make or call anything in it.
 *
 * A finalizer must not exit through longjmp or a C++ exception.
 */
typedef void (*wrl_finalizer_t)(void *data);

/** Returns the version of the library at run time, as "major.minor.patch". Static storage. Any thread. */
WRL_API const char *wrl_version(void);

/** Bytes that the library allocated and the caller owns. */
typedef struct wrl_bytes {
    uint8_t *data; /**< NULL when size is 0. */
    size_t size;   /**< In bytes. */
} wrl_bytes_t;

/** Frees the bytes and clears the struct. Accepts NULL and an empty struct. Any thread. */
WRL_API void wrl_bytes_delete(wrl_bytes_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
