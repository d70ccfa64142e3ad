/* Messages, built up in a buffer. What does not fit is cut off. */
#ifndef SPEC_MESSAGE_H
#define SPEC_MESSAGE_H

#include "script.h"
#include "wrl.h"

enum { SPEC_MESSAGE_SIZE = 600 };

typedef struct spec_message {
    char data[SPEC_MESSAGE_SIZE]; /* NUL-terminated. */
    size_t size;
} spec_message_t;

void spec_message_clear(spec_message_t *text);
void spec_message_add(spec_message_t *text, const char *format, ...) WRL_PRINTF(2, 3);

/* In double quotes, with what is not plain ASCII as \xHH. */
void spec_message_add_quoted(spec_message_t *text, spec_bytes_t bytes);

/* An error's kind, and its message where that says more. */
void spec_message_add_error(spec_message_t *text, const wrl_error_t *error);

#endif
