/* Access to a store: from which thread and greenlet. */
#include "native.h"

/*
 * Greenlets share a thread and switch inside host functions. Calls of one store, or of one engine that runs guests on
 * the native stack, could therefore end in another order than the reverse of the one they began in. The layer detects
 * this by the addresses of stack frames. That does not work for greenlets: the frames of a suspended greenlet are
 * copied away, and other frames may reuse their addresses. So these functions check it.
 */

/* The greenlet whose calls have to end before those of another one may begin, and the number of stores they are in. */
static _Thread_local struct {
    const void *greenlet;
    unsigned stores;
} on_stack;

/* Returns the current greenlet's address, or NULL with an exception on failure. */
static const void *current_greenlet(const state_t *state)
{
    PyObject *greenlet = PyObject_CallNoArgs(state->current_greenlet);
    Py_XDECREF(greenlet);
    return greenlet;
}

bool wrlpy_is_own_greenlet(const store_object_t *self)
{
    return self->greenlet == current_greenlet(self->state);
}

bool wrlpy_greenlet_begin(store_object_t *self)
{
    const void *greenlet = current_greenlet(self->state);
    if (!greenlet) {
        return false;
    }
    if (self->runs_on_stack && on_stack.stores && on_stack.greenlet != greenlet) {
        PyErr_SetString(PyExc_RuntimeError,
                        "a call into the same engine is suspended in another greenlet of this thread");
        return false;
    }
    self->greenlet = greenlet;
    if (self->runs_on_stack) {
        on_stack.greenlet = greenlet;
        on_stack.stores++;
    }
    return true;
}

void wrlpy_greenlet_end(store_object_t *self)
{
    self->greenlet = NULL;
    on_stack.stores -= self->runs_on_stack;
}

bool wrlpy_find_greenlets(state_t *state)
{
    PyObject *name = PyUnicode_FromString("greenlet");
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    if (module) {
        state->current_greenlet = PyObject_GetAttrString(module, "getcurrent");
        if (!state->current_greenlet && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear(); /* Another module with that name, or greenlet while it is being imported. */
        }
    }
    Py_XDECREF(module);
    Py_XDECREF(name);
    return !PyErr_Occurred();
}

bool wrlpy_store_refuse(const store_object_t *self)
{
    if (PyErr_Occurred()) {
        return false;
    }
    if (!self->store || self->closing) {
        PyErr_SetString(PyExc_ValueError, "the store is closed");
    } else if (self->owner != wrlpy_thread()) {
        PyErr_SetString(PyExc_RuntimeError, "the store is in use by another thread");
    } else {
        PyErr_SetString(PyExc_RuntimeError, "the store is in use by another greenlet");
    }
    return false;
}
