/**
 * @file
 * Values and raw slots.
 */
#ifndef WRL_VALUE_H
#define WRL_VALUE_H

#include "handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 128 bits, as stored in memory: lane 0 first, each lane little-endian. */
typedef struct wrl_v128 {
    uint8_t bytes[16]; /**< As in a memory of the guest. */
} wrl_v128_t;

/** The kind of a value. The numbers never change; later versions may add more. */
typedef uint8_t wrl_valkind_t;
enum {
    WRL_VALKIND_NONE = 0,      /**< No value: the kind of a result before it is set. */
    WRL_VALKIND_I32 = 1,       /**< 32-bit integer, neither signed nor unsigned. */
    WRL_VALKIND_I64 = 2,       /**< 64-bit integer, neither signed nor unsigned. */
    WRL_VALKIND_F32 = 3,       /**< IEEE 754 single. NaN payloads are kept. */
    WRL_VALKIND_F64 = 4,       /**< IEEE 754 double. NaN payloads are kept. */
    WRL_VALKIND_V128 = 5,      /**< 128-bit vector. */
    WRL_VALKIND_FUNCREF = 6,   /**< Nullable reference to a function. */
    WRL_VALKIND_EXTERNREF = 7, /**< Nullable reference to an object of the host. */
    WRL_VALKIND_REF = 8 /**< As a value's kind: a reference to an object of the guest. As a type's kind: any reference
                           type except the two above, see wrl_valtype_t and wrl_valtype_value_kind(). */
};

/** A value with its kind. 24 bytes. */
typedef struct wrl_val {
    wrl_valkind_t kind;  /**< Selects the member of `of`. */
    uint8_t reserved[7]; /**< Never read. */
    union {
        int32_t i32;               /**< For WRL_VALKIND_I32. */
        int64_t i64;               /**< For WRL_VALKIND_I64. */
        float f32;                 /**< For WRL_VALKIND_F32. */
        double f64;                /**< For WRL_VALKIND_F64. */
        wrl_v128_t v128;           /**< For WRL_VALKIND_V128. */
        wrl_func_t func;           /**< For WRL_VALKIND_FUNCREF; a store_id of 0 is null. */
        wrl_externref_t externref; /**< For WRL_VALKIND_EXTERNREF; a store_id of 0 is null. */
        wrl_ref_t ref;             /**< For WRL_VALKIND_REF; a store_id of 0 is null. */
    } of;                          /**< The value. */
} wrl_val_t;

/**
 * A value without its kind, for raw calls: 16 bytes. Only the bytes of the member that the function's type selects are
 * read; the others may hold anything. References are handles of this library and are checked like all handles.
 */
typedef union wrl_raw {
    int32_t i32;               /**< The first four bytes. */
    int64_t i64;               /**< The first eight bytes. */
    float f32;                 /**< The first four bytes. */
    double f64;                /**< The first eight bytes. */
    wrl_v128_t v128;           /**< All bytes. */
    wrl_func_t func;           /**< For references to functions; a store_id of 0 is null. */
    wrl_externref_t externref; /**< For external references; a store_id of 0 is null. */
    wrl_ref_t ref;             /**< For all other references; a store_id of 0 is null. */
    uint64_t words[2];         /**< The 16 bytes as they are. */
} wrl_raw_t;

/*
 * Functions that make values. The macros below serve as initialisers and as expressions:
 *
 *     wrl_val_t args[] = {WRL_I32(1), WRL_F64(0.5)};
 *
 * The functions write only the bytes that are read: zeroing the others would cost more than all checks of a call.
 */

/** Returns a value of kind WRL_VALKIND_I32. */
static inline wrl_val_t wrl_val_i32(int32_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_I32;
    val.of.i32 = value;
    return val;
}

/** Returns a value of kind WRL_VALKIND_I64. */
static inline wrl_val_t wrl_val_i64(int64_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_I64;
    val.of.i64 = value;
    return val;
}

/** Returns a value of kind WRL_VALKIND_F32. */
static inline wrl_val_t wrl_val_f32(float value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_F32;
    val.of.f32 = value;
    return val;
}

/** Returns a value of kind WRL_VALKIND_F64. */
static inline wrl_val_t wrl_val_f64(double value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_F64;
    val.of.f64 = value;
    return val;
}

/** Returns a value of kind WRL_VALKIND_V128. */
static inline wrl_val_t wrl_val_v128(wrl_v128_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_V128;
    val.of.v128 = value;
    return val;
}

/** Returns a value of kind WRL_VALKIND_FUNCREF. A null handle becomes the null reference. */
static inline wrl_val_t wrl_val_funcref(wrl_func_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_FUNCREF;
    val.of.func = value;
    return val;
}

/** Returns a value of kind WRL_VALKIND_EXTERNREF. A null handle becomes the null reference. */
static inline wrl_val_t wrl_val_externref(wrl_externref_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_EXTERNREF;
    val.of.externref = value;
    return val;
}

/** Returns a value of kind WRL_VALKIND_REF. A null handle becomes the null reference. */
static inline wrl_val_t wrl_val_ref(wrl_ref_t value)
{
    wrl_val_t val;
    val.kind = WRL_VALKIND_REF;
    val.of.ref = value;
    return val;
}

#define WRL_I32(value) wrl_val_i32(value)                          /**< wrl_val_i32() */
#define WRL_I64(value) wrl_val_i64(value)                          /**< wrl_val_i64() */
#define WRL_F32(value) wrl_val_f32(value)                          /**< wrl_val_f32() */
#define WRL_F64(value) wrl_val_f64(value)                          /**< wrl_val_f64() */
#define WRL_V128(value) wrl_val_v128(value)                        /**< wrl_val_v128() */
#define WRL_FUNCREF(value) wrl_val_funcref(value)                  /**< wrl_val_funcref() */
#define WRL_EXTERNREF(value) wrl_val_externref(value)              /**< wrl_val_externref() */
#define WRL_REF(value) wrl_val_ref(value)                          /**< wrl_val_ref() */
#define WRL_NULL_FUNCREF wrl_val_funcref(wrl_func_null())          /**< The null function reference, as a value. */
#define WRL_NULL_EXTERNREF wrl_val_externref(wrl_externref_null()) /**< The null external reference, as a value. */
#define WRL_NULL_REF wrl_val_ref(wrl_ref_null()) /**< The null reference of any other type, as a value. */

/**
 * Returns the name of a kind: "i32", "i64", "f32", "f64", "v128", "funcref", "externref", "ref" or "none"; "unknown"
 * for other values. Static storage. Any thread.
 */
WRL_API const char *wrl_valkind_name(wrl_valkind_t kind);

#ifdef __cplusplus
}
#endif

#endif
