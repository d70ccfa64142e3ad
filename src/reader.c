#include "reader.h"

#include "error.h"
#include "type.h"

#include <stdio.h>
#include <string.h>

/* Section numbers, core specification 5.5.2; tag is from the exception proposal. */
enum {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_TABLE = 4,
    SECTION_MEMORY = 5,
    SECTION_GLOBAL = 6,
    SECTION_EXPORT = 7,
    SECTION_START = 8,
    SECTION_ELEMENT = 9,
    SECTION_CODE = 10,
    SECTION_DATA = 11,
    SECTION_DATA_COUNT = 12,
    SECTION_TAG = 13,
    SECTION_LIMIT = 14
};

static const char *const section_names[SECTION_LIMIT] = {
    "custom", "type",  "import",  "function", "table", "memory",     "global",
    "export", "start", "element", "code",     "data",  "data count", "tag",
};

/* The order in which sections must come, as ranks; the numbers alone do not tell it. */
static const uint8_t section_ranks[SECTION_LIMIT] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

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

/* A count of things that take at least one byte each: a larger one than there are bytes is refused before it is used.
 */
static uint32_t read_count(reader_t *r)
{
    size_t start = r->offset;
    uint32_t count = read_u32(r);
    if (count > rest(r)) {
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

/* As read_name(), copied to where it stays. */
static const char *read_string(reader_t *r, size_t *size)
{
    wrl_name_t name = read_name(r);
    *size = 0;
    if (r->error) {
        return NULL;
    }
    const char *copy = wrl_arena_string(&r->info->arena, name.data, name.size);
    if (!copy) {
        fail_memory(r);
        return NULL;
    }
    *size = name.size;
    return copy;
}

/* Makes room for one more entry of a growing array of the info; gives NULL, and fails, without memory. */
static void *append(reader_t *r, void **items, size_t *count, size_t *capacity, size_t item_size)
{
    if (r->error) {
        return NULL;
    }
    if (!wrl_grow(items, capacity, *count + 1, item_size)) {
        fail_memory(r);
        return NULL;
    }
    return (char *)*items + (*count)++ * item_size;
}

/* ---- Types ---- */

/* In a type that names another one by its index: whether that one is a function's. */
static uint8_t func_flag(const reader_t *r, int64_t heap)
{
    bool is_func = heap >= 0 && (uint64_t)heap < r->info->type_count && r->info->types[heap].size != 0;
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

static const wrl_valtype_t *read_valtypes(reader_t *r, size_t *count)
{
    size_t start = r->offset;
    *count = read_count(r);
    if (*count > WRL_MAX_PARAMS) {
        fail(r, WRL_ERROR_INVALID, start, "a function type has %zu parameters or results, more than %d", *count,
             WRL_MAX_PARAMS);
        *count = 0;
    }
    wrl_valtype_t *types = (wrl_valtype_t *)wrl_arena_alloc_array(&r->info->arena, *count, sizeof *types);
    if (!types) {
        fail_memory(r);
        *count = 0;
    }
    for (size_t i = 0; i < *count && !r->error; i++) {
        types[i] = read_valtype(r);
    }
    return types;
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

static void read_composite(reader_t *r, uint8_t form, size_t start)
{
    wrl_functype_t *type = (wrl_functype_t *)append(r, (void **)&r->info->types, &r->info->type_count,
                                                    &r->info->type_capacity, sizeof *type);
    if (!type) {
        return;
    }
    memset(type, 0, sizeof *type);
    if (form == 0x60) {
        size_t param_count, result_count;
        const wrl_valtype_t *params = read_valtypes(r, &param_count);
        const wrl_valtype_t *results = read_valtypes(r, &result_count);
        *type = (wrl_functype_t)WRL_FUNCTYPE_N(params, param_count, results, result_count);
    } else if (form == 0x5F) {
        for (uint32_t count = read_count(r); count && !r->error; count--) {
            skip_field(r);
        }
    } else if (form == 0x5E) {
        skip_field(r);
    } else {
        fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a form of type", form);
    }
}

static void read_subtype(reader_t *r, uint8_t form, size_t start)
{
    if (form == 0x50 || form == 0x4F) {
        for (uint32_t count = read_count(r); count && !r->error; count--) {
            (void)read_u32(r);
        }
        start = r->offset;
        form = read_byte(r);
    }
    if (!r->error) {
        read_composite(r, form, start);
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
    for (uint32_t count = read_count(r); count && !r->error; count--) {
        start = r->offset;
        form = read_byte(r);
        read_subtype(r, form, start);
    }
}

static void flag_funcs(const reader_t *r, const wrl_valtype_t *types, size_t count)
{
    /* The arena's, and still the reader's own. */
    wrl_valtype_t *own = (wrl_valtype_t *)types;
    for (size_t i = 0; i < count; i++) {
        if (own[i].kind == WRL_VALKIND_REF) {
            own[i].flags |= func_flag(r, own[i].heap);
        }
    }
}

/* Types may name types that follow them. */
static void resolve_types(const reader_t *r)
{
    for (size_t i = 0; i < r->info->type_count && !r->error; i++) {
        const wrl_functype_t *type = &r->info->types[i];
        flag_funcs(r, type->params, type->param_count);
        flag_funcs(r, type->results, type->result_count);
    }
}

static wrl_functype_t read_type_index(reader_t *r)
{
    wrl_functype_t none = {0};
    size_t start = r->offset;
    uint32_t index = read_u32(r);
    if (r->error) {
        return none;
    }
    if (index >= r->info->type_count) {
        fail(r, WRL_ERROR_INVALID, start, "unknown type %lu", (unsigned long)index);
        return none;
    }
    if (r->info->types[index].size == 0) {
        fail(r, WRL_ERROR_INVALID, start, "type %lu is not a function type", (unsigned long)index);
        return none;
    }
    return r->info->types[index];
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
    type.of.table = (wrl_tabletype_t){sizeof(wrl_tabletype_t), element, limits.min, limits.max, limits.is_64};
    check_limits(r, start, "table", limits, limits.is_64 ? UINT64_MAX : UINT32_MAX);
    return type;
}

static wrl_externtype_t read_globaltype(reader_t *r)
{
    wrl_externtype_t type = {.kind = WRL_EXTERN_GLOBAL};
    type.of.global.size = sizeof type.of.global;
    type.of.global.content = read_valtype(r);
    size_t start = r->offset;
    uint8_t mutability = read_byte(r);
    if (mutability > 1) {
        fail(r, WRL_ERROR_MALFORMED, start, "a mutability of %u", mutability);
    }
    type.of.global.is_mutable = mutability == 1;
    return type;
}

static wrl_externtype_t read_tagtype(reader_t *r)
{
    size_t start = r->offset;
    if (read_byte(r) != 0) {
        fail(r, WRL_ERROR_MALFORMED, start, "a tag with an unknown attribute");
    }
    wrl_externtype_t type = {.kind = WRL_EXTERN_TAG};
    type.of.tag = read_type_index(r);
    return type;
}

static wrl_externtype_t read_functype(reader_t *r)
{
    wrl_externtype_t type = {.kind = WRL_EXTERN_FUNC};
    type.of.func = read_type_index(r);
    return type;
}

/* Enters an item; returns its index in the index space of its kind. */
static uint32_t add_item(reader_t *r, const wrl_externtype_t *type)
{
    wrl_items_t *items = &r->info->items[type->kind];
    wrl_externtype_t *copy =
        (wrl_externtype_t *)append(r, (void **)&items->types, &items->count, &items->capacity, sizeof *copy);
    if (!copy) {
        return 0;
    }
    *copy = *type;
    return (uint32_t)(items->count - 1);
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
        (void)read_u32(r);
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

static void read_import(reader_t *r)
{
    wrl_import_entry_t entry = {0};
    entry.import.module = read_string(r, &entry.import.module_size);
    entry.import.name = read_string(r, &entry.import.name_size);
    size_t start = r->offset;
    uint8_t kind = read_byte(r);
    if (r->error) {
        return;
    }
    switch (kind) {
    case 0:
        entry.import.type = read_functype(r);
        break;
    case 1:
        entry.import.type = read_tabletype(r);
        break;
    case 2:
        entry.import.type = read_memorytype(r);
        break;
    case 3:
        entry.import.type = read_globaltype(r);
        break;
    case 4:
        entry.import.type = read_tagtype(r);
        break;
    default:
        fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a kind of import", kind);
        return;
    }
    entry.index = add_item(r, &entry.import.type);
    wrl_items_t *items = &r->info->items[entry.import.type.kind];
    uint32_t *number =
        (uint32_t *)append(r, (void **)&items->imports, &items->import_count, &items->import_capacity, sizeof *number);
    if (number) {
        *number = (uint32_t)r->info->import_count;
    }
    wrl_import_entry_t *copy = (wrl_import_entry_t *)append(r, (void **)&r->info->imports, &r->info->import_count,
                                                            &r->info->import_capacity, sizeof *copy);
    if (copy) {
        *copy = entry;
    }
}

static void read_function(reader_t *r)
{
    wrl_externtype_t type = read_functype(r);
    (void)add_item(r, &type);
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
    wrl_externtype_t type = read_tabletype(r);
    (void)add_item(r, &type);
    if (has_initial) {
        skip_constant_expression(r);
    }
}

static void read_memory(reader_t *r)
{
    wrl_externtype_t type = read_memorytype(r);
    (void)add_item(r, &type);
}

static void read_global(reader_t *r)
{
    wrl_externtype_t type = read_globaltype(r);
    (void)add_item(r, &type);
    skip_constant_expression(r);
}

static void read_tag(reader_t *r)
{
    wrl_externtype_t type = read_tagtype(r);
    (void)add_item(r, &type);
}

static wrl_name_key_t export_key(const void *context, size_t number)
{
    const wrl_exporttype_t *export_type = &((const wrl_module_info_t *)context)->exports[number].export_type;
    wrl_name_key_t key = {{export_type->name, export_type->name_size}, {NULL, 0}};
    return key;
}

static void enter_export_name(reader_t *r, const wrl_export_entry_t *entry, size_t start)
{
    wrl_module_info_t *info = r->info;
    const wrl_exporttype_t *type = &entry->export_type;
    if (wrl_module_info_find_export(info, type->name, type->name_size) != SIZE_MAX) {
        wrl_text_t text = {0};
        wrl_text_add_quoted(&text, type->name, type->name_size);
        fail(r, WRL_ERROR_INVALID, start, "duplicate export name %s", text.failed ? "" : text.data);
        wrl_text_free(&text);
        return;
    }
    wrl_export_entry_t *copy = (wrl_export_entry_t *)append(r, (void **)&info->exports, &info->export_count,
                                                            &info->export_capacity, sizeof *copy);
    if (!copy) {
        return;
    }
    *copy = *entry;
    if (!wrl_names_add(&info->export_names, info->export_count - 1, export_key, info)) {
        fail_memory(r);
    }
}

static void read_export(reader_t *r)
{
    static const wrl_externkind_t kinds[] = {WRL_EXTERN_FUNC, WRL_EXTERN_TABLE, WRL_EXTERN_MEMORY, WRL_EXTERN_GLOBAL,
                                             WRL_EXTERN_TAG};
    wrl_export_entry_t entry = {0};
    size_t name_start = r->offset;
    entry.export_type.name = read_string(r, &entry.export_type.name_size);
    size_t start = r->offset;
    uint8_t kind = read_byte(r);
    if (!r->error && kind >= sizeof kinds / sizeof kinds[0]) {
        fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a kind of export", kind);
    }
    entry.index = read_u32(r);
    if (r->error) {
        return;
    }
    const wrl_items_t *items = &r->info->items[kinds[kind]];
    if (entry.index >= items->count) {
        fail(r, WRL_ERROR_INVALID, start, "unknown %s %lu", wrl_externkind_name(kinds[kind]),
             (unsigned long)entry.index);
        return;
    }
    entry.export_type.type = items->types[entry.index];
    enter_export_name(r, &entry, name_start);
}

static void read_vector(reader_t *r, void (*read_entry)(reader_t *r))
{
    for (uint32_t count = read_count(r); count && !r->error; count--) {
        read_entry(r);
    }
}

/* Only the constant expressions are looked at; the engine validates the rest. */
static void skip_indices(reader_t *r)
{
    for (uint32_t count = read_count(r); count && !r->error; count--) {
        (void)read_u32(r);
    }
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
    if (flags & 4) {
        if (flags & 3) {
            (void)read_reftype(r);
        }
        read_vector(r, skip_constant_expression);
        return;
    }
    start = r->offset;
    if ((flags & 3) && read_byte(r) != 0) {
        fail(r, WRL_ERROR_MALFORMED, start, "an element segment of unknown kind");
    }
    skip_indices(r);
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
    const wrl_functype_t *type = &funcs->types[index].of.func;
    if (type->param_count || type->result_count) {
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
        read_vector(r, read_type_entry);
        resolve_types(r);
        return true;
    case SECTION_IMPORT:
        read_vector(r, read_import);
        return true;
    case SECTION_FUNCTION:
        read_vector(r, read_function);
        return true;
    case SECTION_TABLE:
        read_vector(r, read_table);
        return true;
    case SECTION_MEMORY:
        read_vector(r, read_memory);
        return true;
    case SECTION_TAG:
        read_vector(r, read_tag);
        return true;
    case SECTION_GLOBAL:
        read_vector(r, read_global);
        return true;
    case SECTION_EXPORT:
        read_vector(r, read_export);
        return true;
    case SECTION_START:
        read_start(r);
        return true;
    case SECTION_ELEMENT:
        read_vector(r, read_element);
        return true;
    case SECTION_DATA:
        read_vector(r, read_data);
        return true;
    default:
        return false;
    }
}

/* Keeps a custom section's name and contents. */
static void read_custom(reader_t *r, wrl_section_t *section)
{
    section->name = read_string(r, &section->name_size);
    section->data_size = rest(r);
    const uint8_t *data = read_bytes(r, section->data_size);
    if (r->error) {
        return;
    }
    /* One byte more keeps the pointer of empty contents apart from NULL. */
    uint8_t *copy = (uint8_t *)wrl_arena_alloc(&r->info->arena, section->data_size + 1);
    if (!copy) {
        fail_memory(r);
        return;
    }
    if (section->data_size) {
        memcpy(copy, data, section->data_size);
    }
    section->data = copy;
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
    wrl_section_t section = {id, section_names[id], strlen(section_names[id]), r->offset, size, NULL, 0};
    if (id == SECTION_CUSTOM) {
        read_custom(r, &section);
    } else if (!read_contents(r, id)) {
        r->offset = r->end;
    }
    if (!r->error && r->offset != r->end) {
        fail(r, WRL_ERROR_MALFORMED, r->offset, "%zu bytes are left over", r->end - r->offset);
    }
    wrl_section_t *copy = (wrl_section_t *)append(r, (void **)&r->info->sections, &r->info->section_count,
                                                  &r->info->section_capacity, sizeof *copy);
    if (copy) {
        *copy = section;
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

static void read_func_names(reader_t *r)
{
    wrl_items_t *funcs = &r->info->items[WRL_EXTERN_FUNC];
    for (uint32_t count = read_count(r); count && !r->error; count--) {
        uint32_t index = read_u32(r);
        wrl_name_t name = read_name(r);
        if (!r->error && index < funcs->count) {
            funcs->types[index].of.func.name = wrl_arena_string(&r->info->arena, name.data, name.size);
        }
    }
}

/*
 * The name section (core specification, appendix 7.4) is for people: what is broken in it is left out, never an error.
 * Names that find no memory are left out as well.
 */
static void read_name_section(wrl_module_info_t *info, const wrl_section_t *section)
{
    reader_t r = {section->data, 0, section->data_size, "name section", info, NULL, 0};
    uint8_t id;
    size_t end;
    while (next_subsection(&r, section->data_size, &id, &end)) {
        if (id == 0) {
            info->name = read_string(&r, &info->name_size);
        } else if (id == 1) {
            read_func_names(&r);
        }
        r.offset = end;
    }
    wrl_error_delete(r.error);
}

static void read_names(wrl_module_info_t *info)
{
    for (size_t i = 0; i < info->section_count; i++) {
        const wrl_section_t *section = &info->sections[i];
        if (section->id == SECTION_CUSTOM && section->name_size == 4 && memcmp(section->name, "name", 4) == 0) {
            read_name_section(info, section);
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

wrl_error_t *wrl_module_info_read(const uint8_t *bytes, size_t size, wrl_module_info_t *info)
{
    memset(info, 0, sizeof *info);
    wrl_error_t *error = check_header(bytes, size);
    if (error) {
        return error;
    }
    reader_t r = {bytes, 8, size, "section header", info, NULL, 0};
    uint8_t last_rank = 0;
    while (!r.error && r.offset < size) {
        read_section(&r, size, &last_rank);
    }
    if (r.error) {
        wrl_module_info_free(info);
        return r.error;
    }
    read_names(info);
    return NULL;
}

void wrl_module_info_free(wrl_module_info_t *info)
{
    for (size_t i = 0; i < WRL_EXTERN_LIMIT; i++) {
        wrl_free(info->items[i].types);
        wrl_free(info->items[i].imports);
    }
    wrl_free(info->types);
    wrl_free(info->imports);
    wrl_free(info->exports);
    wrl_free(info->sections);
    wrl_names_free(&info->export_names);
    wrl_arena_free(&info->arena);
    memset(info, 0, sizeof *info);
}

size_t wrl_module_info_find_export(const wrl_module_info_t *info, const char *name, size_t name_size)
{
    wrl_name_key_t key = {{name, name_size}, {NULL, 0}};
    return wrl_names_find(&info->export_names, key, export_key, info);
}
