/* Converts between numbers and text. Floats are passed as bits, because passing a float may change a NaN's payload. */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum parse { PARSE_OK, PARSE_SYNTAX, PARSE_RANGE } parse_t;

/* Returns the value of a hexadecimal digit, or 99 for any other character. */
int number_digit(char c);

/* Skips "0x" or "0X". Returns whether it was there. */
bool number_skip_hex(const char **text);

/* Parses an integer of `bits` bits, signed or unsigned, decimal or hexadecimal. `value` receives it in two's
 * complement. */
parse_t number_parse_integer(const char *text, unsigned bits, uint64_t *value);

/* Parses a float of 64 or 32 bits: decimal, hexadecimal, inf, nan, nan:0xPAYLOAD. */
parse_t number_parse_float(const char *text, bool is_64, uint64_t *bits);

/* Writes the shortest text that number_parse_float() turns into the same bits. */
void number_print_float(FILE *out, uint64_t bits, bool is_64);

#endif
