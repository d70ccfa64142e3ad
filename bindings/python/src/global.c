/* Global variables. */
#include "native.h"

static PyObject *global_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"store", "type", "value", NULL};
    state_t *state = state_of(type);
    PyObject *store_argument, *globaltype, *value;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OOO:Global", names, &store_argument, &globaltype, &value)) {
        return NULL;
    }
    store_object_t *store = wrlpy_store_from(state, store_argument);
    wrl_globaltype_t inner;
    wrl_val_t initial;
    wrl_global_t handle;
    const place_t place = {"the value", 0};
    if (!store || !wrlpy_globaltype_from_python(state, globaltype, &inner) ||
        !wrlpy_val_from_python(store, inner.content.kind, value, &place, &initial) || !wrlpy_store_ready(store) ||
        !wrlpy_check(state, store, wrl_global_new(store->store, &inner, &initial, &handle))) {
        return NULL;
    }
    return wrlpy_item_new(type, store, wrl_extern_from_global(handle));
}

static PyObject *get_value(PyObject *object, void *closure)
{
    (void)closure;
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    wrl_val_t value;
    if (!wrlpy_store_ready(store) ||
        !wrlpy_check(store->state, store, wrl_global_get(store->store, self->item.of.global, &value))) {
        return NULL;
    }
    return wrlpy_val_to_python(store, &value);
}

static int set_value(PyObject *object, PyObject *value, void *closure)
{
    (void)closure;
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    wrl_val_t inner;
    const place_t place = {"the value", 0};
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "the value of a global cannot be deleted");
        return -1;
    }
    if (!wrlpy_store_ready(store)) {
        return -1;
    }
    wrl_globaltype_t type = wrl_global_type(store->store, self->item.of.global);
    if (!type.is_mutable) {
        PyErr_SetString(PyExc_AttributeError, "the global is immutable");
        return -1;
    }
    bool is_good = wrlpy_val_from_python(store, type.content.kind, value, &place, &inner) && wrlpy_store_ready(store) &&
                   wrlpy_check(store->state, store, wrl_global_set(store->store, self->item.of.global, &inner));
    return is_good ? 0 : -1;
}

static PyGetSetDef attributes[] = {
    {"value", get_value, set_value, "The global's current value. Can be set if the global is mutable.", NULL},
    {"type", wrlpy_item_type, NULL, "The global's type.", NULL},
    {"store", wrlpy_item_store, NULL, "The store that the global is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(item_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Global(store, type, value)\n--\n\nA global variable."},
    SLOT(Py_tp_new, global_new),
    SLOT(Py_tp_dealloc, wrlpy_item_dealloc),
    ITEM_SLOTS,
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_global_spec = {
    .name = "wasm_runtime_layer.Global",
    .basicsize = sizeof(item_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
