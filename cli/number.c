#include "number.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int number_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return 99;
}

static bool skip_sign(const char **text)
{
    bool negative = **text == '-';
    if (negative || **text == '+') {
        (*text)++;
    }
    return negative;
}

bool number_skip_hex(const char **text)
{
    bool hex = (*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X');
    if (hex) {
        *text += 2;
    }
    return hex;
}

/* Parses a number without a sign. Continues after an overflow, because syntax errors take precedence. */
static parse_t parse_magnitude(const char *text, unsigned base, uint64_t *magnitude)
{
    uint64_t value = 0;
    bool overflow = false;
    if (*text == '\0') {
        return PARSE_SYNTAX;
    }
    for (; *text != '\0'; text++) {
        unsigned digit = (unsigned)number_digit(*text);
        if (digit >= base) {
            return PARSE_SYNTAX;
        }
        overflow = overflow || value > (UINT64_MAX - digit) / base;
        value = value * base + digit;
    }
    *magnitude = value;
    return overflow ? PARSE_RANGE : PARSE_OK;
}

parse_t number_parse_integer(const char *text, unsigned bits, uint64_t *value)
{
    uint64_t magnitude;
    bool negative = skip_sign(&text);
    unsigned base = number_skip_hex(&text) ? 16 : 10;
    parse_t parse = parse_magnitude(text, base, &magnitude);
    if (parse != PARSE_OK) {
        return parse;
    }
    uint64_t max = negative ? (uint64_t)1 << (bits - 1) : UINT64_MAX >> (64 - bits);
    if (magnitude > max) {
        return PARSE_RANGE;
    }
    *value = negative ? 0 - magnitude : magnitude;
    return PARSE_OK;
}

static uint64_t mantissa_mask(bool is_64)
{
    return is_64 ? UINT64_C(0xfffffffffffff) : UINT64_C(0x7fffff);
}

static uint64_t exponent_mask(bool is_64)
{
    return is_64 ? UINT64_C(0x7ff) << 52 : UINT64_C(0xff) << 23;
}

/* Returns the mantissa of the canonical NaN, in which only the highest bit is set. */
static uint64_t canonical_mantissa(bool is_64)
{
    return is_64 ? UINT64_C(1) << 51 : UINT64_C(1) << 22;
}

static parse_t parse_nan(const char *text, bool is_64, uint64_t *bits)
{
    uint64_t mantissa = canonical_mantissa(is_64);
    if (*text != '\0') {
        if (*text++ != ':' || !number_skip_hex(&text)) {
            return PARSE_SYNTAX;
        }
        parse_t parse = parse_magnitude(text, 16, &mantissa);
        if (parse != PARSE_OK) {
            return parse;
        }
        if (mantissa == 0 || mantissa > mantissa_mask(is_64)) {
            return PARSE_RANGE;
        }
    }
    *bits = exponent_mask(is_64) | mantissa;
    return PARSE_OK;
}

static parse_t parse_finite(const char *text, bool is_64, uint64_t *bits)
{
    char *end;
    bool overflow;
    /* strtod() would also accept spaces, a second sign and words. */
    if (*text != '.' && number_digit(*text) > 9) {
        return PARSE_SYNTAX;
    }
    if (is_64) {
        double value = strtod(text, &end);
        overflow = isinf(value);
        memcpy(bits, &value, sizeof value);
    } else {
        float value = strtof(text, &end);
        overflow = isinf(value);
        uint32_t word;
        memcpy(&word, &value, sizeof word);
        *bits = word;
    }
    if (*end != '\0' || end == text) {
        return PARSE_SYNTAX;
    }
    return overflow ? PARSE_RANGE : PARSE_OK;
}

parse_t number_parse_float(const char *text, bool is_64, uint64_t *bits)
{
    bool negative = skip_sign(&text);
    parse_t parse = PARSE_OK;
    if (strcmp(text, "inf") == 0 || strcmp(text, "infinity") == 0) {
        *bits = exponent_mask(is_64);
    } else if (strncmp(text, "nan", 3) == 0) {
        parse = parse_nan(text + 3, is_64, bits);
    } else {
        parse = parse_finite(text, is_64, bits);
    }
    if (parse == PARSE_OK && negative) {
        *bits |= is_64 ? UINT64_C(1) << 63 : UINT64_C(1) << 31;
    }
    return parse;
}

/* Writes a number in scientific notation, with the fewest significant digits that read back as the same number. Returns
 * their number. */
static int shorten(char *text, size_t size, double value, bool is_64)
{
    int most = is_64 ? 17 : 9; /* Enough for any number of the type. */
    int digits = 0;
    do {
        snprintf(text, size, "%.*e", digits++, value);
    } while (digits < most && (is_64 ? strtod(text, NULL) != value : (double)strtof(text, NULL) != value));
    return digits;
}

static void print_finite(FILE *out, double value, bool is_64)
{
    char text[40];
    int digits = shorten(text, sizeof text, value, is_64);
    int exponent = atoi(strchr(text, 'e') + 1);
    if (exponent < -5 || exponent > 15) {
        fputs(text, out);
    } else {
        /* Prints the shortened number, because a float converted to a double has more digits than it needs. */
        fprintf(out, "%.*f", digits > exponent + 1 ? digits - exponent - 1 : 0, strtod(text, NULL));
    }
}

void number_print_float(FILE *out, uint64_t bits, bool is_64)
{
    uint64_t mantissa = bits & mantissa_mask(is_64);
    bool negative = (bits >> (is_64 ? 63 : 31)) != 0;
    if ((bits & exponent_mask(is_64)) == exponent_mask(is_64)) {
        fputs(negative ? "-" : "", out);
        fputs(mantissa == 0 ? "inf" : "nan", out);
        if (mantissa != 0 && mantissa != canonical_mantissa(is_64)) {
            fprintf(out, ":0x%" PRIx64, mantissa);
        }
    } else if (is_64) {
        double value;
        memcpy(&value, &bits, sizeof value);
        print_finite(out, value, true);
    } else {
        uint32_t word = (uint32_t)bits;
        float value;
        memcpy(&value, &word, sizeof value);
        print_finite(out, (double)value, false);
    }
}
