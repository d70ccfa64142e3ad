/* Engines. */
#include "native.h"

static void engine_dealloc(PyObject *object)
{
    engine_object_t *self = (engine_object_t *)object;
    PyTypeObject *type = Py_TYPE(object);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs(object);
    }
    wrl_engine_release(self->engine);
    PyObject_Free(object);
    Py_DECREF(type);
}

wrl_engine_t *wrlpy_engine_of(state_t *state, PyObject *object)
{
    if (!Py_IS_TYPE(object, state->engine_type)) {
        PyErr_Format(PyExc_TypeError, "expected an Engine, not %R", (PyObject *)Py_TYPE(object));
        return NULL;
    }
    wrl_engine_t *engine = ((engine_object_t *)object)->engine;
    if (!engine) {
        PyErr_SetString(PyExc_ValueError, "the engine is closed");
    }
    return engine;
}

/* Returns the engine's settings, a new reference to a tuple: the backend's name or None, whether traps are exact,
 * whether guests take fuel, and the numbers in the order of the parameters. */
static PyObject *read_config(state_t *state, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"config",
                            "backend",
                            "max_reentry",
                            "stack_size",
                            "stack_reserve",
                            "max_compile_work",
                            "max_compile_memory",
                            "exact_traps",
                            "fuel",
                            NULL};
    PyObject *config = Py_None;
    PyObject *backend = Py_None;
    PyObject *max_reentry = Py_None;
    PyObject *stack_size = Py_None;
    PyObject *stack_reserve = Py_None;
    PyObject *work = Py_None;
    PyObject *memory = Py_None;
    PyObject *exact_traps = Py_None;
    PyObject *fuel = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O$OOOOOOOO:Engine", names, &config, &backend, &max_reentry,
                                     &stack_size, &stack_reserve, &work, &memory, &exact_traps, &fuel)) {
        return NULL;
    }
    return PyObject_CallMethod(state->support, "read_config", "OOOOOOOOO", config, backend, exact_traps, fuel,
                               max_reentry, stack_size, stack_reserve, work, memory);
}

static PyObject *engine_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    state_t *state = state_of(type);
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    PyObject *values = read_config(state, args, keywords);
    Py_ssize_t max_reentry, stack_size, stack_reserve;
    unsigned long long work, memory;
    int exact_traps, fuel;
    engine_object_t *self = NULL;
    if (values && PyArg_ParseTuple(values, "zppnnnKK", &config.backend, &exact_traps, &fuel, &max_reentry, &stack_size,
                                   &stack_reserve, &work, &memory)) {
        config.max_reentry = (size_t)max_reentry;
        config.stack_size = (size_t)stack_size;
        config.stack_reserve = (size_t)stack_reserve;
        config.max_compile_work = work;
        config.max_compile_memory = memory;
        config.exact_traps = exact_traps != 0;
        config.fuel = fuel != 0;
        self = (engine_object_t *)PyType_GenericAlloc(type, 0);
    }
    if (self && !wrlpy_check(state, NULL, wrl_engine_new(&config, &self->engine))) {
        Py_CLEAR(self);
    }
    Py_XDECREF(values);
    return (PyObject *)self;
}

static PyObject *engine_close(PyObject *object, PyObject *unused)
{
    (void)unused;
    engine_object_t *self = (engine_object_t *)object;
    wrl_engine_t *engine = self->engine;
    self->engine = NULL;
    wrl_engine_release(engine);
    Py_RETURN_NONE;
}

static PyObject *engine_enter(PyObject *object, PyObject *unused)
{
    (void)unused;
    return wrlpy_engine_of(state_of(Py_TYPE(object)), object) ? Py_NewRef(object) : NULL;
}

static PyObject *engine_exit(PyObject *object, PyObject *exception)
{
    (void)exception;
    return engine_close(object, NULL);
}

/* Returns the feature with that name, or WRL_FEATURE_LIMIT if there is none. */
static unsigned find_feature(const char *name)
{
    unsigned feature = 0;
    for (; feature < WRL_FEATURE_LIMIT; feature++) {
        const char *known = wrl_feature_name((wrl_feature_t)feature);
        if (known && strcmp(known, name) == 0) {
            break;
        }
    }
    return feature;
}

static PyObject *engine_supports(PyObject *object, PyObject *args)
{
    const char *name;
    wrl_engine_t *engine = wrlpy_engine_of(state_of(Py_TYPE(object)), object);
    if (!engine || !PyArg_ParseTuple(args, "s:supports", &name)) {
        return NULL;
    }
    unsigned feature = find_feature(name);
    if (feature == WRL_FEATURE_LIMIT) {
        PyErr_Format(PyExc_ValueError, "unknown feature \"%s\"", name);
        return NULL;
    }
    return PyBool_FromLong(wrl_engine_supports(engine, (wrl_feature_t)feature));
}

static PyObject *get_features(PyObject *object, void *closure)
{
    (void)closure;
    wrl_engine_t *engine = wrlpy_engine_of(state_of(Py_TYPE(object)), object);
    PyObject *names = engine ? PyList_New(0) : NULL;
    for (unsigned i = 0; names && i < WRL_FEATURE_LIMIT; i++) {
        if (!wrl_engine_supports(engine, (wrl_feature_t)i) || !wrl_feature_name((wrl_feature_t)i)) {
            continue;
        }
        PyObject *name = PyUnicode_FromString(wrl_feature_name((wrl_feature_t)i));
        if (!name || PyList_Append(names, name) < 0) {
            Py_CLEAR(names);
        }
        Py_XDECREF(name);
    }
    PyObject *features = names ? PyFrozenSet_New(names) : NULL;
    Py_XDECREF(names);
    return features;
}

static PyObject *get_backend(PyObject *object, void *closure)
{
    (void)closure;
    wrl_engine_t *engine = wrlpy_engine_of(state_of(Py_TYPE(object)), object);
    return engine ? PyUnicode_FromString(wrl_engine_backend_name(engine)) : NULL;
}

static PyObject *get_version(PyObject *object, void *closure)
{
    (void)closure;
    wrl_engine_t *engine = wrlpy_engine_of(state_of(Py_TYPE(object)), object);
    return engine ? PyUnicode_FromString(wrl_engine_version(engine)) : NULL;
}

static PyObject *get_closed(PyObject *object, void *closure)
{
    (void)closure;
    return PyBool_FromLong(!((engine_object_t *)object)->engine);
}

static PyObject *engine_repr(PyObject *object)
{
    const wrl_engine_t *engine = ((engine_object_t *)object)->engine;
    return engine ? PyUnicode_FromFormat("<wasm_runtime_layer.Engine %s %s>", wrl_engine_backend_name(engine),
                                         wrl_engine_version(engine))
                  : PyUnicode_FromString("<wasm_runtime_layer.Engine, closed>");
}

static PyMethodDef methods[] = {
    {"close", engine_close, METH_NOARGS,
     "close($self, /)\n--\n\nRelease the engine. Modules and stores made with it remain usable."},
    {"supports", engine_supports, METH_VARARGS,
     "supports($self, feature, /)\n--\n\nReturn whether the engine supports the feature with that name."},
    {"__enter__", engine_enter, METH_NOARGS, NULL},
    {"__exit__", engine_exit, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"backend", get_backend, NULL, "The backend's name, such as \"wasmi\".", NULL},
    {"version", get_version, NULL, "The version of the backend's engine.", NULL},
    {"features", get_features, NULL, "The names of the features that the engine supports.", NULL},
    {"closed", get_closed, NULL, "Whether the engine has been closed.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(engine_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Engine(config=None, *, backend=None, max_reentry=None, stack_size=None, stack_reserve=None, "
                "max_compile_work=None, max_compile_memory=None, exact_traps=None, fuel=None)\n--\n\n"
                "A runtime, selected by the name of its backend: Engine(\"wasmtime\"). Make one and share it."},
    SLOT(Py_tp_new, engine_new),
    SLOT(Py_tp_dealloc, engine_dealloc),
    SLOT(Py_tp_repr, engine_repr),
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_engine_spec = {
    .name = "wasm_runtime_layer.Engine",
    .basicsize = sizeof(engine_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
