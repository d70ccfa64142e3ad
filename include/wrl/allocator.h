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
 * any thread, possibly concurrently, and the library holds no lock while they run. They must not call functions of the
 * library. Sizes are never 0.
 */
typedef struct wrl_allocator {
    size_t size;                                               /**< sizeof(wrl_allocator_t). */
    void *env;                                                 /**< Passed to each function. May be NULL. */
    void *(*allocate)(void *env, size_t size);                 /**< Like malloc(). */
    void *(*reallocate)(void *env, void *memory, size_t size); /**< Like realloc(). */
    void (*deallocate)(void *env, void *memory);               /**< Like free(). */
} wrl_allocator_t;

/**
 * Sets the allocator of the process, in place of the C library's. Must be the program's first call into the library,
 * before other threads use the library.
 *
 * The allocator serves the library itself, the backends written in C, and what the library returns, such as a
 * wrl_bytes_t. It does not serve engines: wasmi, wasmtime and the text format are written in Rust and use Rust's
 * allocator, which is malloc(). They and the JS hosts take guest memories and compiled code from the system. An
 * out-of-tree backend uses the allocator through wrl_core_t::alloc.
 *
 * @param allocator  Copied. Its functions must work until the process ends.
 *
 * Errors: INVALID_ARGUMENT for a NULL argument or function, for a struct of another size, and if the library has
 * already allocated memory. A returned error is itself such memory, so after a failed call the C library's allocator
 * stays in use.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_allocator_set(const wrl_allocator_t *allocator);

#ifdef __cplusplus
}
#endif

#endif
