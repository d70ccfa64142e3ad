/**
 * @file
 * The harness: checks, objects that it releases, and helpers for tests.
 *
 * A test is a function `bool test(wrl_test_t *t)` that returns true if it passed. Checks are macros: a check that fails
 * stores file, line and reason in `t` and returns false from the enclosing function. Helpers have the same form:
 * `TRY(helper(t, …))`. Nothing uses longjmp. The harness releases the objects that a test makes with the functions
 * below, even after a failed check.
 */
#ifndef WRL_CONFORMANCE_HARNESS_H
#define WRL_CONFORMANCE_HARNESS_H

#include "conformance.h"
#include "guests.h"
#include "manifest.h"
#include "wrl.h"

#include <stdatomic.h>
#include <string.h>

/** What a test needs besides a backend. Zero ends a list of needs, hence the offset of one. */
enum {
    NEED_NOTHING = 0,
#define WRL_NEED(name) NEED_##name = WRL_FEATURE_##name + 1
    WRL_NEED(MUTABLE_GLOBALS),
    WRL_NEED(SIGN_EXTENSION),
    WRL_NEED(SATURATING_FLOAT_TO_INT),
    WRL_NEED(MULTI_VALUE),
    WRL_NEED(BULK_MEMORY),
    WRL_NEED(REFERENCE_TYPES),
    WRL_NEED(SIMD),
    WRL_NEED(TAIL_CALL),
    WRL_NEED(MULTI_MEMORY),
    WRL_NEED(MEMORY64),
    WRL_NEED(THREADS),
    WRL_NEED(EXCEPTIONS),
    WRL_NEED(FUNCTION_REFERENCES),
    WRL_NEED(GC),
    WRL_NEED(CUSTOM_PAGE_SIZES),
    WRL_NEED(EXECUTION),
    WRL_NEED(CALLER_EXPORTS),
    WRL_NEED(MEMORY_DATA),
    WRL_NEED(BACKTRACE),
    WRL_NEED(THREAD_SAFE),
    WRL_NEED(GC_REFERENCES),
    WRL_NEED(FUEL),
#undef WRL_NEED
    NEED_SECOND_BACKEND = 200, /**< Another backend that runs code. */
    NEED_HOST_THREADS = 201,   /**< The suite compiled with WRL_CONFORMANCE_THREADS. */
    NEED_TEXT = 202,           /**< The library reads the text format. */
    NEED_NOT_A_BACKEND = 203,  /**< wrl_conformance_options_t::not_a_backend. */
    NEED_COMPILE_ASYNC = 204,  /**< A thread-safe engine, or a host without threads. */
    NEED_JS_ENGINE = 205       /**< The JS engine of the host. */
};

#define WRL_TEST_MAX_NEEDS 6
#define WRL_TEST_MAX_OWNED 64

/** One run of one test. */
typedef struct wrl_test {
    const char *name;
    const char *backend;            /**< The id of the backend under test. */
    bool exact_traps;               /**< Whether its engines are made with that option. */
    const char *second_backend;     /**< Another backend that runs code, or NULL. */
    const char *not_a_backend;      /**< See wrl_conformance_options_t. */
    const wrl_manifest_t *manifest; /**< Of the backend, or NULL. */
    wrl_engine_t *engine;           /**< Made for this test. */
    wrl_store_t *store;             /**< Made for this test, with no data. */

    /* Released after the test, in this order. */
    wrl_error_t *errors[WRL_TEST_MAX_OWNED];
    size_t error_count;
    wrl_imports_t *imports[WRL_TEST_MAX_OWNED];
    size_t import_count;
    wrl_store_t *stores[WRL_TEST_MAX_OWNED];
    size_t store_count;
    wrl_module_t *modules[WRL_TEST_MAX_OWNED];
    size_t module_count;
    wrl_engine_t *engines[WRL_TEST_MAX_OWNED];
    size_t engine_count;

    /**
     * For tests whose callbacks are called later, on another thread or in the host's event loop. Runs after all
     * announced callbacks have been called. NULL for other tests.
     */
    bool (*after)(struct wrl_test *t);
    atomic_size_t awaited; /**< How many announced callbacks have not been called yet. */

    size_t rows; /**< How many rows of a table the test has run. */
    bool failed;
    char message[1024]; /**< The message of the first failed check. */
} wrl_test_t;

/** An entry of a list of tests. */
typedef struct wrl_test_case {
    const char *name; /**< "group.case". */
    bool (*function)(wrl_test_t *t);
    uint8_t needs[WRL_TEST_MAX_NEEDS];
} wrl_test_case_t;

/** The tests of one file. */
typedef struct wrl_test_group {
    const wrl_test_case_t *cases;
    size_t count;
} wrl_test_group_t;

/** Defines the group of a file from its array of cases. */
#define WRL_TEST_GROUP(name)                                                                                           \
    extern const wrl_test_group_t wrl_test_group_##name;                                                               \
    const wrl_test_group_t wrl_test_group_##name = {cases, sizeof(cases) / sizeof(cases[0])}

/* ---- Checks: each returns false from the enclosing function if it fails ---- */

/** Stores a failure (the first one counts) and returns false. */
bool test_fail(wrl_test_t *t, const char *file, int line, const char *format, ...) WRL_PRINTF(4, 5);

/* The functions behind the macros. Each takes ownership of the error that it is passed. */
bool test_ok(wrl_test_t *t, const char *file, int line, const char *what, wrl_error_t *error);
bool test_fails(wrl_test_t *t, const char *file, int line, const char *what, wrl_error_t *error, wrl_error_kind_t kind,
                const char *const *words);
bool test_traps(wrl_test_t *t, const char *file, int line, const char *what, wrl_error_t *error, wrl_trap_code_t code);
bool test_contains(wrl_test_t *t, const char *file, int line, const char *text, const char *word);
bool test_equal_text(wrl_test_t *t, const char *file, int line, const char *what, const char *actual,
                     const char *expected);
bool test_equal_u64(wrl_test_t *t, const char *file, int line, const char *what, uint64_t actual, uint64_t expected);

/** Checks that a condition holds. */
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            return test_fail(t, __FILE__, __LINE__, "%s", "does not hold: " #condition);                               \
        }                                                                                                              \
    } while (0)

/** Calls a helper, which has stored the reason if it failed. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        if (!(call)) {                                                                                                 \
            return test_fail(t, __FILE__, __LINE__, "%s", "in " #call);                                                \
        }                                                                                                              \
    } while (0)

/** Checks that two integers are equal as unsigned 64-bit numbers. */
#define EQUAL(actual, expected)                                                                                        \
    TRY_QUIET(test_equal_u64(t, __FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(expected)))

/** Checks that two strings are equal. */
#define EQUAL_TEXT(actual, expected) TRY_QUIET(test_equal_text(t, __FILE__, __LINE__, #actual, (actual), (expected)))

/** Checks that a text contains a word. */
#define CONTAINS(text, word) TRY_QUIET(test_contains(t, __FILE__, __LINE__, (text), (word)))

/** Checks that a call succeeds. */
#define OK(call) TRY_QUIET(test_ok(t, __FILE__, __LINE__, #call, (call)))

/**
 * Checks that a call fails with an error of that kind, whose message contains all the words that follow (at least one;
 * "" is in every message).
 */
#define FAILS(call, kind, ...)                                                                                         \
    TRY_QUIET(test_fails(t, __FILE__, __LINE__, #call, (call), (kind), (const char *const[]){__VA_ARGS__, NULL}))

/** Checks that a call fails with INVALID_ARGUMENT and that the message contains all the words that follow. */
#define INVALID(call, ...) FAILS(call, WRL_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

/** Checks that a call traps with that code. */
#define TRAPS(call, code) TRY_QUIET(test_traps(t, __FILE__, __LINE__, #call, (call), (code)))

/** As TRY, for functions that have stored the failure with the caller's file and line. */
#define TRY_QUIET(call)                                                                                                \
    do {                                                                                                               \
        if (!(call)) {                                                                                                 \
            return false;                                                                                              \
        }                                                                                                              \
    } while (0)

/** In a host function: stores a failure and returns an error, so that the guest stops. */
#define HOST_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            (void)test_fail(t, __FILE__, __LINE__, "%s", "does not hold in host function: " #condition);               \
            return wrl_error_new(WRL_ERROR_HOST, "a check failed: " #condition);                                       \
        }                                                                                                              \
    } while (0)

/** In a host function: returns the call's error, if there is one. */
#define HOST_OK(call)                                                                                                  \
    do {                                                                                                               \
        wrl_error_t *host_error = (call);                                                                              \
        if (host_error) {                                                                                              \
            return host_error;                                                                                         \
        }                                                                                                              \
    } while (0)

/** In a host function: checks that a look-up has found something. */
#define HOST_FOUND(found)                                                                                              \
    do {                                                                                                               \
        if (!(found)) {                                                                                                \
            return wrl_error_new(WRL_ERROR_HOST, "not found: " #found);                                                \
        }                                                                                                              \
    } while (0)

/* ---- Objects that the harness releases ---- */

/** Transfers an object to the harness, which releases it. Fails the test if the harness owns too many. */
bool test_own_error(wrl_test_t *t, wrl_error_t *error);
bool test_own_imports(wrl_test_t *t, wrl_imports_t *imports);
bool test_own_store(wrl_test_t *t, wrl_store_t *store);
bool test_own_module(wrl_test_t *t, wrl_module_t *module);
bool test_own_engine(wrl_test_t *t, wrl_engine_t *engine);

/** Makes another engine of that backend. */
bool test_engine(wrl_test_t *t, const char *backend, wrl_engine_t **engine);
/** Makes another store. */
bool test_store(wrl_test_t *t, wrl_engine_t *engine, wrl_store_t **store);
/** Makes a module from bytes, for the test's engine. */
bool test_module_bytes(wrl_test_t *t, const void *bytes, size_t size, wrl_module_t **module);
/** Makes a module from a guest, for the test's engine. */
bool test_module(wrl_test_t *t, wrl_guest_t guest, wrl_module_t **module);
/** Makes an empty import map. */
bool test_imports(wrl_test_t *t, wrl_imports_t **imports);
/** Makes an instance of a guest in the test's store. */
bool test_instance(wrl_test_t *t, wrl_guest_t guest, const wrl_imports_t *imports, wrl_instance_t *instance);
/** Makes a module and an instance of it in any store. */
bool test_instance_in(wrl_test_t *t, wrl_store_t *store, wrl_guest_t guest, const wrl_imports_t *imports,
                      wrl_instance_t *instance);
/** Makes an instance of a guest in any store. `func` is its only import: `name` of the module "host". */
bool test_instance_with(wrl_test_t *t, wrl_store_t *store, wrl_guest_t guest, const char *name, wrl_func_t func,
                        wrl_instance_t *instance);
/** Makes an instance of a guest without imports in the test's store and looks up an exported function. */
bool test_guest_func(wrl_test_t *t, wrl_guest_t guest, const char *name, wrl_func_t *func);
/** Calls an exported function of an instance in the test's store. `result` is NULL if the function has none. */
bool test_call(wrl_test_t *t, wrl_instance_t instance, const char *name, const wrl_val_t *args, size_t count,
               wrl_val_t *result);

/** Announces a callback that will be called later. */
void test_await(wrl_test_t *t);
/**
 * Reports that an announced callback has been called, on any thread. The callback must not use `t` otherwise: the
 * test's `after` function checks what the callback has stored.
 */
void test_called(wrl_test_t *t);

/* ---- Small helpers ---- */

/** Returns whether the test's engine supports a feature. */
bool test_has(const wrl_test_t *t, wrl_feature_t feature);

/** Calls a function of an instance. All arguments and the single result are i32. */
bool test_call_i32(wrl_test_t *t, wrl_store_t *store, wrl_instance_t instance, const char *name, const int32_t *args,
                   size_t arg_count, int32_t *result);

/** Returns whether two handles are equal in all fields. */
bool same_extern(const wrl_extern_t *a, const wrl_extern_t *b);

/** A finalizer that increments the int that it is passed. */
void count_finalizer(void *data);

/** A tagged host function that does nothing, for types without results. */
wrl_error_t *host_nothing(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                          size_t result_count);
/** As host_nothing(), on raw slots. */
wrl_error_t *host_nothing_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots);

/** Makes a host function () -> () that does nothing. */
bool test_nothing_func(wrl_test_t *t, wrl_store_t *store, wrl_func_t *func);

#endif
