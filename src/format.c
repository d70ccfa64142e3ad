/* The library's own formatter. The C library's formatter with floats would be an eighth of a web page's program. Its
 * formatter without floats does not work everywhere: Emscripten 3.1.6's vsniprintf writes through NULL if its buffer is
 * too small. */
#include "text.h"

#include <string.h>

/* A va_list that is a parameter may be a pointer. Functions can pass on the address of this struct instead. */
typedef struct arguments {
    va_list list;
} arguments_t;

/* The modifiers between the percent sign and the conversion. */
typedef struct modifiers {
    size_t digits; /* The minimum number of digits. */
    bool is_size;
    unsigned longs;
} modifiers_t;

static void add_number(wrl_text_t *text, unsigned long long value, unsigned base, size_t digits)
{
    char buffer[20]; /* 2^64 - 1 has 20 digits. */
    size_t at = sizeof buffer;
    do {
        buffer[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value || sizeof buffer - at < digits);
    wrl__text_add_bytes(text, buffer + at, sizeof buffer - at);
}

static unsigned long long take_unsigned(arguments_t *arguments, modifiers_t modifiers)
{
    if (modifiers.is_size) {
        return va_arg(arguments->list, size_t);
    }
    if (modifiers.longs == 0) {
        return va_arg(arguments->list, unsigned);
    }
    return modifiers.longs == 1 ? va_arg(arguments->list, unsigned long) : va_arg(arguments->list, unsigned long long);
}

static long long take_signed(arguments_t *arguments, modifiers_t modifiers)
{
    if (modifiers.longs == 0) {
        return va_arg(arguments->list, int);
    }
    return modifiers.longs == 1 ? va_arg(arguments->list, long) : va_arg(arguments->list, long long);
}

static void add_signed(wrl_text_t *text, long long value)
{
    if (value < 0) {
        wrl__text_add(text, "-");
    }
    add_number(text, value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value, 10, 1);
}

static void add_char(wrl_text_t *text, char c)
{
    wrl__text_add_bytes(text, &c, 1);
}

static const char *take_modifiers(const char *format, modifiers_t *modifiers)
{
    *modifiers = (modifiers_t){.digits = 1};
    if (strncmp(format, "02", 2) == 0) {
        modifiers->digits = 2;
        format += 2;
    }
    if (*format == 'z') {
        modifiers->is_size = true;
        return format + 1;
    }
    for (; *format == 'l'; format++) {
        modifiers->longs++;
    }
    return format;
}

/* Adds all conversions but those of unsigned numbers. Returns false for an unknown conversion. */
static bool add_plain(wrl_text_t *text, char conversion, modifiers_t modifiers, arguments_t *arguments)
{
    if (modifiers.digits > 1 || modifiers.is_size || (modifiers.longs && conversion != 'd')) {
        return false;
    }
    switch (conversion) {
    case 'c':
        add_char(text, (char)va_arg(arguments->list, int));
        return true;
    case 'd':
        add_signed(text, take_signed(arguments, modifiers));
        return true;
    case 's':
        wrl__text_add(text, va_arg(arguments->list, const char *));
        return true;
    default:
        return false;
    }
}

/* Adds one conversion. Returns the text after it, or NULL for an unknown conversion. */
static const char *add_conversion(wrl_text_t *text, const char *format, arguments_t *arguments)
{
    modifiers_t modifiers;
    format = take_modifiers(format, &modifiers);
    if (*format == 'u' || *format == 'x') {
        add_number(text, take_unsigned(arguments, modifiers), *format == 'u' ? 10 : 16, modifiers.digits);
    } else if (!add_plain(text, *format, modifiers, arguments)) {
        return NULL;
    }
    return format + 1;
}

void wrl__text_addv(wrl_text_t *text, const char *format, va_list arguments)
{
    arguments_t taken;
    va_copy(taken.list, arguments);
    while (format) {
        const char *sign = strchr(format, '%');
        wrl__text_add_bytes(text, format, sign ? (size_t)(sign - format) : strlen(format));
        format = sign ? add_conversion(text, sign + 1, &taken) : NULL;
    }
    va_end(taken.list);
}

void wrl__text_addf(wrl_text_t *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    wrl__text_addv(text, format, arguments);
    va_end(arguments);
}
