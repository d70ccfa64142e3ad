/* The module wasm_runtime_layer._native: its types and its module-level functions. */
#include "native.h"

static PyObject *wat2wasm(PyObject *module, PyObject *text)
{
    return wrlpy_wasm_bytes((state_t *)PyModule_GetState(module), text);
}

static PyObject *backends(PyObject *module, PyObject *unused)
{
    (void)unused;
    const state_t *state = (state_t *)PyModule_GetState(module);
    PyObject *list = PyList_New(0);
    size_t count = wrl_backend_count();
    wrl_backend_info_t info;
    for (size_t i = 0; list && i < count && wrl_backend_get(i, &info); i++) {
        /* Loads a backend that is only installed, to learn its engine. Skips a backend that fails to load. */
        if (!wrl_backend_find(info.name, &info)) {
            continue;
        }
        PyObject *entry = PyObject_CallMethod(state->support, "BackendInfo", "sssN", info.name, info.engine_name,
                                              info.engine_version, PyBool_FromLong(info.is_default));
        if (!entry || PyList_Append(list, entry) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(entry);
    }
    return list;
}

static PyObject *load_backend(PyObject *module, PyObject *path_argument)
{
    PyObject *path = NULL;
    const char *name;
    if (!PyUnicode_FSConverter(path_argument, (void *)&path)) {
        return NULL;
    }
    wrl_error_t *error = wrl_backend_load(PyBytes_AsString(path), &name);
    Py_DECREF(path);
    if (error) {
        return wrlpy_raise((state_t *)PyModule_GetState(module), NULL, error);
    }
    return PyUnicode_FromString(name);
}

static PyMethodDef functions[] = {
    {"wat2wasm", wat2wasm, METH_O,
     "wat2wasm($module, text, /)\n--\n\nTranslate the text format, a str or bytes, to the binary format."},
    {"backends", backends, METH_NOARGS,
     "backends($module, /)\n--\n\nReturn the known backends, including those installed beside the package, as a list "
     "of BackendInfo."},
    {"load_backend", load_backend, METH_O,
     "load_backend($module, path, /)\n--\n\nLoad a backend from a shared object, such as wrl-wasmtime.so, and return "
     "its name."},
    {NULL, NULL, 0, NULL},
};

static bool add_type(PyObject *module, PyTypeObject **type, PyType_Spec *spec)
{
    *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    return *type && PyModule_AddType(module, *type) == 0;
}

static int execute(PyObject *module)
{
    state_t *state = (state_t *)PyModule_GetState(module);
    state->call_func = wrlpy_call_func;
    state->support = PyImport_ImportModule("wasm_runtime_layer._support");
    bool is_good = state->support && add_type(module, &state->engine_type, &wrlpy_engine_spec) &&
                   add_type(module, &state->module_type, &wrlpy_module_spec) &&
                   add_type(module, &state->store_type, &wrlpy_store_spec) &&
                   add_type(module, &state->instance_type, &wrlpy_instance_spec) &&
                   add_type(module, &state->func_type, &wrlpy_func_spec) &&
                   add_type(module, &state->global_type, &wrlpy_global_spec) &&
                   add_type(module, &state->memory_type, &wrlpy_memory_spec) &&
                   add_type(module, &state->table_type, &wrlpy_table_spec) &&
                   add_type(module, &state->tag_type, &wrlpy_tag_spec) &&
                   add_type(module, &state->host_type, &wrlpy_host_spec) &&
                   add_type(module, &state->caller_type, &wrlpy_caller_spec) &&
                   PyModule_AddStringConstant(module, "version", wrl_version()) == 0;
    return is_good ? 0 : -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    state_t *state = (state_t *)PyModule_GetState(module);
    Py_VISIT(state->engine_type);
    Py_VISIT(state->module_type);
    Py_VISIT(state->store_type);
    Py_VISIT(state->instance_type);
    Py_VISIT(state->func_type);
    Py_VISIT(state->global_type);
    Py_VISIT(state->memory_type);
    Py_VISIT(state->table_type);
    Py_VISIT(state->tag_type);
    Py_VISIT(state->host_type);
    Py_VISIT(state->caller_type);
    Py_VISIT(state->support);
    Py_VISIT(state->current_greenlet);
    return 0;
}

static int clear(PyObject *module)
{
    state_t *state = (state_t *)PyModule_GetState(module);
    Py_CLEAR(state->engine_type);
    Py_CLEAR(state->module_type);
    Py_CLEAR(state->store_type);
    Py_CLEAR(state->instance_type);
    Py_CLEAR(state->func_type);
    Py_CLEAR(state->global_type);
    Py_CLEAR(state->memory_type);
    Py_CLEAR(state->table_type);
    Py_CLEAR(state->tag_type);
    Py_CLEAR(state->host_type);
    Py_CLEAR(state->caller_type);
    Py_CLEAR(state->support);
    Py_CLEAR(state->current_greenlet);
    return 0;
}

static void release(void *module)
{
    (void)clear((PyObject *)module);
}

static PyModuleDef_Slot slots[] = {
    SLOT(Py_mod_exec, execute),
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "wasm_runtime_layer._native",
    .m_doc = "The C part of wasm_runtime_layer.",
    .m_size = sizeof(state_t),
    .m_methods = functions,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = release,
};

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
