/**
 * @file
 * Linear memories. Offsets and sizes are in bytes and 64 bits wide; pages are counted where the word says so.
 */
#ifndef WRL_MEMORY_H
#define WRL_MEMORY_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a memory, filled with zeros. Errors: INVALID_ARGUMENT for limits that contradict themselves or exceed the
 * address space; UNSUPPORTED for kinds of memory the engine lacks; RESOURCE_LIMIT, OUT_OF_MEMORY. The type is copied.
 * Cost: as much as the host needs to provide the memory's pages.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_new(wrl_store_t *store, const wrl_memorytype_t *type,
                                                  wrl_memory_t *memory);

/** Returns the type that the memory was made with: all zeros for a bad handle, also the page size. */
WRL_API wrl_memorytype_t wrl_memory_type(const wrl_store_t *store, wrl_memory_t memory);

/** Returns the memory's current size, in pages, or 0 for a bad handle. */
WRL_API uint64_t wrl_memory_size(const wrl_store_t *store, wrl_memory_t memory);

/** Returns the memory's current size, in bytes, or 0 for a bad handle. */
WRL_API uint64_t wrl_memory_data_size(const wrl_store_t *store, wrl_memory_t memory);

/**
 * Grows the memory by `delta` pages, filled with zeros. Addresses from wrl_memory_data() end. An engine may have to
 * copy the memory.
 *
 * @param store           One thread per store.
 * @param memory          Of that store.
 * @param delta           In pages; 0 is allowed.
 * @param previous_pages  Gets the size before, in pages; may be NULL.
 *
 * Errors: RESOURCE_LIMIT if the memory's maximum or the engine's limit does not allow it (nothing has changed then);
 * INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_grow(wrl_store_t *store, wrl_memory_t memory, uint64_t delta,
                                                   uint64_t *previous_pages);

/**
 * Copies from the memory. Works on every backend.
 *
 * Errors: INVALID_ARGUMENT, with offset, size and the memory's size, if any byte lies outside; nothing is copied then.
 * A read of 0 bytes succeeds up to and including the end of the memory; `buffer` may be NULL then. The buffer may not
 * lie in the memory itself.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_read(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                   void *buffer, size_t size);

/** Copies to the memory; see wrl_memory_read(). */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_write(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                    const void *buffer, size_t size);

/**
 * Copies a string that ends with a NUL byte from the memory, with the NUL.
 *
 * @param store   One thread per store.
 * @param memory  Of that store.
 * @param offset  Of the first byte.
 * @param buffer  Receives the bytes. They may be any bytes but NUL: nothing checks that they are UTF-8.
 * @param size    Of the buffer, in bytes. At least 1.
 * @param length  Receives the number of bytes before the NUL. May be NULL.
 *
 * Errors: INVALID_ARGUMENT if the offset is out of bounds, or if neither the buffer's size nor the end of the memory
 * leaves space for a NUL. The buffer then holds an empty string. Works on every backend. Cost: grows with the length;
 * where the host cannot see the memory, with `size`.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_read_string(wrl_store_t *store, wrl_memory_t memory, uint64_t offset,
                                                          char *buffer, size_t size, size_t *length);

/**
 * Returns the address of a range of the memory for direct access, or NULL if any byte of the range lies outside, if the
 * host cannot see the memory (no WRL_FEATURE_MEMORY_DATA), or for a bad handle. An empty range is inside up to and
 * including the end of the memory.
 *
 *     uint8_t *text = wrl_memory_slice(store, memory, offset, size); // both from the guest
 *     if (!text) return wrl_error_new_trap(WRL_TRAP_MEMORY_OUT_OF_BOUNDS, NULL);
 *
 * The address is valid until the memory grows, which any call into the guest may do, or until the store is deleted. The
 * bytes of a shared memory may change at any time.
 */
WRL_API uint8_t *wrl_memory_slice(wrl_store_t *store, wrl_memory_t memory, uint64_t offset, uint64_t size);

/**
 * Returns the address of the memory's first byte, or NULL if the host cannot see the memory (no
 * WRL_FEATURE_MEMORY_DATA), if the memory has no bytes, or for a bad handle. Nothing checks what the program does with
 * the address: wrl_memory_slice() is the form for offsets from a guest.
 *
 * @param store   One thread per store.
 * @param memory  Of that store.
 * @param size    Receives the size in bytes, also if the host cannot see the memory; 0 for a bad handle. May be NULL.
 *
 * Address and size are valid until the memory grows, which any call into the guest may do, or until the store is
 * deleted. The bytes of a shared memory may change at any time.
 */
WRL_API uint8_t *wrl_memory_data(wrl_store_t *store, wrl_memory_t memory, uint64_t *size);

#ifdef __cplusplus
}
#endif

#endif
