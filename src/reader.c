#include "reader.h"

#include "alloc.h"
#include "binary/format.h"
#include "compiler.h"
#include "error.h"
#include "type.h"

#include <stdio.h>
#include <string.h>

static const char *const section_names[SECTION_LIMIT] = {
    "custom", "type",  "import",  "function", "table", "memory",     "global",
    "export", "start", "element", "code",     "data",  "data count", "tag",
};

/* The order in which sections must come, as ranks; the numbers alone do not tell it. */
static const uint8_t section_ranks[SECTION_LIMIT] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

/* In bytes: the JS API's limit of a module's size. Places in a module fit into 32 bits. */
#define MAX_MODULE_SIZE (1ul << 30)

/*
 * A place in the bytes. The first error stops it: from then on all reads give zeros, and `failed` is set, so that
 * callers may check once for several reads.
 */
typedef struct reader {
    const uint8_t *bytes;
    size_t offset;
    size_t end;       /* Of the section being read. */
    const char *part; /* What is being read, for messages. */
    wrl_module_info_t *info;
    wrl_error_t *error;
    size_t section; /* The offset of the section that is read. */
} reader_t;

static void fail(reader_t *r, wrl_error_kind_t kind, size_t offset, const char *format, ...) WRL_PRINTF(4, 5);

static void fail(reader_t *r, wrl_error_kind_t kind, size_t offset, const char *format, ...)
{
    if (r->error) {
        return;
    }
    wrl_text_t text = {0};
    wrl_text_addf(&text, "%s at offset 0x%zx, in the %s: ",
                  kind == WRL_ERROR_MALFORMED ? "malformed module"
                  : kind == WRL_ERROR_INVALID ? "invalid module"
                                              : "module beyond a limit",
                  offset, r->part);
    va_list arguments;
    va_start(arguments, format);
    wrl_text_addv(&text, format, arguments);
    va_end(arguments);
    r->error = wrl_error_from_text(kind, &text);
}

static void fail_memory(reader_t *r)
{
    if (!r->error) {
        r->error = wrl_error_out_of_memory();
    }
}

static size_t rest(const reader_t *r)
{
    return r->error ? 0 : r->end - r->offset;
}

static uint8_t read_byte(reader_t *r)
{
    if (rest(r) == 0) {
        fail(r, WRL_ERROR_MALFORMED, r->offset, "it ends too early");
        return 0;
    }
    return r->bytes[r->offset++];
}

static const uint8_t *read_bytes(reader_t *r, size_t size)
{
    if (rest(r) < size) {
        fail(r, WRL_ERROR_MALFORMED, r->offset, "it ends %zu bytes too early", size - rest(r));
        return NULL;
    }
    const uint8_t *bytes = r->bytes + r->offset;
    r->offset += size;
    return bytes;
}

/* LEB128, core specification 5.2.2: at most ceil(bits / 7) bytes, and no bits set beyond the number's own. */
static uint64_t read_unsigned(reader_t *r, unsigned bits)
{
    size_t start = r->offset;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        uint8_t byte = read_byte(r);
        unsigned left = bits - shift;
        if (left < 7 && (byte & 0x7F) >> left) {
            fail(r, WRL_ERROR_MALFORMED, start, "an integer is too large for %u bits", bits);
            return 0;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            return value;
        }
    }
    fail(r, WRL_ERROR_MALFORMED, start, "an integer is longer than %u bits need", bits);
    return 0;
}

static int64_t read_signed(reader_t *r, unsigned bits)
{
    size_t start = r->offset;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        uint8_t byte = read_byte(r);
        value |= (uint64_t)(byte & 0x7F) << shift;
        unsigned left = bits - shift;
        if (left < 7) {
            /* The bits beyond the number must repeat its sign. */
            uint8_t extension = (uint8_t)((byte & 0x7F) >> (left - 1));
            if (extension != 0 && extension != 0x7F >> (left - 1)) {
                fail(r, WRL_ERROR_MALFORMED, start, "an integer is too large for %u bits", bits);
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
    fail(r, WRL_ERROR_MALFORMED, start, "an integer is longer than %u bits need", bits);
    return 0;
}

static uint32_t read_u32(reader_t *r)
{
    return (uint32_t)read_unsigned(r, 32);
}

/* A count of things that take at least so many bytes each: a larger one than there are bytes is refused before it is
 * used. */
static uint32_t read_count(reader_t *r, size_t least)
{
    size_t start = r->offset;
    uint32_t count = read_u32(r);
    if (count > rest(r) / least) {
        fail(r, WRL_ERROR_MALFORMED, start, "a count of %lu is more than the bytes left", (unsigned long)count);
        return 0;
    }
    return count;
}

/* A name, core specification 5.2.4, lent from the module's bytes. */
static wrl_name_t read_name(reader_t *r)
{
    size_t start = r->offset;
    uint32_t size = read_u32(r);
    const uint8_t *bytes = read_bytes(r, size);
    if (bytes && !wrl_utf8_valid(bytes, size)) {
        fail(r, WRL_ERROR_MALFORMED, start, "a name is not UTF-8");
        bytes = NULL;
    }
    wrl_name_t name = {(const char *)bytes, bytes ? size : 0};
    return name;
}

/* Refuses more of something than the JS API lets a module have (its section "Implementation-defined Limits"). On JS
 * hosts the engine does so. */
static inline void check_most(reader_t *r, size_t start, uint64_t count, uint32_t most, const char *what)
{
    if (WRL_COMPILES_HERE && count > most) {
        fail(r, WRL_ERROR_RESOURCE_LIMIT, start, "%llu %s, more than %lu", (unsigned long long)count, what,
             (unsigned long)most);
    }
}

/* Copies to the pool, which has space for it: make_pool() has seen to that. Returns its place. */
static uint32_t keep(reader_t *r, const void *bytes, size_t size)
{
    uint32_t place = (uint32_t)r->info->pool_size;
    if (r->info->pool_capacity - r->info->pool_size < size) {
        fail_memory(r);
    }
    if (!r->error) {
        if (size) {
            memcpy(r->info->pool + place, bytes, size);
        }
        r->info->pool_size += size;
    }
    return place;
}

/* As read_name(), copied to the pool with a NUL, which takes the space of the size before it. */
static uint32_t read_string(reader_t *r, uint32_t *size)
{
    wrl_name_t name = read_name(r);
    *size = (uint32_t)name.size;
    uint32_t place = keep(r, name.data, name.size);
    (void)keep(r, "", 1);
    return place;
}

/* Makes an array of the info; fails without memory. */
static void *make_array(reader_t *r, size_t count, size_t item_size)
{
    void *items = r->error ? NULL : wrl_alloc_array(count, item_size);
    if (!items) {
        fail_memory(r);
    }
    return items;
}

/* ---- Types ---- */

/* In a type that names another one by its index: whether that one is a function's. */
static uint8_t func_flag(const reader_t *r, int64_t heap)
{
    bool is_func = heap >= 0 && (uint64_t)heap < r->info->type_count && r->info->types && r->info->types[heap].is_func;
    return is_func ? WRL_VALTYPE_FUNC : 0;
}

static wrl_valtype_t make_ref(const reader_t *r, uint8_t flags, int64_t heap)
{
    wrl_valtype_t type = {WRL_VALKIND_REF, flags | func_flag(r, heap), 0, (int32_t)heap};
    if (flags == WRL_VALTYPE_NULLABLE && heap == WRL_HEAP_FUNC) {
        type = (wrl_valtype_t)WRL_TYPE_FUNCREF;
    } else if (flags == WRL_VALTYPE_NULLABLE && heap == WRL_HEAP_EXTERN) {
        type = (wrl_valtype_t)WRL_TYPE_EXTERNREF;
    }
    return type;
}

static int64_t read_heap(reader_t *r)
{
    size_t start = r->offset;
    int64_t heap = read_signed(r, 33);
    bool is_abstract = heap >= WRL_HEAP_EXN && heap <= WRL_HEAP_NOEXN;
    if (!r->error && (heap > INT32_MAX || (heap < 0 && !is_abstract))) {
        fail(r, WRL_ERROR_MALFORMED, start, "unknown heap type %lld", (long long)heap);
        return 0;
    }
    return heap;
}

static bool is_abstract_heap(uint8_t byte)
{
    return byte >= 0x69 && byte <= 0x74;
}

static wrl_valtype_t read_valtype(reader_t *r)
{
    static const wrl_valkind_t numbers[] = {WRL_VALKIND_V128, WRL_VALKIND_F64, WRL_VALKIND_F32, WRL_VALKIND_I64,
                                            WRL_VALKIND_I32};
    wrl_valtype_t type = {0};
    size_t start = r->offset;
    uint8_t byte = read_byte(r);
    if (byte >= 0x7B && byte <= 0x7F) {
        type.kind = numbers[byte - 0x7B];
    } else if (byte == 0x63 || byte == 0x64) {
        uint8_t flags = byte == 0x63 ? WRL_VALTYPE_NULLABLE : 0;
        type = make_ref(r, flags, read_heap(r));
    } else if (is_abstract_heap(byte)) {
        type = make_ref(r, WRL_VALTYPE_NULLABLE, (int64_t)byte - 0x80);
    } else {
        fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a value type", byte);
    }
    return type;
}

static wrl_valtype_t read_reftype(reader_t *r)
{
    size_t start = r->offset;
    wrl_valtype_t type = read_valtype(r);
    if (!r->error && !wrl_valtype_is_ref(type)) {
        fail(r, WRL_ERROR_MALFORMED, start, "a reference type is needed, not %s", wrl_valkind_name(type.kind));
    }
    return type;
}

/* Reads parameters or results; returns how many there are. */
static uint32_t read_valtypes(reader_t *r)
{
    size_t start = r->offset;
    uint32_t count = read_count(r, 1);
    if (count > WRL_MAX_PARAMS) {
        fail(r, WRL_ERROR_RESOURCE_LIMIT, start, "%lu parameters or results of a function, more than 1000",
             (unsigned long)count);
    }
    for (uint32_t i = 0; i < count && !r->error; i++) {
        wrl_valtype_t type = read_valtype(r);
        if (r->info->values) {
            r->info->values[r->info->value_count] = type;
        }
        r->info->value_count++;
    }
    return count;
}

/* A field of a struct or array type: nothing of it is kept. */
static void skip_field(reader_t *r)
{
    uint8_t packed = rest(r) ? r->bytes[r->offset] : 0;
    if (packed == 0x77 || packed == 0x78) {
        r->offset++;
    } else {
        (void)read_valtype(r);
    }
    (void)read_byte(r);
}

static void read_composite(reader_t *r, uint8_t form, size_t start, uint32_t depth, bool is_open)
{
    wrl_type_record_t type = {.values = (uint32_t)r->info->value_count, .depth = depth & 63, .is_open = is_open};
    if (form == 0x60) {
        type.is_func = 1;
        type.param_count = read_valtypes(r) & 16383;
        type.result_count = read_valtypes(r) & 1023;
    } else if (form == 0x5F) {
        size_t fields = r->offset;
        uint32_t count = read_count(r, 2);
        check_most(r, fields, count, 10000, "fields of a struct");
        type.param_count = count & 16383;
        for (; count && !r->error; count--) {
            skip_field(r);
        }
    } else if (form == 0x5E) {
        skip_field(r);
    } else {
        fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a form of type", form);
    }
    if (r->info->types && !r->error) {
        r->info->types[r->info->type_count] = type;
    }
    r->info->type_count++;
}

static void read_subtype(reader_t *r, uint8_t form, size_t start)
{
    uint32_t depth = 0;
    bool is_open = form == 0x50;
    if (is_open || form == 0x4F) {
        size_t supertypes = r->offset;
        for (uint32_t count = read_count(r, 1); count && !r->error; count--) {
            uint32_t index = read_u32(r);
            bool is_known = r->info->types && index < r->info->type_count;
            depth = is_known ? r->info->types[index].depth + 1u : depth;
        }
        check_most(r, supertypes, depth, 63, "supertypes above a type");
        start = r->offset;
        form = read_byte(r);
    }
    if (!r->error) {
        read_composite(r, form, start, depth, is_open);
    }
}

static void read_type_entry(reader_t *r)
{
    size_t start = r->offset;
    uint8_t form = read_byte(r);
    if (form != 0x4E) {
        read_subtype(r, form, start);
        return;
    }
    for (uint32_t count = read_count(r, 2); count && !r->error; count--) {
        start = r->offset;
        form = read_byte(r);
        read_subtype(r, form, start);
    }
}

static void read_all_types(reader_t *r)
{
    r->info->type_count = r->info->value_count = 0;
    for (uint32_t count = read_count(r, 2); count && !r->error; count--) {
        read_type_entry(r);
    }
}

/* The section is read once to count, and once more to keep, so that no byte is taken that is not needed. */
static void read_types(reader_t *r)
{
    wrl_module_info_t *info = r->info;
    size_t start = r->offset;
    read_all_types(r);
    check_most(r, start, info->type_count, 1000000, "types");
    info->types = (wrl_type_record_t *)make_array(r, info->type_count, sizeof *info->types);
    info->values = (wrl_valtype_t *)make_array(r, info->value_count, sizeof *info->values);
    r->offset = r->error ? r->offset : start;
    read_all_types(r);
    /* Types may name types that follow them. */
    for (size_t i = 0; i < info->value_count && !r->error; i++) {
        wrl_valtype_t *type = &info->values[i];
        type->flags |= type->kind == WRL_VALKIND_REF ? func_flag(r, type->heap) : 0;
    }
}

static uint32_t read_type_index(reader_t *r)
{
    size_t start = r->offset;
    uint32_t index = read_u32(r);
    if (r->error) {
        return 0;
    }
    if (index >= r->info->type_count) {
        fail(r, WRL_ERROR_INVALID, start, "unknown type %lu", (unsigned long)index);
    } else if (!r->info->types[index].is_func) {
        fail(r, WRL_ERROR_INVALID, start, "type %lu is not a function type", (unsigned long)index);
    }
    return index;
}

typedef struct limits {
    uint64_t min;
    uint64_t max;
    bool is_64;
    bool is_shared;
    uint8_t page_size_log2;
} limits_t;

/* Limits, core specification 5.3.9, with the bits of the threads and custom page sizes proposals. */
static limits_t read_limits(reader_t *r, uint8_t allowed)
{
    limits_t limits = {0, WRL_NO_MAX, false, false, 16};
    size_t start = r->offset;
    uint8_t flags = read_byte(r);
    if (flags & ~allowed) {
        fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a form of limits", flags);
        return limits;
    }
    limits.is_shared = flags & 2;
    limits.is_64 = flags & 4;
    unsigned bits = limits.is_64 ? 64 : 32;
    limits.min = read_unsigned(r, bits);
    if (flags & 1) {
        limits.max = read_unsigned(r, bits);
    }
    if (flags & 8) {
        uint32_t log2 = read_u32(r);
        if (log2 > 16) {
            fail(r, WRL_ERROR_MALFORMED, start, "a page size of 2^%lu bytes", (unsigned long)log2);
        }
        limits.page_size_log2 = (uint8_t)log2;
    }
    return limits;
}

/* `most` is the limit that the address space sets. */
static void check_limits(reader_t *r, size_t start, const char *kind, limits_t limits, uint64_t most)
{
    uint64_t largest = limits.max == WRL_NO_MAX ? limits.min : limits.max;
    if (limits.max != WRL_NO_MAX && limits.min > limits.max) {
        fail(r, WRL_ERROR_INVALID, start, "a %s with a minimum of %llu, more than its maximum of %llu", kind,
             (unsigned long long)limits.min, (unsigned long long)limits.max);
    } else if (largest > most) {
        fail(r, WRL_ERROR_INVALID, start, "a %s with limits of %llu, more than the %llu of its address space", kind,
             (unsigned long long)largest, (unsigned long long)most);
    }
}

static wrl_externtype_t read_memorytype(reader_t *r)
{
    size_t start = r->offset;
    limits_t limits = read_limits(r, 15);
    wrl_externtype_t type = {.kind = WRL_EXTERN_MEMORY};
    type.of.memory = (wrl_memorytype_t)WRL_MEMORYTYPE(limits.min, limits.max);
    type.of.memory.is_64 = limits.is_64;
    type.of.memory.is_shared = limits.is_shared;
    type.of.memory.page_size_log2 = limits.page_size_log2;
    check_limits(r, start, "memory", limits, wrl_memorytype_page_limit(&type.of.memory));
    return type;
}

static wrl_externtype_t read_tabletype(reader_t *r)
{
    wrl_valtype_t element = read_reftype(r);
    size_t start = r->offset;
    limits_t limits = read_limits(r, 5);
    wrl_externtype_t type = {.kind = WRL_EXTERN_TABLE};
    type.of.table = (wrl_tabletype_t){element, limits.min, limits.max, limits.is_64};
    check_limits(r, start, "table", limits, limits.is_64 ? UINT64_MAX : UINT32_MAX);
    return type;
}

static wrl_externtype_t read_globaltype(reader_t *r)
{
    wrl_externtype_t type = {.kind = WRL_EXTERN_GLOBAL};
    type.of.global.content = read_valtype(r);
    size_t start = r->offset;
    uint8_t mutability = read_byte(r);
    if (mutability > 1) {
        fail(r, WRL_ERROR_MALFORMED, start, "a mutability of %u", mutability);
    }
    type.of.global.is_mutable = mutability == 1;
    return type;
}

/* Goes over the type of an item, and returns what is kept of it, as wrl_items_t::types says. */
static uint32_t read_item_type(reader_t *r, wrl_externkind_t kind)
{
    size_t start = r->offset;
    switch (kind) {
    case WRL_EXTERN_TAG:
        if (read_byte(r) != 0) {
            fail(r, WRL_ERROR_MALFORMED, start, "a tag with an unknown attribute");
        }
        return read_type_index(r);
    case WRL_EXTERN_TABLE:
        (void)read_tabletype(r);
        break;
    case WRL_EXTERN_MEMORY:
        (void)read_memorytype(r);
        break;
    case WRL_EXTERN_GLOBAL:
        (void)read_globaltype(r);
        break;
    default:
        return read_type_index(r);
    }
    return keep(r, r->bytes + start, r->offset - start);
}

/* Enters an item that is defined here. */
static void read_item(reader_t *r, wrl_externkind_t kind)
{
    wrl_items_t *items = &r->info->items[kind];
    uint32_t type = read_item_type(r, kind);
    if (!r->error) {
        items->types[items->count++ - items->import_count] = type;
    }
}

/* ---- Constant expressions: only their end matters ---- */

static void skip_gc_constant(reader_t *r, size_t start)
{
    uint32_t code = read_u32(r);
    switch (code) {
    case 0: /* struct.new */
    case 1: /* struct.new_default */
    case 6: /* array.new */
    case 7: /* array.new_default */
        (void)read_u32(r);
        break;
    case 8: /* array.new_fixed */
        (void)read_u32(r);
        start = r->offset;
        check_most(r, start, read_u32(r), 10000, "operands of array.new_fixed");
        break;
    case 26: /* any.convert_extern */
    case 27: /* extern.convert_any */
    case 28: /* ref.i31 */
        break;
    default:
        fail(r, WRL_ERROR_INVALID, start, "a constant expression holds the instruction 0xfb %lu", (unsigned long)code);
    }
}

static void skip_vector_constant(reader_t *r, size_t start)
{
    uint32_t code = read_u32(r);
    if (!r->error && code != 12) {
        fail(r, WRL_ERROR_INVALID, start, "a constant expression holds the instruction 0xfd %lu", (unsigned long)code);
    }
    (void)read_bytes(r, 16);
}

/* Returns false at the end. */
static bool skip_constant_instruction(reader_t *r, uint32_t *arithmetic)
{
    size_t start = r->offset;
    uint8_t code = read_byte(r);
    switch (code) {
    case 0x0B: /* end */
        return false;
    case 0x23: /* global.get */
    case 0xD2: /* ref.func */
        (void)read_u32(r);
        break;
    case 0x41: /* i32.const */
        (void)read_signed(r, 32);
        break;
    case 0x42: /* i64.const */
        (void)read_signed(r, 64);
        break;
    case 0x43: /* f32.const */
        (void)read_bytes(r, 4);
        break;
    case 0x44: /* f64.const */
        (void)read_bytes(r, 8);
        break;
    case 0x6A: /* i32.add, sub, mul; i64.add, sub, mul */
    case 0x6B:
    case 0x6C:
    case 0x7C:
    case 0x7D:
    case 0x7E:
        ++*arithmetic;
        break;
    case 0xD0: /* ref.null */
        (void)read_heap(r);
        break;
    case 0xFB:
        skip_gc_constant(r, start);
        break;
    case 0xFD:
        skip_vector_constant(r, start);
        break;
    default:
        fail(r, WRL_ERROR_INVALID, start, "a constant expression holds the instruction 0x%02x", code);
    }
    return !r->error;
}

/*
 * Engines evaluate and release such expressions by recursion, one level for each operation, whatever the stack of the
 * thread: an engine of 48 bytes a level needs 12 KiB for so many. Compilers write one operation or two.
 */
#define MAX_CONSTANT_ARITHMETIC 256

static void skip_constant_expression(reader_t *r)
{
    size_t start = r->offset;
    uint32_t arithmetic = 0;
    while (skip_constant_instruction(r, &arithmetic)) {
        if (arithmetic > MAX_CONSTANT_ARITHMETIC) {
            fail(r, WRL_ERROR_RESOURCE_LIMIT, start, "a constant expression of more than %d operations",
                 MAX_CONSTANT_ARITHMETIC);
            return;
        }
    }
}

/* ---- Sections ---- */

static const wrl_externkind_t extern_kinds[] = {WRL_EXTERN_FUNC, WRL_EXTERN_TABLE, WRL_EXTERN_MEMORY, WRL_EXTERN_GLOBAL,
                                                WRL_EXTERN_TAG};

/* The kind of an import or export. */
static wrl_externkind_t read_kind(reader_t *r, const char *what)
{
    size_t start = r->offset;
    uint8_t kind = read_byte(r);
    if (kind >= sizeof extern_kinds / sizeof extern_kinds[0]) {
        fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a kind of %s", kind, what);
        kind = 0;
    }
    return extern_kinds[kind];
}

static void read_import(reader_t *r)
{
    wrl_import_record_t import = {0};
    import.module = read_string(r, &import.module_size);
    (void)read_string(r, &import.name_size);
    wrl_externkind_t kind = read_kind(r, "import");
    import.kind = kind & 7;
    import.type = r->error ? 0 : read_item_type(r, kind);
    if (!r->error) {
        wrl_items_t *items = &r->info->items[kind];
        import.index = items->count++ & 0x1FFFFFFF;
        items->import_count++;
        r->info->imports[r->info->import_count++] = import;
    }
}

/* Lists the imports of each kind. */
static void number_imports(reader_t *r)
{
    wrl_module_info_t *info = r->info;
    info->import_numbers = (uint32_t *)make_array(r, info->import_count, sizeof *info->import_numbers);
    if (r->error) {
        return;
    }
    uint32_t *next = info->import_numbers;
    for (size_t kind = 0; kind < WRL_EXTERN_LIMIT; kind++) {
        info->items[kind].imports = next;
        next += info->items[kind].import_count;
    }
    for (size_t i = 0; i < info->import_count; i++) {
        const wrl_import_record_t *import = &info->imports[i];
        info->items[import->kind].imports[import->index] = (uint32_t)i;
    }
}

static void check_table_count(reader_t *r, size_t start)
{
    check_most(r, start, r->info->items[WRL_EXTERN_TABLE].count, 100000, "tables");
    check_most(r, start, r->info->items[WRL_EXTERN_MEMORY].count, 100, "memories");
}

static void read_imports(reader_t *r)
{
    size_t start = r->offset;
    uint32_t count = read_count(r, 4);
    check_most(r, start, count, 1000000, "imports");
    r->info->imports = (wrl_import_record_t *)make_array(r, count, sizeof *r->info->imports);
    for (; count && !r->error; count--) {
        read_import(r);
    }
    check_table_count(r, start);
    number_imports(r);
}

static void read_table(reader_t *r)
{
    bool has_initial = rest(r) && r->bytes[r->offset] == 0x40;
    if (has_initial) {
        r->offset++;
        size_t start = r->offset;
        if (read_byte(r) != 0) {
            fail(r, WRL_ERROR_MALFORMED, start, "a table of unknown form");
        }
    }
    read_item(r, WRL_EXTERN_TABLE);
    if (has_initial) {
        skip_constant_expression(r);
    }
}

static void check_item_count(reader_t *r, wrl_externkind_t kind, size_t start, uint32_t count)
{
    static const struct {
        uint32_t most; /* Of tables and memories with those imported, which check_table_count() looks at. */
        const char *what;
    } all[WRL_EXTERN_LIMIT] = {{0, ""},           {1000000, "functions"}, {1000000, "globals"},
                               {100, "memories"}, {100000, "tables"},     {1000000, "tags"}};
    if (WRL_COMPILES_HERE) {
        check_most(r, start, count, all[kind].most, all[kind].what);
    }
}

/* A section of items, each of which takes so many bytes at least. */
static void read_items(reader_t *r, wrl_externkind_t kind, size_t least)
{
    size_t start = r->offset;
    uint32_t count = read_count(r, least);
    check_item_count(r, kind, start, count);
    wrl_items_t *items = &r->info->items[kind];
    items->types = (uint32_t *)make_array(r, count, sizeof *items->types);
    for (; count && !r->error; count--) {
        if (kind == WRL_EXTERN_TABLE) {
            read_table(r);
            continue;
        }
        read_item(r, kind);
        if (kind == WRL_EXTERN_GLOBAL) {
            skip_constant_expression(r);
        }
    }
    check_table_count(r, start);
}

static wrl_name_key_t export_key(const void *context, size_t number)
{
    wrl_name_key_t key = {wrl_module_info_export_name((const wrl_module_info_t *)context, number), {NULL, 0}};
    return key;
}

static void enter_export_name(reader_t *r, size_t start)
{
    wrl_module_info_t *info = r->info;
    wrl_name_t name = wrl_module_info_export_name(info, info->export_count);
    if (wrl_module_info_find_export(info, name.data, name.size) != SIZE_MAX) {
        wrl_text_t text = {0};
        wrl_text_add_quoted(&text, name.data, name.size);
        fail(r, WRL_ERROR_INVALID, start, "duplicate export name %s", text.failed ? "" : text.data);
        wrl_text_free(&text);
    } else if (!wrl_names_add(&info->export_names, info->export_count++, export_key, info)) {
        fail_memory(r);
    }
}

static void read_export(reader_t *r)
{
    wrl_export_record_t item = {0};
    size_t name_start = r->offset;
    item.name = read_string(r, &item.name_size);
    wrl_externkind_t kind = read_kind(r, "export");
    size_t start = r->offset;
    uint32_t index = read_u32(r);
    if (!r->error && index >= r->info->items[kind].count) {
        fail(r, WRL_ERROR_INVALID, start, "unknown %s %lu", wrl_externkind_name(kind), (unsigned long)index);
    }
    if (!r->error) {
        item.kind = kind & 7;
        item.index = index & 0x1FFFFFFF;
        r->info->exports[r->info->export_count] = item;
        enter_export_name(r, name_start);
    }
}

static void read_exports(reader_t *r)
{
    size_t start = r->offset;
    uint32_t count = read_count(r, 3);
    check_most(r, start, count, 1000000, "exports");
    r->info->exports = (wrl_export_record_t *)make_array(r, count, sizeof *r->info->exports);
    for (; count && !r->error; count--) {
        read_export(r);
    }
}

/* Of segments only the constant expressions are looked at; the engine validates the rest. */
static void read_segments(reader_t *r, uint32_t most, const char *what, void (*read_entry)(reader_t *r))
{
    size_t start = r->offset;
    uint32_t count = read_count(r, 1);
    check_most(r, start, count, most, what);
    for (; count && !r->error; count--) {
        read_entry(r);
    }
}

static void skip_index(reader_t *r)
{
    (void)read_u32(r);
}

static void read_element(reader_t *r)
{
    size_t start = r->offset;
    uint32_t flags = read_u32(r);
    if (!r->error && flags > 7) {
        fail(r, WRL_ERROR_MALFORMED, start, "%lu is not a form of element segment", (unsigned long)flags);
        return;
    }
    if ((flags & 3) == 2) { /* The table. */
        (void)read_u32(r);
    }
    if (!(flags & 1)) {
        skip_constant_expression(r);
    }
    start = r->offset;
    if (flags & 4) {
        if (flags & 3) {
            (void)read_reftype(r);
        }
    } else if ((flags & 3) && read_byte(r) != 0) {
        fail(r, WRL_ERROR_MALFORMED, start, "an element segment of unknown kind");
    }
    read_segments(r, 10000000, "elements of a segment", flags & 4 ? skip_constant_expression : skip_index);
}

static void read_data(reader_t *r)
{
    size_t start = r->offset;
    uint32_t flags = read_u32(r);
    if (!r->error && flags > 2) {
        fail(r, WRL_ERROR_MALFORMED, start, "%lu is not a form of data segment", (unsigned long)flags);
        return;
    }
    if (flags == 2) { /* The memory. */
        (void)read_u32(r);
    }
    if (flags != 1) {
        skip_constant_expression(r);
    }
    (void)read_bytes(r, read_u32(r));
}

static void read_start(reader_t *r)
{
    size_t start = r->offset;
    uint32_t index = read_u32(r);
    if (r->error) {
        return;
    }
    const wrl_items_t *funcs = &r->info->items[WRL_EXTERN_FUNC];
    if (index >= funcs->count) {
        fail(r, WRL_ERROR_INVALID, start, "unknown function %lu", (unsigned long)index);
        return;
    }
    wrl_externtype_t type;
    wrl_module_info_item(r->info, WRL_EXTERN_FUNC, index, &type);
    if (type.of.func.param_count || type.of.func.result_count) {
        fail(r, WRL_ERROR_INVALID, start, "the start function %lu has parameters or results", (unsigned long)index);
    } else if (index < funcs->import_count) {
        r->info->start_import = funcs->imports[index];
        r->info->start_section = r->section;
    }
}

/* The contents of the sections that are read; the others are only measured. Returns whether it was one of them. */
static bool read_contents(reader_t *r, uint8_t id)
{
    switch (id) {
    case SECTION_TYPE:
        read_types(r);
        return true;
    case SECTION_IMPORT:
        read_imports(r);
        return true;
    case SECTION_FUNCTION:
        read_items(r, WRL_EXTERN_FUNC, 1);
        return true;
    case SECTION_TABLE:
        read_items(r, WRL_EXTERN_TABLE, 3);
        return true;
    case SECTION_MEMORY:
        read_items(r, WRL_EXTERN_MEMORY, 2);
        return true;
    case SECTION_TAG:
        read_items(r, WRL_EXTERN_TAG, 2);
        return true;
    case SECTION_GLOBAL:
        read_items(r, WRL_EXTERN_GLOBAL, 3);
        return true;
    case SECTION_EXPORT:
        read_exports(r);
        return true;
    case SECTION_START:
        read_start(r);
        return true;
    case SECTION_ELEMENT:
        read_segments(r, 10000000, "element segments", read_element);
        return true;
    case SECTION_DATA:
        read_segments(r, 100000, "data segments", read_data);
        return true;
    default:
        return false;
    }
}

/* Keeps a custom section's name, and its contents if asked to. */
static void read_custom(reader_t *r, wrl_section_record_t *section)
{
    section->name = read_string(r, &section->name_size);
    section->data_size = (uint32_t)rest(r);
    if (r->info->keeps_contents) {
        (void)keep(r, r->bytes + r->offset, section->data_size);
    }
    r->offset = r->end;
}

static void read_section(reader_t *r, size_t module_size, uint8_t *last_rank)
{
    r->part = "section header";
    r->end = module_size;
    size_t start = r->offset;
    r->section = start;
    uint8_t id = read_byte(r);
    if (!r->error && id >= SECTION_LIMIT) {
        fail(r, WRL_ERROR_MALFORMED, start, "unknown section %u", id);
    }
    uint32_t size = read_u32(r);
    if (!r->error && size > rest(r)) {
        fail(r, WRL_ERROR_MALFORMED, start, "the %s section has %lu bytes, but only %zu are left", section_names[id],
             (unsigned long)size, rest(r));
    }
    if (r->error) {
        return;
    }
    if (id != SECTION_CUSTOM && section_ranks[id] <= *last_rank) {
        fail(r, WRL_ERROR_MALFORMED, start, "the %s section comes twice or out of order", section_names[id]);
        return;
    }
    *last_rank = id == SECTION_CUSTOM ? *last_rank : section_ranks[id];

    static const char *const parts[SECTION_LIMIT] = {
        "custom section", "type section",   "import section",     "function section", "table section",
        "memory section", "global section", "export section",     "start section",    "element section",
        "code section",   "data section",   "data count section", "tag section"};
    r->part = parts[id];
    r->end = r->offset + size;
    wrl_section_record_t section = {(uint32_t)r->offset, size, WRL_NOT_CUSTOM, id, 0};
    if (id == SECTION_CUSTOM) {
        read_custom(r, &section);
    } else if (!read_contents(r, id)) {
        r->offset = r->end;
    }
    if (!r->error && r->offset != r->end) {
        fail(r, WRL_ERROR_MALFORMED, r->offset, "%zu bytes are left over", r->end - r->offset);
    }
    if (!r->error) {
        r->info->sections[r->info->section_count++] = section;
    }
}

/* ---- Names ---- */

static bool next_subsection(reader_t *r, size_t end, uint8_t *id, size_t *subsection_end)
{
    r->end = end;
    if (rest(r) == 0) {
        return false;
    }
    *id = read_byte(r);
    uint32_t size = read_u32(r);
    if (r->error || size > rest(r)) {
        return false;
    }
    *subsection_end = r->offset + size;
    r->end = *subsection_end;
    return true;
}

/* They have to be in order. What they are given out as has no size, so those that hold NUL are left out. */
static void read_func_names(reader_t *r)
{
    wrl_module_info_t *info = r->info;
    uint32_t count = read_count(r, 2);
    if (info->func_names) {
        return;
    }
    info->func_names = (wrl_func_name_t *)make_array(r, count, sizeof *info->func_names);
    for (uint64_t least = 0; count && !r->error; count--) {
        uint32_t size;
        wrl_func_name_t named = {.index = read_u32(r)};
        named.name = read_string(r, &size);
        if (r->error || named.index < least) {
            return;
        }
        least = (uint64_t)named.index + 1;
        if (!memchr(info->pool + named.name, '\0', size)) {
            info->func_names[info->func_name_count++] = named;
        }
    }
}

/*
 * The name section (core specification, appendix 7.4) is for people: what is broken in it is left out, never an error.
 * Names that find no memory are left out as well.
 */
static void read_name_section(const uint8_t *bytes, size_t start, size_t size, wrl_module_info_t *info)
{
    reader_t r = {bytes, start, start + size, "name section", info, NULL, 0};
    uint8_t id;
    size_t end;
    while (next_subsection(&r, start + size, &id, &end)) {
        if (id == 0) {
            uint32_t name_size;
            uint32_t name = read_string(&r, &name_size);
            info->name = r.error ? NULL : (const char *)info->pool + name;
            info->name_size = r.error ? 0 : name_size;
        } else if (id == 1) {
            read_func_names(&r);
        }
        r.offset = end;
    }
    wrl_error_delete(r.error);
}

static void read_names(const uint8_t *bytes, wrl_module_info_t *info)
{
    for (size_t i = 0; i < info->section_count; i++) {
        const wrl_section_record_t *section = &info->sections[i];
        /* Where there is a section, there is a pool. */
        if (info->pool && section->name_size == 4 && memcmp(info->pool + section->name, "name", 4) == 0) {
            size_t start = section->offset + (size_t)section->size - section->data_size;
            read_name_section(bytes, start, section->data_size, info);
            return;
        }
    }
}

/* ---- The whole ---- */

static bool looks_like_text(const uint8_t *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r' || bytes[i] == '\n')) {
        i++;
    }
    return i + 1 < size && bytes[i] == '(' && ((bytes[i + 1] >= 'a' && bytes[i + 1] <= 'z') || bytes[i + 1] == ';');
}

static wrl_error_t *check_header(const uint8_t *bytes, size_t size)
{
    static const uint8_t magic[4] = {0x00, 0x61, 0x73, 0x6D};
    static const uint8_t version[4] = {1, 0, 0, 0};
    size_t shown = size < 4 ? size : 4;
    if (size == 0) {
        return wrl_error_new(WRL_ERROR_MALFORMED, "malformed module: it is empty");
    }
    if (WRL_COMPILES_HERE && size > MAX_MODULE_SIZE) {
        return wrl_error_format(WRL_ERROR_RESOURCE_LIMIT, "module beyond a limit: %zu bytes, more than %lu", size,
                                MAX_MODULE_SIZE);
    }
    if (memcmp(bytes, magic, shown) != 0) {
        if (looks_like_text(bytes, size)) {
            return wrl_error_new(WRL_ERROR_MALFORMED, "malformed module: wrong magic number; this looks like the text "
                                                      "format, which wrl_wat_to_wasm() translates");
        }
        wrl_text_t text = {0};
        wrl_text_add(&text, "malformed module: wrong magic number, it starts with");
        for (size_t i = 0; i < shown; i++) {
            wrl_text_addf(&text, " %02x", bytes[i]);
        }
        wrl_text_add(&text, " instead of 00 61 73 6d");
        return wrl_error_from_text(WRL_ERROR_MALFORMED, &text);
    }
    if (size < 8) {
        return wrl_error_format(WRL_ERROR_MALFORMED, "malformed module: its header ends after %zu of 8 bytes", size);
    }
    if (bytes[4] == 0x0D && bytes[6] == 1) {
        return wrl_error_new(WRL_ERROR_MALFORMED, "malformed module: this is a component, not a core module");
    }
    if (memcmp(bytes + 4, version, 4) != 0) {
        return wrl_error_format(WRL_ERROR_MALFORMED, "malformed module: unknown version %u.%u.%u.%u, not 1.0.0.0",
                                bytes[4], bytes[5], bytes[6], bytes[7]);
    }
    return NULL;
}

/* How much of the pool the rest needs as a custom section: for its name with a NUL, for its contents if they are kept,
 * and for the names in it, which need no more than their section has bytes. */
static size_t custom_share(reader_t r)
{
    size_t size = rest(&r);
    wrl_name_t name = read_name(&r);
    bool holds_names = !r.error && name.size == 4 && memcmp(name.data, "name", 4) == 0;
    size_t kept = r.error || r.info->keeps_contents ? size : name.size + 1;
    wrl_error_delete(r.error);
    return holds_names ? kept + size : kept;
}

/* Makes what all sections share: their records, and the pool. Other than a custom section, a section needs no more of
 * it than it has bytes. */
static bool make_pool(const uint8_t *bytes, size_t size, wrl_module_info_t *info)
{
    static const uint16_t kept = 1 << SECTION_CUSTOM | 1 << SECTION_IMPORT | 1 << SECTION_TABLE | 1 << SECTION_MEMORY |
                                 1 << SECTION_GLOBAL | 1 << SECTION_EXPORT;
    reader_t r = {bytes, 8, size, "", info, NULL, 0};
    size_t count = 0;
    for (; rest(&r); count++) {
        uint8_t id = read_byte(&r);
        uint32_t section_size = read_u32(&r);
        if (r.error || rest(&r) < section_size) {
            break;
        }
        r.end = r.offset + section_size;
        if (id < SECTION_LIMIT && kept >> id & 1) {
            info->pool_capacity += id == SECTION_CUSTOM ? custom_share(r) : section_size;
        }
        r.offset = r.end;
        r.end = size;
    }
    wrl_error_delete(r.error);
    info->sections = (wrl_section_record_t *)wrl_alloc_array(count, sizeof *info->sections);
    info->pool = (uint8_t *)wrl_alloc(info->pool_capacity);
    return info->sections && info->pool;
}

/* Types that are no functions are structs and arrays, whatever is in them. */
static bool keeps_refs(const wrl_module_info_t *info)
{
    bool found = false;
    wrl_externtype_t type;
    for (size_t i = 0; !found && i < info->type_count; i++) {
        found = !info->types[i].is_func;
    }
    for (size_t i = 0; !found && i < info->items[WRL_EXTERN_TABLE].count; i++) {
        wrl_module_info_item(info, WRL_EXTERN_TABLE, i, &type);
        found = wrl_valtype_value_kind(type.of.table.element) != WRL_VALKIND_FUNCREF;
    }
    for (size_t i = 0; !found && i < info->items[WRL_EXTERN_GLOBAL].count; i++) {
        wrl_module_info_item(info, WRL_EXTERN_GLOBAL, i, &type);
        found = wrl_valtype_value_kind(type.of.global.content) > WRL_VALKIND_FUNCREF;
    }
    return found;
}

wrl_error_t *wrl_module_info_read(const uint8_t *bytes, size_t size, bool keep_contents, wrl_module_info_t *info)
{
    memset(info, 0, sizeof *info);
    info->keeps_contents = keep_contents;
    wrl_error_t *error = check_header(bytes, size);
    if (error) {
        return error;
    }
    reader_t r = {bytes, 8, size, "section header", info, NULL, 0};
    if (!make_pool(bytes, size, info)) {
        fail_memory(&r);
    }
    uint8_t last_rank = 0;
    while (!r.error && r.offset < size) {
        read_section(&r, size, &last_rank);
    }
    if (r.error) {
        wrl_module_info_free(info);
        return r.error;
    }
    read_names(bytes, info);
    info->keeps_refs = keeps_refs(info);
    return NULL;
}

void wrl_module_info_free(wrl_module_info_t *info)
{
    for (size_t i = 0; i < WRL_EXTERN_LIMIT; i++) {
        wrl_free(info->items[i].types);
    }
    wrl_free(info->values);
    wrl_free(info->types);
    wrl_free(info->pool);
    wrl_free(info->imports);
    wrl_free(info->import_numbers);
    wrl_free(info->exports);
    wrl_free(info->sections);
    wrl_free(info->func_names);
    wrl_names_free(&info->export_names);
    memset(info, 0, sizeof *info);
}

size_t wrl_module_info_find_export(const wrl_module_info_t *info, const char *name, size_t name_size)
{
    wrl_name_key_t key = {{name, name_size}, {NULL, 0}};
    return wrl_names_find(&info->export_names, key, export_key, info);
}

/* ---- What is kept, as the program sees it ---- */

static const char *text_at(const wrl_module_info_t *info, size_t place)
{
    return (const char *)info->pool + place;
}

static const char *func_name(const wrl_module_info_t *info, size_t index)
{
    size_t low = 0, high = info->func_name_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (info->func_names[middle].index == index) {
            return text_at(info, info->func_names[middle].name);
        }
        if (info->func_names[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

void wrl_module_info_item(const wrl_module_info_t *info, wrl_externkind_t kind, size_t index, wrl_externtype_t *type)
{
    const wrl_items_t *items = &info->items[kind];
    uint32_t kept = index < items->import_count ? info->imports[items->imports[index]].type
                                                : items->types[index - items->import_count];
    reader_t r = {info->pool, kept, info->pool_size, "", (wrl_module_info_t *)info, NULL, 0};
    switch (kind) {
    case WRL_EXTERN_TABLE:
        *type = read_tabletype(&r);
        return;
    case WRL_EXTERN_MEMORY:
        *type = read_memorytype(&r);
        return;
    case WRL_EXTERN_GLOBAL:
        *type = read_globaltype(&r);
        return;
    default:
        break;
    }
    const wrl_type_record_t *record = &info->types[kept];
    const wrl_valtype_t *values = &info->values[record->values];
    memset(type, 0, sizeof *type);
    type->kind = kind;
    type->of.func = (wrl_functype_t)WRL_FUNCTYPE(WRL_TYPES_N(values, record->param_count),
                                                 WRL_TYPES_N(values + record->param_count, record->result_count));
    type->of.func.name = kind == WRL_EXTERN_FUNC ? func_name(info, index) : NULL;
}

void wrl_module_info_import(const wrl_module_info_t *info, size_t number, wrl_importtype_t *import)
{
    const wrl_import_record_t *record = &info->imports[number];
    import->module = text_at(info, record->module);
    import->module_size = record->module_size;
    import->name = import->module + record->module_size + 1;
    import->name_size = record->name_size;
    wrl_module_info_item(info, (wrl_externkind_t)record->kind, record->index, &import->type);
}

wrl_name_t wrl_module_info_export_name(const wrl_module_info_t *info, size_t number)
{
    wrl_name_t name = {text_at(info, info->exports[number].name), info->exports[number].name_size};
    return name;
}

void wrl_module_info_export(const wrl_module_info_t *info, size_t number, wrl_exporttype_t *export_type)
{
    wrl_name_t name = wrl_module_info_export_name(info, number);
    export_type->name = name.data;
    export_type->name_size = name.size;
    const wrl_export_record_t *record = &info->exports[number];
    wrl_module_info_item(info, (wrl_externkind_t)record->kind, record->index, &export_type->type);
}

void wrl_module_info_section(const wrl_module_info_t *info, size_t number, wrl_section_t *section)
{
    const wrl_section_record_t *record = &info->sections[number];
    bool is_custom = record->name_size != WRL_NOT_CUSTOM;
    *section = (wrl_section_t){.offset = record->offset, .size = record->size};
    section->id = is_custom ? 0 : (uint8_t)record->name;
    section->name = is_custom ? text_at(info, record->name) : section_names[section->id];
    section->name_size = is_custom ? record->name_size : strlen(section->name);
    section->data = is_custom && info->keeps_contents ? info->pool + record->name + record->name_size + 1 : NULL;
    section->data_size = record->data_size;
}
