/* Raises errors of the layer as exceptions, and carries exceptions through guest code. */
#include "native.h"

static PyObject *frames_of(const wrl_error_t *error)
{
    size_t count = wrl_error_frame_count(error);
    PyObject *frames = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; frames && i < count; i++) {
        wrl_frame_t frame;
        PyObject *tuple = NULL;
        if (wrl_error_frame(error, i, &frame)) {
            tuple =
                Py_BuildValue("Ks#s#KK", (unsigned long long)frame.func_index, frame.func_name,
                              (Py_ssize_t)frame.func_name_size, frame.module_name, (Py_ssize_t)frame.module_name_size,
                              (unsigned long long)frame.func_offset, (unsigned long long)frame.module_offset);
        }
        if (!tuple || PyList_SetItem(frames, (Py_ssize_t)i, tuple) < 0) {
            Py_CLEAR(frames);
        }
    }
    return frames;
}

/* Returns the exception that a host function raised, if this error stands for it. Otherwise returns NULL. */
static PyObject *take_raised(store_object_t *store, const wrl_error_t *error)
{
    PyObject *raised = store->raised;
    if (raised && wrl_error_data(error) == raised) {
        store->raised = NULL;
        return raised;
    }
    return NULL;
}

static PyObject *make_exception(state_t *state, const wrl_error_t *error, PyObject *message)
{
    if (wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY) {
        return PyObject_CallFunctionObjArgs(PyExc_MemoryError, message, NULL);
    }
    PyObject *frames = frames_of(error);
    return frames ? PyObject_CallMethod(state->support, "make_error", "iOiiN", (int)wrl_error_kind(error), message,
                                        (int)wrl_error_trap_code(error), (int)wrl_error_exit_status(error), frames)
                  : NULL;
}

static void set_exception(state_t *state, const wrl_error_t *error)
{
    /* Messages may contain file names, which need not be UTF-8. */
    const char *text = wrl_error_message(error);
    PyObject *message = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "backslashreplace");
    PyObject *exception = message ? make_exception(state, error, message) : NULL;
    if (exception) {
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
        Py_DECREF(exception);
    }
    Py_XDECREF(message);
}

/* Adds the guest's frames to an exception that is an Error and has none. If that fails, the exception is still raised.
 */
static void add_frames(state_t *state, PyObject *raised, const wrl_error_t *error)
{
    PyObject *base = wrl_error_frame_count(error) ? PyObject_GetAttrString(state->support, "Error") : NULL;
    if (base && PyErr_GivenExceptionMatches(raised, base)) {
        PyObject *frames = frames_of(error);
        PyObject *none = frames ? PyObject_CallMethod(state->support, "add_frames", "ON", raised, frames) : NULL;
        Py_XDECREF(none);
    }
    Py_XDECREF(base);
    if (PyErr_Occurred()) {
        PyErr_WriteUnraisable(raised);
    }
}

PyObject *wrlpy_raise(state_t *state, store_object_t *store, wrl_error_t *error)
{
    PyObject *raised = store ? take_raised(store, error) : NULL;
    if (raised) {
        add_frames(state, raised, error);
        /* Keeps the exception's traceback. Python adds the frames of the outer calls to it. */
        PyErr_Restore(Py_NewRef((PyObject *)Py_TYPE(raised)), raised, PyException_GetTraceback(raised));
    } else {
        set_exception(state, error);
    }
    wrl_error_delete(error);
    return NULL;
}

bool wrlpy_check(state_t *state, store_object_t *store, wrl_error_t *error)
{
    if (error) {
        (void)wrlpy_raise(state, store, error);
    }
    return !error;
}

wrl_error_t *wrlpy_error_from_exception(store_object_t *store)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback) {
        (void)PyException_SetTraceback(value, traceback);
    }
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    wrlpy_set(&store->raised, value);
    return wrl_error_new_with_data(WRL_ERROR_HOST, "a host function raised a Python exception", value, NULL);
}
