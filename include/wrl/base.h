/**
 * @file
 * What every other header needs: visibility, version, owned byte buffers.
 *
 * @section conventions Conventions of the whole interface
 * - A function that can fail returns `wrl_error_t *`: NULL for success, otherwise an error that the caller owns and
 *   gives to wrl_error_delete(). On failure the function's outputs are set to null handles, NULL or zero unless its
 *   documentation says otherwise.
 * - Outputs are the last parameters and are never NULL, unless documented as optional.
 * - A function that cannot fail in a correct program returns its result: a size, a count, a type, a pointer, or whether
 *   something was found. For a NULL argument or a bad handle it returns zero, NULL, false or a null handle.
 *   wrl_instance_check(), wrl_extern_check(), wrl_externref_get() and wrl_ref_check() report why a handle is bad.
 * - Absence is not an error: a function that looks something up (`get`) returns whether it was found, and allocates no
 *   message. Its `require` form is for what a program cannot do without: it returns an error that names what is
 * missing.
 * - A function without a word on its cost takes constant time, apart from what it copies.
 * - "Lends" means: the pointer stays owned by the object it came from and is valid as long as that object, or as long
 *   as documented.
 * - Strings are UTF-8. `const char *` alone means NUL-terminated; a pointer with a size may hold NUL bytes.
 *   A name of a module that contains NUL is reported as NULL where no size is given with it.
 * - "Any thread" means: may be called from any thread at any time, concurrently with any other call. "One thread per
 *   store" means: a store and all that is inside it may be used by one thread at a time; the thread may change between
 *   calls as long as the calls are ordered (a mutex, a join).
 * - Functions that are given a store or a caller are "one thread per store", those given a wrl_imports_t or a
 *   wrl_error_t are one thread at a time for that object, and all others are "any thread", unless they say otherwise.
 * - What an "Errors:" list calls INVALID_ARGUMENT and the like are the kinds of wrl_error_kind_t. OUT_OF_MEMORY may
 * come from any function that makes or keeps something, listed or not.
 * - Misuse that C lets a library detect (NULL, a handle of another store, a wrong count or type, an index out of range)
 *   is WRL_ERROR_INVALID_ARGUMENT. What it cannot detect is a dangling pointer: an object used after it was deleted.
 * - Sections of the WebAssembly core specification are cited by their titles, as their numbers change.
 * - Everything is there since version 0.1.0. Until 1.0 the interface may still change; CHANGELOG.md tells how.
 */
#ifndef WRL_BASE_H
#define WRL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** WRL_API marks the public symbols; every other symbol of the library is hidden. */
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

/** Lets the compiler warn where a returned error is dropped, which would leak it. */
#if defined(__GNUC__)
#define WRL_NODISCARD __attribute__((warn_unused_result))
/** Lets the compiler compare a format with its arguments, as for printf. */
#define WRL_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#else
#define WRL_NODISCARD
#define WRL_PRINTF(format_index, first_index)
#endif

#define WRL_VERSION_MAJOR 0        /**< The version of these headers; wrl_version() is the library's. */
#define WRL_VERSION_MINOR 1        /**< See WRL_VERSION_MAJOR. */
#define WRL_VERSION_PATCH 0        /**< See WRL_VERSION_MAJOR. */
#define WRL_VERSION_STRING "0.1.0" /**< The three numbers as text. */

#ifdef __cplusplus
extern "C" {
#endif

/** What went wrong; see wrl/error.h. */
typedef struct wrl_error wrl_error_t;
/** A configured runtime; see wrl/engine.h. */
typedef struct wrl_engine wrl_engine_t;
/** A compiled module; see wrl/module.h. */
typedef struct wrl_module wrl_module_t;
/** The owner of instances and everything inside them; see wrl/store.h. */
typedef struct wrl_store wrl_store_t;
/** A map from import names to items; see wrl/imports.h. */
typedef struct wrl_imports wrl_imports_t;
/** The guest's side of a host function call in progress; see wrl/func.h. */
typedef struct wrl_caller wrl_caller_t;
/** The interface that a backend offers; see wrl/backend.h. */
typedef struct wrl_backend wrl_backend_t;

/**
 * Called exactly once with the pointer it was given beside, when the object that took the pointer ends, or before the
 * taking function returns if that function fails. It runs on the thread of that call. When a store is deleted, all
 * finalizers in it run first, those of host functions, then of externrefs, then of the store's own data: they may still
 * release references of that store, and look at it, but make and call nothing in it. It must not leave by longjmp or a
 * C++ exception.
 */
typedef void (*wrl_finalizer_t)(void *data);

/** The version of the library at run time, as "major.minor.patch". Static storage. Any thread. */
WRL_API const char *wrl_version(void);

/** Bytes that the library allocated and the caller owns. */
typedef struct wrl_bytes {
    uint8_t *data; /**< NULL when size is 0. */
    size_t size;   /**< In bytes. */
} wrl_bytes_t;

/** Frees the bytes and clears the struct. NULL and an empty struct are allowed. Any thread. */
WRL_API void wrl_bytes_delete(wrl_bytes_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
