/* Messages in a fixed buffer. Text that does not fit is cut off. */
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

/* Adds bytes in double quotes. All but plain ASCII is written as \xHH. */
void spec_message_add_quoted(spec_message_t *text, spec_bytes_t bytes);

/* Adds an error's kind, a trap's code, and the message. */
void spec_message_add_error(spec_message_t *text, const wrl_error_t *error);

#endif
