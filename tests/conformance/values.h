/**
 * @file
 * Values that implementations often handle wrongly, and exact comparison.
 */
#ifndef WRL_CONFORMANCE_VALUES_H
#define WRL_CONFORMANCE_VALUES_H

#include "harness.h"

/** References of the test's store. */
typedef struct value_pool {
    wrl_func_t funcs[3];
    wrl_externref_t externrefs[3];
} value_pool_t;

/** Fills the pool. funcs need no feature, externrefs need reference types. */
bool value_pool_init(wrl_test_t *t, value_pool_t *pool, bool with_externrefs);

/** Returns a value of a kind for any number. Extremes, signed zeros, NaN payloads and null have small numbers. */
wrl_val_t value_make(const value_pool_t *pool, wrl_valkind_t kind, size_t number);

/** Returns a slot with the value and with noise in all other bytes. */
wrl_raw_t value_to_raw(const wrl_val_t *value);

/** Returns whether kind and bits are equal. */
bool value_same(const wrl_val_t *a, const wrl_val_t *b);

/** Returns whether the bits that the value's kind uses are equal. */
bool value_same_raw(const wrl_val_t *value, const wrl_raw_t *raw);

/** Returns a float made from its bits. It never passes through a register that could change a NaN. */
wrl_val_t value_f32_bits(uint32_t bits);
wrl_val_t value_f64_bits(uint64_t bits);

#endif
