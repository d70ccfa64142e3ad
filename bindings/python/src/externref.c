/*
 * Externrefs: the Python objects that guests are given.
 *
 * Each has a record, which is the externref's data; the store's dictionaries keep the object by its record, and tell
 * the record by the object. A store has one hold on each externref, so that one object stays one externref. At times it
 * looks which objects nobody but itself refers to any more, and gives up its holds on their externrefs: what becomes of
 * those is up to the guests. One that a guest hands out again is held again.
 *
 * The layer may end an externref while the interpreter lock is given away: the record is put aside then.
 */
#include "native.h"

/* A store with fewer objects does not look through them. */
#define FEW_OBJECTS 1000

struct record {
    record_t *next; /* Of those that are put aside. */
    /* The list of all records of the store. A dictionary that was large once takes as long to look through as then. */
    record_t *following;
    record_t **link;
    store_object_t *store;
    PyObject *object; /* Borrowed: the dictionary has it. */
    wrl_externref_t handle;
    bool is_held;
};

/* The layer's finalizer of an externref. */
static void put_aside(void *data)
{
    record_t *record = (record_t *)data;
    record->next = record->store->ended;
    record->store->ended = record;
}

static record_t *record_of(PyObject *address)
{
    return (record_t *)PyLong_AsVoidPtr(address);
}

/* The record that a dictionary has for an object, or NULL; sets no exception. */
static record_t *find(const store_object_t *store, PyObject *address)
{
    PyObject *found = PyDict_GetItemWithError(store->known, address);
    return found ? record_of(found) : NULL;
}

/* The first in the list of all. */
static void add_to_list(record_t *record)
{
    record_t **first = &record->store->records;
    record->following = *first;
    record->link = first;
    if (*first) {
        (*first)->link = &record->following;
    }
    *first = record;
}

static void free_record(record_t *record)
{
    *record->link = record->following;
    if (record->following) {
        record->following->link = record->link;
    }
    PyMem_Free(record);
}

/* Takes a record out of the dictionaries: false if memory is short. The object's end may run any code. */
static bool forget(store_object_t *store, record_t *record)
{
    PyObject *address = PyLong_FromVoidPtr(record->object);
    PyObject *key = PyLong_FromVoidPtr(record);
    bool is_good = address && key;
    if (is_good) {
        bool is_known = find(store, address) == record;
        is_good = !is_known || PyDict_DelItem(store->known, address) == 0;
    }
    if (is_good) {
        free_record(record);
        if (PyDict_Contains(store->objects, key) == 1) {
            (void)PyDict_DelItem(store->objects, key);
        }
    }
    Py_XDECREF(address);
    Py_XDECREF(key);
    return is_good;
}

/* With how many objects the store looks through them next. It does so in time that is linear in the number of objects
 * made: more of them come before the next look than were there after the last one. */
static Py_ssize_t next_limit(const store_object_t *store)
{
    return 2 * PyDict_Size(store->objects) + FEW_OBJECTS;
}

void wrlpy_end_records(store_object_t *store)
{
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    while (store->ended) {
        record_t *record = store->ended;
        store->ended = record->next;
        if (!store->objects || !store->known) {
            free_record(record);
        } else if (!forget(store, record)) {
            put_aside(record);
            PyErr_Clear();
            break;
        }
    }
    /* What a look has released may end later: when the outermost call does, or by the engine's collector. */
    if (store->objects && next_limit(store) < store->object_limit) {
        store->object_limit = next_limit(store);
    }
    PyErr_Restore(type, value, trace);
}

void wrlpy_release_unused(store_object_t *store)
{
    if (store->keeps_results) {
        return;
    }
    /* What the layer ends meanwhile is put aside, so that the list stays as it is. */
    for (record_t *record = store->records; record; record = record->following) {
        if (Py_REFCNT(record->object) == 1 && record->is_held) {
            record->is_held = false;
            wrl_error_delete(wrl_externref_release(store->store, record->handle));
        }
    }
    store->object_limit = next_limit(store);
}

/* Enters a new record: false with an exception. */
static bool enter(store_object_t *store, record_t *record, PyObject *address)
{
    PyObject *key = PyLong_FromVoidPtr(record);
    bool is_good = key && PyDict_SetItem(store->objects, key, record->object) == 0 &&
                   PyDict_SetItem(store->known, address, key) == 0;
    Py_XDECREF(key);
    return is_good;
}

static bool make(store_object_t *store, PyObject *address, PyObject *object, wrl_externref_t *externref)
{
    if (PyDict_Size(store->objects) >= store->object_limit) {
        wrlpy_release_unused(store);
        wrlpy_end_records(store);
        if (!wrlpy_store_ready(store)) {
            return false;
        }
    }
    record_t *record = (record_t *)PyMem_Calloc(1, sizeof *record);
    if (!record) {
        PyErr_NoMemory();
        return false;
    }
    record->store = store;
    record->object = object;
    add_to_list(record);
    if (!enter(store, record, address)) {
        put_aside(record);
        wrlpy_end_records(store);
        return false;
    }
    record->is_held = true;
    /* If it fails, the record is put aside. */
    wrl_error_t *error = wrl_externref_new(store->store, record, put_aside, externref);
    if (error) {
        wrlpy_end_records(store);
        return wrlpy_check(store->state, store, error);
    }
    record->handle = *externref;
    return true;
}

bool wrlpy_externref_from_python(store_object_t *store, PyObject *object, wrl_raw_t *raw)
{
    if (object == Py_None) {
        raw->externref = wrl_externref_null();
        return true;
    }
    /* What was converted before may have run any code. */
    PyObject *address = wrlpy_store_ready(store) ? PyLong_FromVoidPtr(object) : NULL;
    if (!address) {
        return false;
    }
    const record_t *record = find(store, address);
    bool is_good = !PyErr_Occurred();
    if (record && record->is_held) {
        raw->externref = record->handle;
    } else if (is_good) {
        is_good = make(store, address, object, &raw->externref);
    }
    Py_DECREF(address);
    return is_good;
}

PyObject *wrlpy_externref_to_python(store_object_t *store, wrl_externref_t externref)
{
    if (wrl_externref_is_null(externref)) {
        Py_RETURN_NONE;
    }
    void *data;
    if (!wrlpy_store_ready(store) ||
        !wrlpy_check(store->state, store, wrl_externref_get(store->store, externref, &data))) {
        return NULL;
    }
    record_t *record = (record_t *)data;
    PyObject *object = Py_NewRef(record->object);
    if (!record->is_held) {
        if (!wrlpy_check(store->state, store, wrl_externref_retain(store->store, externref))) {
            Py_DECREF(object);
            return NULL;
        }
        record->is_held = true;
    }
    return object;
}

void wrlpy_release_result(store_object_t *store, wrl_valkind_t kind, const wrl_raw_t *raw)
{
    if (!store->store) {
        return;
    }
    if (kind == WRL_VALKIND_EXTERNREF) {
        wrl_error_delete(wrl_externref_release(store->store, raw->externref));
    } else if (kind == WRL_VALKIND_REF) {
        wrl_error_delete(wrl_ref_release(store->store, raw->ref));
    }
}
