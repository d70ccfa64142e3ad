/* Linear memories: copying methods, slices, and the buffer protocol. */
#include "native.h"

/* Reports the memory's current size in bytes. Returns false with an exception if the store cannot be used. */
static bool get_size(item_object_t *self, uint64_t *size)
{
    store_object_t *store = self->store;
    if (!wrlpy_store_ready(store)) {
        return false;
    }
    *size = wrl_memory_data_size(store->store, self->item.of.memory);
    return true;
}

static bool out_of_bounds(uint64_t size)
{
    PyErr_Format(PyExc_IndexError, "out of bounds: the memory has %llu bytes", (unsigned long long)size);
    return false;
}

/* Copies `count` bytes from `start` on. The caller has checked the range. */
static PyObject *read_bytes(item_object_t *self, uint64_t start, uint64_t count)
{
    store_object_t *store = self->store;
    if (count > (uint64_t)PY_SSIZE_T_MAX) {
        return PyErr_NoMemory();
    }
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)count);
    if (bytes && !wrlpy_check(store->state, store,
                              wrl_memory_read(store->store, self->item.of.memory, start, PyBytes_AsString(bytes),
                                              (size_t)count))) {
        Py_CLEAR(bytes);
    }
    return bytes;
}

/* Reads the bytes of a bytes-like object. If the object may be a view of this memory, copies the bytes first, because
 * source and destination could overlap. */
static bool get_source(item_object_t *self, PyObject *object, Py_buffer *source)
{
    bool may_overlap = self->store->pinned || Py_TYPE(object) == Py_TYPE((PyObject *)self);
    if (may_overlap && !PyBytes_Check(object)) {
        PyObject *copy = PyObject_CheckBuffer(object) ? PyBytes_FromObject(object) : NULL;
        bool is_good = copy && PyObject_GetBuffer(copy, source, PyBUF_SIMPLE) == 0;
        if (!copy && !PyErr_Occurred()) {
            PyErr_Format(PyExc_TypeError, "expected bytes, not %R", (PyObject *)Py_TYPE(object));
        }
        Py_XDECREF(copy); /* The buffer has a reference. */
        return is_good;
    }
    return PyObject_GetBuffer(object, source, PyBUF_SIMPLE) == 0;
}

static bool write_bytes(item_object_t *self, uint64_t start, const Py_buffer *source)
{
    store_object_t *store = self->store;
    return wrlpy_store_ready(store) &&
           wrlpy_check(store->state, store,
                       wrl_memory_write(store->store, self->item.of.memory, start, source->buf, (size_t)source->len));
}

/* ---- Methods ---- */

/* A method with two parameters. */
typedef struct pair {
    const char *method;
    const char *names[2];
} pair_t;

/* Reads the two arguments, positional or keyword. A missing argument is NULL. */
static bool read_pair(const pair_t *pair, PyObject *const *args, Py_ssize_t count, PyObject *keywords,
                      PyObject *values[2])
{
    if (count > 2) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most 2 arguments, but %zd were given", pair->method, count);
        return false;
    }
    for (int i = 0; i < 2; i++) {
        values[i] = i < count ? args[i] : NULL;
    }
    Py_ssize_t keyword_count = keywords ? PyTuple_Size(keywords) : 0;
    for (Py_ssize_t k = 0; k < keyword_count; k++) {
        PyObject *name = PyTuple_GetItem(keywords, k);
        int i = 0;
        while (i < 2 && PyUnicode_CompareWithASCIIString(name, pair->names[i]) != 0) {
            i++;
        }
        if (i == 2 || values[i]) {
            PyErr_Format(PyExc_TypeError, i == 2 ? "%s() has no parameter %R" : "%s() was given %R twice", pair->method,
                         name);
            return false;
        }
        values[i] = args[count + k];
    }
    return true;
}

static PyObject *memory_read(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const pair_t pair = {"read", {"start", "stop"}};
    item_object_t *self = (item_object_t *)object;
    PyObject *values[2];
    uint64_t size, start = 0, stop = 0;
    if (!read_pair(&pair, args, count, keywords, values) ||
        (values[0] && !wrlpy_unsigned(values[0], "start", &start))) {
        return NULL;
    }
    bool to_end = !values[1] || values[1] == Py_None;
    if ((!to_end && !wrlpy_unsigned(values[1], "stop", &stop)) || !get_size(self, &size)) {
        return NULL;
    }
    if (to_end) {
        stop = size;
    }
    if (start > stop || stop > size) {
        (void)out_of_bounds(size);
        return NULL;
    }
    return read_bytes(self, start, stop - start);
}

static PyObject *memory_write(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const pair_t pair = {"write", {"value", "start"}};
    item_object_t *self = (item_object_t *)object;
    PyObject *values[2];
    uint64_t size, start = 0;
    Py_buffer source;
    if (!read_pair(&pair, args, count, keywords, values)) {
        return NULL;
    }
    if (!values[0]) {
        PyErr_SetString(PyExc_TypeError, "write() needs a value");
        return NULL;
    }
    if ((values[1] && !wrlpy_unsigned(values[1], "start", &start)) || !get_source(self, values[0], &source)) {
        return NULL;
    }
    Py_ssize_t written = source.len;
    bool is_good = get_size(self, &size);
    if (is_good && (start > size || (uint64_t)written > size - start)) {
        is_good = out_of_bounds(size);
    }
    is_good = is_good && write_bytes(self, start, &source);
    PyBuffer_Release(&source);
    return is_good ? PyLong_FromSsize_t(written) : NULL;
}

/* The search for the end of a string copies this number of bytes first, and twice as many in each further step. */
#define FIRST_STRING_SIZE 256

static PyObject *memory_read_c_string(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const pair_t pair = {"read_c_string", {"start", "max_size"}};
    item_object_t *self = (item_object_t *)object;
    PyObject *values[2];
    uint64_t size, start, max_size = UINT64_MAX;
    if (!read_pair(&pair, args, count, keywords, values)) {
        return NULL;
    }
    if (!values[0]) {
        PyErr_SetString(PyExc_TypeError, "read_c_string() needs a start");
        return NULL;
    }
    if (!wrlpy_unsigned(values[0], "start", &start) ||
        (values[1] && values[1] != Py_None && !wrlpy_unsigned(values[1], "max_size", &max_size)) ||
        !get_size(self, &size)) {
        return NULL;
    }
    if (start >= size) {
        (void)out_of_bounds(size);
        return NULL;
    }
    uint64_t most = max_size < size - start ? max_size + 1 : size - start;
    for (uint64_t part = FIRST_STRING_SIZE;; part *= 2) {
        part = part < most ? part : most;
        PyObject *bytes = read_bytes(self, start, part);
        const char *data = bytes ? PyBytes_AsString(bytes) : NULL;
        const char *end = bytes ? (const char *)memchr(data, 0, (size_t)part) : NULL;
        PyObject *string = end ? PyBytes_FromStringAndSize(data, end - data) : NULL;
        Py_XDECREF(bytes);
        if (!bytes || end) {
            return string;
        }
        if (part == most) {
            PyErr_Format(PyExc_ValueError, "the string at %llu has no NUL within %llu bytes", (unsigned long long)start,
                         (unsigned long long)most);
            return NULL;
        }
    }
}

static PyObject *memory_grow(PyObject *object, PyObject *delta_argument)
{
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    uint64_t delta, previous;
    if (!wrlpy_unsigned(delta_argument, "delta", &delta) || !wrlpy_store_ready(store)) {
        return NULL;
    }
    if (wrlpy_is_pinned(store, self->item.of.memory.index)) {
        PyErr_SetString(PyExc_BufferError, "the memory cannot grow while its buffers are exported");
        return NULL;
    }
    if (!wrlpy_check(store->state, store, wrl_memory_grow(store->store, self->item.of.memory, delta, &previous))) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(previous);
}

static PyObject *get_pages(PyObject *object, void *closure)
{
    (void)closure;
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    if (!wrlpy_store_ready(store)) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(wrl_memory_size(store->store, self->item.of.memory));
}

static PyObject *get_data_len(PyObject *object, void *closure)
{
    (void)closure;
    uint64_t size;
    return get_size((item_object_t *)object, &size) ? PyLong_FromUnsignedLongLong(size) : NULL;
}

/* ---- Slices ---- */

static Py_ssize_t memory_length(PyObject *object)
{
    uint64_t size;
    if (!get_size((item_object_t *)object, &size)) {
        return -1;
    }
    if (size > (uint64_t)PY_SSIZE_T_MAX) {
        PyErr_SetString(PyExc_OverflowError, "the memory is too large for len(): see data_len");
        return -1;
    }
    return (Py_ssize_t)size;
}

/* Reads an index as in a Python sequence: negative ones count from the end. */
static bool read_index(PyObject *key, Py_ssize_t length, Py_ssize_t *index)
{
    if (!PyIndex_Check(key)) {
        PyErr_Format(PyExc_TypeError, "a memory is indexed by int or slice, not %R", (PyObject *)Py_TYPE(key));
        return false;
    }
    *index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (*index == -1 && PyErr_Occurred()) {
        return false;
    }
    *index += *index < 0 ? length : 0;
    return (*index >= 0 && *index < length) || out_of_bounds((uint64_t)length);
}

typedef struct range {
    Py_ssize_t start, step, count;
} range_t;

/* Reads an index or a slice. An index is a range of one byte. The result stays in bounds: Python code that runs
 * meanwhile may grow the memory, but a memory never shrinks. */
static bool read_key(item_object_t *self, PyObject *key, range_t *range)
{
    Py_ssize_t stop;
    if (!PySlice_Check(key)) {
        Py_ssize_t length = memory_length((PyObject *)self);
        *range = (range_t){0, 1, 1};
        return length >= 0 && read_index(key, length, &range->start) && wrlpy_store_ready(self->store);
    }
    if (PySlice_Unpack(key, &range->start, &stop, &range->step) < 0) {
        return false;
    }
    Py_ssize_t length = memory_length((PyObject *)self);
    if (length < 0) {
        return false;
    }
    range->count = PySlice_AdjustIndices(length, &range->start, &stop, range->step);
    return true;
}

/* Copies a range with a step: reads all bytes from the first to the last, and keeps every step-th byte. */
static PyObject *read_steps(item_object_t *self, const range_t *range)
{
    Py_ssize_t last = range->start + range->step * (range->count - 1);
    Py_ssize_t low = range->step > 0 ? range->start : last;
    Py_ssize_t high = range->step > 0 ? last : range->start;
    PyObject *whole = read_bytes(self, (uint64_t)low, (uint64_t)(high - low) + 1);
    PyObject *bytes = whole ? PyBytes_FromStringAndSize(NULL, range->count) : NULL;
    if (bytes) {
        const char *from = PyBytes_AsString(whole) + (range->start - low);
        char *to = PyBytes_AsString(bytes);
        for (Py_ssize_t i = 0; i < range->count; i++) {
            to[i] = from[i * range->step];
        }
    }
    Py_XDECREF(whole);
    return bytes;
}

static PyObject *memory_subscript(PyObject *object, PyObject *key)
{
    item_object_t *self = (item_object_t *)object;
    range_t range;
    if (!read_key(self, key, &range)) {
        return NULL;
    }
    if (range.step != 1 && range.count > 0) {
        return read_steps(self, &range);
    }
    PyObject *bytes = read_bytes(self, range.count ? (uint64_t)range.start : 0, (uint64_t)range.count);
    if (!bytes || PySlice_Check(key)) {
        return bytes;
    }
    long byte = (unsigned char)*PyBytes_AsString(bytes);
    Py_DECREF(bytes);
    return PyLong_FromLong(byte);
}

static bool set_byte(item_object_t *self, PyObject *key, PyObject *value)
{
    uint64_t byte;
    range_t range;
    if (!wrlpy_unsigned(value, "a byte", &byte)) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
            PyErr_SetString(PyExc_ValueError, "a byte must be in range(256)");
        }
        return false;
    }
    if (byte > UINT8_MAX) {
        PyErr_SetString(PyExc_ValueError, "a byte must be in range(256)");
        return false;
    }
    uint8_t small = (uint8_t)byte;
    const Py_buffer source = {.buf = &small, .len = 1};
    return read_key(self, key, &range) && write_bytes(self, (uint64_t)range.start, &source);
}

static bool set_slice(item_object_t *self, PyObject *key, PyObject *value)
{
    Py_buffer source;
    range_t range;
    if (!get_source(self, value, &source)) {
        return false;
    }
    bool is_good = read_key(self, key, &range);
    if (is_good && range.step != 1) {
        PyErr_SetString(PyExc_ValueError, "a slice with a step cannot be assigned to");
        is_good = false;
    } else if (is_good && source.len != range.count) {
        PyErr_Format(PyExc_ValueError,
                     "cannot assign %zd bytes to a slice of %zd bytes: assignment does not resize a memory", source.len,
                     range.count);
        is_good = false;
    }
    is_good = is_good && (range.count == 0 || write_bytes(self, (uint64_t)range.start, &source));
    PyBuffer_Release(&source);
    return is_good;
}

static int memory_set(PyObject *object, PyObject *key, PyObject *value)
{
    item_object_t *self = (item_object_t *)object;
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "bytes of a memory cannot be deleted");
        return -1;
    }
    return (PySlice_Check(key) ? set_slice(self, key, value) : set_byte(self, key, value)) ? 0 : -1;
}

/* ---- The buffer protocol ---- */

static bool may_grow(const item_object_t *self)
{
    wrl_memorytype_t type = wrl_memory_type(self->store->store, self->item.of.memory);
    return !type.is_shared && wrl_memory_size(self->store->store, self->item.of.memory) < type.max;
}

static bool get_data(item_object_t *self, uint8_t **data, uint64_t *size)
{
    static uint8_t nothing[1];
    *data = wrl_memory_data(self->store->store, self->item.of.memory, size);
    if (*size > (uint64_t)PY_SSIZE_T_MAX || (!*data && *size > 0)) {
        PyErr_SetString(PyExc_BufferError, *data ? "the memory is too large for a buffer"
                                                 : "the engine has no direct access to memories (feature memory-data): "
                                                   "use read() and write() instead");
        return false;
    }
    if (!*data) {
        *data = nothing;
    }
    return true;
}

static int memory_get_buffer(PyObject *object, Py_buffer *view, int flags)
{
    item_object_t *self = (item_object_t *)object;
    store_object_t *store = self->store;
    uint8_t *data;
    uint64_t size;
    view->obj = NULL;
    if (!wrlpy_store_ready(store)) {
        return -1;
    }
    bool movable = may_grow(self);
    if (!get_data(self, &data, &size) || !wrlpy_pin(store, self->item.of.memory.index, movable)) {
        return -1;
    }
    if (PyBuffer_FillInfo(view, object, data, (Py_ssize_t)size, 0, flags) < 0) {
        wrlpy_unpin(store, self->item.of.memory.index, movable);
        return -1;
    }
    view->internal = movable ? store : NULL;
    return 0;
}

static void memory_release_buffer(PyObject *object, Py_buffer *view)
{
    item_object_t *self = (item_object_t *)object;
    wrlpy_unpin(self->store, self->item.of.memory.index, view->internal != NULL);
}

/* ---- The type ---- */

static PyObject *memory_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"store", "type", NULL};
    state_t *state = state_of(type);
    PyObject *store_argument, *memorytype;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO:Memory", names, &store_argument, &memorytype)) {
        return NULL;
    }
    store_object_t *store = wrlpy_store_from(state, store_argument);
    wrl_memorytype_t inner;
    wrl_memory_t handle;
    if (!store || !wrlpy_memorytype_from_python(state, memorytype, &inner) || !wrlpy_store_ready(store) ||
        !wrlpy_check(state, store, wrl_memory_new(store->store, &inner, &handle))) {
        return NULL;
    }
    return wrlpy_item_new(type, store, wrl_extern_from_memory(handle));
}

static PyMethodDef methods[] = {
    {"read", METHOD(memory_read), METH_FASTCALL | METH_KEYWORDS,
     "read($self, start=0, stop=None)\n--\n\n"
     "Return a copy of the bytes from start to stop, or to the end of the memory. Raise IndexError if any of them\n"
     "is out of bounds. Addresses come from guests, so ranges are not truncated and negative numbers do not count\n"
     "from the end. memory[a:b] has the semantics of a Python slice."},
    {"read_c_string", METHOD(memory_read_c_string), METH_FASTCALL | METH_KEYWORDS,
     "read_c_string($self, start, max_size=None)\n--\n\n"
     "Return a copy of the bytes from start up to, but not including, the first NUL. Raise IndexError if start is\n"
     "out of bounds, ValueError if the memory has no NUL after start, or none after at most max_size bytes."},
    {"write", METHOD(memory_write), METH_FASTCALL | METH_KEYWORDS,
     "write($self, value, start=0)\n--\n\n"
     "Copy bytes into the memory and return their number. Raise IndexError, and write nothing, if any of them would\n"
     "be out of bounds."},
    {"grow", memory_grow, METH_O,
     "grow($self, delta, /)\n--\n\n"
     "Grow the memory by delta pages and return the previous size in pages. Raise BufferError while buffers of the\n"
     "memory are exported."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"size", get_pages, NULL, "The current size, in pages.", NULL},
    {"data_len", get_data_len, NULL, "The current size, in bytes; the same as len(memory).", NULL},
    {"type", wrlpy_item_type, NULL, "The type that the memory was made with.", NULL},
    {"store", wrlpy_item_store, NULL, "The store that the memory is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {WEAKREFS(item_object_t), {NULL, 0, 0, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_doc,
     "Memory(store, type)\n--\n\n"
     "A linear memory. memory[a:b] and read() copy bytes out, memory[a:b] = … and write() copy bytes in,\n"
     "memoryview(memory) accesses the bytes in place. While a buffer of a memory that may grow is exported, calls\n"
     "into guests of the store raise BufferError."},
    SLOT(Py_tp_new, memory_new),
    SLOT(Py_tp_dealloc, wrlpy_item_dealloc),
    ITEM_SLOTS,
    SLOT(Py_mp_length, memory_length),
    SLOT(Py_mp_subscript, memory_subscript),
    SLOT(Py_mp_ass_subscript, memory_set),
    SLOT(Py_bf_getbuffer, memory_get_buffer),
    SLOT(Py_bf_releasebuffer, memory_release_buffer),
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec wrlpy_memory_spec = {
    .name = "wasm_runtime_layer.Memory",
    .basicsize = sizeof(item_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
