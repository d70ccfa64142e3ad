#include "match.h"

#include <string.h>

/* ---- Floats ---- */

/* The parts of a format: all bits but the sign's, and those of a canonical NaN (core specification, "Floating-Point"):
 * exponent and the topmost bit of the payload. */
typedef struct format {
    uint64_t magnitude;
    uint64_t canonical;
} format_t;

static const format_t f32_format = {0x7fffffff, 0x7fc00000};
static const format_t f64_format = {0x7fffffffffffffff, 0x7ff8000000000000};

/* NaNs of any sign: a canonical one has no other bit in its payload, an arithmetic one may have. */
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
    return (value->kind == WRL_VALKIND_FUNCREF && wrl_func_is_null(value->of.func)) ||
           (value->kind == WRL_VALKIND_EXTERNREF && wrl_externref_is_null(value->of.externref));
}

static bool heap_is(spec_bytes_t heap, const char *name)
{
    return heap.size == strlen(name) && memcmp(heap.data, name, heap.size) == 0;
}

/* A null reference belongs to a hierarchy of types; within one, all nulls are the same. */
static bool match_null(const spec_value_t *expected, const wrl_val_t *actual)
{
    spec_bytes_t heap = expected->of.heap;
    if (!is_null(actual)) {
        return false;
    }
    if (heap_is(heap, "func") || heap_is(heap, "nofunc")) {
        return actual->kind == WRL_VALKIND_FUNCREF;
    }
    if (heap_is(heap, "extern") || heap_is(heap, "noextern")) {
        return actual->kind == WRL_VALKIND_EXTERNREF;
    }
    return heap.size == 0;
}

static bool match_extern(const wrl_store_t *store, const spec_value_t *expected, const wrl_val_t *actual)
{
    if (actual->kind != WRL_VALKIND_EXTERNREF || is_null(actual)) {
        return false;
    }
    if (!expected->of.ref.has_number) {
        return true;
    }
    void *data;
    wrl_error_t *error = wrl_externref_data(store, actual->of.externref, &data);
    bool same = !error && (uintptr_t)data == (uintptr_t)expected->of.ref.number + 1;
    wrl_error_delete(error);
    return same;
}

/* ---- All ---- */

static bool match_either(const wrl_store_t *store, spec_values_t choices, const wrl_val_t *actual)
{
    spec_value_t choice;
    while (spec_values_next(&choices, &choice)) {
        if (spec_match(store, &choice, actual)) {
            return true;
        }
    }
    return false;
}

bool spec_match(const wrl_store_t *store, const spec_value_t *expected, const wrl_val_t *actual)
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
        return match_null(expected, actual);
    case SPEC_REF_EXTERN:
        return match_extern(store, expected, actual);
    case SPEC_REF_FUNC:
        return actual->kind == WRL_VALKIND_FUNCREF && !is_null(actual);
    case SPEC_EITHER:
        return match_either(store, expected->of.either, actual);
    default:
        return false;
    }
}
