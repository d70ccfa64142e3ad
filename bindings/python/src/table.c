/* Tables of references. */
#include "native.h"

/* Reports the kind of the table's elements. Returns false with an exception if the store cannot be used. */
static bool get_kind(item_object_t *self, wrl_valkind_t *kind)
{
    store_object_t *store = self->store;
    if (!wrlpy_store_ready(store)) {
        return false;
    }
    *kind = wrl_table_type(store->store, self->item.of.table).element.kind;
    return true;
}

static bool get_size(item_object_t *self, uint64_t *size)
{
    store_object_t *store = self->store;
    if (!wrlpy_store_ready(store)) {
        return false;
    }
    *size = wrl_table_size(store->store, self->item.of.table);
    return true;
}

/* Reads an index, and checks that it is in bounds. */
static bool read_index(item_object_t *self, PyObject *key, uint64_t *index)
{
    uint64_t size;
    if (!wrlpy_unsigned(key, "the index", index)) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
            PyErr_SetString(PyExc_IndexError, "the index is negative or too large");
        }
        return false;
    }
    if (!get_size(self, &size)) {
        return false;
    }
    if (*index >= size) {
        PyErr_Format(PyExc_IndexError, "the table has %llu elements", (unsigned long long)size);
        return false;
    }
    return true;
}

static PyObject *table_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"store", "type", "init", NULL};
    state_t *state = state_of(type);
    PyObject *store_argument, *tabletype;
    PyObject *init = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|O:Table", names, &store_argument, &tabletype, &init)) {
        return NULL;
    }
    store_object_t *store = wrlpy_store_from(state, store_argument);
    wrl_tabletype_t inner;
    wrl_val_t initial;
    wrl_table_t handle;
    const place_t place = {"the initial value", 0};
    if (!store || !wrlpy_tabletype_from_python(state, tabletype, &inner) ||
        !wrlpy_val_from_python(store, inner.element.kind, init, &place, &initial) || !wrlpy_store_ready(store) ||
        !wrlpy_check(state, store, wrl_table_new(store->store, &inner, &initial, &handle))) {
        return NULL;
    }
    return wrlpy_item_new(type, store, wrl_extern_from_table(handle));
}

static PyObject *table_get(PyObject *object, PyObject *key)
{
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    uint64_t index;
    wrl_val_t value;
    if (!read_index(self, key, &index) ||
        !wrlpy_check(store->state, store, wrl_table_get(store->store, self->item.of.table, index, &value))) {
        return NULL;
    }
    return wrlpy_val_to_python(store, &value);
}

static int table_set(PyObject *object, PyObject *key, PyObject *value)
{
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    uint64_t index;
    wrl_valkind_t kind;
    wrl_val_t inner;
    const place_t place = {"the element", 0};
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "elements of a table cannot be deleted");
        return -1;
    }
    bool is_good = get_kind(self, &kind) && wrlpy_val_from_python(store, kind, value, &place, &inner) &&
                   read_index(self, key, &index) &&
                   wrlpy_check(store->state, store, wrl_table_set(store->store, self->item.of.table, index, &inner));
    return is_good ? 0 : -1;
}

static PyObject *table_set_method(PyObject *object, PyObject *args)
{
    PyObject *key, *value;
    if (!PyArg_ParseTuple(args, "OO:set", &key, &value) || table_set(object, key, value) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *table_grow(PyObject *object, PyObject *args)
{
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    PyObject *delta_argument;
    PyObject *init = Py_None;
    uint64_t delta, previous;
    wrl_valkind_t kind;
    wrl_val_t initial;
    const place_t place = {"the initial value", 0};
    if (!PyArg_ParseTuple(args, "O|O:grow", &delta_argument, &init) ||
        !wrlpy_unsigned(delta_argument, "delta", &delta) || !get_kind(self, &kind) ||
        !wrlpy_val_from_python(store, kind, init, &place, &initial) || !wrlpy_store_ready(store) ||
        !wrlpy_check(store->state, store,
                     wrl_table_grow(store->store, self->item.of.table, delta, &initial, &previous))) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(previous);
}

/* ---- Many elements ---- */

/* Reads a range of elements. NULL or None for `stop` means the end of the table. A range that is partly out of bounds
 * is an error. The table's size is read last, because converting the arguments can run code that changes it. */
static bool read_range(item_object_t *self, PyObject *start, PyObject *stop, uint64_t *index, uint64_t *count)
{
    uint64_t size, end = 0;
    bool to_end = !stop || stop == Py_None;
    *index = 0;
    if ((start && !wrlpy_unsigned(start, "start", index)) || (!to_end && !wrlpy_unsigned(stop, "stop", &end)) ||
        !get_size(self, &size)) {
        return false;
    }
    end = to_end ? size : end;
    if (*index > end || end > size) {
        PyErr_Format(PyExc_IndexError, "out of bounds: the table has %llu elements", (unsigned long long)size);
        return false;
    }
    *count = end - *index;
    return true;
}

static PyObject *table_fill(PyObject *object, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"value", "start", "stop", NULL};
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    PyObject *value;
    PyObject *start = NULL, *stop = NULL;
    uint64_t index, count;
    wrl_valkind_t kind;
    wrl_val_t inner;
    const place_t place = {"the value", 0};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|OO:fill", names, &value, &start, &stop) ||
        !get_kind(self, &kind) || !wrlpy_val_from_python(store, kind, value, &place, &inner) ||
        !read_range(self, start, stop, &index, &count) ||
        !wrlpy_check(store->state, store, wrl_table_fill(store->store, self->item.of.table, index, count, &inner))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *table_copy_from(PyObject *object, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"source", "start", "source_start", "source_stop", NULL};
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    PyObject *source_argument;
    PyObject *start = NULL, *source_start = NULL, *source_stop = NULL;
    uint64_t index, source_index, count, rest;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!|OOO:copy_from", names, Py_TYPE(object), &source_argument,
                                     &start, &source_start, &source_stop)) {
        return NULL;
    }
    item_object_t *source = (item_object_t *)source_argument;
    if (!read_range(source, source_start, source_stop, &source_index, &count) ||
        !read_range(self, start, NULL, &index, &rest) || !wrlpy_store_ready(store)) {
        return NULL;
    }
    if (count > rest) {
        PyErr_Format(PyExc_IndexError, "%llu elements do not fit into the table at %llu", (unsigned long long)count,
                     (unsigned long long)index);
        return NULL;
    }
    if (!wrlpy_check(
            store->state, store,
            wrl_table_copy(store->store, self->item.of.table, index, source->item.of.table, source_index, count))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- The type ---- */

static PyObject *get_size_attribute(PyObject *object, void *closure)
{
    (void)closure;
    uint64_t size;
    return get_size((item_object_t *)object, &size) ? PyLong_FromUnsignedLongLong(size) : NULL;
}

static Py_ssize_t table_length(PyObject *object)
{
    uint64_t size;
    if (!get_size((item_object_t *)object, &size)) {
        return -1;
    }
    if (size > (uint64_t)PY_SSIZE_T_MAX) {
        PyErr_SetString(PyExc_OverflowError, "the table is too large for len(): see size");
        return -1;
    }
    return (Py_ssize_t)size;
}

/* Iteration uses this slot. */
static PyObject *table_item(PyObject *object, Py_ssize_t index)
{
    PyObject *key = PyLong_FromSsize_t(index);
    PyObject *value = key ? table_get(object, key) : NULL;
    Py_XDECREF(key);
    return value;
}

static PyMethodDef methods[] = {
    {"get", table_get, METH_O,
     "get($self, index, /)\n--\n\nReturn the element: a Func, an object, or None for null. The same as table[index]."},
    {"set", table_set_method, METH_VARARGS,
     "set($self, index, value, /)\n--\n\nSet the element. The same as table[index] = value."},
    {"grow", table_grow, METH_VARARGS,
     "grow($self, delta, init=None, /)\n--\n\nGrow the table by delta elements, set to init, and return the previous "
     "size."},
    {"fill", METHOD(table_fill), METH_VARARGS | METH_KEYWORDS,
     "fill($self, value, start=0, stop=None)\n--\n\n"
     "Set the elements from start to stop, or to the end of the table, to one value. Raise IndexError, and set\n"
     "nothing, if any of them is out of bounds."},
    {"copy_from", METHOD(table_copy_from), METH_VARARGS | METH_KEYWORDS,
     "copy_from($self, source, start=0, source_start=0, source_stop=None)\n--\n\n"
     "Copy elements into this table, beginning at start. The source is a table of the same store, or this table;\n"
     "its elements from source_start to source_stop, or to its end, are copied. The ranges may overlap. Raise\n"
     "IndexError, and copy nothing, if either range is out of bounds."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"size", get_size_attribute, NULL, "The current size, in elements; the same as len(table).", NULL},
    {"type", wrlpy_item_type, NULL, "The type that the table was made with.", NULL},
    {"store", wrlpy_item_store, NULL, "The store that the table is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(item_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Table(store, type, init=None)\n--\n\nA table of references. All elements are initially init."},
    SLOT(Py_tp_new, table_new),
    SLOT(Py_tp_dealloc, wrlpy_item_dealloc),
    ITEM_SLOTS,
    SLOT(Py_mp_length, table_length),
    SLOT(Py_mp_subscript, table_get),
    SLOT(Py_mp_ass_subscript, table_set),
    SLOT(Py_sq_item, table_item),
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_table_spec = {
    .name = "wasm_runtime_layer.Table",
    .basicsize = sizeof(item_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
