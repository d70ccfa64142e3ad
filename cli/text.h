/* Decodes and prints untrusted UTF-8. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Decodes the character at the start of `data` (`size` > 0) into `code_point`. Returns its length in bytes, or 0 if the
 * first byte does not start a complete, well-formed character. */
size_t text_decode(const char *data, size_t size, uint32_t *code_point);

/* Returns whether the whole text is well-formed. */
bool text_is_utf8(const char *data, size_t size);

/* Writes text so that a terminal shows all of it, like the library's messages: each byte of a character for which
 * wrl_is_hidden() returns true, or of malformed UTF-8, is written as \HH, and '\' as '\\'. */
void text_print(FILE *out, const char *data, size_t size);

/* Like text_print(), but in double quotes, and with quotes in the text written as \". */
void text_print_quoted(FILE *out, const char *data, size_t size);

#endif
