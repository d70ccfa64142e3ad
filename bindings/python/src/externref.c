/*
 * Externrefs: Python objects that are passed to guests.
 *
 * Each object has a record, which is the externref's payload. The store has two dictionaries: one maps a record to its
 * object and keeps the object alive, the other maps an object to its record. A store has one hold on each externref, so
 * an object keeps the same externref. From time to time the store looks for objects that only it refers to, and
 * releases its holds on their externrefs. Such an externref then lives as long as a guest can reach it. If a guest
 * passes it to the host again, the store takes a new hold.
 *
 * The layer may finalize an externref while the interpreter lock is released. Its record is queued then.
 */
#include "native.h"

/* A store with fewer objects does not look for unused ones. */
#define FEW_OBJECTS 1000

struct record {
    record_t *next; /* In the queue of ended records. */
    /* The list of all records of the store. It exists because iterating over a dictionary that was once large stays
     * slow. */
    record_t *following;
    record_t **link;
    store_object_t *store;
    PyObject *object; /* Borrowed from the dictionary. */
    wrl_externref_t handle;
    bool is_held;
};

/* The finalizer of an externref. */
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

/* Returns the record of an object, or NULL if it has none. Sets an exception only if the lookup fails. */
static record_t *find(const store_object_t *store, PyObject *address)
{
    PyObject *found = PyDict_GetItemWithError(store->known, address);
    return found ? record_of(found) : NULL;
}

/* Inserts a record at the front of the list of all records. */
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

/* Removes a record from the dictionaries and frees it. Returns false if memory runs out. May deallocate the object,
 * which can run arbitrary code. */
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

/* Returns the number of objects at which the store next looks for unused ones. More objects are made between two such
 * scans than the earlier scan left, so the total cost of all scans is linear in the number of objects made. */
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
    /* Externrefs that a scan released may end later: at the end of the outermost call, or when the engine's collector
     * runs. */
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
    /* Records of externrefs that end during the loop are queued, so the list does not change. */
    for (record_t *record = store->records; record; record = record->following) {
        if (Py_REFCNT(record->object) == 1 && record->is_held) {
            record->is_held = false;
            wrl_error_delete(wrl_externref_release(store->store, record->handle));
        }
    }
    store->object_limit = next_limit(store);
}

/* Enters a new record into the dictionaries. Returns false with an exception on failure. */
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
    /* On failure, the finalizer has queued the record. */
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
    /* Converting earlier values may have run arbitrary code. */
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
