/*
 * Reads a module of unknown origin. Every byte is checked, and every mistake becomes an error that names its position.
 * Each of the files beside this one reads a part: types.c, expression.c, imports.c, items.c, exports.c, segments.c,
 * sections.c, name_section.c. For modules that were read before, cursor.h is faster.
 */
#ifndef WRL_SRC_BINARY_READER_H
#define WRL_SRC_BINARY_READER_H

#include "binary/module_info.h"
#include "compiler.h"
#include "text.h"

/*
 * A position in the bytes. The first error stops the reader: from then on all reads return zeros, and `error` is set.
 * Callers may therefore check once after several reads.
 */
typedef struct wrl_reader {
    const uint8_t *bytes;
    size_t offset;
    size_t end; /* Of the section that is being read. */
    wrl_module_info_t *info;
    const char *part; /* For messages: what is being read, such as "type", */
    const char *form; /* and what that is, such as "section". */
    wrl_error_t *error;
    size_t section; /* The offset of the section that is being read. */
} wrl_reader_t;

void wrl__reader_fail(wrl_reader_t *r, wrl_error_kind_t kind, size_t offset, const char *format, ...) WRL_PRINTF(4, 5);
void wrl__reader_fail_memory(wrl_reader_t *r);

/* Returns how many bytes are left; 0 after an error. */
static inline size_t wrl__reader_rest(const wrl_reader_t *r)
{
    return r->error ? 0 : r->end - r->offset;
}

/* Refuses more of something than the JS API allows a module to have (its section "Implementation-defined Limits"). On
 * JS hosts the engine does this. */
static inline void wrl__reader_check_most(wrl_reader_t *r, size_t start, uint64_t count, uint32_t most,
                                          const char *what)
{
    if (WRL_COMPILES_HERE && count > most) {
        wrl__reader_fail(r, WRL_ERROR_RESOURCE_LIMIT, start, "%llu %s, more than %lu", (unsigned long long)count, what,
                         (unsigned long)most);
    }
}

uint8_t wrl__read_byte(wrl_reader_t *r);
const uint8_t *wrl__read_bytes(wrl_reader_t *r, size_t size);
/* Reads an LEB128 number (core specification 5.2.2): at most ceil(bits / 7) bytes, with no bits set beyond the number's
 * own. */
uint64_t wrl__read_unsigned(wrl_reader_t *r, unsigned bits);
int64_t wrl__read_signed(wrl_reader_t *r, unsigned bits);
uint32_t wrl__read_u32(wrl_reader_t *r);
/* Reads a count of entries that take at least `least` bytes each. Refuses a count that needs more bytes than are
 * left. */
uint32_t wrl__read_count(wrl_reader_t *r, size_t least);
/* Reads a name (core specification 5.2.4), which is borrowed from the module's bytes. */
wrl_name_t wrl__read_name(wrl_reader_t *r);

/* Copies bytes to the pool, and returns their position. wrl__module_info_read() has made the pool large enough. */
uint32_t wrl__reader_keep(wrl_reader_t *r, const void *bytes, size_t size);
/* Reads a name, and copies it to the pool with a NUL. The pool has space for the NUL because the encoded size is not
 * copied. Returns the position of the name in the pool. */
uint32_t wrl__read_string(wrl_reader_t *r, uint32_t *size);
/* Allocates an array of the info. Fails if memory runs out. */
void *wrl__reader_array(wrl_reader_t *r, size_t count, size_t item_size);

#endif
