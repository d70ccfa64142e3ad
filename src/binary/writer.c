#include "binary/writer.h"

#include "binary/format.h"

#include <string.h>

/* Sizes are written as LEB128 of fixed length, because they are known late. */
#define SIZE_BYTES 4

static bool reserve(wrl_writer_t *bytes, size_t more)
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

void wrl__put(wrl_writer_t *bytes, unsigned byte)
{
    if (reserve(bytes, 1)) {
        bytes->data[bytes->size++] = (uint8_t)byte;
    }
}

void wrl__put_all(wrl_writer_t *bytes, const uint8_t *data, size_t size)
{
    if (size && reserve(bytes, size)) {
        memcpy(bytes->data + bytes->size, data, size);
        bytes->size += size;
    }
}

void wrl__put_u32(wrl_writer_t *bytes, uint32_t value)
{
    for (; value > 0x7f; value >>= 7) {
        wrl__put(bytes, (value & 0x7f) | 0x80);
    }
    wrl__put(bytes, value);
}

void wrl__put_u64(wrl_writer_t *bytes, uint64_t value)
{
    for (; value > 0x7f; value >>= 7) {
        wrl__put(bytes, (unsigned)(value & 0x7f) | 0x80);
    }
    wrl__put(bytes, (unsigned)value);
}

void wrl__put_i32(wrl_writer_t *bytes, int32_t value)
{
    int64_t rest = value;
    while (rest < -0x40 || rest > 0x3f) {
        wrl__put(bytes, (unsigned)(rest & 0x7f) | 0x80);
        rest >>= 7;
    }
    wrl__put(bytes, (unsigned)(rest & 0x7f));
}

void wrl__put_text(wrl_writer_t *bytes, const char *text)
{
    size_t size = strlen(text);
    wrl__put_u32(bytes, (uint32_t)size);
    wrl__put_all(bytes, (const uint8_t *)text, size);
}

void wrl__put_names(wrl_writer_t *bytes, uint32_t first, uint32_t count, const char *const *names, size_t step)
{
    wrl__put(bytes, SECTION_CUSTOM);
    size_t section = wrl__put_begin(bytes);
    wrl__put_text(bytes, "name");
    wrl__put(bytes, NAMES_OF_FUNCTIONS);
    size_t part = wrl__put_begin(bytes);
    wrl__put_u32(bytes, count);
    for (uint32_t i = 0; i < count; i++, names += step) {
        wrl__put_u32(bytes, first + i);
        wrl__put_text(bytes, *names);
    }
    wrl__put_end(bytes, part);
    wrl__put_end(bytes, section);
}

size_t wrl__put_begin(wrl_writer_t *bytes)
{
    for (int i = 0; i < SIZE_BYTES; i++) {
        wrl__put(bytes, 0);
    }
    return bytes->size;
}

void wrl__put_end(wrl_writer_t *bytes, size_t beginning)
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

void wrl__put_header(wrl_writer_t *bytes)
{
    static const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    wrl__put_all(bytes, header, sizeof header);
}
