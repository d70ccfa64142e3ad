/* The common part of functions, globals, memories, tables and tags: a store and a handle. */
#include "native.h"

PyObject *wrlpy_item_new(PyTypeObject *type, store_object_t *store, wrl_extern_t item)
{
    item_object_t *self = (item_object_t *)PyType_GenericAlloc(type, 0);
    if (self) {
        self->store = (store_object_t *)Py_NewRef((PyObject *)store);
        self->item = item;
    }
    return (PyObject *)self;
}

PyObject *wrlpy_func_new(store_object_t *store, wrl_func_t handle)
{
    if (!wrlpy_store_ready(store)) {
        return NULL;
    }
    wrl_functype_t type = wrl_func_type(store->store, handle);
    wrl_valkind_t *kinds = wrlpy_kinds(&type);
    func_object_t *self = NULL;
    if (kinds) {
        self = (func_object_t *)wrlpy_item_new(store->state->func_type, store, wrl_extern_from_func(handle));
    }
    if (!self) {
        PyMem_Free(kinds);
        return NULL;
    }
    self->vectorcall = store->state->call_func;
    self->param_count = (uint32_t)type.param_count;
    self->result_count = (uint32_t)type.result_count;
    self->kinds = kinds;
    return (PyObject *)self;
}

PyObject *wrlpy_item_to_python(store_object_t *store, const wrl_extern_t *item)
{
    state_t *state = store->state;
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        return wrlpy_func_new(store, item->of.func);
    case WRL_EXTERN_GLOBAL:
        return wrlpy_item_new(state->global_type, store, *item);
    case WRL_EXTERN_MEMORY:
        return wrlpy_item_new(state->memory_type, store, *item);
    case WRL_EXTERN_TABLE:
        return wrlpy_item_new(state->table_type, store, *item);
    case WRL_EXTERN_TAG:
        return wrlpy_item_new(state->tag_type, store, *item);
    default:
        PyErr_Format(PyExc_SystemError, "an export of unknown kind %d", (int)item->kind);
        return NULL;
    }
}

bool wrlpy_item_from_python(state_t *state, PyObject *object, wrl_extern_t *item)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type != state->func_type && type != state->global_type && type != state->memory_type &&
        type != state->table_type && type != state->tag_type) {
        return false;
    }
    *item = ((item_object_t *)object)->item;
    return true;
}

void wrlpy_item_dealloc(PyObject *object)
{
    item_object_t *self = (item_object_t *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs(object);
    }
    Py_CLEAR(self->store);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* There is no tp_clear: every cycle through an item goes through its store, which breaks the cycle. */
int wrlpy_item_traverse(PyObject *object, visitproc visit, void *arg)
{
    item_object_t *self = (item_object_t *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->store);
    return 0;
}

/* Handles of all kinds have the same two fields. */
static wrl_func_t handle_of(PyObject *object)
{
    return ((item_object_t *)object)->item.of.func;
}

Py_hash_t wrlpy_item_hash(PyObject *object)
{
    wrl_func_t handle = handle_of(object);
    Py_hash_t hash = (Py_hash_t)(handle.store_id * 1000003u + handle.index);
    return hash == -1 ? -2 : hash;
}

PyObject *wrlpy_item_compare(PyObject *left, PyObject *right, int operation)
{
    if (Py_TYPE(left) != Py_TYPE(right) || (operation != Py_EQ && operation != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyBool_FromLong(wrl_func_equal(handle_of(left), handle_of(right)) == (operation == Py_EQ));
}

PyObject *wrlpy_item_type(PyObject *object, void *closure)
{
    (void)closure;
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    if (!wrlpy_store_ready(store)) {
        return NULL;
    }
    wrl_externtype_t type = wrl_extern_type(store->store, self->item);
    return wrlpy_externtype_to_python(store->state, &type);
}

PyObject *wrlpy_item_store(PyObject *object, void *closure)
{
    (void)closure;
    return Py_NewRef((PyObject *)((item_object_t *)object)->store);
}

/* ---- Tags have no other members ---- */

static PyGetSetDef attributes[] = {
    {"type", wrlpy_item_type, NULL, "The tag's type.", NULL},
    {"store", wrlpy_item_store, NULL, "The store that the tag is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(item_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc, "An exception tag. One instance's export can be another instance's import."},
    SLOT(Py_tp_dealloc, wrlpy_item_dealloc),
    ITEM_SLOTS,
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_tag_spec = {
    .name = "wasm_runtime_layer.Tag",
    .basicsize = sizeof(item_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};
