/*
 * What the files of the extension module share. It is written against Python's limited API of 3.11 and the public
 * interface of the layer, and against nothing else: the same sources are built natively and for Pyodide.
 *
 * Who keeps whom alive: an item (function, memory …), an instance and a caller hold their store; a store holds its
 * engine, its host functions and the objects behind externrefs, in Python's own containers, so that the garbage
 * collector sees every cycle through them. C code of the layer is given borrowed pointers only. When the collector
 * clears a store, the store is closed first, so that no guest can meet what is gone.
 */
#ifndef WRL_PYTHON_NATIVE_H
#define WRL_PYTHON_NATIVE_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>
#include <pythread.h>
#include <structmember.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wrl.h>

/* Functions in tables that take object pointers; via an integer, since ISO C has no such cast. */
#define SLOT(id, function)                                                                                             \
    {                                                                                                                  \
        (id), (void *)(uintptr_t)(function)                                                                            \
    }
/* Py_XSETREF() is not in the limited API. `object` is taken. */
static inline void wrlpy_set(PyObject **place, PyObject *object)
{
    PyObject *former = *place;
    *place = object;
    Py_XDECREF(former);
}

/* Gives the interpreter lock away, and takes it back. In Pyodide there is but one thread, which never waits for it. */
static inline PyThreadState *wrlpy_unlock(void)
{
#ifdef __EMSCRIPTEN__
    return NULL;
#else
    return PyEval_SaveThread();
#endif
}

static inline void wrlpy_lock(PyThreadState *thread)
{
#ifdef __EMSCRIPTEN__
    (void)thread;
#else
    PyEval_RestoreThread(thread);
#endif
}

/* The thread that asks. In Pyodide there is but one. */
static inline unsigned long wrlpy_thread(void)
{
#ifdef __EMSCRIPTEN__
    return 0;
#else
    return PyThread_get_thread_ident();
#endif
}

/*
 * The vectorcall protocol: an array of arguments, no tuple. It has been stable since Python 3.8, and is part of the
 * limited API since 3.12 only. Python 3.11 has all of it under the same names and values; what it lacks is the
 * declarations for those who keep to that API.
 */
#define WRLPY_HAVE_VECTORCALL (1UL << 11)
/* In the count: the place before the first argument is the called one's to use meanwhile. */
#define WRLPY_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))
#if Py_LIMITED_API < 0x030c0000
PyAPI_FUNC(PyObject *)
    PyObject_Vectorcall(PyObject *callable, PyObject *const *args, size_t count, PyObject *keyword_names);
#endif

/* Functions that take more than two arguments, in tables of methods. */
#define METHOD(function) ((PyCFunction)(void (*)(void))(function))

/* What the module holds: one for each interpreter. */
typedef struct state {
    PyTypeObject *engine_type;
    PyTypeObject *module_type;
    PyTypeObject *store_type;
    PyTypeObject *instance_type;
    PyTypeObject *func_type;
    PyTypeObject *global_type;
    PyTypeObject *memory_type;
    PyTypeObject *table_type;
    PyTypeObject *tag_type;
    PyTypeObject *host_type;
    PyTypeObject *caller_type;
    PyObject *support;          /* The module wasm_runtime_layer._support: what is written in Python. */
    PyObject *current_greenlet; /* greenlet.getcurrent, once the program has loaded that module. */
} state_t;

/* The module's state. Any type of the module will do; none of them can be derived from. */
static inline state_t *state_of(PyTypeObject *type)
{
    return (state_t *)PyType_GetModuleState(type);
}

typedef struct engine_object {
    PyObject ob_base;
    PyObject *weakrefs;
    wrl_engine_t *engine; /* NULL once closed. */
} engine_object_t;

typedef struct module_object {
    PyObject ob_base;
    PyObject *weakrefs;
    wrl_module_t *module; /* NULL once closed. */
    PyObject *engine;
    PyObject *imports; /* Made when first asked for. */
    PyObject *exports; /* The same. */
} module_object_t;

/* How many buffers of a memory are exported. */
typedef struct pin {
    uint64_t index; /* Of the memory's handle. */
    Py_ssize_t count;
} pin_t;

typedef struct store_object {
    PyObject ob_base;
    PyObject *weakrefs;
    state_t *state;
    wrl_store_t *store; /* NULL once closed. */
    PyObject *engine;
    PyObject *hosts; /* List of host_object_t. */
    /* List of the program's data. Stores that hold one another, in a row as long as one likes, hold each other through
     * lists and dictionaries, since Python ends those without a call inside a call for each. */
    PyObject *kept;
    /* Dictionaries, see externref.c: address of a record -> its object; address of an object -> that of its record. */
    PyObject *objects;
    PyObject *known;
    struct record *records;  /* All of them. */
    struct record *ended;    /* Those that are to be taken out of there. */
    Py_ssize_t object_limit; /* So many objects, and it is looked for those that nobody needs. */
    unsigned keeps_results;  /* Host functions that return: what they return must not be taken for such. */
    PyObject *raised;        /* The exception on its way through guest code, or NULL. */
    /* The calls under way. The thread that made the outermost of them is the only one that may use the store. */
    unsigned long owner;
    unsigned depth;
    const void *greenlet;  /* In which they are; it is alive as long as they are. NULL if greenlets are not in use. */
    bool runs_on_stack;    /* Whether guests run on the native stack, and all calls of the thread end in turn. */
    PyThreadState *thread; /* Of the innermost call, while it runs without the interpreter lock. */
    bool closing;          /* close() was called from within. */
    /* Exported buffers. */
    pin_t *pins;
    size_t pin_count;
    Py_ssize_t pinned;  /* All of them. */
    Py_ssize_t movable; /* Those of memories that may grow in a call. */
} store_object_t;

/* A function, global, memory, table or tag. */
typedef struct item_object {
    PyObject ob_base;
    PyObject *weakrefs;
    store_object_t *store;
    wrl_extern_t item;
} item_object_t;

/* As PyObject_Vectorcall() calls it. */
typedef PyObject *(*vectorcall_t)(PyObject *callable, PyObject *const *args, size_t count, PyObject *names);

typedef struct func_object {
    item_object_t base;
    vectorcall_t vectorcall;
    uint32_t param_count;
    uint32_t result_count;
    wrl_valkind_t *kinds; /* Of the parameters, then of the results. */
} func_object_t;

/* A host function: what the layer is given as env. Not to be seen from Python. */
typedef struct host_object {
    PyObject ob_base;
    store_object_t *store; /* Borrowed: the store holds this. */
    PyObject *callable;
    bool pass_caller;
    uint32_t param_count;
    uint32_t result_count;
    wrl_valkind_t *kinds; /* As in func_object_t. */
} host_object_t;

typedef struct caller_object {
    PyObject ob_base;
    store_object_t *store;
    wrl_caller_t *caller; /* NULL when the host function has returned. */
} caller_object_t;

typedef struct instance_object {
    PyObject ob_base;
    PyObject *weakrefs;
    store_object_t *store;
    PyObject *module;
    wrl_instance_t handle;
    PyObject *exports; /* Made when first asked for. It holds the store, not the instance: there is no cycle. */
} instance_object_t;

extern PyType_Spec wrlpy_engine_spec, wrlpy_module_spec, wrlpy_store_spec, wrlpy_instance_spec, wrlpy_func_spec,
    wrlpy_global_spec, wrlpy_memory_spec, wrlpy_table_spec, wrlpy_tag_spec, wrlpy_host_spec, wrlpy_caller_spec;

/* ---- error.c ---- */

/* Raises an error of the layer's, which it takes. `store` is the store of the call that failed, or NULL. Returns NULL.
 */
PyObject *wrlpy_raise(state_t *state, store_object_t *store, wrl_error_t *error);
/* As above, and whether there was no error. */
bool wrlpy_check(state_t *state, store_object_t *store, wrl_error_t *error);
/* The other way: the Python exception that is set becomes an error for the guest to stop with. */
wrl_error_t *wrlpy_error_from_exception(store_object_t *store);

/* ---- store.c ---- */

/* Says why a store cannot be used now. Returns false. */
bool wrlpy_store_refuse(const store_object_t *store);
/* Whether the calls under way in the store are in the greenlet that asks. May set an exception. */
bool wrlpy_is_own_greenlet(const store_object_t *store);
/* Whether this thread, and greenlet, may use the store now; sets an exception otherwise. */
static inline bool wrlpy_store_ready(const store_object_t *store)
{
    bool is_usable = store->store && !store->closing && (!store->depth || store->owner == wrlpy_thread()) &&
                     (!store->greenlet || wrlpy_is_own_greenlet(store));
    return is_usable || wrlpy_store_refuse(store);
}
/* The object as a store, or NULL with a TypeError. Borrowed. */
store_object_t *wrlpy_store_from(state_t *state, PyObject *object);
/* Whether guest code may run now; sets an exception otherwise. */
bool wrlpy_guest_may_begin(store_object_t *store);
/* Notes the greenlet of an outermost call that begins, if the program uses greenlets; sets an exception if another
 * one's call has to end first. The other forgets it. */
bool wrlpy_greenlet_begin(store_object_t *store);
void wrlpy_greenlet_end(store_object_t *store);
/* Closes a store that was to be closed while its guests ran. */
void wrlpy_store_close_late(store_object_t *store);

/* ---- externref.c ---- */

typedef struct record record_t;

bool wrlpy_externref_from_python(store_object_t *store, PyObject *object, wrl_raw_t *raw);
PyObject *wrlpy_externref_to_python(store_object_t *store, wrl_externref_t externref);
/* Gives up the hold of what the layer returned, when it has been converted or is not. */
void wrlpy_release_result(store_object_t *store, wrl_valkind_t kind, const wrl_raw_t *raw);
/* Gives up the holds on what only guests may still need. */
void wrlpy_release_unused(store_object_t *store);
/* Forgets the records that have ended. Objects may end, which runs any code. Keeps the exception that is set. */
void wrlpy_end_records(store_object_t *store);

/* Around all that may run guest code: gives the interpreter lock away, and takes it back. */
static inline bool wrlpy_guest_begin(store_object_t *store, PyThreadState **outer)
{
    bool is_idle = store->store && !store->depth && !store->closing && !store->raised && !store->movable;
    if (!is_idle && !wrlpy_guest_may_begin(store)) {
        return false;
    }
    if (store->state->current_greenlet && !store->depth && !wrlpy_greenlet_begin(store)) {
        return false;
    }
    if (store->depth++ == 0) {
        store->owner = wrlpy_thread();
    }
    *outer = store->thread;
    store->thread = wrlpy_unlock();
    return true;
}

static inline void wrlpy_guest_end(store_object_t *store, PyThreadState *outer)
{
    wrlpy_lock(store->thread);
    store->thread = outer;
    if (--store->depth == 0) {
        if (store->greenlet) {
            wrlpy_greenlet_end(store);
        }
        if (store->closing) {
            wrlpy_store_close_late(store);
        }
    }
    if (store->ended) {
        wrlpy_end_records(store);
    }
}
/* Counts exported buffers. */
bool wrlpy_pin(store_object_t *store, uint64_t index, bool movable);
void wrlpy_unpin(store_object_t *store, uint64_t index, bool movable);
bool wrlpy_is_pinned(const store_object_t *store, uint64_t index);

/* ---- engine.c, module.c ---- */

wrl_engine_t *wrlpy_engine_of(state_t *state, PyObject *object);
module_object_t *wrlpy_module_of(state_t *state, PyObject *object);
/* bytes of a module, from a str with WAT, or from bytes of either format. A new reference. */
PyObject *wrlpy_wasm_bytes(state_t *state, PyObject *wasm);
/* Another object for a module that the layer lends. A new reference. */
PyObject *wrlpy_module_to_python(state_t *state, wrl_module_t *module, PyObject *engine);
PyObject *wrlpy_module_imports(state_t *state, module_object_t *self);
PyObject *wrlpy_module_exports(state_t *state, module_object_t *self);

/* ---- types.c: between the layer's types and those in _support.py ---- */

PyObject *wrlpy_valtype_to_python(state_t *state, wrl_valtype_t type);
PyObject *wrlpy_externtype_to_python(state_t *state, const wrl_externtype_t *type);
/* The vectors of types are the caller's to PyMem_Free(): *params is one block for both. */
bool wrlpy_functype_from_python(state_t *state, PyObject *object, wrl_functype_t *type, wrl_valtype_t **params);
bool wrlpy_globaltype_from_python(state_t *state, PyObject *object, wrl_globaltype_t *type);
bool wrlpy_memorytype_from_python(state_t *state, PyObject *object, wrl_memorytype_t *type);
bool wrlpy_tabletype_from_python(state_t *state, PyObject *object, wrl_tabletype_t *type);
/* The kinds of a function's parameters and results, to be given to PyMem_Free(). */
wrl_valkind_t *wrlpy_kinds(const wrl_functype_t *type);

/* ---- value.c ---- */

/* What a value is, for messages: "argument 2". */
typedef struct place {
    const char *what;
    Py_ssize_t number; /* From 1 on; 0 for none. */
} place_t;

bool wrlpy_value_from_python(store_object_t *store, wrl_valkind_t kind, PyObject *object, const place_t *place,
                             wrl_raw_t *raw);
PyObject *wrlpy_value_to_python(store_object_t *store, wrl_valkind_t kind, const wrl_raw_t *raw);

/* The same for the call path. Most values are i32, and need no call of these. */
static inline bool wrlpy_slot_from_python(store_object_t *store, wrl_valkind_t kind, PyObject *object, const char *what,
                                          Py_ssize_t number, wrl_raw_t *slot)
{
    if (kind == WRL_VALKIND_I32 && Py_IS_TYPE(object, &PyLong_Type)) {
        int too_large;
        long long value = PyLong_AsLongLongAndOverflow(object, &too_large);
        if (!too_large && value >= INT32_MIN && value <= (long long)UINT32_MAX) {
            slot->i32 = (int32_t)(uint32_t)value;
            return true;
        }
    }
    const place_t place = {what, number};
    return wrlpy_value_from_python(store, kind, object, &place, slot);
}

static inline PyObject *wrlpy_slot_to_python(store_object_t *store, wrl_valkind_t kind, const wrl_raw_t *slot)
{
    return kind == WRL_VALKIND_I32 ? PyLong_FromLong(slot->i32) : wrlpy_value_to_python(store, kind, slot);
}

bool wrlpy_val_from_python(store_object_t *store, wrl_valkind_t kind, PyObject *object, const place_t *place,
                           wrl_val_t *val);
/* Takes over the hold of a reference. */
PyObject *wrlpy_val_to_python(store_object_t *store, const wrl_val_t *val);
/* An int from 0 on that fits 64 bits; `what` is for messages. */
bool wrlpy_unsigned(PyObject *object, const char *what, uint64_t *value);

/* ---- instance.c ---- */

/* Another object for an instance of the store. A new reference. */
PyObject *wrlpy_instance_to_python(store_object_t *store, wrl_instance_t handle);

/* ---- item.c ---- */

PyObject *wrlpy_item_new(PyTypeObject *type, store_object_t *store, wrl_extern_t item);
PyObject *wrlpy_item_to_python(store_object_t *store, const wrl_extern_t *item);
/* The export of that name, a str. NULL without an exception if there is none. */
PyObject *wrlpy_find_export(store_object_t *store, wrl_instance_t instance, PyObject *name);
/* Whether the object is an item; sets no exception. */
bool wrlpy_item_from_python(state_t *state, PyObject *object, wrl_extern_t *item);
void wrlpy_item_dealloc(PyObject *self);
int wrlpy_item_traverse(PyObject *self, visitproc visit, void *arg);
Py_hash_t wrlpy_item_hash(PyObject *self);
PyObject *wrlpy_item_compare(PyObject *left, PyObject *right, int operation);
PyObject *wrlpy_item_type(PyObject *self, void *closure);
PyObject *wrlpy_item_store(PyObject *self, void *closure);
/* What the types of items have in common. */
#define ITEM_SLOTS                                                                                                     \
    SLOT(Py_tp_traverse, wrlpy_item_traverse), SLOT(Py_tp_hash, wrlpy_item_hash),                                      \
        SLOT(Py_tp_richcompare, wrlpy_item_compare)

/* ---- func.c, host.c ---- */

PyObject *wrlpy_func_new(store_object_t *store, wrl_func_t handle);
bool wrlpy_host_new(store_object_t *store, PyObject *type, PyObject *callable, bool pass_caller, wrl_func_t *func);

/* For the types with weak references. */
#define WEAKREFS(type)                                                                                                 \
    {                                                                                                                  \
        "__weaklistoffset__", T_PYSSIZET, offsetof(type, weakrefs), READONLY, NULL                                     \
    }

#endif
