/* Conversions between the layer's types and those in _support.py. */
#include "native.h"

/* ---- To Python ---- */

PyObject *wrlpy_valtype_to_python(state_t *state, wrl_valtype_t type)
{
    char text[64];
    (void)wrl_valtype_print(type, text, sizeof text);
    return PyObject_CallMethod(state->support, "make_valtype", "iiis", (int)type.kind, (int)type.flags, (int)type.heap,
                               text);
}

static PyObject *valtypes_to_python(state_t *state, const wrl_valtype_t *types, size_t count)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple && i < count; i++) {
        PyObject *type = wrlpy_valtype_to_python(state, types[i]);
        if (!type || PyTuple_SetItem(tuple, (Py_ssize_t)i, type) < 0) {
            Py_CLEAR(tuple);
        }
    }
    return tuple;
}

static PyObject *functype_to_python(state_t *state, const wrl_functype_t *type)
{
    PyObject *params = valtypes_to_python(state, type->params, type->param_count);
    PyObject *results = params ? valtypes_to_python(state, type->results, type->result_count) : NULL;
    PyObject *object = results ? PyObject_CallMethod(state->support, "FuncType", "OO", params, results) : NULL;
    Py_XDECREF(params);
    Py_XDECREF(results);
    return object;
}

static PyObject *limits_to_python(state_t *state, uint64_t min, uint64_t max)
{
    return max == WRL_NO_MAX
               ? PyObject_CallMethod(state->support, "Limits", "K", (unsigned long long)min)
               : PyObject_CallMethod(state->support, "Limits", "KK", (unsigned long long)min, (unsigned long long)max);
}

static PyObject *memorytype_to_python(state_t *state, const wrl_memorytype_t *type)
{
    PyObject *limits = limits_to_python(state, type->min, type->max);
    return limits ? PyObject_CallMethod(state->support, "MemoryType", "NNNi", limits, PyBool_FromLong(type->is_64),
                                        PyBool_FromLong(type->is_shared), (int)type->page_size_log2)
                  : NULL;
}

static PyObject *tabletype_to_python(state_t *state, const wrl_tabletype_t *type)
{
    PyObject *element = wrlpy_valtype_to_python(state, type->element);
    PyObject *limits = element ? limits_to_python(state, type->min, type->max) : NULL;
    if (!limits) {
        Py_XDECREF(element);
        return NULL;
    }
    return PyObject_CallMethod(state->support, "TableType", "NNN", element, limits, PyBool_FromLong(type->is_64));
}

PyObject *wrlpy_externtype_to_python(state_t *state, const wrl_externtype_t *type)
{
    PyObject *part;
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        return functype_to_python(state, &type->of.func);
    case WRL_EXTERN_GLOBAL:
        part = wrlpy_valtype_to_python(state, type->of.global.content);
        return part ? PyObject_CallMethod(state->support, "GlobalType", "NN", part,
                                          PyBool_FromLong(type->of.global.is_mutable))
                    : NULL;
    case WRL_EXTERN_MEMORY:
        return memorytype_to_python(state, &type->of.memory);
    case WRL_EXTERN_TABLE:
        return tabletype_to_python(state, &type->of.table);
    case WRL_EXTERN_TAG:
        part = valtypes_to_python(state, type->of.tag.params, type->of.tag.param_count);
        return part ? PyObject_CallMethod(state->support, "TagType", "(N)", part) : NULL;
    default:
        PyErr_Format(PyExc_SystemError, "a type of unknown kind %d", (int)type->kind);
        return NULL;
    }
}

/* ---- From Python: _support.py checks the types, and turns them into plain tuples ---- */

/* Reads the tuple (kind, flags, heap). */
static bool read_valtype(PyObject *tuple, wrl_valtype_t *type)
{
    int kind, flags, heap;
    if (!PyArg_ParseTuple(tuple, "iii", &kind, &flags, &heap)) {
        return false;
    }
    *type = (wrl_valtype_t){(wrl_valkind_t)kind, (uint8_t)flags, 0, heap};
    return true;
}

bool wrlpy_functype_from_python(state_t *state, PyObject *object, wrl_functype_t *type, wrl_valtype_t **params)
{
    PyObject *list = PyObject_CallMethod(state->support, "plain_functype", "(O)", object);
    PyObject *types;
    Py_ssize_t param_count;
    *params = NULL;
    if (!list || !PyArg_ParseTuple(list, "O!n", &PyTuple_Type, &types, &param_count)) {
        Py_XDECREF(list);
        return false;
    }
    Py_ssize_t count = PyTuple_Size(types);
    if (param_count < 0 || param_count > count) {
        PyErr_SetString(PyExc_TypeError, "the parameter count does not match the list of types");
        Py_DECREF(list);
        return false;
    }
    wrl_valtype_t *vector = (wrl_valtype_t *)PyMem_Calloc((size_t)count + 1, sizeof *vector);
    bool is_good = vector != NULL;
    if (!vector) {
        PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; is_good && i < count; i++) {
        is_good = read_valtype(PyTuple_GetItem(types, i), &vector[i]);
    }
    Py_DECREF(list);
    if (!is_good) {
        PyMem_Free(vector);
        return false;
    }
    *type = (wrl_functype_t){.params = vector,
                             .param_count = (size_t)param_count,
                             .results = vector + param_count,
                             .result_count = (size_t)(count - param_count)};
    *params = vector;
    return true;
}

bool wrlpy_globaltype_from_python(state_t *state, PyObject *object, wrl_globaltype_t *type)
{
    PyObject *tuple = PyObject_CallMethod(state->support, "plain_globaltype", "(O)", object);
    int kind, flags, heap, is_mutable;
    bool is_good = tuple && PyArg_ParseTuple(tuple, "iiip", &kind, &flags, &heap, &is_mutable);
    Py_XDECREF(tuple);
    if (is_good) {
        *type = (wrl_globaltype_t){{(wrl_valkind_t)kind, (uint8_t)flags, 0, heap}, is_mutable != 0};
    }
    return is_good;
}

bool wrlpy_memorytype_from_python(state_t *state, PyObject *object, wrl_memorytype_t *type)
{
    PyObject *tuple = PyObject_CallMethod(state->support, "plain_memorytype", "(O)", object);
    unsigned long long min, max;
    int is_64, is_shared, page_size_log2;
    bool is_good = tuple && PyArg_ParseTuple(tuple, "KKppi", &min, &max, &is_64, &is_shared, &page_size_log2);
    Py_XDECREF(tuple);
    if (is_good) {
        *type = (wrl_memorytype_t){min, max, is_64 != 0, is_shared != 0, (uint8_t)page_size_log2};
    }
    return is_good;
}

bool wrlpy_tabletype_from_python(state_t *state, PyObject *object, wrl_tabletype_t *type)
{
    PyObject *tuple = PyObject_CallMethod(state->support, "plain_tabletype", "(O)", object);
    unsigned long long min, max;
    int kind, flags, heap, is_64;
    bool is_good = tuple && PyArg_ParseTuple(tuple, "iiiKKp", &kind, &flags, &heap, &min, &max, &is_64);
    Py_XDECREF(tuple);
    if (is_good) {
        *type = (wrl_tabletype_t){{(wrl_valkind_t)kind, (uint8_t)flags, 0, heap}, min, max, is_64 != 0};
    }
    return is_good;
}

wrl_valkind_t *wrlpy_kinds(const wrl_functype_t *type)
{
    wrl_valkind_t *kinds = (wrl_valkind_t *)PyMem_Malloc(type->param_count + type->result_count + 1);
    if (!kinds) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < type->param_count; i++) {
        kinds[i] = type->params[i].kind;
    }
    for (size_t i = 0; i < type->result_count; i++) {
        kinds[type->param_count + i] = type->results[i].kind;
    }
    return kinds;
}
