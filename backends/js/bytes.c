/* Writing modules of wasm. */
#include "backend.h"
#include "binary/format.h"

#include <string.h>

/* Sizes are written as LEB128 of fixed length, since they are known late. */
#define SIZE_BYTES 4

static bool reserve(js_bytes_t *bytes, size_t more)
{
    if (bytes->failed || bytes->capacity - bytes->size >= more) {
        return !bytes->failed;
    }
    size_t capacity = 2 * (bytes->size + more) + 256;
    uint8_t *data = (uint8_t *)bytes->core->alloc(capacity);
    if (!data) {
        bytes->failed = true;
        return false;
    }
    if (bytes->size) {
        memcpy(data, bytes->data, bytes->size);
    }
    bytes->core->free(bytes->data);
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

void js_put(js_bytes_t *bytes, unsigned byte)
{
    if (reserve(bytes, 1)) {
        bytes->data[bytes->size++] = (uint8_t)byte;
    }
}

void js_put_all(js_bytes_t *bytes, const uint8_t *data, size_t size)
{
    if (size && reserve(bytes, size)) {
        memcpy(bytes->data + bytes->size, data, size);
        bytes->size += size;
    }
}

void js_put_u32(js_bytes_t *bytes, uint32_t value)
{
    for (; value > 0x7f; value >>= 7) {
        js_put(bytes, (value & 0x7f) | 0x80);
    }
    js_put(bytes, value);
}

void js_put_i32(js_bytes_t *bytes, int32_t value)
{
    int64_t rest = value;
    while (rest < -0x40 || rest > 0x3f) {
        js_put(bytes, (unsigned)(rest & 0x7f) | 0x80);
        rest >>= 7;
    }
    js_put(bytes, (unsigned)(rest & 0x7f));
}

void js_put_text(js_bytes_t *bytes, const char *text)
{
    size_t size = strlen(text);
    js_put_u32(bytes, (uint32_t)size);
    js_put_all(bytes, (const uint8_t *)text, size);
}

void js_put_names(js_bytes_t *bytes, uint32_t first, uint32_t count, const char *const *names, size_t step)
{
    js_put(bytes, SECTION_CUSTOM);
    size_t section = js_begin(bytes);
    js_put_text(bytes, "name");
    js_put(bytes, NAMES_OF_FUNCTIONS);
    size_t part = js_begin(bytes);
    js_put_u32(bytes, count);
    for (uint32_t i = 0; i < count; i++, names += step) {
        js_put_u32(bytes, first + i);
        js_put_text(bytes, *names);
    }
    js_end(bytes, part);
    js_end(bytes, section);
}

size_t js_begin(js_bytes_t *bytes)
{
    for (int i = 0; i < SIZE_BYTES; i++) {
        js_put(bytes, 0);
    }
    return bytes->size;
}

void js_end(js_bytes_t *bytes, size_t beginning)
{
    if (bytes->failed) {
        return;
    }
    size_t size = bytes->size - beginning;
    for (int i = 0; i < SIZE_BYTES; i++) {
        unsigned more = i + 1 < SIZE_BYTES ? 0x80 : 0;
        bytes->data[beginning - SIZE_BYTES + (size_t)i] = (uint8_t)(((size >> (7 * i)) & 0x7f) | more);
    }
}

void js_put_header(js_bytes_t *bytes)
{
    static const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    js_put_all(bytes, header, sizeof header);
}
