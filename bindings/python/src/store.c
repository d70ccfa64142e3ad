/* Stores: who may use them, what they hold, and how they end. */
#include "native.h"

/* ---- The end ---- */

/* All Python objects that the store holds for guests. Each is taken out before it goes, as its end may run any code. */
static void clear_objects(store_object_t *self)
{
    Py_CLEAR(self->hosts);
    Py_CLEAR(self->kept);
    Py_CLEAR(self->objects);
    Py_CLEAR(self->known);
    Py_CLEAR(self->raised);
}

/* No guest code of it runs, and no buffer is exported. */
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
        /* Buffers of it are in the cycle, too. Their end breaks it as well, and nothing is to be freed under them. */
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

/* ---- Who may use it ---- */

/*
 * Greenlets. They share a thread, and switch while host functions wait, so that calls of one store, or of one engine
 * that runs guests on the native stack, could end in another order than they began. The layer tells that by addresses
 * of frames; but the frames of a greenlet that waits are copied away, and others may stand in their place.
 */

/* The greenlet whose calls have to end before those of another one begin, and how many stores it is in. */
static _Thread_local struct {
    const void *greenlet;
    unsigned stores;
} on_stack;

/* NULL with an exception if it cannot be told. */
static const void *current_greenlet(const state_t *state)
{
    PyObject *greenlet = PyObject_CallNoArgs(state->current_greenlet);
    Py_XDECREF(greenlet);
    return greenlet;
}

bool wrlpy_is_own_greenlet(const store_object_t *self)
{
    return self->greenlet == current_greenlet(self->state);
}

bool wrlpy_greenlet_begin(store_object_t *self)
{
    const void *greenlet = current_greenlet(self->state);
    if (!greenlet) {
        return false;
    }
    if (self->runs_on_stack && on_stack.stores && on_stack.greenlet != greenlet) {
        PyErr_SetString(PyExc_RuntimeError, "a call of the same engine waits in another greenlet of this thread");
        return false;
    }
    self->greenlet = greenlet;
    if (self->runs_on_stack) {
        on_stack.greenlet = greenlet;
        on_stack.stores++;
    }
    return true;
}

void wrlpy_greenlet_end(store_object_t *self)
{
    self->greenlet = NULL;
    on_stack.stores -= self->runs_on_stack;
}

/* From when on the program uses greenlets. */
static bool find_greenlets(state_t *state)
{
    PyObject *name = PyUnicode_FromString("greenlet");
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    if (module) {
        state->current_greenlet = PyObject_GetAttrString(module, "getcurrent");
        if (!state->current_greenlet && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear(); /* Another module of that name, or one that is being loaded. */
        }
    }
    Py_XDECREF(module);
    Py_XDECREF(name);
    return !PyErr_Occurred();
}

bool wrlpy_store_refuse(const store_object_t *self)
{
    if (PyErr_Occurred()) {
        return false;
    }
    if (!self->store || self->closing) {
        PyErr_SetString(PyExc_ValueError, "the store is closed");
    } else if (self->owner != wrlpy_thread()) {
        PyErr_SetString(PyExc_RuntimeError, "the store is in use by another thread");
    } else {
        PyErr_SetString(PyExc_RuntimeError, "the store is in use by another greenlet");
    }
    return false;
}

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
        /* A guest caught what a host function raised, as it can where the engine is that of a JS host. */
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
    /* The exception, if there is one, is still to be raised. */
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
    /* Of unknown engines, those that do are taken for granted. */
    self->runs_on_stack = strcmp(wrl_engine_backend_name(inner), "wasmi") != 0;
    self->hosts = PyList_New(0);
    self->kept = Py_BuildValue("[O]", data);
    self->objects = PyDict_New();
    self->known = PyDict_New();
    /* Asked for once more: what was allocated may have had the collector run, and that any code. */
    inner = wrlpy_engine_of(state, engine);
    if (!inner || !self->hosts || !self->kept || !self->objects || !self->known ||
        (!state->current_greenlet && !find_greenlets(state)) ||
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

static PyObject *get_closed(PyObject *object, void *closure)
{
    (void)closure;
    const store_object_t *self = (store_object_t *)object;
    return PyBool_FromLong(!self->store || self->closing);
}

static PyMethodDef methods[] = {
    {"close", store_close, METH_NOARGS,
     "close($self, /)\n--\n\nEnd the store and all that is in it. From within a host function it takes effect when "
     "the\n"
     "outermost call returns. Closing twice does no harm."},
    {"collect", store_collect, METH_NOARGS,
     "collect($self, /)\n--\n\nLet go now of objects that were externrefs, and that neither the program nor a guest\n"
     "refers to any more. No program needs it: a store does so by itself, again and again, when it has 1000\n"
     "objects, or 1000 and twice as many as it kept the last time."},
    {"__enter__", store_enter, METH_NOARGS, NULL},
    {"__exit__", store_exit, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"engine", get_engine, NULL, "The engine whose modules the store runs.", NULL},
    {"data", get_data, set_data, "Any object of the program's own.", NULL},
    {"closed", get_closed, NULL, "Whether the store has been closed.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(store_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc,
     "Store(engine=None, data=None)\n--\n\nThe owner of instances and of everything inside them. One thread at a time\n"
     "may use it. Nothing in a store is freed before the store is, but externrefs are: close it, or let go of all "
     "that\n"
     "refers to it."},
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
