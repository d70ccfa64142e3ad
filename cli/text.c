#include "text.h"

#include <wrl/hidden.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t text_decode(const char *data, size_t size, uint32_t *code_point)
{
    const unsigned char *bytes = (const unsigned char *)data;
    unsigned char first = bytes[0];
    if (first < 0x80) {
        *code_point = first;
        return 1;
    }
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size < length) {
        return 0;
    }
    uint32_t value = first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(bytes[i])) {
            return 0;
        }
        value = value << 6 | (bytes[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return 0;
    }
    *code_point = value;
    return length;
}

bool text_is_utf8(const char *data, size_t size)
{
    uint32_t code_point;
    for (size_t i = 0; i < size;) {
        size_t length = text_decode(data + i, size - i, &code_point);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

/* Escapes like the library's messages. */
static void print(FILE *out, const char *data, size_t size, bool quoted)
{
    uint32_t c;
    for (size_t i = 0; i < size;) {
        size_t length = text_decode(data + i, size - i, &c);
        if (length == 0 || wrl_is_hidden(c)) {
            for (size_t end = i + (length ? length : 1); i < end; i++) {
                fprintf(out, "\\%02x", (unsigned)(unsigned char)data[i]);
            }
            continue;
        }
        if (c == '\\' || (quoted && c == '"')) {
            fputc('\\', out);
        }
        fwrite(data + i, 1, length, out);
        i += length;
    }
}

void text_print(FILE *out, const char *data, size_t size)
{
    print(out, data, size, false);
}

void text_print_quoted(FILE *out, const char *data, size_t size)
{
    fputc('"', out);
    print(out, data, size, true);
    fputc('"', out);
}
