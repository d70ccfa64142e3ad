#include "binary/reader.h"

#include "alloc.h"
#include "error.h"
#include "utf8.h"

#include <string.h>

void wrl__reader_fail(wrl_reader_t *r, wrl_error_kind_t kind, size_t offset, const char *format, ...)
{
    if (r->error) {
        return;
    }
    wrl_text_t text = {0};
    wrl__text_addf(&text, "%s at offset 0x%zx, in the %s %s: ",
                   kind == WRL_ERROR_MALFORMED ? "malformed module"
                   : kind == WRL_ERROR_INVALID ? "invalid module"
                                               : "module limit exceeded",
                   offset, r->part, r->form);
    va_list arguments;
    va_start(arguments, format);
    wrl__text_addv(&text, format, arguments);
    va_end(arguments);
    r->error = wrl__error_from_text(kind, &text);
}

void wrl__reader_fail_memory(wrl_reader_t *r)
{
    if (!r->error) {
        r->error = wrl__error_out_of_memory();
    }
}

uint8_t wrl__read_byte(wrl_reader_t *r)
{
    if (wrl__reader_rest(r) == 0) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, r->offset, "it ends too early");
        return 0;
    }
    return r->bytes[r->offset++];
}

const uint8_t *wrl__read_bytes(wrl_reader_t *r, size_t size)
{
    if (wrl__reader_rest(r) < size) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, r->offset, "it ends %zu bytes too early", size - wrl__reader_rest(r));
        return NULL;
    }
    const uint8_t *bytes = r->bytes + r->offset;
    r->offset += size;
    return bytes;
}

uint64_t wrl__read_unsigned(wrl_reader_t *r, unsigned bits)
{
    size_t start = r->offset;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        uint8_t byte = wrl__read_byte(r);
        unsigned left = bits - shift;
        if (left < 7 && (byte & 0x7F) >> left) {
            wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "an integer is too large for %u bits", bits);
            return 0;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            return value;
        }
    }
    wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "an integer has too many bytes for %u bits", bits);
    return 0;
}

int64_t wrl__read_signed(wrl_reader_t *r, unsigned bits)
{
    size_t start = r->offset;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        uint8_t byte = wrl__read_byte(r);
        value |= (uint64_t)(byte & 0x7F) << shift;
        unsigned left = bits - shift;
        if (left < 7) {
            /* The bits beyond the number must repeat its sign. */
            uint8_t extension = (uint8_t)((byte & 0x7F) >> (left - 1));
            if (extension != 0 && extension != 0x7F >> (left - 1)) {
                wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "an integer is too large for %u bits", bits);
                return 0;
            }
        }
        if (!(byte & 0x80)) {
            if (shift + 7 < 64 && byte & 0x40) {
                value |= UINT64_MAX << (shift + 7);
            }
            int64_t result;
            memcpy(&result, &value, sizeof result);
            return result;
        }
    }
    wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "an integer has too many bytes for %u bits", bits);
    return 0;
}

uint32_t wrl__read_u32(wrl_reader_t *r)
{
    return (uint32_t)wrl__read_unsigned(r, 32);
}

uint32_t wrl__read_count(wrl_reader_t *r, size_t least)
{
    size_t start = r->offset;
    uint32_t count = wrl__read_u32(r);
    if (count > wrl__reader_rest(r) / least) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "a count of %lu is more than the bytes left",
                         (unsigned long)count);
        return 0;
    }
    return count;
}

wrl_name_t wrl__read_name(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t size = wrl__read_u32(r);
    const uint8_t *bytes = wrl__read_bytes(r, size);
    if (bytes && !wrl__utf8_valid(bytes, size)) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "a name is not UTF-8");
        bytes = NULL;
    }
    wrl_name_t name = {(const char *)bytes, bytes ? size : 0};
    return name;
}

uint32_t wrl__reader_keep(wrl_reader_t *r, const void *bytes, size_t size)
{
    uint32_t place = (uint32_t)r->info->pool_size;
    if (r->info->pool_capacity - r->info->pool_size < size) {
        wrl__reader_fail_memory(r);
    }
    if (!r->error) {
        if (size) {
            memcpy(r->info->pool + place, bytes, size);
        }
        r->info->pool_size += size;
    }
    return place;
}

uint32_t wrl__read_string(wrl_reader_t *r, uint32_t *size)
{
    wrl_name_t name = wrl__read_name(r);
    *size = (uint32_t)name.size;
    uint32_t place = wrl__reader_keep(r, name.data, name.size);
    (void)wrl__reader_keep(r, "", 1);
    return place;
}

void *wrl__reader_array(wrl_reader_t *r, size_t count, size_t item_size)
{
    void *items = r->error ? NULL : wrl__alloc_array(count, item_size);
    if (!items) {
        wrl__reader_fail_memory(r);
    }
    return items;
}
