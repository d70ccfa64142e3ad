/* Stores: the objects that a store holds, and closing. */
#include "native.h"

/* ---- Closing ---- */

/* Releases all Python objects that the store holds for guests. Clears each pointer first, because the deallocation may
 * run arbitrary code. */
static void clear_objects(store_object_t *self)
{
    Py_CLEAR(self->hosts);
    Py_CLEAR(self->kept);
    Py_CLEAR(self->objects);
    Py_CLEAR(self->known);
    Py_CLEAR(self->raised);
}

/* Deletes the layer's store. The caller ensures that none of its guest code is running and no buffer is exported. */
static void finish(store_object_t *self)
{
    wrl_store_t *store = self->store;
    self->store = NULL;
    self->closing = false;
    wrl_store_delete(store);
    clear_objects(self);
    wrlpy_end_records(self);
}

static int store_clear(PyObject *object)
{
    store_object_t *self = (store_object_t *)object;
    if (self->pinned) {
        /* The cycle includes exported buffers. Their deallocation breaks it, and the memory must outlive them. */
        return 0;
    }
    finish(self);
    return 0;
}

static void store_dealloc(PyObject *object)
{
    store_object_t *self = (store_object_t *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs(object);
    }
    finish(self);
    PyMem_Free(self->pins);
    Py_CLEAR(self->engine);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static int store_traverse(PyObject *object, visitproc visit, void *arg)
{
    store_object_t *self = (store_object_t *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->engine);
    Py_VISIT(self->hosts);
    Py_VISIT(self->kept);
    Py_VISIT(self->objects);
    Py_VISIT(self->known);
    Py_VISIT(self->raised);
    return 0;
}

/* ---- Access ---- */

store_object_t *wrlpy_store_from(state_t *state, PyObject *object)
{
    if (!Py_IS_TYPE(object, state->store_type)) {
        PyErr_Format(PyExc_TypeError, "expected a Store, not %R", (PyObject *)Py_TYPE(object));
        return NULL;
    }
    return (store_object_t *)object;
}

bool wrlpy_guest_may_begin(store_object_t *self)
{
    if (self->raised && !self->depth) {
        /* A guest caught the exception that a host function raised. This is possible on JS hosts. */
        Py_CLEAR(self->raised);
    }
    if (!wrlpy_store_ready(self)) {
        return false;
    }
    if (self->movable) {
        PyErr_SetString(PyExc_BufferError, "a buffer of a memory that the call may grow is exported: release it first");
        return false;
    }
    return true;
}

void wrlpy_store_close_late(store_object_t *self)
{
    /* The caller still has to raise the pending exception, if there is one. */
    PyObject *raised = self->raised;
    self->raised = NULL;
    finish(self);
    self->raised = raised;
}

/* ---- Exported buffers ---- */

static pin_t *find_pin(const store_object_t *self, uint64_t index)
{
    for (size_t i = 0; i < self->pin_count; i++) {
        if (self->pins[i].index == index) {
            return &self->pins[i];
        }
    }
    return NULL;
}

bool wrlpy_pin(store_object_t *self, uint64_t index, bool movable)
{
    pin_t *pin = find_pin(self, index);
    if (!pin) {
        pin_t *pins = (pin_t *)PyMem_Realloc(self->pins, (self->pin_count + 1) * sizeof *pins);
        if (!pins) {
            PyErr_NoMemory();
            return false;
        }
        self->pins = pins;
        pin = &pins[self->pin_count++];
        *pin = (pin_t){.index = index};
    }
    pin->count++;
    self->pinned++;
    self->movable += movable;
    return true;
}

void wrlpy_unpin(store_object_t *self, uint64_t index, bool movable)
{
    find_pin(self, index)->count--;
    self->movable -= movable;
    self->pinned--;
}

bool wrlpy_is_pinned(const store_object_t *self, uint64_t index)
{
    const pin_t *pin = find_pin(self, index);
    return pin && pin->count;
}

/* ---- The type ---- */

static PyObject *store_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"engine", "data", NULL};
    PyObject *engine = Py_None;
    PyObject *data = Py_None;
    state_t *state = state_of(type);
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|OO:Store", names, &engine, &data)) {
        return NULL;
    }
    engine = engine == Py_None ? PyObject_CallNoArgs((PyObject *)state->engine_type) : Py_NewRef(engine);
    wrl_engine_t *inner = engine ? wrlpy_engine_of(state, engine) : NULL;
    store_object_t *self = inner ? (store_object_t *)PyType_GenericAlloc(type, 0) : NULL;
    if (!self) {
        Py_XDECREF(engine);
        return NULL;
    }
    self->state = state;
    self->engine = engine;
    /* Unknown engines are assumed to run guests on the native stack. */
    self->runs_on_stack = strcmp(wrl_engine_backend_name(inner), "wasmi") != 0;
    self->hosts = PyList_New(0);
    self->kept = Py_BuildValue("[O]", data);
    self->objects = PyDict_New();
    self->known = PyDict_New();
    /* Checked again: the allocations above may have started the collector, which can run arbitrary code. */
    inner = wrlpy_engine_of(state, engine);
    if (!inner || !self->hosts || !self->kept || !self->objects || !self->known ||
        (!state->current_greenlet && !wrlpy_find_greenlets(state)) ||
        !wrlpy_check(state, NULL, wrl_store_new(inner, NULL, &self->store))) {
        Py_DECREF((PyObject *)self);
        return NULL;
    }
    return (PyObject *)self;
}

static PyObject *store_close(PyObject *object, PyObject *unused)
{
    (void)unused;
    store_object_t *self = (store_object_t *)object;
    if (!self->store || self->closing) {
        Py_RETURN_NONE;
    }
    if (!wrlpy_store_ready(self)) {
        return NULL;
    }
    if (self->pinned) {
        PyErr_SetString(PyExc_BufferError, "buffers of the store's memories are exported: release them first");
        return NULL;
    }
    if (self->depth) {
        self->closing = true;
    } else {
        finish(self);
    }
    Py_RETURN_NONE;
}

static PyObject *store_collect(PyObject *object, PyObject *unused)
{
    (void)unused;
    store_object_t *self = (store_object_t *)object;
    if (!wrlpy_store_ready(self)) {
        return NULL;
    }
    wrlpy_release_unused(self);
    wrl_store_collect(self->store);
    wrlpy_end_records(self);
    Py_RETURN_NONE;
}

static PyObject *store_enter(PyObject *object, PyObject *unused)
{
    (void)unused;
    return wrlpy_store_ready((store_object_t *)object) ? Py_NewRef(object) : NULL;
}

static PyObject *store_exit(PyObject *object, PyObject *exception)
{
    (void)exception;
    return store_close(object, NULL);
}

static PyObject *get_engine(PyObject *object, void *closure)
{
    (void)closure;
    return Py_NewRef(((store_object_t *)object)->engine);
}

static PyObject *get_data(PyObject *object, void *closure)
{
    (void)closure;
    store_object_t *self = (store_object_t *)object;
    return wrlpy_store_ready(self) ? Py_XNewRef(PyList_GetItem(self->kept, 0)) : NULL;
}

static int set_data(PyObject *object, PyObject *value, void *closure)
{
    (void)closure;
    store_object_t *self = (store_object_t *)object;
    if (!wrlpy_store_ready(self)) {
        return -1;
    }
    return PyList_SetItem(self->kept, 0, Py_NewRef(value ? value : Py_None));
}

static PyObject *get_fuel(PyObject *object, void *closure)
{
    (void)closure;
    store_object_t *self = (store_object_t *)object;
    return wrlpy_store_ready(self) ? PyLong_FromUnsignedLongLong(wrl_store_fuel(self->store)) : NULL;
}

bool wrlpy_read_fuel(PyObject *value, uint64_t *fuel)
{
    if (!value || !PyLong_Check(value) || PyBool_Check(value)) {
        PyErr_Format(PyExc_TypeError, "fuel must be an int, not %R", value ? value : Py_None);
        return false;
    }
    *fuel = PyLong_AsUnsignedLongLong(value);
    return !PyErr_Occurred();
}

static int set_fuel(PyObject *object, PyObject *value, void *closure)
{
    (void)closure;
    store_object_t *self = (store_object_t *)object;
    uint64_t fuel;
    if (!wrlpy_read_fuel(value, &fuel) || !wrlpy_store_ready(self)) {
        return -1;
    }
    return wrlpy_check(self->state, NULL, wrl_store_set_fuel(self->store, fuel)) ? 0 : -1;
}

static PyObject *get_closed(PyObject *object, void *closure)
{
    (void)closure;
    const store_object_t *self = (store_object_t *)object;
    return PyBool_FromLong(!self->store || self->closing);
}

static PyMethodDef methods[] = {
    {"close", store_close, METH_NOARGS,
     "close($self, /)\n--\n\nDelete the store and everything in it. Inside a host function, this takes effect when "
     "the\n"
     "outermost call returns. Closing a closed store has no effect."},
    {"collect", store_collect, METH_NOARGS,
     "collect($self, /)\n--\n\nRelease, now, the objects that were passed as externrefs and that neither the program\n"
     "nor a guest refers to any more. Calling it is never required: a store does the same whenever the number of\n"
     "its objects reaches a limit. The limit is 1000 at first, then 1000 plus twice the number that the store kept\n"
     "the last time."},
    {"__enter__", store_enter, METH_NOARGS, NULL},
    {"__exit__", store_exit, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"engine", get_engine, NULL, "The engine whose modules the store runs.", NULL},
    {"data", get_data, set_data, "An object that the program stores here.", NULL},
    {"fuel", get_fuel, set_fuel,
     "The fuel that is left. A guest that has too little traps with TrapCode.OUT_OF_FUEL. 0 if the engine was made\n"
     "without fuel=True; setting it is an Error then. A new store has none.",
     NULL},
    {"closed", get_closed, NULL, "Whether the store has been closed.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(store_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc,
     "Store(engine=None, data=None)\n--\n\nThe owner of instances and of everything inside them. Only one thread at a\n"
     "time may use it. Except for externrefs, nothing in a store is freed before the store itself: close the store,\n"
     "or drop all references to it."},
    SLOT(Py_tp_new, store_new),
    SLOT(Py_tp_dealloc, store_dealloc),
    SLOT(Py_tp_traverse, store_traverse),
    SLOT(Py_tp_clear, store_clear),
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_store_spec = {
    .name = "wasm_runtime_layer.Store",
    .basicsize = sizeof(store_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
