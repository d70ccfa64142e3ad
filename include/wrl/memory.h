/**
 * @file
 * Linear memories. Offsets and sizes are 64 bits wide, and in bytes unless documented as pages.
 */
#ifndef WRL_MEMORY_H
#define WRL_MEMORY_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a memory, filled with zeros. The type is copied.
 *
 * Errors: INVALID_ARGUMENT for limits that contradict each other or exceed the address space; UNSUPPORTED for kinds of
 * memory that the engine does not support; RESOURCE_LIMIT, OUT_OF_MEMORY. Cost: the time that the host needs to provide
 * the memory's pages.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_new(wrl_store_t *store, const wrl_memorytype_t *type,
                                                  wrl_memory_t *memory);

/** Returns the type that the memory was made with. For an invalid handle all fields are zero, even the page size. */
WRL_API wrl_memorytype_t wrl_memory_type(const wrl_store_t *store, wrl_memory_t memory);

/** Returns the memory's current size, in pages, or 0 for an invalid handle. */
WRL_API uint64_t wrl_memory_size(const wrl_store_t *store, wrl_memory_t memory);

/** Returns the memory's current size, in bytes, or 0 for an invalid handle. */
WRL_API uint64_t wrl_memory_data_size(const wrl_store_t *store, wrl_memory_t memory);

/**
 * Grows the memory by `delta` pages, filled with zeros. Addresses from wrl_memory_data() and wrl_memory_slice() become
 * invalid. An engine may have to copy the memory.
 *
 * @param store           One thread per store.
 * @param memory          A memory of that store.
 * @param delta           In pages; 0 is allowed.
 * @param previous_pages  Receives the previous size, in pages. May be NULL.
 *
 * Errors: RESOURCE_LIMIT if the memory's maximum or the engine's limit does not allow it (nothing has changed then);
 * INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_grow(wrl_store_t *store, wrl_memory_t memory, uint64_t delta,
                                                   uint64_t *previous_pages);

/**
 * Copies bytes from the memory to a buffer. Works on every backend. The buffer must not lie in the memory itself.
 *
 * A read of 0 bytes succeeds at any offset up to and including the end of the memory; `buffer` may then be NULL.
 *
 * Errors: INVALID_ARGUMENT if any byte lies outside the memory; nothing is copied then. The message has the offset, the
 * size and the memory's size.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_read(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                   void *buffer, size_t size);

/** Copies bytes from a buffer to the memory; see wrl_memory_read(). */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_write(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                    const void *buffer, size_t size);

/**
 * Copies a NUL-terminated string from the memory, including the NUL. Works on every backend.
 *
 * @param store   One thread per store.
 * @param memory  A memory of that store.
 * @param offset  The offset of the first byte.
 * @param buffer  Receives the bytes, which are not checked to be UTF-8.
 * @param size    The size of the buffer, in bytes. At least 1.
 * @param length  Receives the number of bytes before the NUL. May be NULL.
 *
 * Errors: INVALID_ARGUMENT if the offset is out of bounds, or if there is no NUL before the end of the buffer or of the
 * memory. The buffer then holds an empty string.
 *
 * Cost: grows with the length, or with `size` where the host cannot access the memory directly.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_read_string(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                          char *buffer, size_t size, size_t *length);

/**
 * Returns the address of a range of the memory for direct access. Returns NULL if any byte of the range lies outside
 * the memory, if the host cannot access the memory directly (no WRL_FEATURE_MEMORY_DATA), or for an invalid handle. An
 * empty range may start at any offset up to and including the end of the memory.
 *
 *     uint8_t *text = wrl_memory_slice(store, memory, offset, size); // both from the guest
 *     if (!text) return wrl_error_new_trap(WRL_TRAP_MEMORY_OUT_OF_BOUNDS, NULL);
 *
 * The address is valid until the memory grows, which any call into the guest may do, or until the store is deleted. The
 * bytes of a shared memory may change at any time.
 */
WRL_API uint8_t *wrl_memory_slice(wrl_store_t *store, wrl_memory_t memory, uint64_t offset, uint64_t size);

/**
 * Returns the address of the memory's first byte. Returns NULL if the host cannot access the memory directly (no
 * WRL_FEATURE_MEMORY_DATA), if the memory has no bytes, or for an invalid handle. Accesses through the address are not
 * checked: use wrl_memory_slice() for offsets from a guest.
 *
 * @param store   One thread per store.
 * @param memory  A memory of that store.
 * @param size    Receives the size in bytes, even if the host cannot access the memory directly; 0 for an invalid
 *                handle. May be NULL.
 *
 * Address and size are valid until the memory grows, which any call into the guest may do, or until the store is
 * deleted. The bytes of a shared memory may change at any time.
 */
WRL_API uint8_t *wrl_memory_data(wrl_store_t *store, wrl_memory_t memory, uint64_t *size);

#ifdef __cplusplus
}
#endif

#endif
