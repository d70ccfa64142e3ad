/**
 * @file
 * Tables of references. Sizes and indices are in elements and 64 bits wide.
 */
#ifndef WRL_TABLE_H
#define WRL_TABLE_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a table whose elements are all `initial`. The type is copied.
 *
 * Errors: INVALID_ARGUMENT for limits that contradict each other, or an initial value that is not of the element type;
 * UNSUPPORTED, RESOURCE_LIMIT, OUT_OF_MEMORY. Cost: grows with the number of elements. For 64-bit indices, or a maximum
 * of 2^32 - 1 or more, engines may compile a module, which needs as much native stack as wrl_module_new().
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_new(wrl_store_t *store, const wrl_tabletype_t *type,
                                                 const wrl_val_t *initial, wrl_table_t *table);

/** Returns the type that the table was made with. For an invalid handle its element has the kind WRL_VALKIND_NONE. */
WRL_API wrl_tabletype_t wrl_table_type(const wrl_store_t *store, wrl_table_t table);

/** Returns the table's current size, in elements, or 0 for an invalid handle. */
WRL_API uint64_t wrl_table_size(const wrl_store_t *store, wrl_table_t table);

/**
 * Grows the table by `delta` elements, each `initial`.
 *
 * @param store          One thread per store.
 * @param table          A table of that store.
 * @param delta          In elements; 0 is allowed.
 * @param initial        A value of the element type.
 * @param previous_size  Receives the previous size, in elements. May be NULL.
 *
 * Errors: RESOURCE_LIMIT if the table's maximum or the engine's limit does not allow it (nothing has changed then);
 * INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_grow(wrl_store_t *store, wrl_table_t table, uint64_t delta,
                                                  const wrl_val_t *initial, uint64_t *previous_size);

/**
 * Reports element `index`. A reference to anything but a function comes with a hold, see wrl_externref_release().
 * Errors: INVALID_ARGUMENT if the index is out of bounds; UNSUPPORTED for reference types that values cannot carry.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_get(wrl_store_t *store, wrl_table_t table, uint64_t index,
                                                 wrl_val_t *value);

/**
 * Sets element `index`. Errors: INVALID_ARGUMENT if the index is out of bounds or the value is not of the element type.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_set(wrl_store_t *store, wrl_table_t table, uint64_t index,
                                                 const wrl_val_t *value);

/**
 * Sets `count` elements, starting at `index`, to the same value.
 *
 * Errors: INVALID_ARGUMENT if any of the elements is out of bounds, or if the value is not of the element type. Nothing
 * has changed then. Cost: one call to the engine per element.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_fill(wrl_store_t *store, wrl_table_t table, uint64_t index, uint64_t count,
                                                  const wrl_val_t *value);

/**
 * Copies `count` elements from one table to another, or within one table. Overlapping ranges are copied as if through a
 * buffer.
 *
 * @param store         One thread per store.
 * @param target        A table of that store. Its elements are of the same kind as those of `source`: functions,
 *                      external references, or other references.
 * @param target_index  The index of the first element to write.
 * @param source        A table of that store.
 * @param source_index  The index of the first element to read.
 * @param count         In elements; 0 is allowed.
 *
 * Errors:
 * - INVALID_ARGUMENT if a range is out of bounds or if the elements are of different kinds. Nothing has changed then.
 * - INVALID_ARGUMENT for an element that is not of the target's element type; the message has its index. Some elements
 *   may have been copied.
 * - UNSUPPORTED for references that values cannot carry, and OUT_OF_MEMORY. Some elements may have been copied.
 *
 * Cost: two calls to the engine per element.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_table_copy(wrl_store_t *store, wrl_table_t target, uint64_t target_index,
                                                  wrl_table_t source, uint64_t source_index, uint64_t count);

#ifdef __cplusplus
}
#endif

#endif
