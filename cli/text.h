/* UTF-8, read with suspicion. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The length of the character at the start of `data` (`size` > 0), which goes to `code_point`; 0 if the first byte does
 * not start a whole, well-formed character. */
size_t text_decode(const char *data, size_t size, uint32_t *code_point);

/* Whether all of it is well-formed. */
bool text_is_utf8(const char *data, size_t size);

/* Writes text so that a terminal shows it as it is, in the way of the library's messages: each byte of what
 * wrl_is_hidden() tells, or of what is not UTF-8, is written as \HH, and '\' as '\\'. */
void text_print(FILE *out, const char *data, size_t size);

/* As text_print(), in double quotes, with those inside written as \". */
void text_print_quoted(FILE *out, const char *data, size_t size);

#endif
