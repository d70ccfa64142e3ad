/* Whether bytes of any origin are answered well. */
#ifndef WRL_TESTS_MODULE_CHECK_H
#define WRL_TESTS_MODULE_CHECK_H

#include "wrl.h"

/*
 * Each returns NULL if the bytes were refused with a good error, or accepted as a module that holds together; otherwise
 * what is wrong, until the next call. The bytes are given on in a copy of exactly their size, so that a sanitizer sees
 * any read beyond their end; check_reader_in_place() does without. Of a module that an engine accepts, imports and
 * exports have to be those that the reader alone sees.
 */
const char *check_reader(const uint8_t *data, size_t size, bool *accepted);
const char *check_reader_in_place(const uint8_t *data, size_t size, bool *accepted);
/* The same for text: refused with line and column, or translated to bytes that check_reader() finds nothing wrong with.
 */
const char *check_text(const uint8_t *data, size_t size, bool *accepted);
const char *check_module(wrl_engine_t *engine, const uint8_t *data, size_t size, bool *accepted);

/* Whether an error that hostile bytes provoked is a good one: of a kind that is meant for it, one line, sound UTF-8,
   with the offset if the bytes are malformed behind the header. */
const char *check_error(const wrl_error_t *error, bool by_engine, const uint8_t *data, size_t size);

/* Looks at all that a module tells of itself. */
const char *walk_module(const wrl_module_t *module);

#endif
