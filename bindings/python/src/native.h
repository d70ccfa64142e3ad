/*
 * Declarations that the files of the extension module share. The module uses only Python's limited API of 3.11 and the
 * public interface of the layer, so the same sources are built natively and for Pyodide.
 *
 * Ownership: an item (function, memory …), an instance and a caller hold a reference to their store. A store holds
 * references to its engine, its host functions and the objects behind externrefs. It keeps the last two in Python
 * containers, so the garbage collector sees every cycle through them. The layer's C code receives only borrowed
 * pointers. When the collector clears a store, the store is closed first, so no guest can reach a freed object.
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

/* Puts a function into a table of object pointers. ISO C has no such cast, so it goes through an integer. */
#define SLOT(id, function)                                                                                             \
    {                                                                                                                  \
        (id), (void *)(uintptr_t)(function)                                                                            \
    }
/* Replaces Py_XSETREF(), which the limited API does not have. Steals the reference to `object`. */
static inline void wrlpy_set(PyObject **place, PyObject *object)
{
    PyObject *former = *place;
    *place = object;
    Py_XDECREF(former);
}

/* Releases the interpreter lock. Does nothing in Pyodide, which has only one thread. */
static inline PyThreadState *wrlpy_unlock(void)
{
#ifdef __EMSCRIPTEN__
    return NULL;
#else
    return PyEval_SaveThread();
#endif
}

/* Takes the interpreter lock back. */
static inline void wrlpy_lock(PyThreadState *thread)
{
#ifdef __EMSCRIPTEN__
    (void)thread;
#else
    PyEval_RestoreThread(thread);
#endif
}

/* Returns the id of the current thread. */
static inline unsigned long wrlpy_thread(void)
{
#ifdef __EMSCRIPTEN__
    return 0;
#else
    return PyThread_get_thread_ident();
#endif
}

/*
 * The vectorcall protocol passes arguments in an array instead of a tuple. It has been stable since Python 3.8 but is
 * part of the limited API only since 3.12. Python 3.11 has all of it under the same names and values, but does not
 * declare it for the limited API.
 */
#define WRLPY_HAVE_VECTORCALL (1UL << 11)
/* A flag in the count: the callee may temporarily overwrite the element before the first argument. */
#define WRLPY_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))
#if Py_LIMITED_API < 0x030c0000
PyAPI_FUNC(PyObject *)
    PyObject_Vectorcall(PyObject *callable, PyObject *const *args, size_t count, PyObject *keyword_names);
#endif

/* Puts a function with more than two parameters into a method table. */
#define METHOD(function) ((PyCFunction)(void (*)(void))(function))

/* The signature that PyObject_Vectorcall() expects. */
typedef PyObject *(*vectorcall_t)(PyObject *callable, PyObject *const *args, size_t count, PyObject *names);

/* The module's state. Each interpreter has its own. */
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
    PyObject *support;          /* The module wasm_runtime_layer._support, the part that is written in Python. */
    PyObject *current_greenlet; /* greenlet.getcurrent, once the program has loaded that module. */
    vectorcall_t call_func;     /* wrlpy_call_func(). Items that are functions call it. */
} state_t;

/* Returns the module's state. Accepts any type of the module; none of them can be subclassed. */
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
    PyObject *imports; /* Made on first use. */
    PyObject *exports; /* Made on first use. */
} module_object_t;

/* Counts the exported buffers of a memory. */
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
    /* A list whose only element is the program's data. Stores may form a chain of any length. Python deallocates nested
     * lists and dictionaries without recursion, so a store holds other objects only through those. */
    PyObject *kept;
    /* Dictionaries, see externref.c: address of a record -> its object; address of an object -> that of its record. */
    PyObject *objects;
    PyObject *known;
    struct record *records;  /* All records. */
    struct record *ended;    /* Records that are to be removed from the dictionaries. */
    Py_ssize_t object_limit; /* At this number of objects, the store looks for unused ones. */
    unsigned keeps_results;  /* Host functions that are returning. Their results must not count as unused. */
    PyObject *raised;        /* The exception that propagates through guest code, or NULL. */
    /* The calls in progress. Only the thread that made the outermost call may use the store. */
    unsigned long owner;
    unsigned depth;
    const void *greenlet;  /* Runs the calls, and outlives them. NULL if the program does not use greenlets. */
    bool runs_on_stack;    /* Guests run on the native stack, so calls of one thread must end in reverse order. */
    PyThreadState *thread; /* Of the innermost call, while it runs without the interpreter lock. */
    bool closing;          /* close() was called during a call. */
    /* Exported buffers. */
    pin_t *pins;
    size_t pin_count;
    Py_ssize_t pinned;  /* All buffers. */
    Py_ssize_t movable; /* Buffers of memories that may grow in a call. */
} store_object_t;

/* A function, global, memory, table or tag. */
typedef struct item_object {
    PyObject ob_base;
    PyObject *weakrefs;
    store_object_t *store;
    wrl_extern_t item;
} item_object_t;

typedef struct func_object {
    item_object_t base;
    vectorcall_t vectorcall;
    uint32_t param_count;
    uint32_t result_count;
    wrl_valkind_t *kinds; /* Of the parameters, then of the results. */
} func_object_t;

/* A host function, which is passed to the layer as env. Not visible from Python. */
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
    PyObject *exports; /* Made on first use. It refers to the store, not to the instance, so there is no cycle. */
} instance_object_t;

extern PyType_Spec wrlpy_engine_spec, wrlpy_module_spec, wrlpy_store_spec, wrlpy_instance_spec, wrlpy_func_spec,
    wrlpy_global_spec, wrlpy_memory_spec, wrlpy_table_spec, wrlpy_tag_spec, wrlpy_host_spec, wrlpy_caller_spec;

/* ---- error.c ---- */

/* Raises an error of the layer, and takes ownership of it. `store` is the store of the failed call, or NULL. Returns
 * NULL. */
PyObject *wrlpy_raise(state_t *state, store_object_t *store, wrl_error_t *error);
/* Raises the error as wrlpy_raise() if it is not NULL. Returns whether it is NULL. */
bool wrlpy_check(state_t *state, store_object_t *store, wrl_error_t *error);
/* Converts an int from 0 to 2**64 - 1. Sets an exception and returns false for anything else. */
bool wrlpy_read_fuel(PyObject *value, uint64_t *fuel);
/* Turns the current Python exception into an error that stops the guest. */
wrl_error_t *wrlpy_error_from_exception(store_object_t *store);

/* ---- access.c, store.c ---- */

/* Sets the exception that explains why the store cannot be used now. Returns false. */
bool wrlpy_store_refuse(const store_object_t *store);
/* Returns whether the store's calls in progress belong to the current greenlet. May set an exception. */
bool wrlpy_is_own_greenlet(const store_object_t *store);
/* Looks up greenlet.getcurrent if the program has imported greenlet. Returns false with an exception on failure. */
bool wrlpy_find_greenlets(state_t *state);
/* Returns whether this thread and greenlet may use the store now. Sets an exception if not. */
static inline bool wrlpy_store_ready(const store_object_t *store)
{
    bool is_usable = store->store && !store->closing && (!store->depth || store->owner == wrlpy_thread()) &&
                     (!store->greenlet || wrlpy_is_own_greenlet(store));
    return is_usable || wrlpy_store_refuse(store);
}
/* Returns the object as a store, a borrowed reference, or NULL with a TypeError. */
store_object_t *wrlpy_store_from(state_t *state, PyObject *object);
/* Returns whether guest code may run now. Sets an exception if not. */
bool wrlpy_guest_may_begin(store_object_t *store);
/* Records the current greenlet as that of an outermost call. Sets an exception if a call in another greenlet has to end
 * first. */
bool wrlpy_greenlet_begin(store_object_t *store);
/* Clears the recorded greenlet when the outermost call ends. */
void wrlpy_greenlet_end(store_object_t *store);
/* Closes a store for which close() was called while its guests ran. */
void wrlpy_store_close_late(store_object_t *store);

/* ---- externref.c ---- */

typedef struct record record_t;

bool wrlpy_externref_from_python(store_object_t *store, PyObject *object, wrl_raw_t *raw);
PyObject *wrlpy_externref_to_python(store_object_t *store, wrl_externref_t externref);
/* Releases the hold on a reference that the layer returned, whether or not its conversion succeeded. */
void wrlpy_release_result(store_object_t *store, wrl_valkind_t kind, const wrl_raw_t *raw);
/* Releases the store's holds on externrefs whose objects only the store itself refers to. */
void wrlpy_release_unused(store_object_t *store);
/* Frees the ended records. May deallocate objects, which can run arbitrary code. Preserves the current exception. */
void wrlpy_end_records(store_object_t *store);

/* Prepares a call that may run guest code, and releases the interpreter lock. Returns false with an exception if guest
 * code may not run now. Otherwise wrlpy_guest_end() has to follow, which takes the lock back. */
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
/* Count the exported buffers of a memory. */
bool wrlpy_pin(store_object_t *store, uint64_t index, bool movable);
void wrlpy_unpin(store_object_t *store, uint64_t index, bool movable);
bool wrlpy_is_pinned(const store_object_t *store, uint64_t index);

/* ---- engine.c, module.c ---- */

wrl_engine_t *wrlpy_engine_of(state_t *state, PyObject *object);
module_object_t *wrlpy_module_of(state_t *state, PyObject *object);
/* Returns a module in the binary format, from a str in the text format or from bytes in either format. A new
 * reference. */
PyObject *wrlpy_wasm_bytes(state_t *state, PyObject *wasm);
/* Makes another object for a borrowed module of the layer. A new reference. */
PyObject *wrlpy_module_to_python(state_t *state, wrl_module_t *module, PyObject *engine);
PyObject *wrlpy_module_imports(state_t *state, module_object_t *self);
PyObject *wrlpy_module_exports(state_t *state, module_object_t *self);

/* ---- types.c: conversions between the layer's types and those in _support.py ---- */

PyObject *wrlpy_valtype_to_python(state_t *state, wrl_valtype_t type);
PyObject *wrlpy_externtype_to_python(state_t *state, const wrl_externtype_t *type);
/* The caller passes *params to PyMem_Free(). It is one block with the types of parameters and results. */
bool wrlpy_functype_from_python(state_t *state, PyObject *object, wrl_functype_t *type, wrl_valtype_t **params);
bool wrlpy_globaltype_from_python(state_t *state, PyObject *object, wrl_globaltype_t *type);
bool wrlpy_memorytype_from_python(state_t *state, PyObject *object, wrl_memorytype_t *type);
bool wrlpy_tabletype_from_python(state_t *state, PyObject *object, wrl_tabletype_t *type);
/* Returns the kinds of a function's parameters and results. The caller passes them to PyMem_Free(). */
wrl_valkind_t *wrlpy_kinds(const wrl_functype_t *type);

/* ---- value.c ---- */

/* Describes a value in messages: "argument 2". */
typedef struct place {
    const char *what;
    Py_ssize_t number; /* Starts at 1. 0 for no number. */
} place_t;

bool wrlpy_value_from_python(store_object_t *store, wrl_valkind_t kind, PyObject *object, const place_t *place,
                             wrl_raw_t *raw);
PyObject *wrlpy_value_to_python(store_object_t *store, wrl_valkind_t kind, const wrl_raw_t *raw);

/* The same conversions for the call path. Most values are i32, which these handle inline. */
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
/* Converts a value, and releases the hold if it is a reference. */
PyObject *wrlpy_val_to_python(store_object_t *store, const wrl_val_t *val);
/* Reads a non-negative int that fits in 64 bits. `what` describes it in messages. */
bool wrlpy_unsigned(PyObject *object, const char *what, uint64_t *value);

/* ---- instance.c ---- */

/* Makes another object for an instance of the store. A new reference. */
PyObject *wrlpy_instance_to_python(store_object_t *store, wrl_instance_t handle);

/* ---- item.c ---- */

PyObject *wrlpy_item_new(PyTypeObject *type, store_object_t *store, wrl_extern_t item);
PyObject *wrlpy_item_to_python(store_object_t *store, const wrl_extern_t *item);
/* Looks up the export with that name, a str. Returns NULL without an exception if there is none. */
PyObject *wrlpy_find_export(store_object_t *store, wrl_instance_t instance, PyObject *name);
/* Reads an item. Returns false, without an exception, if the object is not an item. */
bool wrlpy_item_from_python(state_t *state, PyObject *object, wrl_extern_t *item);
void wrlpy_item_dealloc(PyObject *self);
int wrlpy_item_traverse(PyObject *self, visitproc visit, void *arg);
Py_hash_t wrlpy_item_hash(PyObject *self);
PyObject *wrlpy_item_compare(PyObject *left, PyObject *right, int operation);
PyObject *wrlpy_item_type(PyObject *self, void *closure);
PyObject *wrlpy_item_store(PyObject *self, void *closure);
PyObject *wrlpy_func_new(store_object_t *store, wrl_func_t handle);
/* The slots that all item types have in common. */
#define ITEM_SLOTS                                                                                                     \
    SLOT(Py_tp_traverse, wrlpy_item_traverse), SLOT(Py_tp_hash, wrlpy_item_hash),                                      \
        SLOT(Py_tp_richcompare, wrlpy_item_compare)

/* ---- func.c, host.c ---- */

/* A call of a function, in the form that PyObject_Vectorcall() expects. */
PyObject *wrlpy_call_func(PyObject *object, PyObject *const *args, size_t count, PyObject *names);
bool wrlpy_host_new(store_object_t *store, PyObject *type, PyObject *callable, bool pass_caller, wrl_func_t *func);

/* Gives a type support for weak references. */
#define WEAKREFS(type)                                                                                                 \
    {                                                                                                                  \
        "__weaklistoffset__", T_PYSSIZET, offsetof(type, weakrefs), READONLY, NULL                                     \
    }

#endif
