/* Lowering and lifting: between the values of programs and the slots of backends. */
#ifndef WRL_SRC_VALUE_H
#define WRL_SRC_VALUE_H

#include "refs.h"

/* Numbers of 4 bytes have odd kinds, and numbers of 8 bytes even ones. All other kinds are greater. */
_Static_assert(WRL_VALKIND_I32 == 1 && WRL_VALKIND_I64 == 2 && WRL_VALKIND_F32 == 3 && WRL_VALKIND_F64 == 4,
               "number kinds come first, and alternate between 4 and 8 bytes");

/*
 * Lowers a number, on the call path. Returns false for a value of another type or of the wrong kind. Copies no more
 * bytes than the number has: reading 16 bytes when only 4 have just been written stalls until the write is finished.
 * Copies integers: a float in a register of the x87 unit would lose a signalling NaN.
 */
static inline bool wrl__lower_number(wrl_valtype_t type, const wrl_val_t *value, wrl_raw_t *slot)
{
    if (value->kind != type.kind || type.kind > WRL_VALKIND_F64) {
        return false;
    }
    if (type.kind & 1) {
        slot->i32 = value->of.i32;
    } else {
        slot->i64 = value->of.i64;
    }
    return true;
}

/* Lifts a number. The caller sets the kind of the value. Returns false for other types. */
static inline bool wrl__lift_number(wrl_valtype_t type, const wrl_raw_t *slot, wrl_val_t *value)
{
    if (type.kind > WRL_VALKIND_F64) {
        return false;
    }
    if (type.kind & 1) {
        value->of.i32 = slot->i32;
    } else {
        value->of.i64 = slot->i64;
    }
    return true;
}

/* Lowers a value. For errors, `name` is the parameter's name and `index` the value's position in it. */
wrl_error_t *wrl__store_lower(const wrl_store_t *store, wrl_valtype_t type, const wrl_val_t *value, const char *name,
                              size_t index, wrl_raw_t *slot);
/* Lowers the value of a parameter that is one value. NULL is an error. */
wrl_error_t *wrl__store_lower_one(const wrl_store_t *store, wrl_valtype_t type, const wrl_val_t *value,
                                  const char *name, wrl_raw_t *slot);
/* Replaces the error of a backend function that rejected a value. Only the engine can check the exact type of a
 * reference, and it may refer to types by numbers of its own. Accepts any error, and NULL. */
wrl_error_t *wrl__store_blame_value(wrl_error_t *error, wrl_valtype_t type, const char *name);
/* Lifts a value. The caller has to lift all values of a call, even after one has failed. */
wrl_error_t *wrl__store_lift(wrl_store_t *store, wrl_valtype_t type, wrl_getter_t getter, const wrl_raw_t *slot,
                             wrl_val_t *value);
/* Lower and lift a reference in place. */
wrl_error_t *wrl__store_lower_raw(const wrl_store_t *store, wrl_valtype_t type, const char *name, size_t index,
                                  wrl_raw_t *slot);
wrl_error_t *wrl__store_lift_raw(wrl_store_t *store, wrl_valtype_t type, wrl_getter_t getter, wrl_raw_t *slot);

/* Returns NULL if values of the type can cross the interface, or UNSUPPORTED. */
wrl_error_t *wrl__valtype_require(const wrl_engine_t *engine, wrl_valtype_t type, const char *what);

#endif
