/* The conformance suite as a Python extension module. */
#define Py_LIMITED_API 0x030b0000
#include <Python.h>

#include "conformance.h"

#include <time.h>
#include <wrl.h>
#include <wrl/js.h>

/* Pyodide's C library writes to structs of the sizes that it was compiled with. */
_Static_assert(sizeof(time_t) == 8 && sizeof(struct timespec) == 16, "the types of time differ from Pyodide's");

/* A run in progress. It keeps the arguments, whose strings the suite uses until the end. */
typedef struct run {
    PyObject *args;
    PyObject *end;
} run_t;

static void end(void *env, int status, const wrl_conformance_counts_t *counts)
{
    run_t run = *(run_t *)env;
    (void)counts;
    PyMem_Free(env);
    PyObject *result = PyObject_CallFunction(run.end, "i", status);
    if (!result) {
        PyErr_WriteUnraisable(run.end);
    }
    Py_XDECREF(result);
    Py_DECREF(run.end);
    Py_DECREF(run.args);
}

static PyObject *run(PyObject *self, PyObject *args)
{
    (void)self;
    wrl_conformance_options_t options = {.size = sizeof(options)};
    PyObject *then;
    if (!PyArg_ParseTuple(args, "Osz:run", &then, &options.backend, &options.filter)) {
        return NULL;
    }
    run_t *made = PyMem_Malloc(sizeof(*made));
    if (!made) {
        return PyErr_NoMemory();
    }
    Py_INCREF(args);
    Py_INCREF(then);
    *made = (run_t){args, then};
    wrl_conformance_run(&options, end, made);
    Py_RETURN_NONE;
}

/* ---- Promises of modules ---- */

static wrl_engine_t *engine;

static PyObject *install(PyObject *self, PyObject *unused)
{
    (void)self;
    (void)unused;
    wrl_error_t *error = engine ? NULL : wrl_engine_new(NULL, &engine);
    if (error) {
        PyErr_SetString(PyExc_RuntimeError, wrl_error_message(error));
        wrl_error_delete(error);
        return NULL;
    }
    wrl_js_install();
    return PyLong_FromVoidPtr(engine);
}

static PyObject *release(PyObject *self, PyObject *address)
{
    (void)self;
    wrl_module_t *module = (wrl_module_t *)PyLong_AsVoidPtr(address);
    if (!module || wrl_module_engine(module) != engine) {
        PyErr_SetString(PyExc_ValueError, "the module does not belong to this copy");
        return NULL;
    }
    size_t count = wrl_module_export_count(module);
    wrl_module_release(module);
    return PyLong_FromSize_t(count);
}

static PyMethodDef methods[] = {
    {"run", run, METH_VARARGS,
     "run(end, backend, filter): runs the tests whose names contain the filter, or all for None. The report goes to\n"
     "standard output. end(status) is called at the end, possibly from the event loop."},
    {"install", install, METH_NOARGS,
     "install(): enables JS to make promises of modules. Returns the address of their engine."},
    {"release", release, METH_O, "release(address): releases such a module and returns its number of exports."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, WRL_EXTENSION_NAME, "The conformance suite.", -1, methods, NULL, NULL, NULL, NULL,
};

#define JOIN(a, b) a##b
#define INIT(name) JOIN(PyInit_, name)

PyMODINIT_FUNC INIT(WRL_EXTENSION)(void);
PyMODINIT_FUNC INIT(WRL_EXTENSION)(void)
{
    return PyModule_Create(&definition);
}
