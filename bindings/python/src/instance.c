/* Instances. Their exports are a mapping that is written in Python and looks up each item here. */
#include "native.h"

static void instance_dealloc(PyObject *object)
{
    instance_object_t *self = (instance_object_t *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs(object);
    }
    Py_CLEAR(self->exports);
    Py_CLEAR(self->module);
    Py_CLEAR(self->store);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static int instance_traverse(PyObject *object, visitproc visit, void *arg)
{
    instance_object_t *self = (instance_object_t *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->exports);
    Py_VISIT(self->module);
    Py_VISIT(self->store);
    return 0;
}

static int instance_clear(PyObject *object)
{
    instance_object_t *self = (instance_object_t *)object;
    Py_CLEAR(self->exports);
    return 0;
}

/* ---- Construction ---- */

/* Import names may be any UTF-8, NUL included, so PyErr_Format() receives them as objects. */
static void refuse(const wrl_importtype_t *import, PyObject *object)
{
    PyObject *module = PyUnicode_FromStringAndSize(import->module, (Py_ssize_t)import->module_size);
    PyObject *name = PyUnicode_FromStringAndSize(import->name, (Py_ssize_t)import->name_size);
    if (module && name) {
        PyErr_Format(PyExc_TypeError, "import %R %R must be an item or a callable, not %R", module, name,
                     (PyObject *)Py_TYPE(object));
    }
    Py_XDECREF(module);
    Py_XDECREF(name);
}

/* Reads the item for import `index`, if there is one. */
static bool read_item(state_t *state, const wrl_module_t *module, size_t index, PyObject *object, wrl_extern_t *item)
{
    wrl_importtype_t import;
    if (object == Py_None || !wrl_module_import(module, index, &import) ||
        wrlpy_item_from_python(state, object, item)) {
        return true;
    }
    refuse(&import, object);
    return false;
}

/* `objects` is a tuple with an item or None for each import of the module, in order. */
static bool instantiate(store_object_t *store, wrl_module_t *module, PyObject *objects, wrl_instance_t *instance)
{
    size_t count = (size_t)PyTuple_Size(objects);
    wrl_extern_t *items = (wrl_extern_t *)PyMem_Calloc(count ? count : 1, sizeof *items);
    bool is_good = items || PyErr_NoMemory();
    for (size_t i = 0; is_good && i < count; i++) {
        is_good = read_item(store->state, module, i, PyTuple_GetItem(objects, (Py_ssize_t)i), &items[i]);
    }
    PyThreadState *outer;
    is_good = is_good && wrlpy_guest_begin(store, &outer);
    if (is_good) {
        wrl_instance_config_t config = {sizeof config, count ? items : NULL, count};
        wrl_error_t *error = wrl_instance_new(store->store, module, NULL, &config, instance);
        wrlpy_guest_end(store, outer);
        is_good = wrlpy_check(store->state, store, error);
    }
    PyMem_Free(items);
    return is_good;
}

static PyObject *instance_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"store", "module", "imports", NULL};
    state_t *state = state_of(type);
    PyObject *store_argument, *module_argument;
    PyObject *imports = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|O:Instance", names, &store_argument, &module_argument,
                                     &imports)) {
        return NULL;
    }
    store_object_t *store = wrlpy_store_from(state, store_argument);
    module_object_t *module = store ? wrlpy_module_of(state, module_argument) : NULL;
    if (!module || !wrlpy_store_ready(store)) {
        return NULL;
    }
    instance_object_t *self = (instance_object_t *)PyType_GenericAlloc(type, 0);
    if (!self) {
        return NULL;
    }
    /* Code that runs from here on may find the object through the collector. */
    self->store = (store_object_t *)Py_NewRef(store_argument);
    self->module = Py_NewRef(module_argument);
    wrl_module_t *inner = wrl_module_retain(module->module); /* resolve() may close the module. */
    PyObject *items = PyObject_CallMethod(state->support, "resolve", "OOO", store_argument, module_argument, imports);
    if (!items || !PyTuple_Check(items) || !instantiate(store, inner, items, &self->handle)) {
        Py_CLEAR(self);
    }
    wrl_module_release(inner);
    Py_XDECREF(items);
    return (PyObject *)self;
}

PyObject *wrlpy_instance_to_python(store_object_t *store, wrl_instance_t handle)
{
    wrl_module_t *module = wrl_module_retain(wrl_instance_module(store->store, handle));
    /* Allocations from here on may start the collector, which can run arbitrary code. */
    PyObject *module_object = wrlpy_module_to_python(store->state, module, store->engine);
    wrl_module_release(module);
    instance_object_t *self =
        module_object ? (instance_object_t *)PyType_GenericAlloc(store->state->instance_type, 0) : NULL;
    if (!self) {
        Py_XDECREF(module_object);
        return NULL;
    }
    self->store = (store_object_t *)Py_NewRef((PyObject *)store);
    self->module = module_object;
    self->handle = handle;
    return (PyObject *)self;
}

/* Several objects may stand for one instance. */
static Py_hash_t instance_hash(PyObject *object)
{
    wrl_instance_t handle = ((instance_object_t *)object)->handle;
    Py_hash_t hash = (Py_hash_t)(handle.store_id * 1000003u + handle.index);
    return hash == -1 ? -2 : hash;
}

static PyObject *instance_compare(PyObject *left, PyObject *right, int operation)
{
    if (Py_TYPE(left) != Py_TYPE(right) || (operation != Py_EQ && operation != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    wrl_instance_t a = ((instance_object_t *)left)->handle;
    wrl_instance_t b = ((instance_object_t *)right)->handle;
    return PyBool_FromLong(wrl_instance_equal(a, b) == (operation == Py_EQ));
}

/* ---- Exports ---- */

PyObject *wrlpy_find_export(store_object_t *store, wrl_instance_t instance, PyObject *name)
{
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(name, &size);
    wrl_extern_t item;
    if (!text) {
        return NULL;
    }
    wrl_error_t *error =
        wrl_instance_require_export_n(store->store, instance, text, (size_t)size, WRL_EXTERN_NONE, &item);
    if (error && wrl_error_kind(error) == WRL_ERROR_LINK) {
        wrl_error_delete(error);
        return NULL;
    }
    return wrlpy_check(store->state, store, error) ? wrlpy_item_to_python(store, &item) : NULL;
}

/* Looks up the export with that name. `where` is a tuple of the store and the instance's handle, as bytes. */
static PyObject *find_export(PyObject *where, PyObject *name)
{
    store_object_t *store = (store_object_t *)PyTuple_GetItem(where, 0);
    wrl_instance_t handle;
    memcpy(&handle, PyBytes_AsString(PyTuple_GetItem(where, 1)), sizeof handle);
    PyObject *item = wrlpy_store_ready(store) ? wrlpy_find_export(store, handle, name) : NULL;
    if (!item && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_KeyError, name);
    }
    return item;
}

/* Wraps find_export() in a Python function. */
static PyObject *make_finder(const instance_object_t *self)
{
    static PyMethodDef method = {"find", find_export, METH_O, NULL};
    PyObject *handle = PyBytes_FromStringAndSize((const char *)&self->handle, sizeof self->handle);
    PyObject *where = handle ? Py_BuildValue("ON", (PyObject *)self->store, handle) : NULL;
    PyObject *finder = where ? PyCFunction_New(&method, where) : NULL;
    Py_XDECREF(where);
    return finder;
}

static PyObject *make_names(const wrl_module_t *module)
{
    PyObject *names = PyList_New(0);
    wrl_exporttype_t item;
    for (size_t i = 0; names && wrl_module_export(module, i, &item); i++) {
        PyObject *name = PyUnicode_FromStringAndSize(item.name, (Py_ssize_t)item.name_size);
        if (!name || PyList_Append(names, name) < 0) {
            Py_CLEAR(names);
        }
        Py_XDECREF(name);
    }
    return names;
}

static PyObject *get_exports(PyObject *object, void *closure)
{
    (void)closure;
    instance_object_t *self = (instance_object_t *)object;
    if (!self->exports) {
        state_t *state = state_of(Py_TYPE(object));
        /* An unfinished instance has a null handle. A program can find it through the collector. */
        if (!wrlpy_store_ready(self->store) ||
            !wrlpy_check(state, self->store, wrl_instance_check(self->store->store, self->handle))) {
            return NULL;
        }
        /* Takes the module from the layer, because the Python object may be closed. */
        PyObject *names = make_names(wrl_instance_module(self->store->store, self->handle));
        PyObject *finder = names ? make_finder(self) : NULL;
        PyObject *exports = finder ? PyObject_CallMethod(state->support, "Exports", "OO", finder, names) : NULL;
        Py_XDECREF(finder);
        Py_XDECREF(names);
        wrlpy_set(&self->exports, exports);
    }
    return Py_XNewRef(self->exports);
}

static PyObject *get_module(PyObject *object, void *closure)
{
    (void)closure;
    return Py_NewRef(((instance_object_t *)object)->module);
}

static PyObject *get_store(PyObject *object, void *closure)
{
    (void)closure;
    return Py_NewRef((PyObject *)((instance_object_t *)object)->store);
}

static PyGetSetDef attributes[] = {
    {"exports", get_exports, NULL, "A mapping from names to exported items; see Exports.", NULL},
    {"module", get_module, NULL, "The module of the instance.", NULL},
    {"store", get_store, NULL, "The store that the instance is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(instance_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc,
     "Instance(store, module, imports=None)\n--\n\n"
     "A module instantiated in a store. Imports are {\"module\": {\"name\": item}}, an Imports, or a list of items\n"
     "in the module's order. An item is a Func, Global, Memory, Table or Tag of the store, or a Python callable.\n"
     "A callable has the type of its annotations or, if they are incomplete, the type of the import."},
    SLOT(Py_tp_new, instance_new),
    SLOT(Py_tp_dealloc, instance_dealloc),
    SLOT(Py_tp_traverse, instance_traverse),
    SLOT(Py_tp_clear, instance_clear),
    SLOT(Py_tp_hash, instance_hash),
    SLOT(Py_tp_richcompare, instance_compare),
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_instance_spec = {
    .name = "wasm_runtime_layer.Instance",
    .basicsize = sizeof(instance_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
