#include "message.h"

#include <stdarg.h>
#include <stdio.h>

void spec_message_clear(spec_message_t *text)
{
    text->data[0] = '\0';
    text->size = 0;
}

void spec_message_add(spec_message_t *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int added = vsnprintf(text->data + text->size, sizeof(text->data) - text->size, format, arguments);
    va_end(arguments);
    if (added > 0) {
        size_t left = sizeof(text->data) - 1 - text->size;
        text->size += (size_t)added < left ? (size_t)added : left;
    }
}

void spec_message_add_quoted(spec_message_t *text, spec_bytes_t bytes)
{
    spec_message_add(text, "\"");
    for (size_t i = 0; i < bytes.size && text->size + 1 < sizeof(text->data); i++) {
        uint8_t byte = bytes.data[i];
        bool plain = byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
        spec_message_add(text, plain ? "%c" : "\\x%02x", byte);
    }
    spec_message_add(text, "\"");
}

void spec_message_add_error(spec_message_t *text, const wrl_error_t *error)
{
    wrl_error_kind_t kind = wrl_error_kind(error);
    spec_message_add(text, "%s", wrl_error_kind_name(kind));
    if (kind == WRL_ERROR_TRAP) {
        spec_message_add(text, " (%s)", wrl_trap_code_name(wrl_error_trap_code(error)));
    }
    spec_message_add(text, ": %s", wrl_error_message(error));
}
