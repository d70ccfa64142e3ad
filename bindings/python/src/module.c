/* Modules, and the translation of the text format. */
#include "native.h"

/* ---- Bytes ---- */

/* Returns the contents of a str or a bytes-like object as immutable bytes. A new reference. */
static PyObject *stable_bytes(PyObject *object)
{
    if (PyUnicode_Check(object)) {
        return PyUnicode_AsUTF8String(object);
    }
    if (PyBytes_Check(object)) {
        return Py_NewRef(object);
    }
    if (!PyObject_CheckBuffer(object)) {
        PyErr_Format(PyExc_TypeError, "expected bytes or a str, not %R", (PyObject *)Py_TYPE(object));
        return NULL;
    }
    return PyBytes_FromObject(object);
}

static PyObject *translate(state_t *state, PyObject *text)
{
    char *data;
    Py_ssize_t size;
    wrl_bytes_t wasm;
    if (PyBytes_AsStringAndSize(text, &data, &size) < 0) {
        return NULL;
    }
    PyThreadState *thread = wrlpy_unlock();
    wrl_error_t *error = wrl_wat_to_wasm(data, (size_t)size, &wasm);
    wrlpy_lock(thread);
    if (error) {
        return wrlpy_raise(state, NULL, error);
    }
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)wasm.data, (Py_ssize_t)wasm.size);
    wrl_bytes_delete(&wasm);
    return bytes;
}

PyObject *wrlpy_wasm_bytes(state_t *state, PyObject *wasm)
{
    PyObject *bytes = stable_bytes(wasm);
    if (!bytes) {
        return NULL;
    }
    bool is_binary = !PyUnicode_Check(wasm) && (PyBytes_Size(bytes) == 0 || PyBytes_AsString(bytes)[0] == '\0');
    if (is_binary) {
        return bytes;
    }
    PyObject *translated = translate(state, bytes);
    Py_DECREF(bytes);
    return translated;
}

/* ---- Modules ---- */

static void module_dealloc(PyObject *object)
{
    module_object_t *self = (module_object_t *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs(object);
    }
    wrl_module_release(self->module);
    Py_CLEAR(self->engine);
    Py_CLEAR(self->imports);
    Py_CLEAR(self->exports);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static int module_traverse(PyObject *object, visitproc visit, void *arg)
{
    module_object_t *self = (module_object_t *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->engine);
    Py_VISIT(self->imports);
    Py_VISIT(self->exports);
    return 0;
}

/* The program receives the tuples of imports and exports, so cycles through them cannot be ruled out. */
static int module_clear(PyObject *object)
{
    module_object_t *self = (module_object_t *)object;
    Py_CLEAR(self->imports);
    Py_CLEAR(self->exports);
    return 0;
}

module_object_t *wrlpy_module_of(state_t *state, PyObject *object)
{
    if (!Py_IS_TYPE(object, state->module_type)) {
        PyErr_Format(PyExc_TypeError, "expected a Module, not %R", (PyObject *)Py_TYPE(object));
        return NULL;
    }
    module_object_t *self = (module_object_t *)object;
    if (!self->module) {
        PyErr_SetString(PyExc_ValueError, "the module is closed");
        return NULL;
    }
    return self;
}

PyObject *wrlpy_module_to_python(state_t *state, wrl_module_t *module, PyObject *engine)
{
    module_object_t *self = (module_object_t *)PyType_GenericAlloc(state->module_type, 0);
    if (self) {
        self->module = wrl_module_retain(module);
        self->engine = Py_NewRef(engine);
    }
    return (PyObject *)self;
}

static PyObject *module_validate(PyObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"engine", "wasm", NULL};
    state_t *state = state_of((PyTypeObject *)type);
    PyObject *engine, *wasm;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO:validate", names, &engine, &wasm)) {
        return NULL;
    }
    PyObject *bytes = wrlpy_engine_of(state, engine) ? wrlpy_wasm_bytes(state, wasm) : NULL;
    /* Another thread may have closed the engine meanwhile. */
    wrl_engine_t *held = bytes ? wrl_engine_retain(wrlpy_engine_of(state, engine)) : NULL;
    if (!held) {
        Py_XDECREF(bytes);
        return NULL;
    }
    const char *data = PyBytes_AsString(bytes);
    size_t size = (size_t)PyBytes_Size(bytes);
    PyThreadState *thread = wrlpy_unlock();
    wrl_error_t *error = wrl_module_validate(held, data, size);
    wrl_engine_release(held);
    wrlpy_lock(thread);
    Py_DECREF(bytes);
    return wrlpy_check(state, NULL, error) ? Py_NewRef(Py_None) : NULL;
}

static PyObject *compile(PyTypeObject *type, PyObject *engine, PyObject *wasm, int keep_sections)
{
    state_t *state = state_of(type);
    wrl_engine_t *inner = wrlpy_engine_of(state, engine);
    PyObject *bytes = inner ? wrlpy_wasm_bytes(state, wasm) : NULL;
    module_object_t *self = bytes ? (module_object_t *)PyType_GenericAlloc(type, 0) : NULL;
    /* Another thread may have closed the engine during the translation, and may close it during the compilation. */
    wrl_engine_t *held = self ? wrl_engine_retain(wrlpy_engine_of(state, engine)) : NULL;
    if (!held) {
        Py_XDECREF((PyObject *)self);
        Py_XDECREF(bytes);
        return NULL;
    }
    self->engine = Py_NewRef(engine);
    const char *data = PyBytes_AsString(bytes);
    size_t size = (size_t)PyBytes_Size(bytes);
    wrl_module_config_t config = WRL_MODULE_CONFIG_INIT;
    config.keep_custom_sections = keep_sections;
    PyThreadState *thread = wrlpy_unlock();
    wrl_error_t *error = wrl_module_new(held, data, size, &config, &self->module);
    wrl_engine_release(held);
    wrlpy_lock(thread);
    Py_DECREF(bytes);
    if (!wrlpy_check(state, NULL, error)) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static PyObject *module_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"engine", "wasm", "keep_custom_sections", NULL};
    PyObject *engine, *wasm;
    int keep = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|$p:Module", names, &engine, &wasm, &keep)) {
        return NULL;
    }
    return compile(type, engine, wasm, keep);
}

static PyObject *module_from_file(PyObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"engine", "path", "keep_custom_sections", NULL};
    PyObject *engine, *path;
    int keep = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|$p:from_file", names, &engine, &path, &keep)) {
        return NULL;
    }
    state_t *state = state_of((PyTypeObject *)type);
    PyObject *bytes =
        wrlpy_engine_of(state, engine) ? PyObject_CallMethod(state->support, "read_file", "(O)", path) : NULL;
    PyObject *module = bytes ? compile((PyTypeObject *)type, engine, bytes, keep) : NULL;
    Py_XDECREF(bytes);
    return module;
}

static PyObject *module_close(PyObject *object, PyObject *unused)
{
    (void)unused;
    module_object_t *self = (module_object_t *)object;
    wrl_module_t *module = self->module;
    self->module = NULL;
    wrl_module_release(module);
    Py_RETURN_NONE;
}

static PyObject *module_enter(PyObject *object, PyObject *unused)
{
    (void)unused;
    return wrlpy_module_of(state_of(Py_TYPE(object)), object) ? Py_NewRef(object) : NULL;
}

static PyObject *module_exit(PyObject *object, PyObject *exception)
{
    (void)exception;
    return module_close(object, NULL);
}

static PyObject *import_type(state_t *state, const wrl_importtype_t *import)
{
    PyObject *type = wrlpy_externtype_to_python(state, &import->type);
    return type
               ? PyObject_CallMethod(state->support, "ImportType", "s#s#N", import->module,
                                     (Py_ssize_t)import->module_size, import->name, (Py_ssize_t)import->name_size, type)
               : NULL;
}

static PyObject *export_type(state_t *state, const wrl_exporttype_t *item)
{
    PyObject *type = wrlpy_externtype_to_python(state, &item->type);
    return type
               ? PyObject_CallMethod(state->support, "ExportType", "s#N", item->name, (Py_ssize_t)item->name_size, type)
               : NULL;
}

/* Puts a new reference into a list. Releases the list if `item` is NULL, with an exception, or if that fails. */
static bool put(PyObject **list, size_t index, PyObject *item)
{
    if (!item || PyList_SetItem(*list, (Py_ssize_t)index, item) < 0) {
        Py_CLEAR(*list);
    }
    return *list != NULL;
}

PyObject *wrlpy_module_imports(state_t *state, module_object_t *self)
{
    if (!self->imports) {
        /* Making the types runs Python code, which may close the module. */
        wrl_module_t *module = wrl_module_retain(self->module);
        PyObject *list = PyList_New((Py_ssize_t)wrl_module_import_count(module));
        wrl_importtype_t import;
        for (size_t i = 0; list && wrl_module_import(module, i, &import); i++) {
            (void)put(&list, i, import_type(state, &import));
        }
        wrlpy_set(&self->imports, list ? PyList_AsTuple(list) : NULL);
        Py_XDECREF(list);
        wrl_module_release(module);
    }
    return Py_XNewRef(self->imports);
}

PyObject *wrlpy_module_exports(state_t *state, module_object_t *self)
{
    if (!self->exports) {
        /* Making the types runs Python code, which may close the module. */
        wrl_module_t *module = wrl_module_retain(self->module);
        PyObject *list = PyList_New((Py_ssize_t)wrl_module_export_count(module));
        wrl_exporttype_t item;
        for (size_t i = 0; list && wrl_module_export(module, i, &item); i++) {
            (void)put(&list, i, export_type(state, &item));
        }
        wrlpy_set(&self->exports, list ? PyList_AsTuple(list) : NULL);
        Py_XDECREF(list);
        wrl_module_release(module);
    }
    return Py_XNewRef(self->exports);
}

static PyObject *get_imports(PyObject *object, void *closure)
{
    (void)closure;
    state_t *state = state_of(Py_TYPE(object));
    module_object_t *self = wrlpy_module_of(state, object);
    return self ? wrlpy_module_imports(state, self) : NULL;
}

static PyObject *get_exports(PyObject *object, void *closure)
{
    (void)closure;
    state_t *state = state_of(Py_TYPE(object));
    module_object_t *self = wrlpy_module_of(state, object);
    return self ? wrlpy_module_exports(state, self) : NULL;
}

/* `closure` points to the kind. */
static PyObject *get_items(PyObject *object, void *closure)
{
    wrl_externkind_t kind = *(const wrl_externkind_t *)closure;
    state_t *state = state_of(Py_TYPE(object));
    const module_object_t *self = wrlpy_module_of(state, object);
    if (!self) {
        return NULL;
    }
    wrl_module_t *module = wrl_module_retain(self->module);
    PyObject *list = PyList_New((Py_ssize_t)wrl_module_index_space_size(module, kind));
    wrl_externtype_t type;
    for (size_t i = 0; list && wrl_module_index_space_type(module, kind, i, &type); i++) {
        (void)put(&list, i, wrlpy_externtype_to_python(state, &type));
    }
    wrl_module_release(module);
    PyObject *items = list ? PyList_AsTuple(list) : NULL;
    Py_XDECREF(list);
    return items;
}

static PyObject *get_name(PyObject *object, void *closure)
{
    (void)closure;
    const module_object_t *self = wrlpy_module_of(state_of(Py_TYPE(object)), object);
    if (!self) {
        return NULL;
    }
    size_t size;
    const char *name = wrl_module_name(self->module, &size);
    return name ? PyUnicode_FromStringAndSize(name, (Py_ssize_t)size) : Py_NewRef(Py_None);
}

static PyObject *get_engine(PyObject *object, void *closure)
{
    (void)closure;
    return Py_NewRef(((module_object_t *)object)->engine);
}

static PyObject *get_closed(PyObject *object, void *closure)
{
    (void)closure;
    return PyBool_FromLong(!((module_object_t *)object)->module);
}

static PyObject *module_custom_section(PyObject *object, PyObject *args)
{
    const char *name;
    const module_object_t *self = wrlpy_module_of(state_of(Py_TYPE(object)), object);
    wrl_section_t section;
    if (!self || !PyArg_ParseTuple(args, "s:custom_section", &name)) {
        return NULL;
    }
    if (!wrl_module_custom_section(self->module, name, &section)) {
        Py_RETURN_NONE;
    }
    if (section.data_size && !section.data) {
        PyErr_SetString(PyExc_ValueError, "the module was made without keep_custom_sections=True");
        return NULL;
    }
    return PyBytes_FromStringAndSize((const char *)section.data, (Py_ssize_t)section.data_size);
}

static PyMethodDef methods[] = {
    {"from_file", METHOD(module_from_file), METH_CLASS | METH_VARARGS | METH_KEYWORDS,
     "from_file($type, engine, path, *, keep_custom_sections=False)\n--\n\n"
     "Compile a file in the binary or the text format."},
    {"validate", METHOD(module_validate), METH_CLASS | METH_VARARGS | METH_KEYWORDS,
     "validate($type, engine, wasm)\n--\n\n"
     "Check that bytes in the binary or the text format are a valid module for the engine. Keep nothing. Raise the\n"
     "exceptions that Module() raises."},
    {"custom_section", module_custom_section, METH_VARARGS,
     "custom_section($self, name, /)\n--\n\n"
     "Return the contents of the first custom section with that name, or None. Raise ValueError if the module was\n"
     "made without keep_custom_sections=True."},
    {"close", module_close, METH_NOARGS, "close($self, /)\n--\n\nRelease the module. Its instances remain usable."},
    {"__enter__", module_enter, METH_NOARGS, NULL},
    {"__exit__", module_exit, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static wrl_externkind_t memory_kind = WRL_EXTERN_MEMORY;
static wrl_externkind_t table_kind = WRL_EXTERN_TABLE;

static PyGetSetDef attributes[] = {
    {"imports", get_imports, NULL, "The module's imports, a tuple of ImportType.", NULL},
    {"exports", get_exports, NULL, "The module's exports, a tuple of ExportType.", NULL},
    {"memories", get_items, NULL, "The types of all memories, imported ones first.", &memory_kind},
    {"tables", get_items, NULL, "The types of all tables, imported ones first.", &table_kind},
    {"name", get_name, NULL, "The module's own name, or None.", NULL},
    {"engine", get_engine, NULL, "The engine that the module was compiled for.", NULL},
    {"closed", get_closed, NULL, "Whether the module has been closed.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(module_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc,
     "Module(engine, wasm, *, keep_custom_sections=False)\n--\n\n"
     "Compiled code, from bytes in the binary format, or a str or bytes in the text format. Other threads can run\n"
     "during the compilation. A module is immutable, and any number of stores and threads may use it. It keeps a\n"
     "copy of the contents of custom sections only with keep_custom_sections=True."},
    SLOT(Py_tp_new, module_new),
    SLOT(Py_tp_dealloc, module_dealloc),
    SLOT(Py_tp_traverse, module_traverse),
    SLOT(Py_tp_clear, module_clear),
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_module_spec = {
    .name = "wasm_runtime_layer.Module",
    .basicsize = sizeof(module_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
