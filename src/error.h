/* Constructors of errors, for the core. */
#ifndef WRL_SRC_ERROR_H
#define WRL_SRC_ERROR_H

#include "text.h"
#include "wrl/error.h"

/* Returns the static out-of-memory error. Deleting it has no effect. */
wrl_error_t *wrl__error_out_of_memory(void);

/* Makes an error as wrl_error_newf() does, from a format that wrl__text_addf() supports. */
wrl_error_t *wrl__error_format(wrl_error_kind_t kind, const char *format, ...) WRL_PRINTF(2, 3);

/* Makes WRL_ERROR_INVALID_ARGUMENT with a message "NAME: ...". `name` is the parameter's name in the header. */
wrl_error_t *wrl__error_argument(const char *name, const char *format, ...) WRL_PRINTF(2, 3);

/* Makes WRL_ERROR_INVALID_ARGUMENT with the message "NAME: is NULL". */
wrl_error_t *wrl__error_null(const char *name);

/* Returns NULL, or the error for a size in bytes that is larger than any object. Such a size is a mistake, usually a
 * negative number. The library refuses the size, because reading that many bytes would run beyond the end of the
 * object. */
wrl_error_t *wrl__error_impossible_size(const char *name, size_t size);

/* Returns NULL, or the error for a config whose size is not the expected one. `noun` is the object's name in
 * capitals. */
wrl_error_t *wrl__error_config_size(size_t size, size_t expected, const char *noun);

/* Makes an error with the text as its message, or returns out of memory if the text failed. Frees the text. */
wrl_error_t *wrl__error_from_text(wrl_error_kind_t kind, wrl_text_t *text);

/* Adds a prefix to the message of an error. Returns the error, unchanged if memory runs out. */
wrl_error_t *wrl__error_prefix(wrl_error_t *error, const char *format, ...) WRL_PRINTF(2, 3);

/* wrl_core_t::error and wrl_core_t::error_add_frame. */
wrl_error_t *wrl__error_from_backend(wrl_error_kind_t kind, wrl_trap_code_t code, const char *words, size_t size);
void wrl__error_add_frame(wrl_error_t *error, const wrl_frame_t *frame);

#endif
