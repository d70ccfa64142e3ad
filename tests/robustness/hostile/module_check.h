/* Checks how the library handles bytes of any origin. */
#ifndef WRL_TESTS_MODULE_CHECK_H
#define WRL_TESTS_MODULE_CHECK_H

#include "wrl.h"

/*
 * Each function returns NULL if the bytes were rejected with a good error or accepted as a consistent module. Otherwise
 * it returns a description of the problem, valid until the next call. The library reads a copy of exactly the bytes'
 * size, so that a sanitizer detects every read beyond the end; check_reader_in_place() makes no copy. If an engine
 * accepts a module, its imports and exports must be those that the reader finds.
 */
const char *check_reader(const uint8_t *data, size_t size, bool *accepted);
const char *check_reader_in_place(const uint8_t *data, size_t size, bool *accepted);
/* Does the same for text. The text must be rejected with line and column, or translated to bytes that pass
 * check_reader(). */
const char *check_text(const uint8_t *data, size_t size, bool *accepted);
const char *check_module(wrl_engine_t *engine, const uint8_t *data, size_t size, bool *accepted);

/* Checks an error that hostile bytes provoked. Its kind must be one for bad modules, and its message one line of valid
 * UTF-8, with the offset if the bytes are malformed after the header. */
const char *check_error(const wrl_error_t *error, bool by_engine, const uint8_t *data, size_t size);

/* Reads everything that a module reports about itself. */
const char *walk_module(const wrl_module_t *module);

#endif
