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

/** The type that the memory was made with. Errors: INVALID_ARGUMENT. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_type(const wrl_store_t *store, wrl_memory_t memory,
                                                   wrl_memorytype_t *type);

/** The memory's size now, in pages. Errors: INVALID_ARGUMENT. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_size(wrl_store_t *store, wrl_memory_t memory, uint64_t *pages);

/** The memory's size now, in bytes. Errors: INVALID_ARGUMENT. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_data_size(wrl_store_t *store, wrl_memory_t memory, uint64_t *bytes);

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
 * Where the memory lies, for direct access. Nothing checks what the program does with the address: offsets that come
 * from a guest are to be compared with `size` first, in a way that cannot overflow. The bytes of a shared memory may
 * change at any time.
 *
 * @param store   One thread per store.
 * @param memory  Of that store.
 * @param data    Gets the address of byte 0, or NULL if the host cannot see the memory (no WRL_FEATURE_MEMORY_DATA), or
 *                if the memory has no bytes. Valid until the memory grows, which any call into the guest may do, or
 *                the store is deleted: fetch it again after calls.
 * @param size    Gets the size in bytes, also where `data` is NULL. Valid as long as `data`.
 *
 * Errors: INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_memory_data(wrl_store_t *store, wrl_memory_t memory, uint8_t **data,
                                                   uint64_t *size);

#ifdef __cplusplus
}
#endif

#endif
