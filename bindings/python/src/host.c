/* Host functions: calls from the guest into Python, and the Caller object that is passed to them. */
#include "native.h"

#include <unistd.h>

/* ---- The call ---- */

/* `objects` has space for the caller and the parameters. objects[-1] exists as well: see WRLPY_ARGUMENTS_OFFSET. */
static PyObject *call_python(host_object_t *self, PyObject *caller, const wrl_raw_t *slots, PyObject **objects)
{
    PyObject **arguments = objects;
    if (caller) {
        *arguments++ = caller;
    }
    uint32_t made = 0;
    while (made < self->param_count &&
           (arguments[made] = wrlpy_slot_to_python(self->store, self->kinds[made], &slots[made]))) {
        made++;
    }
    PyObject *result = NULL;
    if (made == self->param_count) {
        size_t count = (size_t)(arguments - objects) + made;
        result = PyObject_Vectorcall(self->callable, objects, count | WRLPY_ARGUMENTS_OFFSET, NULL);
    }
    while (made > 0) {
        Py_DECREF(arguments[--made]);
    }
    return result;
}

static bool read_many(host_object_t *self, PyObject *result, wrl_raw_t *slots)
{
    const wrl_valkind_t *kinds = self->kinds + self->param_count;
    /* Copies a list to a tuple, because a list could change while its elements are converted. */
    PyObject *tuple = PyTuple_Check(result) ? Py_NewRef(result) : NULL;
    if (!tuple && PyList_Check(result)) {
        tuple = PyList_AsTuple(result);
    } else if (!tuple) {
        PyErr_Format(PyExc_TypeError, "a host function must return a tuple of %u results, not %R",
                     (unsigned)self->result_count, (PyObject *)Py_TYPE(result));
    }
    bool is_good = tuple != NULL;
    if (is_good && PyTuple_Size(tuple) != (Py_ssize_t)self->result_count) {
        PyErr_Format(PyExc_TypeError, "a host function must return %u results, not %zd", (unsigned)self->result_count,
                     PyTuple_Size(tuple));
        is_good = false;
    }
    for (uint32_t i = 0; is_good && i < self->result_count; i++) {
        is_good = wrlpy_slot_from_python(self->store, kinds[i], PyTuple_GetItem(tuple, (Py_ssize_t)i),
                                         "result of a host function", (Py_ssize_t)i + 1, &slots[i]);
    }
    Py_XDECREF(tuple);
    return is_good;
}

static bool read_results(host_object_t *self, PyObject *result, wrl_raw_t *slots)
{
    if (self->result_count == 1) {
        return wrlpy_slot_from_python(self->store, self->kinds[self->param_count], result,
                                      "the result of a host function", 0, &slots[0]);
    }
    if (self->result_count > 1) {
        return read_many(self, result, slots);
    }
    if (result != Py_None) {
        PyErr_Format(PyExc_TypeError, "a host function without results must return None, not %R",
                     (PyObject *)Py_TYPE(result));
        return false;
    }
    return true;
}

static PyObject *make_caller(store_object_t *store, wrl_caller_t *caller)
{
    caller_object_t *self = (caller_object_t *)PyType_GenericAlloc(store->state->caller_type, 0);
    if (self) {
        self->store = (store_object_t *)Py_NewRef((PyObject *)store);
        self->caller = caller;
    }
    return (PyObject *)self;
}

static bool run_with(host_object_t *self, wrl_caller_t *caller, wrl_raw_t *slots, PyObject **objects)
{
    PyObject *caller_object = NULL;
    if (self->pass_caller) {
        caller_object = make_caller(self->store, caller);
        if (!caller_object) {
            return false;
        }
    }
    PyObject *result = call_python(self, caller_object, slots, objects);
    if (caller_object) {
        ((caller_object_t *)caller_object)->caller = NULL;
        Py_DECREF(caller_object);
    }
    /* From here on, the guest may hold the only references to the results. */
    self->store->keeps_results++;
    bool is_good = result && read_results(self, result, slots);
    Py_XDECREF(result);
    if (is_good && self->store->movable) {
        PyErr_SetString(PyExc_BufferError,
                        "a host function returned while a buffer of a memory that may grow was exported");
        is_good = false;
    }
    return is_good;
}

/* Calls with up to this number of parameters keep the arguments on the stack. */
#define FEW_PARAMS 6
/* Further elements: the one before the arguments, and the caller. */
#define MORE_PLACES 2

static bool run(host_object_t *self, wrl_caller_t *caller, wrl_raw_t *slots)
{
    PyObject *few[FEW_PARAMS + MORE_PLACES];
    PyObject **places = few;
    if (self->param_count > FEW_PARAMS) {
        places = (PyObject **)PyMem_Malloc(((size_t)self->param_count + MORE_PLACES) * sizeof(PyObject *));
        if (!places) {
            PyErr_NoMemory();
            return false;
        }
    }
    unsigned keeps_results = self->store->keeps_results;
    bool is_good = run_with(self, caller, slots, places + 1);
    self->store->keeps_results = keeps_results;
    if (places != few) {
        PyMem_Free(places);
    }
    return is_good;
}

/*
 * When the interpreter exits, other threads may still ask for the interpreter lock. Python before 3.14 ends these
 * threads with pthread_exit(), which unwinds their stacks. An engine's Rust frames abort the process when the unwinding
 * reaches them. This function blocks the thread for ever before that happens, as Python 3.14 does. It runs only as the
 * cleanup of call_host().
 */
static void stop_unwinding(const volatile bool *is_under_way)
{
#ifndef __EMSCRIPTEN__
    while (*is_under_way) {
        (void)pause();
    }
#else
    (void)is_under_way;
#endif
}

static wrl_error_t *call_host(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    host_object_t *self = (host_object_t *)env;
    store_object_t *store = self->store;
    __attribute__((cleanup(stop_unwinding))) volatile bool is_under_way = true;
    wrlpy_lock(store->thread);
    store->thread = NULL;
    wrl_error_t *error = run(self, caller, slots) ? NULL : wrlpy_error_from_exception(store);
    store->thread = wrlpy_unlock();
    is_under_way = false;
    return error;
}

/* ---- Construction ---- */

static void host_dealloc(PyObject *object)
{
    host_object_t *self = (host_object_t *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    Py_CLEAR(self->callable);
    PyMem_Free(self->kinds);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* There is no tp_clear: every cycle through a host function goes through its store, which breaks the cycle. */
static int host_traverse(PyObject *object, visitproc visit, void *arg)
{
    host_object_t *self = (host_object_t *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->callable);
    return 0;
}

static bool make_func(store_object_t *store, host_object_t *host, const wrl_functype_t *type, wrl_func_t *func)
{
    host->kinds = wrlpy_kinds(type);
    host->param_count = (uint32_t)type->param_count;
    host->result_count = (uint32_t)type->result_count;
    return host->kinds && PyList_Append(store->hosts, (PyObject *)host) == 0 &&
           wrlpy_check(store->state, store, wrl_func_new_raw(store->store, type, call_host, host, NULL, func));
}

bool wrlpy_host_new(store_object_t *store, PyObject *type_object, PyObject *callable, bool pass_caller,
                    wrl_func_t *func)
{
    wrl_functype_t type;
    wrl_valtype_t *types;
    if (!wrlpy_functype_from_python(store->state, type_object, &type, &types)) {
        return false;
    }
    host_object_t *host = (host_object_t *)PyType_GenericAlloc(store->state->host_type, 0);
    bool is_good = false;
    /* Checked last, after everything that may run other code. */
    if (host && wrlpy_store_ready(store)) {
        host->store = store;
        host->callable = Py_NewRef(callable);
        host->pass_caller = pass_caller;
        is_good = make_func(store, host, &type, func);
    }
    Py_XDECREF((PyObject *)host);
    PyMem_Free(types);
    return is_good;
}

static PyType_Slot host_slots[] = {
    SLOT(Py_tp_dealloc, host_dealloc),
    SLOT(Py_tp_traverse, host_traverse),
    {0, NULL},
};

PyType_Spec wrlpy_host_spec = {
    .name = "wasm_runtime_layer._Host",
    .basicsize = sizeof(host_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = host_slots,
};

/* ---- Callers ---- */

static void caller_dealloc(PyObject *object)
{
    caller_object_t *self = (caller_object_t *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    Py_CLEAR(self->store);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static int caller_traverse(PyObject *object, visitproc visit, void *arg)
{
    caller_object_t *self = (caller_object_t *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->store);
    return 0;
}

/* Returns whether the host function is still running and its store may be used. Sets an exception if not. */
static bool caller_ready(const caller_object_t *self)
{
    if (!self->caller) {
        PyErr_SetString(PyExc_ValueError, "the host function of this caller has returned");
        return false;
    }
    return wrlpy_store_ready(self->store);
}

/* Looks up the export with that name. Returns NULL without an exception if there is none. */
static PyObject *find_export(caller_object_t *self, PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "a name must be a str, not %R", (PyObject *)Py_TYPE(name));
        return NULL;
    }
    if (!caller_ready(self)) {
        return NULL;
    }
    /* If the host itself made the call, the handle is null and there are no exports. */
    wrl_instance_t instance = wrl_caller_instance(self->caller);
    return wrl_instance_is_null(instance) ? NULL : wrlpy_find_export(self->store, instance, name);
}

static PyObject *caller_subscript(PyObject *object, PyObject *name)
{
    PyObject *item = find_export((caller_object_t *)object, name);
    if (!item && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_KeyError, name);
    }
    return item;
}

/* Returns whether the calling instance has an export with that name. As in a dictionary, a key that is not a str is not
 * an error. */
static int caller_contains(PyObject *object, PyObject *name)
{
    caller_object_t *self = (caller_object_t *)object;
    if (!PyUnicode_Check(name)) {
        return caller_ready(self) ? 0 : -1;
    }
    PyObject *item = find_export(self, name);
    int found = item ? 1 : 0;
    Py_XDECREF(item);
    return PyErr_Occurred() ? -1 : found;
}

static PyObject *caller_get(PyObject *object, PyObject *args)
{
    PyObject *name;
    PyObject *fallback = Py_None;
    if (!PyArg_ParseTuple(args, "O|O:get", &name, &fallback)) {
        return NULL;
    }
    PyObject *item = find_export((caller_object_t *)object, name);
    return item || PyErr_Occurred() ? item : Py_NewRef(fallback);
}

static PyObject *caller_store(PyObject *object, void *closure)
{
    (void)closure;
    return Py_NewRef((PyObject *)((caller_object_t *)object)->store);
}

static PyObject *caller_instance(PyObject *object, void *closure)
{
    (void)closure;
    caller_object_t *self = (caller_object_t *)object;
    if (!caller_ready(self)) {
        return NULL;
    }
    wrl_instance_t instance = wrl_caller_instance(self->caller);
    return wrl_instance_is_null(instance) ? Py_NewRef(Py_None) : wrlpy_instance_to_python(self->store, instance);
}

static PyObject *caller_use_fuel(PyObject *object, PyObject *value)
{
    caller_object_t *self = (caller_object_t *)object;
    uint64_t fuel;
    if (!wrlpy_read_fuel(value, &fuel) || !caller_ready(self)) {
        return NULL;
    }
    bool good = wrlpy_check(self->store->state, NULL, wrl_caller_use_fuel(self->caller, fuel));
    return good ? Py_NewRef(Py_None) : NULL;
}

static PyMethodDef caller_methods[] = {
    {"use_fuel", caller_use_fuel, METH_O,
     "use_fuel($self, fuel, /)\n--\n\nTake fuel for the work of the host function. Raises Trap if the store has too\n"
     "little. Has no effect if the engine was made without fuel=True."},
    {"get", caller_get, METH_VARARGS,
     "get($self, name, default=None, /)\n--\n\nReturn the calling instance's export with that name, or the default."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef caller_attributes[] = {
    {"instance", caller_instance, NULL,
     "The instance whose code made the call. None if the host itself made the call, or if the engine does not support "
     "caller-exports.",
     NULL},
    {"store", caller_store, NULL, "The store in which the host function was called.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot caller_slots[] = {
    {Py_tp_doc,
     "Access to the instance whose code called a host function: caller[\"memory\"]. Valid until that function "
     "returns."},
    SLOT(Py_tp_dealloc, caller_dealloc),
    SLOT(Py_tp_traverse, caller_traverse),
    SLOT(Py_mp_subscript, caller_subscript),
    SLOT(Py_sq_contains, caller_contains),
    {Py_tp_methods, caller_methods},
    {Py_tp_getset, caller_attributes},
    {0, NULL},
};

PyType_Spec wrlpy_caller_spec = {
    .name = "wasm_runtime_layer.Caller",
    .basicsize = sizeof(caller_object_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = caller_slots,
};
