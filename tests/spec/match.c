#include "match.h"

#include <string.h>

/* ---- Floats ---- */

/* The bits of a format: all bits but the sign, and those of a canonical NaN (core specification, "Floating-Point"),
 * which are the exponent and the highest bit of the payload. */
typedef struct format {
    uint64_t magnitude;
    uint64_t canonical;
} format_t;

static const format_t f32_format = {0x7fffffff, 0x7fc00000};
static const format_t f64_format = {0x7fffffffffffffff, 0x7ff8000000000000};

/* NaNs of either sign match. The payload of a canonical NaN has no other bit, that of an arithmetic NaN may have
 * others. */
static bool match_float(const format_t *format, spec_pattern_t pattern, uint64_t expected, uint64_t bits)
{
    switch (pattern) {
    case SPEC_NAN_CANONICAL:
        return (bits & format->magnitude) == format->canonical;
    case SPEC_NAN_ARITHMETIC:
        return (bits & format->canonical) == format->canonical;
    default:
        return bits == expected;
    }
}

static uint64_t read_bits(const uint8_t *bytes, size_t size)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++) {
        bits |= (uint64_t)bytes[i] << (8 * i);
    }
    return bits;
}

static bool match_f32(const spec_value_t *expected, const wrl_val_t *actual)
{
    uint32_t bits;
    memcpy(&bits, &actual->of.f32, sizeof(bits));
    return match_float(&f32_format, expected->of.f.pattern, expected->of.f.bits, bits);
}

static bool match_f64(const spec_value_t *expected, const wrl_val_t *actual)
{
    uint64_t bits;
    memcpy(&bits, &actual->of.f64, sizeof(bits));
    return match_float(&f64_format, expected->of.f.pattern, expected->of.f.bits, bits);
}

static bool match_v128(const spec_value_t *expected, const wrl_val_t *actual)
{
    const uint8_t *want = expected->of.v128.bytes;
    const uint8_t *have = actual->of.v128.bytes;
    if (expected->of.v128.shape < SPEC_F32X4) {
        return memcmp(want, have, 16) == 0;
    }
    size_t lane = expected->of.v128.shape == SPEC_F32X4 ? 4 : 8;
    for (size_t i = 0; i < 16 / lane; i++) {
        if (!match_float(lane == 4 ? &f32_format : &f64_format, expected->of.v128.patterns[i],
                         read_bits(want + i * lane, lane), read_bits(have + i * lane, lane))) {
            return false;
        }
    }
    return true;
}

/* ---- References ---- */

static bool is_null(const wrl_val_t *value)
{
    switch (value->kind) {
    case WRL_VALKIND_FUNCREF:
        return wrl_func_is_null(value->of.func);
    case WRL_VALKIND_EXTERNREF:
        return wrl_externref_is_null(value->of.externref);
    case WRL_VALKIND_REF:
        return wrl_ref_is_null(value->of.ref);
    default:
        return false;
    }
}

static bool is_one_of(spec_bytes_t heap, const char *const *names)
{
    for (; *names; names++) {
        if (heap.size == strlen(*names) && memcmp(heap.data, *names, heap.size) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_exception(wrl_valtype_t type)
{
    return type.heap == WRL_HEAP_EXN || type.heap == WRL_HEAP_NOEXN;
}

/* A null reference belongs to a hierarchy of types. Within a hierarchy all nulls are the same. */
static bool match_null(const spec_value_t *expected, wrl_valtype_t type, const wrl_val_t *actual)
{
    static const char *const funcs[] = {"func", "nofunc", NULL};
    static const char *const externs[] = {"extern", "noextern", NULL};
    static const char *const exceptions[] = {"exn", "noexn", NULL};
    static const char *const inner[] = {"any", "none", "eq", "i31", "struct", "array", NULL};
    spec_bytes_t heap = expected->of.heap;
    if (!is_null(actual)) {
        return false;
    }
    if (is_one_of(heap, funcs)) {
        return actual->kind == WRL_VALKIND_FUNCREF;
    }
    if (is_one_of(heap, externs)) {
        return actual->kind == WRL_VALKIND_EXTERNREF;
    }
    if (is_one_of(heap, exceptions)) {
        return actual->kind == WRL_VALKIND_REF && is_exception(type);
    }
    if (is_one_of(heap, inner)) {
        return actual->kind == WRL_VALKIND_REF && !is_exception(type);
    }
    /* The index of a type has a meaning in its module alone. The layer does not report it. */
    bool is_index = heap.size > 0 && heap.data[0] >= '0' && heap.data[0] <= '9';
    return heap.size == 0 || (is_index && actual->kind != WRL_VALKIND_EXTERNREF);
}

static bool match_extern(const spec_refs_t *refs, const spec_value_t *expected, const wrl_val_t *actual)
{
    if (actual->kind != WRL_VALKIND_EXTERNREF || is_null(actual)) {
        return false;
    }
    if (!expected->of.ref.has_number) {
        return true;
    }
    const void *data = wrl_externref_data(refs->store, actual->of.externref);
    return (uintptr_t)data == (uintptr_t)expected->of.ref.number + 1;
}

static bool match_host(spec_refs_t *refs, const spec_value_t *expected, const wrl_val_t *actual)
{
    uint32_t number;
    return actual->kind == WRL_VALKIND_REF && !is_null(actual) && spec_refs_host(refs, actual, &number) &&
           number == expected->of.ref.number;
}

/* Returns a reference's heap type, or none for null references and values of other kinds. */
static int32_t heap_of(const spec_refs_t *refs, const wrl_val_t *actual)
{
    if (actual->kind != WRL_VALKIND_REF || is_null(actual)) {
        return WRL_HEAP_NONE;
    }
    wrl_valtype_t type = wrl_ref_type(refs->store, actual->of.ref);
    return type.kind == WRL_VALKIND_NONE ? WRL_HEAP_NONE : type.heap;
}

static bool match_inner(const spec_refs_t *refs, const spec_value_t *expected, const wrl_val_t *actual)
{
    int32_t heap = heap_of(refs, actual);
    bool is_eq = heap == WRL_HEAP_I31 || heap == WRL_HEAP_STRUCT || heap == WRL_HEAP_ARRAY;
    switch (expected->tag) {
    case SPEC_REF_ANY:
        return is_eq || heap == WRL_HEAP_ANY;
    case SPEC_REF_EQ:
        return is_eq;
    case SPEC_REF_ARRAY:
        return heap == WRL_HEAP_ARRAY;
    case SPEC_REF_STRUCT:
        return heap == WRL_HEAP_STRUCT;
    default:
        return heap == WRL_HEAP_I31;
    }
}

/* ---- All ---- */

static bool match_either(spec_refs_t *refs, spec_values_t choices, wrl_valtype_t type, const wrl_val_t *actual)
{
    spec_value_t choice;
    while (spec_values_next(&choices, &choice)) {
        if (spec_match(refs, &choice, type, actual)) {
            return true;
        }
    }
    return false;
}

bool spec_match(spec_refs_t *refs, const spec_value_t *expected, wrl_valtype_t type, const wrl_val_t *actual)
{
    switch (expected->tag) {
    case SPEC_I32:
        return actual->kind == WRL_VALKIND_I32 && memcmp(&actual->of.i32, &expected->of.i32, 4) == 0;
    case SPEC_I64:
        return actual->kind == WRL_VALKIND_I64 && memcmp(&actual->of.i64, &expected->of.i64, 8) == 0;
    case SPEC_F32:
        return actual->kind == WRL_VALKIND_F32 && match_f32(expected, actual);
    case SPEC_F64:
        return actual->kind == WRL_VALKIND_F64 && match_f64(expected, actual);
    case SPEC_V128:
        return actual->kind == WRL_VALKIND_V128 && match_v128(expected, actual);
    case SPEC_REF_NULL:
        return match_null(expected, type, actual);
    case SPEC_REF_EXTERN:
        return match_extern(refs, expected, actual);
    case SPEC_REF_HOST:
        return match_host(refs, expected, actual);
    case SPEC_REF_FUNC:
        return actual->kind == WRL_VALKIND_FUNCREF && !is_null(actual);
    case SPEC_EITHER:
        return match_either(refs, expected->of.either, type, actual);
    default:
        return match_inner(refs, expected, actual);
    }
}
