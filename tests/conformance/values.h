/**
 * @file
 * Values that are easy to get wrong, and their exact comparison.
 */
#ifndef WRL_CONFORMANCE_VALUES_H
#define WRL_CONFORMANCE_VALUES_H

#include "harness.h"

/** References to choose from, all of the test's store. */
typedef struct value_pool {
    wrl_func_t funcs[3];
    wrl_externref_t externrefs[3];
} value_pool_t;

/** Fills the pool: funcs need no feature, externrefs need reference types. */
bool value_pool_init(wrl_test_t *t, value_pool_t *pool, bool with_externrefs);

/** The number'th value of a kind; any number will do. Extremes, signed zeros, NaN payloads and null come early. */
wrl_val_t value_make(const value_pool_t *pool, wrl_valkind_t kind, size_t number);

/** The value in a slot, all other bytes filled with noise. */
wrl_raw_t value_to_raw(const wrl_val_t *value);

/** Same kind and same bits. */
bool value_same(const wrl_val_t *a, const wrl_val_t *b);

/** Same bits as the value, as far as its kind reaches. */
bool value_same_raw(const wrl_val_t *value, const wrl_raw_t *raw);

/** A float from its bits, without going through a register that could change a NaN. */
wrl_val_t value_f32_bits(uint32_t bits);
wrl_val_t value_f64_bits(uint64_t bits);

#endif
