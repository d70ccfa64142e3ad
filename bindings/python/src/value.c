/* Conversions between values of guests and Python objects. */
#include "native.h"

#include <math.h>

/* ---- From Python ---- */

static bool wrong_type(PyObject *object, const place_t *place, const char *expected)
{
    if (place->number) {
        PyErr_Format(PyExc_TypeError, "%s %zd must be %s, not %R", place->what, place->number, expected,
                     (PyObject *)Py_TYPE(object));
    } else {
        PyErr_Format(PyExc_TypeError, "%s must be %s, not %R", place->what, expected, (PyObject *)Py_TYPE(object));
    }
    return false;
}

/* Raises OverflowError. An example of `problem` is "too large for i32". */
static bool overflow(PyObject *number, const place_t *place, const char *problem)
{
    PyErr_Clear();
    PyObject *text = PyObject_Repr(number);
    if (!text && PyErr_ExceptionMatches(PyExc_ValueError)) {
        /* Python does not print ints with more digits than its limit. */
        PyErr_Clear();
        text = PyUnicode_FromString("it has thousands of digits");
    }
    if (text && place->number) {
        PyErr_Format(PyExc_OverflowError, "%s %zd is %s: %U", place->what, place->number, problem, text);
    } else if (text) {
        PyErr_Format(PyExc_OverflowError, "%s is %s: %U", place->what, problem, text);
    }
    Py_XDECREF(text);
    return false;
}

/* Returns an int unchanged, or the result of __index__() of another object. A new reference. */
static PyObject *to_int(PyObject *object, const place_t *place, const char *expected)
{
    if (!PyIndex_Check(object)) {
        (void)wrong_type(object, place, expected);
        return NULL;
    }
    return PyNumber_Index(object);
}

static bool i32_from_int(PyObject *number, const place_t *place, wrl_raw_t *raw)
{
    int too_large;
    long long value = PyLong_AsLongLongAndOverflow(number, &too_large);
    if (too_large || value < INT32_MIN || value > (long long)UINT32_MAX) {
        return overflow(number, place, "too large for i32");
    }
    raw->i32 = (int32_t)(uint32_t)value;
    return value != -1 || !PyErr_Occurred();
}

static bool i64_from_int(PyObject *number, const place_t *place, wrl_raw_t *raw)
{
    int too_large;
    long long value = PyLong_AsLongLongAndOverflow(number, &too_large);
    if (too_large < 0) {
        return overflow(number, place, "too large for i64");
    }
    if (too_large > 0) {
        unsigned long long large = PyLong_AsUnsignedLongLong(number);
        if (large == (unsigned long long)-1 && PyErr_Occurred()) {
            return overflow(number, place, "too large for i64");
        }
        raw->i64 = (int64_t)large;
        return true;
    }
    raw->i64 = value;
    return value != -1 || !PyErr_Occurred();
}

static bool int_from_python(wrl_valkind_t kind, PyObject *object, const place_t *place, wrl_raw_t *raw)
{
    bool (*convert)(PyObject *, const place_t *, wrl_raw_t *) = kind == WRL_VALKIND_I32 ? i32_from_int : i64_from_int;
    if (Py_IS_TYPE(object, &PyLong_Type)) {
        return convert(object, place, raw);
    }
    PyObject *number = to_int(object, place, kind == WRL_VALKIND_I32 ? "an int, for i32" : "an int, for i64");
    bool is_good = number && convert(number, place, raw);
    Py_XDECREF(number);
    return is_good;
}

/*
 * Adjusts `value`, the double nearest to the int, so that it rounds to the float nearest to the int. If the double lies
 * exactly halfway between two floats but differs from the int, it moves by one unit in the last place towards the int.
 * This avoids rounding twice.
 */
static bool keep_side(PyObject *number, double *value)
{
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    const uint64_t half = UINT64_C(1) << 28; /* Of the 29 significand bits that a float does not have. */
    if ((bits & (2 * half - 1)) != half) {
        return true;
    }
    PyObject *rounded = PyLong_FromDouble(*value);
    int is_less = rounded ? PyObject_RichCompareBool(number, rounded, Py_LT) : -1;
    int is_more = rounded ? PyObject_RichCompareBool(number, rounded, Py_GT) : -1;
    Py_XDECREF(rounded);
    if (is_less < 0 || is_more < 0) {
        return false;
    }
    /* The bits encode the magnitude, so the direction depends on the sign. */
    bits += (uint64_t)(*value < 0 ? is_less - is_more : is_more - is_less);
    memcpy(value, &bits, sizeof bits);
    return true;
}

static bool float_from_int(wrl_valkind_t kind, PyObject *number, const place_t *place, wrl_raw_t *raw)
{
    double value = PyLong_AsDouble(number);
    if (value == -1.0 && PyErr_Occurred()) {
        return PyErr_ExceptionMatches(PyExc_OverflowError) &&
               overflow(number, place, kind == WRL_VALKIND_F32 ? "too large for f32" : "too large for f64");
    }
    if (kind == WRL_VALKIND_F64) {
        raw->f64 = value;
        return true;
    }
    if (!keep_side(number, &value)) {
        return false;
    }
    raw->f32 = (float)value;
    return isfinite(raw->f32) || overflow(number, place, "too large for f32");
}

/* Returns whether the object is an int that does not override the conversion to float. */
static bool is_plain_int(PyObject *object)
{
    return PyLong_Check(object) &&
           PyType_GetSlot(Py_TYPE(object), Py_nb_float) == PyType_GetSlot(&PyLong_Type, Py_nb_float);
}

static bool float_from_python(wrl_valkind_t kind, PyObject *object, const place_t *place, wrl_raw_t *raw)
{
    if (is_plain_int(object)) {
        return float_from_int(kind, object, place, raw);
    }
    if (PyIndex_Check(object) && !PyType_GetSlot(Py_TYPE(object), Py_nb_float)) {
        PyObject *number = PyNumber_Index(object);
        bool is_good = number && float_from_int(kind, number, place, raw);
        Py_XDECREF(number);
        return is_good;
    }
    double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred()) {
        /* Exceptions that __float__() raises propagate unchanged. */
        if (PyErr_ExceptionMatches(PyExc_TypeError) && !PyType_GetSlot(Py_TYPE(object), Py_nb_float)) {
            PyErr_Clear();
            return wrong_type(object, place, kind == WRL_VALKIND_F32 ? "a float, for f32" : "a float, for f64");
        }
        return false;
    }
    if (kind == WRL_VALKIND_F32) {
        raw->f32 = (float)value;
    } else {
        raw->f64 = value;
    }
    return true;
}

static bool v128_from_python(PyObject *object, const place_t *place, wrl_raw_t *raw)
{
    if (!PyBytes_Check(object) || PyBytes_Size(object) != (Py_ssize_t)sizeof raw->v128) {
        return wrong_type(object, place, "a bytes object of length 16, for v128");
    }
    memcpy(&raw->v128, PyBytes_AsString(object), sizeof raw->v128);
    return true;
}

static bool funcref_from_python(store_object_t *store, PyObject *object, const place_t *place, wrl_raw_t *raw)
{
    if (object == Py_None) {
        raw->func = wrl_func_null();
        return true;
    }
    if (!Py_IS_TYPE(object, store->state->func_type)) {
        return wrong_type(object, place, "a Func or None, for funcref");
    }
    raw->func = ((item_object_t *)object)->item.of.func;
    return true;
}

bool wrlpy_value_from_python(store_object_t *store, wrl_valkind_t kind, PyObject *object, const place_t *place,
                             wrl_raw_t *raw)
{
    switch (kind) {
    case WRL_VALKIND_I32:
    case WRL_VALKIND_I64:
        return int_from_python(kind, object, place, raw);
    case WRL_VALKIND_F32:
    case WRL_VALKIND_F64:
        return float_from_python(kind, object, place, raw);
    case WRL_VALKIND_V128:
        return v128_from_python(object, place, raw);
    case WRL_VALKIND_FUNCREF:
        return funcref_from_python(store, object, place, raw);
    case WRL_VALKIND_EXTERNREF:
        return wrlpy_externref_from_python(store, object, raw);
    default:
        (void)wrlpy_raise(store->state, NULL,
                          wrl_error_new(WRL_ERROR_UNSUPPORTED, "values of this reference type are not supported"));
        return false;
    }
}

bool wrlpy_val_from_python(store_object_t *store, wrl_valkind_t kind, PyObject *object, const place_t *place,
                           wrl_val_t *val)
{
    wrl_raw_t raw = {.words = {0, 0}};
    if (!wrlpy_value_from_python(store, kind, object, place, &raw)) {
        return false;
    }
    val->kind = kind;
    memcpy(&val->of, &raw, sizeof raw);
    return true;
}

bool wrlpy_unsigned(PyObject *object, const char *what, uint64_t *value)
{
    const place_t place = {what, 0};
    PyObject *number = to_int(object, &place, "an int");
    if (!number) {
        return false;
    }
    unsigned long long large = PyLong_AsUnsignedLongLong(number);
    bool is_good =
        large != (unsigned long long)-1 || !PyErr_Occurred() || overflow(number, &place, "negative or too large");
    Py_DECREF(number);
    *value = large;
    return is_good;
}

/* ---- To Python ---- */

PyObject *wrlpy_value_to_python(store_object_t *store, wrl_valkind_t kind, const wrl_raw_t *raw)
{
    switch (kind) {
    case WRL_VALKIND_I32:
        return PyLong_FromLong(raw->i32);
    case WRL_VALKIND_I64:
        return PyLong_FromLongLong(raw->i64);
    case WRL_VALKIND_F32:
        return PyFloat_FromDouble(raw->f32);
    case WRL_VALKIND_F64:
        return PyFloat_FromDouble(raw->f64);
    case WRL_VALKIND_V128:
        return PyBytes_FromStringAndSize((const char *)raw->v128.bytes, sizeof raw->v128.bytes);
    case WRL_VALKIND_FUNCREF:
        return wrl_func_is_null(raw->func) ? Py_NewRef(Py_None) : wrlpy_func_new(store, raw->func);
    case WRL_VALKIND_EXTERNREF:
        return wrlpy_externref_to_python(store, raw->externref);
    default:
        return wrlpy_raise(store->state, NULL,
                           wrl_error_new(WRL_ERROR_UNSUPPORTED, "values of this reference type are not supported"));
    }
}

PyObject *wrlpy_val_to_python(store_object_t *store, const wrl_val_t *val)
{
    wrl_raw_t raw;
    memcpy(&raw, &val->of, sizeof raw);
    PyObject *object = wrlpy_value_to_python(store, val->kind, &raw);
    wrlpy_release_result(store, val->kind, &raw);
    return object;
}
