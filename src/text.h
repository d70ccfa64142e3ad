/* A string that grows, for messages. It records whether memory ran out. */
#ifndef WRL_SRC_TEXT_H
#define WRL_SRC_TEXT_H

#include "wrl/base.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct wrl_text {
    char *data; /* NUL-terminated. NULL until something is added. */
    size_t size;
    size_t capacity;
    bool failed;   /* Memory ran out. */
    bool is_whole; /* Whether long lists of types are kept whole. Messages shorten them. */
} wrl_text_t;

void wrl__text_add(wrl_text_t *text, const char *words);
void wrl__text_add_bytes(wrl_text_t *text, const char *bytes, size_t size);
/* Add text from a format string of the library, with the conversions %c, %s, %d, %u, %x and %02x; %d, %u and %x also
 * with l or ll, %u and %x with z (format.c). */
void wrl__text_addf(wrl_text_t *text, const char *format, ...) WRL_PRINTF(2, 3);
void wrl__text_addv(wrl_text_t *text, const char *format, va_list arguments);
/* Adds text from a format string of the program, which may contain every conversion of printf(). Returns false, and
 * adds nothing, if formatting fails. */
bool wrl__text_addv_any(wrl_text_t *text, const char *format, va_list arguments);

/* Adds a name of unknown origin in double quotes. Escapes the characters of wrl/hidden.h and invalid UTF-8. Shortens a
 * very long name. */
void wrl__text_add_quoted(wrl_text_t *text, const char *name, size_t size);

/* Adds text of unknown origin, such as an engine's message, on one line. Trims it, and replaces hidden characters,
 * invalid UTF-8 and runs of spaces by one space. Shortens a very long text. */
void wrl__text_add_words(wrl_text_t *text, const char *words, size_t size);

void wrl__text_free(wrl_text_t *text);

#endif
