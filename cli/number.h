/* Numbers as text. Floats travel as their bits, since a float in flight may lose a NaN's payload. */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum parse { PARSE_OK, PARSE_SYNTAX, PARSE_RANGE } parse_t;

/* What a hexadecimal digit stands for; 99 for any other character. */
int number_digit(char c);

/* Skips "0x" or "0X" and tells whether it was there. */
bool number_skip_hex(const char **text);

/* An integer of `bits` bits, signed or unsigned, decimal or hexadecimal. `value` gets it in two's complement. */
parse_t number_parse_integer(const char *text, unsigned bits, uint64_t *value);

/* A float of 64 or 32 bits: decimal, hexadecimal, inf, nan, nan:0xPAYLOAD. */
parse_t number_parse_float(const char *text, bool is_64, uint64_t *bits);

/* Writes the shortest text that number_parse_float() turns into the same bits. */
void number_print_float(FILE *out, uint64_t bits, bool is_64);

#endif
