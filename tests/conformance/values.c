/* Values that implementations often handle wrongly, and exact comparison. */
#include "values.h"

bool value_pool_init(wrl_test_t *t, value_pool_t *pool, bool with_externrefs)
{
    memset(pool, 0, sizeof(*pool));
    for (size_t i = 0; i < 3; i++) {
        TRY(test_nothing_func(t, t->store, &pool->funcs[i]));
        if (with_externrefs) {
            OK(wrl_externref_new(t->store, &pool->externrefs[i], NULL, &pool->externrefs[i]));
        }
    }
    return true;
}

wrl_val_t value_f32_bits(uint32_t bits)
{
    wrl_val_t value = WRL_F32(0);
    memcpy(&value.of.f32, &bits, sizeof(bits));
    return value;
}

wrl_val_t value_f64_bits(uint64_t bits)
{
    wrl_val_t value = WRL_F64(0);
    memcpy(&value.of.f64, &bits, sizeof(bits));
    return value;
}

static wrl_val_t make_i32(size_t number)
{
    const int32_t values[] = {INT32_MIN, INT32_MAX, -1, 0, 1, 0x12345678};
    const size_t count = sizeof(values) / sizeof(values[0]);
    return WRL_I32(number < count ? values[number] : (int32_t)(number * 2654435761U));
}

static wrl_val_t make_i64(size_t number)
{
    const int64_t values[] = {INT64_MIN, INT64_MAX, -1, 0, INT64_C(0x80000000), INT64_C(-0x80000001)};
    const size_t count = sizeof(values) / sizeof(values[0]);
    return WRL_I64(number < count ? values[number] : (int64_t)(number * UINT64_C(0x9e3779b97f4a7c15)));
}

/* Quiet and signalling NaNs with payloads, both signs, zeros, infinities, the smallest denormal. */
static wrl_val_t make_f32(size_t number)
{
    const uint32_t bits[] = {0x7fc00000, 0xffc12345, 0x7fa00001, 0xff800001, 0x80000000,
                             0x00000000, 0x7f800000, 0xff800000, 0x00000001, 0x7f7fffff};
    const size_t count = sizeof(bits) / sizeof(bits[0]);
    return number < count ? value_f32_bits(bits[number]) : WRL_F32((float)number + 0.5F);
}

static wrl_val_t make_f64(size_t number)
{
    const uint64_t bits[] = {UINT64_C(0x7ff8000000000000), UINT64_C(0xfff8123456789abc), UINT64_C(0x7ff4000000000001),
                             UINT64_C(0xfff0000000000001), UINT64_C(0x8000000000000000), UINT64_C(0x0000000000000000),
                             UINT64_C(0x7ff0000000000000), UINT64_C(0xfff0000000000000), UINT64_C(0x0000000000000001),
                             UINT64_C(0x7fefffffffffffff)};
    const size_t count = sizeof(bits) / sizeof(bits[0]);
    return number < count ? value_f64_bits(bits[number]) : WRL_F64((double)number + 0.25);
}

static wrl_val_t make_v128(size_t number)
{
    wrl_v128_t vector;
    for (size_t i = 0; i < sizeof(vector.bytes); i++) {
        vector.bytes[i] = (uint8_t)(number * 16 + i * 17);
    }
    return WRL_V128(vector);
}

wrl_val_t value_make(const value_pool_t *pool, wrl_valkind_t kind, size_t number)
{
    switch (kind) {
    case WRL_VALKIND_I32:
        return make_i32(number);
    case WRL_VALKIND_I64:
        return make_i64(number);
    case WRL_VALKIND_F32:
        return make_f32(number);
    case WRL_VALKIND_F64:
        return make_f64(number);
    case WRL_VALKIND_V128:
        return make_v128(number);
    case WRL_VALKIND_FUNCREF:
        return number % 4 == 1 ? WRL_NULL_FUNCREF : WRL_FUNCREF(pool->funcs[number % 3]);
    default:
        return number % 4 == 1 ? WRL_NULL_EXTERNREF : WRL_EXTERNREF(pool->externrefs[number % 3]);
    }
}

/* Returns how many bytes of the union a kind uses. */
static size_t value_size(wrl_valkind_t kind)
{
    switch (kind) {
    case WRL_VALKIND_I32:
    case WRL_VALKIND_F32:
        return 4;
    case WRL_VALKIND_I64:
    case WRL_VALKIND_F64:
        return 8;
    default:
        return 16;
    }
}

wrl_raw_t value_to_raw(const wrl_val_t *value)
{
    wrl_raw_t raw;
    memset(&raw, 0xee, sizeof(raw));
    memcpy(&raw, &value->of, value_size(value->kind));
    return raw;
}

bool value_same(const wrl_val_t *a, const wrl_val_t *b)
{
    return a->kind == b->kind && memcmp(&a->of, &b->of, value_size(a->kind)) == 0;
}

bool value_same_raw(const wrl_val_t *value, const wrl_raw_t *raw)
{
    return memcmp(&value->of, raw, value_size(value->kind)) == 0;
}
