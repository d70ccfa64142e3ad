/* Types, and the types of items (core specification 5.3). */
#include "binary/types.h"

#include "binary/format.h"
#include "type.h"

/* Returns WRL_VALTYPE_FUNC if the heap type is the index of a function type, else 0. */
static uint8_t func_flag(const wrl_reader_t *r, int64_t heap)
{
    bool is_func = heap >= 0 && (uint64_t)heap < r->info->type_count && r->info->types && r->info->types[heap].is_func;
    return is_func ? WRL_VALTYPE_FUNC : 0;
}

static wrl_valtype_t make_ref(const wrl_reader_t *r, uint8_t flags, int64_t heap)
{
    wrl_valtype_t type = {WRL_VALKIND_REF, flags | func_flag(r, heap), 0, (int32_t)heap};
    if (flags == WRL_VALTYPE_NULLABLE && heap == WRL_HEAP_FUNC) {
        type = (wrl_valtype_t)WRL_TYPE_FUNCREF;
    } else if (flags == WRL_VALTYPE_NULLABLE && heap == WRL_HEAP_EXTERN) {
        type = (wrl_valtype_t)WRL_TYPE_EXTERNREF;
    }
    return type;
}

int64_t wrl__read_heap(wrl_reader_t *r)
{
    size_t start = r->offset;
    int64_t heap = wrl__read_signed(r, 33);
    bool is_abstract = heap >= WRL_HEAP_EXN && heap <= WRL_HEAP_NOEXN;
    if (!r->error && (heap > INT32_MAX || (heap < 0 && !is_abstract))) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "unknown heap type %lld", (long long)heap);
        return 0;
    }
    return heap;
}

static bool is_abstract_heap(uint8_t byte)
{
    return byte >= CODE_EXNREF && byte <= CODE_LAST_HEAP;
}

static wrl_valtype_t read_valtype(wrl_reader_t *r)
{
    static const wrl_valkind_t numbers[] = {WRL_VALKIND_V128, WRL_VALKIND_F64, WRL_VALKIND_F32, WRL_VALKIND_I64,
                                            WRL_VALKIND_I32};
    wrl_valtype_t type = {0};
    size_t start = r->offset;
    uint8_t byte = wrl__read_byte(r);
    if (byte >= CODE_V128 && byte <= CODE_I32) {
        type.kind = numbers[byte - CODE_V128];
    } else if (byte == CODE_REF_NULL || byte == CODE_REF) {
        uint8_t flags = byte == CODE_REF_NULL ? WRL_VALTYPE_NULLABLE : 0;
        type = make_ref(r, flags, wrl__read_heap(r));
    } else if (is_abstract_heap(byte)) {
        type = make_ref(r, WRL_VALTYPE_NULLABLE, (int64_t)byte - 0x80);
    } else {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a value type", byte);
    }
    return type;
}

wrl_valtype_t wrl__read_reftype(wrl_reader_t *r)
{
    size_t start = r->offset;
    wrl_valtype_t type = read_valtype(r);
    if (!r->error && !wrl__valtype_is_ref(type)) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "expected a reference type, not %s",
                         wrl_valkind_name(type.kind));
    }
    return type;
}

/* Reads parameters or results. Returns how many there are. */
static uint32_t read_valtypes(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t count = wrl__read_count(r, 1);
    if (count > WRL_MAX_PARAMS) {
        wrl__reader_fail(r, WRL_ERROR_RESOURCE_LIMIT, start, "%lu parameters or results of a function, more than 1000",
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

/* Skips a field of a struct or array type. Nothing of it is kept. */
static void skip_field(wrl_reader_t *r)
{
    uint8_t packed = wrl__reader_rest(r) ? r->bytes[r->offset] : 0;
    if (packed == CODE_FIELD_I8 || packed == CODE_FIELD_I16) {
        r->offset++;
    } else {
        (void)read_valtype(r);
    }
    (void)wrl__read_byte(r);
}

static void read_composite(wrl_reader_t *r, uint8_t form, size_t start, uint32_t depth, bool is_open)
{
    wrl_type_record_t type = {.values = (uint32_t)r->info->value_count, .depth = depth & 63, .is_open = is_open};
    if (form == TYPE_FUNC) {
        type.is_func = 1;
        type.param_count = read_valtypes(r) & 16383;
        type.result_count = read_valtypes(r) & 1023;
    } else if (form == TYPE_STRUCT) {
        size_t fields = r->offset;
        uint32_t count = wrl__read_count(r, 2);
        wrl__reader_check_most(r, fields, count, 10000, "fields of a struct");
        type.param_count = count & 16383;
        for (; count && !r->error; count--) {
            skip_field(r);
        }
    } else if (form == TYPE_ARRAY) {
        skip_field(r);
    } else {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a form of type", form);
    }
    if (r->info->types && !r->error) {
        r->info->types[r->info->type_count] = type;
    }
    r->info->type_count++;
}

static void read_subtype(wrl_reader_t *r, uint8_t form, size_t start)
{
    uint32_t depth = 0;
    bool is_open = form == TYPE_SUB;
    if (is_open || form == TYPE_SUB_FINAL) {
        size_t supertypes = r->offset;
        for (uint32_t count = wrl__read_count(r, 1); count && !r->error; count--) {
            uint32_t index = wrl__read_u32(r);
            bool is_known = r->info->types && index < r->info->type_count;
            depth = is_known ? r->info->types[index].depth + 1u : depth;
        }
        wrl__reader_check_most(r, supertypes, depth, 63, "supertypes of a type");
        start = r->offset;
        form = wrl__read_byte(r);
    }
    if (!r->error) {
        read_composite(r, form, start, depth, is_open);
    }
}

static void read_type_entry(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint8_t form = wrl__read_byte(r);
    if (form != TYPE_REC) {
        read_subtype(r, form, start);
        return;
    }
    for (uint32_t count = wrl__read_count(r, 2); count && !r->error; count--) {
        start = r->offset;
        form = wrl__read_byte(r);
        read_subtype(r, form, start);
    }
}

static void read_all_types(wrl_reader_t *r)
{
    r->info->type_count = r->info->value_count = 0;
    for (uint32_t count = wrl__read_count(r, 2); count && !r->error; count--) {
        read_type_entry(r);
    }
}

/* Reads the section twice, once to count and once to keep, so that no more memory is allocated than is needed. */
void wrl__read_types(wrl_reader_t *r)
{
    wrl_module_info_t *info = r->info;
    size_t start = r->offset;
    read_all_types(r);
    wrl__reader_check_most(r, start, info->type_count, 1000000, "types");
    info->types = (wrl_type_record_t *)wrl__reader_array(r, info->type_count, sizeof *info->types);
    info->values = (wrl_valtype_t *)wrl__reader_array(r, info->value_count, sizeof *info->values);
    r->offset = r->error ? r->offset : start;
    read_all_types(r);
    /* Types may refer to types that follow them. */
    for (size_t i = 0; i < info->value_count && !r->error; i++) {
        wrl_valtype_t *type = &info->values[i];
        type->flags |= type->kind == WRL_VALKIND_REF ? func_flag(r, type->heap) : 0;
    }
}

static uint32_t read_type_index(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t index = wrl__read_u32(r);
    if (r->error) {
        return 0;
    }
    if (index >= r->info->type_count) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "unknown type %lu", (unsigned long)index);
    } else if (!r->info->types[index].is_func) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "type %lu is not a function type", (unsigned long)index);
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

/* Reads limits (core specification 5.3.9), with the flags of the threads and custom-page-sizes proposals. */
static limits_t read_limits(wrl_reader_t *r, uint8_t allowed)
{
    limits_t limits = {0, WRL_NO_MAX, false, false, 16};
    size_t start = r->offset;
    uint8_t flags = wrl__read_byte(r);
    if (flags & ~allowed) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "0x%02x is not a form of limits", flags);
        return limits;
    }
    limits.is_shared = flags & LIMITS_SHARED;
    limits.is_64 = flags & LIMITS_64;
    unsigned bits = limits.is_64 ? 64 : 32;
    limits.min = wrl__read_unsigned(r, bits);
    if (flags & LIMITS_MAX) {
        limits.max = wrl__read_unsigned(r, bits);
    }
    if (flags & LIMITS_PAGE_SIZE) {
        uint32_t log2 = wrl__read_u32(r);
        if (log2 > 16) {
            wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "invalid page size of 2^%lu bytes", (unsigned long)log2);
        }
        limits.page_size_log2 = (uint8_t)log2;
    }
    return limits;
}

/* `most` is the limit of the address space. */
static void check_limits(wrl_reader_t *r, size_t start, const char *kind, limits_t limits, uint64_t most)
{
    uint64_t largest = limits.max == WRL_NO_MAX ? limits.min : limits.max;
    if (limits.max != WRL_NO_MAX && limits.min > limits.max) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "a %s with a minimum of %llu, more than its maximum of %llu",
                         kind, (unsigned long long)limits.min, (unsigned long long)limits.max);
    } else if (largest > most) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start,
                         "a %s with limits of %llu, more than the %llu of its address space", kind,
                         (unsigned long long)largest, (unsigned long long)most);
    }
}

wrl_externtype_t wrl__read_memorytype(wrl_reader_t *r)
{
    size_t start = r->offset;
    limits_t limits = read_limits(r, LIMITS_MAX | LIMITS_SHARED | LIMITS_64 | LIMITS_PAGE_SIZE);
    wrl_externtype_t type = {.kind = WRL_EXTERN_MEMORY};
    type.of.memory = (wrl_memorytype_t)WRL_MEMORYTYPE(limits.min, limits.max);
    type.of.memory.is_64 = limits.is_64;
    type.of.memory.is_shared = limits.is_shared;
    type.of.memory.page_size_log2 = limits.page_size_log2;
    check_limits(r, start, "memory", limits, wrl__memorytype_page_limit(&type.of.memory));
    return type;
}

wrl_externtype_t wrl__read_tabletype(wrl_reader_t *r)
{
    wrl_valtype_t element = wrl__read_reftype(r);
    size_t start = r->offset;
    limits_t limits = read_limits(r, LIMITS_MAX | LIMITS_64);
    wrl_externtype_t type = {.kind = WRL_EXTERN_TABLE};
    type.of.table = (wrl_tabletype_t){element, limits.min, limits.max, limits.is_64};
    check_limits(r, start, "table", limits, limits.is_64 ? UINT64_MAX : UINT32_MAX);
    return type;
}

wrl_externtype_t wrl__read_globaltype(wrl_reader_t *r)
{
    wrl_externtype_t type = {.kind = WRL_EXTERN_GLOBAL};
    type.of.global.content = read_valtype(r);
    size_t start = r->offset;
    uint8_t mutability = wrl__read_byte(r);
    if (mutability > 1) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "invalid mutability %u", mutability);
    }
    type.of.global.is_mutable = mutability == 1;
    return type;
}

uint32_t wrl__read_item_type(wrl_reader_t *r, wrl_externkind_t kind)
{
    size_t start = r->offset;
    switch (kind) {
    case WRL_EXTERN_TAG:
        if (wrl__read_byte(r) != 0) {
            wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "a tag with an unknown attribute");
        }
        return read_type_index(r);
    case WRL_EXTERN_TABLE:
        (void)wrl__read_tabletype(r);
        break;
    case WRL_EXTERN_MEMORY:
        (void)wrl__read_memorytype(r);
        break;
    case WRL_EXTERN_GLOBAL:
        (void)wrl__read_globaltype(r);
        break;
    default:
        return read_type_index(r);
    }
    return wrl__reader_keep(r, r->bytes + start, r->offset - start);
}
