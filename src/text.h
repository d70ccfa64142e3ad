/* Messages in the making: a growing string that remembers whether memory ran out. */
#ifndef WRL_SRC_TEXT_H
#define WRL_SRC_TEXT_H

#include "wrl/error.h"
#include "wrl/type.h"

#include <stdarg.h>

typedef struct wrl_text {
    char *data; /* NUL-terminated once anything was added. */
    size_t size;
    size_t capacity;
    bool failed;
    bool is_whole; /* Lists of types are not cut, as they are in messages. */
} wrl_text_t;

void wrl_text_add(wrl_text_t *text, const char *words);
void wrl_text_add_bytes(wrl_text_t *text, const char *bytes, size_t size);
/* For the layer's own formats: %c, %d, %s, %u, %x, %02x, and with l, ll or z (format.c). */
void wrl_text_addf(wrl_text_t *text, const char *format, ...) WRL_PRINTF(2, 3);
void wrl_text_addv(wrl_text_t *text, const char *format, va_list arguments);
/* For a program's formats. Returns false, and adds nothing, if the format fails. */
bool wrl_text_addv_any(wrl_text_t *text, const char *format, va_list arguments);

/* A name of unknown origin, in double quotes, cut when very long. What wrl/hidden.h names, and broken UTF-8, are
 * escaped. */
void wrl_text_add_quoted(wrl_text_t *text, const char *name, size_t size);

/* Foreign words: trimmed; line ends, what would be escaped in a name, and runs of spaces become one space, cut when
 * very long. */
void wrl_text_add_words(wrl_text_t *text, const char *words, size_t size);

void wrl_text_add_valtype(wrl_text_t *text, wrl_valtype_t type);
void wrl_text_add_functype(wrl_text_t *text, const wrl_functype_t *type);
void wrl_text_add_externtype(wrl_text_t *text, const wrl_externtype_t *type);

void wrl_text_free(wrl_text_t *text);

/* Length of the UTF-8 sequence at the start of the bytes, or 0 if they do not start with a sound one. */
size_t wrl_utf8_sequence(const uint8_t *bytes, size_t size);

/* Whether all the bytes are sound UTF-8. */
bool wrl_utf8_valid(const uint8_t *bytes, size_t size);

#endif
