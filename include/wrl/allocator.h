/**
 * @file
 * The allocator of the library, for the whole process.
 */
#ifndef WRL_ALLOCATOR_H
#define WRL_ALLOCATOR_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The functions that the library gets its memory from. They behave as malloc(), realloc() and free() do: memory is
 * aligned for any type, NULL is returned when memory runs out, and NULL is accepted where memory is passed. They run on
 * any thread, also concurrently, while the library holds no lock. They must not call functions of the library. Sizes
 * are never 0.
 */
typedef struct wrl_allocator {
    size_t size;                                               /**< sizeof(wrl_allocator_t). */
    void *env;                                                 /**< Passed to each function. May be NULL. */
    void *(*allocate)(void *env, size_t size);                 /**< As malloc(). */
    void *(*reallocate)(void *env, void *memory, size_t size); /**< As realloc(). */
    void (*deallocate)(void *env, void *memory);               /**< As free(). */
} wrl_allocator_t;

/**
 * Sets the allocator of the process, in place of the C library's. Must be the first call of the library, before other
 * threads use the library.
 *
 * The allocator serves the library itself, the backends written in C, and what the library returns, such as a
 * wrl_bytes_t. It does not serve engines: wasmi, wasmtime and the text format are written in Rust and use Rust's
 * allocator, which is malloc(). They and the JS hosts take guest memories and compiled code from the system. A backend
 * from outside uses the allocator through wrl_core_t::alloc.
 *
 * @param allocator  Copied. Its functions must work until the process ends.
 *
 * Errors: INVALID_ARGUMENT for a NULL argument or function, for a struct of another size, and if the library has
 * already allocated memory. An error is such memory: after a failed call the C library's allocator stays.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_allocator_set(const wrl_allocator_t *allocator);

#ifdef __cplusplus
}
#endif

#endif
