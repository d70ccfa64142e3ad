/* Functions, and calls from Python into the guest. A call makes no Python objects except its results. */
#include "native.h"

/* Calls with up to this number of slots keep them on the stack. */
#define FEW_SLOTS 8

static bool wrong_count(const func_object_t *self, size_t count)
{
    PyErr_Format(PyExc_TypeError, "the function takes %u argument%s, but %zu %s given", (unsigned)self->param_count,
                 self->param_count == 1 ? "" : "s", count, count == 1 ? "was" : "were");
    return false;
}

static bool read_args(func_object_t *self, PyObject *const *args, wrl_raw_t *slots)
{
    for (uint32_t i = 0; i < self->param_count; i++) {
        if (!wrlpy_slot_from_python(self->base.store, self->kinds[i], args[i], "argument", (Py_ssize_t)i + 1,
                                    &slots[i])) {
            return false;
        }
    }
    return true;
}

/* Converts the results, and releases the holds on references. */
static PyObject *make_results(func_object_t *self, const wrl_raw_t *slots)
{
    const wrl_valkind_t *kinds = self->kinds + self->param_count;
    if (self->result_count == 1) {
        PyObject *result = wrlpy_slot_to_python(self->base.store, kinds[0], &slots[0]);
        wrlpy_release_result(self->base.store, kinds[0], &slots[0]);
        return result;
    }
    if (self->result_count == 0) {
        Py_RETURN_NONE;
    }
    PyObject *tuple = PyTuple_New((Py_ssize_t)self->result_count);
    for (uint32_t i = 0; tuple && i < self->result_count; i++) {
        PyObject *result = wrlpy_slot_to_python(self->base.store, kinds[i], &slots[i]);
        if (!result || PyTuple_SetItem(tuple, (Py_ssize_t)i, result) < 0) {
            Py_CLEAR(tuple);
        }
    }
    for (uint32_t i = 0; i < self->result_count; i++) {
        wrlpy_release_result(self->base.store, kinds[i], &slots[i]);
    }
    return tuple;
}

static PyObject *call_with(func_object_t *self, PyObject *const *args, wrl_raw_t *slots, size_t slot_count)
{
    store_object_t *store = self->base.store;
    PyThreadState *outer;
    if (!read_args(self, args, slots) || !wrlpy_guest_begin(store, &outer)) {
        return NULL;
    }
    wrl_error_t *error = wrl_func_call_raw(store->store, self->base.item.of.func, slots, slot_count);
    wrlpy_guest_end(store, outer);
    if (error) {
        return wrlpy_raise(store->state, store, error);
    }
    return make_results(self, slots);
}

static PyObject *no_keywords(void)
{
    PyErr_SetString(PyExc_TypeError, "WebAssembly functions take no keyword arguments");
    return NULL;
}

PyObject *wrlpy_call_func(PyObject *object, PyObject *const *args, size_t count, PyObject *names)
{
    func_object_t *self = (func_object_t *)object;
    if (names && PyTuple_Size(names) > 0) {
        return no_keywords();
    }
    count &= ~WRLPY_ARGUMENTS_OFFSET;
    if (count != self->param_count) {
        (void)wrong_count(self, count);
        return NULL;
    }
    size_t slot_count = self->param_count > self->result_count ? self->param_count : self->result_count;
    wrl_raw_t few[FEW_SLOTS];
    wrl_raw_t *slots = slot_count <= FEW_SLOTS ? few : (wrl_raw_t *)PyMem_Malloc(slot_count * sizeof *slots);
    if (!slots) {
        return PyErr_NoMemory();
    }
    PyObject *results = call_with(self, args, slots, slot_count);
    if (slots != few) {
        PyMem_Free(slots);
    }
    return results;
}

/* For callers that already have a tuple. */
static PyObject *func_call(PyObject *object, PyObject *args, PyObject *keywords)
{
    func_object_t *self = (func_object_t *)object;
    Py_ssize_t count = PyTuple_Size(args);
    if (keywords && PyDict_Size(keywords) > 0) {
        return no_keywords();
    }
    if ((size_t)count != self->param_count) {
        (void)wrong_count(self, (size_t)count);
        return NULL;
    }
    PyObject **vector = (PyObject **)PyMem_Malloc(((size_t)count + 1) * sizeof(PyObject *));
    if (!vector) {
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        vector[i] = PyTuple_GetItem(args, i);
    }
    PyObject *results = wrlpy_call_func(object, vector, (size_t)count, NULL);
    PyMem_Free(vector);
    return results;
}

/* ---- The type ---- */

/* Returns the constructor's arguments as the tuple (type, callable, pass_caller). */
static PyObject *read_signature(state_t *state, PyObject *type, PyObject *callable, PyObject *access_caller)
{
    return PyObject_CallMethod(state->support, "read_signature", "OOO", type, callable, access_caller);
}

static PyObject *func_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"store", "type", "func", "access_caller", NULL};
    state_t *state = state_of(type);
    PyObject *store_argument, *functype;
    PyObject *callable = Py_None;
    PyObject *access_caller = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|OO:Func", names, &store_argument, &functype, &callable,
                                     &access_caller)) {
        return NULL;
    }
    store_object_t *store = wrlpy_store_from(state, store_argument);
    PyObject *signature = store ? read_signature(state, functype, callable, access_caller) : NULL;
    int pass_caller;
    wrl_func_t handle;
    PyObject *self = NULL;
    if (signature && PyArg_ParseTuple(signature, "OOp", &functype, &callable, &pass_caller) &&
        wrlpy_host_new(store, functype, callable, pass_caller != 0, &handle)) {
        self = wrlpy_func_new(store, handle);
    }
    Py_XDECREF(signature);
    return self;
}

static void func_dealloc(PyObject *object)
{
    PyMem_Free(((func_object_t *)object)->kinds);
    wrlpy_item_dealloc(object);
}

static PyGetSetDef attributes[] = {
    {"type", wrlpy_item_type, NULL, "The function's type.", NULL},
    {"store", wrlpy_item_store, NULL, "The store that the function is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    WEAKREFS(item_object_t),
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(func_object_t, vectorcall), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Func(store, type, func=None, access_caller=None)\n--\n\n"
                "A function of a guest, or a host function that is made from a Python callable. If the callable's\n"
                "annotations are complete, the type may be left out: Func(store, func). Call it like any function:\n"
                "add_one(42). Returns the result itself, None if there is none, or a tuple if there are several."},
    SLOT(Py_tp_new, func_new),
    SLOT(Py_tp_call, func_call),
    SLOT(Py_tp_dealloc, func_dealloc),
    ITEM_SLOTS,
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_func_spec = {
    .name = "wasm_runtime_layer.Func",
    .basicsize = sizeof(func_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | WRLPY_HAVE_VECTORCALL,
    .slots = slots,
};
