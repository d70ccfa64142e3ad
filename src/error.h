/* Makers of errors for the core's own use. */
#ifndef WRL_SRC_ERROR_H
#define WRL_SRC_ERROR_H

#include "text.h"

/* The preallocated error: giving it out cannot fail, deleting it does nothing. */
wrl_error_t *wrl_error_out_of_memory(void);

/* As wrl_error_newf(), for formats without floats. */
wrl_error_t *wrl_error_format(wrl_error_kind_t kind, const char *format, ...) WRL_PRINTF(2, 3);

/* WRL_ERROR_INVALID_ARGUMENT: "NAME: words". `name` is the parameter's name in the header. */
wrl_error_t *wrl_error_argument(const char *name, const char *format, ...) WRL_PRINTF(2, 3);

/* "NAME is NULL" */
wrl_error_t *wrl_error_null(const char *name);

/*
 * NULL, or the error for a size in bytes that no object has: what claims it is a mistake (a negative number, mostly),
 * and reading so far would leave the object.
 */
wrl_error_t *wrl_error_impossible_size(const char *name, size_t size);

/* NULL, or the error for a config whose size is not the library's; `noun` is the object's in capitals. */
wrl_error_t *wrl_error_config_size(size_t size, size_t expected, const char *noun);

/* An error whose message is the text. Frees the text. If the text failed, out of memory. */
wrl_error_t *wrl_error_from_text(wrl_error_kind_t kind, wrl_text_t *text);

/* Puts words before the message of an error that a backend made. Returns the error. */
wrl_error_t *wrl_error_prefix(wrl_error_t *error, const char *format, ...) WRL_PRINTF(2, 3);

/* What backends use, see wrl_core_t. */
wrl_error_t *wrl_error_from_backend(wrl_error_kind_t kind, wrl_trap_code_t code, const char *words, size_t size);
void wrl_error_add_frame(wrl_error_t *error, const wrl_frame_t *frame);

#endif
