/*
 * A Python extension module that embeds the layer, as a database could: filters for rows of numbers. Each filter is a
 * wasm module from a user.
 *
 *     import filters
 *     keep = filters.Filter(wasm)                    # (module (func (export "keep") (param f64) (result i32) …))
 *     keep.select([1.0, -2.0, 3.0])                  # [1.0, 3.0]
 *
 * build.sh compiles it for Pyodide. The same file can be compiled to a native module.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <wrl.h>

/* Puts a function into a table of object pointers. ISO C has no cast from a function pointer to an object pointer, so
 * the cast goes through an integer. */
#define SLOT(id, function)                                                                                             \
    {                                                                                                                  \
        (id), (void *)(uintptr_t)(function)                                                                            \
    }

typedef struct filter {
    PyObject ob_base;
    wrl_store_t *store;
    wrl_func_t keep;
} filter_t;

/* Turns an error of the layer into an exception. Returns false if there is an error. */
static bool check(wrl_error_t *error)
{
    if (!error) {
        return true;
    }
    PyErr_SetString(PyExc_ValueError, wrl_error_message(error));
    wrl_error_delete(error);
    return false;
}

/* Returns the engine of all filters. It is made on first use and never released. */
static wrl_engine_t *shared_engine(void)
{
    static wrl_engine_t *engine;
    if (!engine && !check(wrl_engine_new(NULL, &engine))) {
        return NULL;
    }
    return engine;
}

/* Instantiates the module. Checks the type of its export, so that calls can only fail with a trap. */
static bool open_filter(filter_t *filter, wrl_module_t *module)
{
    wrl_instance_t instance;
    if (!check(wrl_store_new(wrl_module_engine(module), NULL, &filter->store)) ||
        !check(wrl_instance_new(filter->store, module, NULL, NULL, &instance))) {
        return false;
    }
    bool found = wrl_instance_get_func(filter->store, instance, "keep", &filter->keep);
    const wrl_functype_t wanted = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_F64), WRL_TYPES(WRL_TYPE_I32));
    wrl_functype_t type = wrl_func_type(filter->store, filter->keep);
    if (!found || !wrl_functype_equal(&type, &wanted)) {
        PyErr_SetString(PyExc_ValueError, "the export \"keep\" has to take one f64 and return one i32");
        return false;
    }
    return true;
}

static PyObject *filter_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *bytes;
    char *data;
    Py_ssize_t size;
    wrl_module_t *module;
    if (keywords && PyDict_Size(keywords)) {
        PyErr_SetString(PyExc_TypeError, "Filter() takes no keyword arguments");
        return NULL;
    }
    /* "y#" is not usable: the type of its size differs between versions of Pyodide. */
    if (!PyArg_ParseTuple(args, "S:Filter", &bytes) || PyBytes_AsStringAndSize(bytes, &data, &size) < 0) {
        return NULL;
    }
    wrl_engine_t *engine = shared_engine();
    if (!engine || !check(wrl_module_new(engine, data, (size_t)size, NULL, &module))) {
        return NULL;
    }
    allocfunc alloc = (allocfunc)(uintptr_t)PyType_GetSlot(type, Py_tp_alloc);
    filter_t *filter = (filter_t *)alloc(type, 0);
    bool is_good = filter && open_filter(filter, module);
    wrl_module_release(module);
    if (!is_good) {
        Py_XDECREF((PyObject *)filter);
        return NULL;
    }
    return (PyObject *)filter;
}

static void filter_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    wrl_store_delete(((filter_t *)self)->store);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF((PyObject *)type);
}

/* Returns whether the filter keeps the value, or -1 with an exception. */
static int keeps(filter_t *filter, double value)
{
    const wrl_val_t arg = WRL_F64(value);
    wrl_val_t result;
    return check(wrl_func_call(filter->store, filter->keep, &arg, 1, &result, 1)) ? result.of.i32 != 0 : -1;
}

static PyObject *filter_select(PyObject *self, PyObject *values)
{
    PyObject *iterator = PyObject_GetIter(values);
    PyObject *selected = iterator ? PyList_New(0) : NULL;
    PyObject *value;
    while (selected && (value = PyIter_Next(iterator))) {
        double number = PyFloat_AsDouble(value);
        int kept = number == -1.0 && PyErr_Occurred() ? -1 : keeps((filter_t *)self, number);
        if (kept < 0 || (kept && PyList_Append(selected, value) < 0)) {
            Py_CLEAR(selected);
        }
        Py_DECREF(value);
    }
    /* The iterator may have failed as well. */
    if (PyErr_Occurred()) {
        Py_CLEAR(selected);
    }
    Py_XDECREF(iterator);
    return selected;
}

static PyMethodDef filter_methods[] = {
    {"select", filter_select, METH_O, "select(values): return a list of the values that the filter keeps."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot filter_slots[] = {
    SLOT(Py_tp_new, filter_new),
    SLOT(Py_tp_dealloc, filter_dealloc),
    {Py_tp_methods, filter_methods},
    {Py_tp_doc, "Filter(wasm): a filter that keeps the numbers for which the export \"keep\" returns true."},
    {0, NULL},
};

static PyType_Spec filter_spec = {"filters.Filter", sizeof(filter_t), 0, Py_TPFLAGS_DEFAULT, filter_slots};

static int execute(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &filter_spec, NULL);
    int status = type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
    Py_XDECREF(type);
    return status;
}

static PyModuleDef_Slot slots[] = {
    SLOT(Py_mod_exec, execute),
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "filters",
    .m_doc = "Filters that are wasm modules.",
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_filters(void)
{
    return PyModuleDef_Init(&definition);
}
