/*
 * Reading a module of unknown origin: every byte is checked, and what is wrong becomes an error that names the place.
 * The files beside this one read a part each: types.c, expression.c, imports.c, items.c, exports.c, segments.c,
 * sections.c, name_section.c. For modules that were read already, cursor.h is quicker.
 */
#ifndef WRL_SRC_BINARY_READER_H
#define WRL_SRC_BINARY_READER_H

#include "binary/module_info.h"
#include "compiler.h"
#include "text.h"

/*
 * A place in the bytes. The first error stops it: from then on all reads give zeros, and `error` is set, so that
 * callers may check once for several reads.
 */
typedef struct wrl_reader {
    const uint8_t *bytes;
    size_t offset;
    size_t end; /* Of the section being read. */
    wrl_module_info_t *info;
    const char *part; /* What is being read, for messages: such as "type" and */
    const char *form; /* "section". */
    wrl_error_t *error;
    size_t section; /* The offset of the section that is read. */
} wrl_reader_t;

void wrl_reader_fail(wrl_reader_t *r, wrl_error_kind_t kind, size_t offset, const char *format, ...) WRL_PRINTF(4, 5);
void wrl_reader_fail_memory(wrl_reader_t *r);

/* How many bytes are left; none after an error. */
static inline size_t wrl_reader_rest(const wrl_reader_t *r)
{
    return r->error ? 0 : r->end - r->offset;
}

/* Refuses more of something than the JS API lets a module have (its section "Implementation-defined Limits"). On JS
 * hosts the engine does so. */
static inline void wrl_reader_check_most(wrl_reader_t *r, size_t start, uint64_t count, uint32_t most, const char *what)
{
    if (WRL_COMPILES_HERE && count > most) {
        wrl_reader_fail(r, WRL_ERROR_RESOURCE_LIMIT, start, "%llu %s, more than %lu", (unsigned long long)count, what,
                        (unsigned long)most);
    }
}

uint8_t wrl_read_byte(wrl_reader_t *r);
const uint8_t *wrl_read_bytes(wrl_reader_t *r, size_t size);
/* LEB128, core specification 5.2.2: at most ceil(bits / 7) bytes, and no bits set beyond the number's own. */
uint64_t wrl_read_unsigned(wrl_reader_t *r, unsigned bits);
int64_t wrl_read_signed(wrl_reader_t *r, unsigned bits);
uint32_t wrl_read_u32(wrl_reader_t *r);
/* A count of things that take at least `least` bytes each: a count beyond the bytes left is refused. */
uint32_t wrl_read_count(wrl_reader_t *r, size_t least);
/* A name, core specification 5.2.4, borrowed from the module's bytes. */
wrl_name_t wrl_read_name(wrl_reader_t *r);

/* Copies to the pool, which has space for it: wrl_module_info_read() has seen to that. Returns its place. */
uint32_t wrl_reader_keep(wrl_reader_t *r, const void *bytes, size_t size);
/* As wrl_read_name(), copied to the pool with a NUL, which takes the space of the size before it. */
uint32_t wrl_read_string(wrl_reader_t *r, uint32_t *size);
/* Makes an array of the info; fails without memory. */
void *wrl_reader_array(wrl_reader_t *r, size_t count, size_t item_size);

#endif
