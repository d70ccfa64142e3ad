/* Several engines, backends and threads that trap at the same time. Engines install signal handlers, which must not
 * disturb each other. */
#include "harness.h"

#ifdef WRL_CONFORMANCE_THREADS
#include <pthread.h>
#endif

/* One store with the guest loop.wat. Threads must not touch the test's errors, so a lane keeps its own. */
typedef struct lane {
    wrl_test_t *t;
    wrl_store_t *store;
    wrl_func_t sum;
    wrl_func_t load_far;
    wrl_func_t divide;
    wrl_func_t endless;
    int32_t fail_at;      /* The host function fails for this number. */
    struct lane *inner;   /* If set, the host function runs the work of this lane and returns the lane's error. */
    wrl_error_t *failure; /* The error that the host function returned last. */
    int checks;
    char wrong[160]; /* The first failed check, or empty. */
} lane_t;

static wrl_error_t *call_i32(lane_t *lane, wrl_func_t func, int32_t a, int32_t b, int32_t *result)
{
    const wrl_val_t args[] = {WRL_I32(a), WRL_I32(b)};
    wrl_val_t value = WRL_I32(-1);
    wrl_error_t *error = wrl_func_call(lane->store, func, args, 2, &value, 1);
    *result = value.of.i32;
    return error;
}

static wrl_error_t *check_number(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    lane_t *lane = env;
    lane->checks++;
    if (slots[0].i32 != lane->fail_at) {
        return NULL;
    }
    if (lane->inner) {
        int32_t result;
        lane->failure = call_i32(lane->inner, lane->inner->divide, 1, 0, &result);
    } else {
        lane->failure = wrl_error_new(WRL_ERROR_HOST, "this number is not welcome");
    }
    return lane->failure;
}

static wrl_error_t *lane_init(lane_t *lane, wrl_test_t *t, wrl_engine_t *engine, wrl_module_t *module)
{
    memset(lane, 0, sizeof(*lane));
    lane->t = t;
    lane->fail_at = -1;
    wrl_error_t *error = wrl_store_new(engine, NULL, &lane->store);
    wrl_imports_t *imports = NULL;
    if (!error) {
        error = wrl_imports_new(&imports);
    }
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_NO_TYPES);
    wrl_func_t check;
    if (!error) {
        error = wrl_func_new_raw(lane->store, &type, check_number, lane, NULL, &check);
    }
    if (!error) {
        error = wrl_imports_define(imports, "host", "check", wrl_extern_from_func(check));
    }
    wrl_instance_t instance;
    if (!error) {
        error = wrl_instance_new(lane->store, module, imports, NULL, &instance);
    }
    wrl_imports_delete(imports);
    const char *const names[] = {"sum", "load_far", "divide", "endless"};
    wrl_func_t *const funcs[] = {&lane->sum, &lane->load_far, &lane->divide, &lane->endless};
    for (size_t i = 0; i < 4 && !error; i++) {
        bool found = wrl_instance_get_func(lane->store, instance, names[i], funcs[i]);
        error = found ? NULL : wrl_error_new(WRL_ERROR_LINK, names[i]);
    }
    return error;
}

static void lane_wrong(lane_t *lane, const char *what)
{
    if (!lane->wrong[0]) {
        strncpy(lane->wrong, what, sizeof(lane->wrong) - 1);
    }
}

static void lane_expect_trap(lane_t *lane, wrl_error_t *error, wrl_trap_code_t code, const char *what)
{
    if (!error || wrl_error_kind(error) != WRL_ERROR_TRAP || wrl_error_trap_code(error) != code) {
        lane_wrong(lane, what);
    }
    wrl_error_delete(error);
}

/* One round: a result, four kinds of trap, a failing host function, and another result. */
static void lane_round(lane_t *lane)
{
    int32_t result;
    wrl_error_t *error = call_i32(lane, lane->sum, 10, -1, &result);
    if (error || result != 45) {
        lane_wrong(lane, "the sum is wrong");
    }
    wrl_error_delete(error);
    lane_expect_trap(lane, call_i32(lane, lane->sum, 10, 5, &result), WRL_TRAP_UNREACHABLE, "no unreachable");
    wrl_val_t value;
    lane_expect_trap(lane, wrl_func_call(lane->store, lane->load_far, NULL, 0, &value, 1),
                     WRL_TRAP_MEMORY_OUT_OF_BOUNDS, "no memory trap");
    lane_expect_trap(lane, call_i32(lane, lane->divide, 1, 0, &result), WRL_TRAP_INTEGER_DIVISION_BY_ZERO,
                     "no division trap");
    lane_expect_trap(lane, wrl_func_call(lane->store, lane->endless, NULL, 0, NULL, 0), WRL_TRAP_STACK_OVERFLOW,
                     "no stack overflow");
    lane->fail_at = 3;
    error = call_i32(lane, lane->sum, 10, -1, &result);
    if (!error || error != lane->failure || wrl_error_kind(error) != WRL_ERROR_HOST) {
        lane_wrong(lane, "the host's error did not come out");
    }
    wrl_error_delete(error);
    lane->fail_at = -1;
    error = call_i32(lane, lane->divide, 84, 2, &result);
    if (error || result != 42) {
        lane_wrong(lane, "the quotient is wrong");
    }
    wrl_error_delete(error);
}

static bool lane_right(wrl_test_t *t, const lane_t *lane)
{
    if (lane->wrong[0]) {
        return test_fail(t, __FILE__, __LINE__, "on %s: %s", wrl_engine_backend_name(wrl_store_engine(lane->store)),
                         lane->wrong);
    }
    return true;
}

/* Makes a lane in the test's own thread. The harness releases its store. */
static bool lane_make(wrl_test_t *t, lane_t *lane, wrl_engine_t *engine)
{
    wrl_module_t *module;
    OK(wrl_module_new(engine, guest_loop.bytes, guest_loop.size, NULL, &module));
    wrl_error_t *error = lane_init(lane, t, engine, module);
    wrl_module_release(module);
    if (lane->store) {
        TRY(test_own_store(t, lane->store));
    }
    OK(error);
    return true;
}

/* The lanes run alternately, and then nested. */
static bool alternate(wrl_test_t *t, wrl_engine_t *first, wrl_engine_t *second)
{
    lane_t a;
    lane_t b;
    TRY(lane_make(t, &a, first));
    TRY(lane_make(t, &b, second));
    for (int i = 0; i < 20; i++) {
        lane_round(&a);
        lane_round(&b);
    }
    TRY(lane_right(t, &a));
    TRY(lane_right(t, &b));
    /* Guest a calls the host, which calls guest b, which traps. The call of a returns the same error object. */
    lane_t *const outer[] = {&a, &b};
    for (int i = 0; i < 10; i++) {
        lane_t *lane = outer[i % 2];
        lane->inner = outer[(i + 1) % 2];
        lane->fail_at = 4;
        int32_t result;
        wrl_error_t *error = call_i32(lane, lane->sum, 10, -1, &result);
        CHECK(error != NULL);
        TRY(test_own_error(t, error));
        CHECK(error == lane->failure);
        EQUAL(wrl_error_trap_code(error), WRL_TRAP_INTEGER_DIVISION_BY_ZERO);
        lane->inner = NULL;
        lane->fail_at = -1;
        lane_round(&a);
        lane_round(&b);
    }
    TRY(lane_right(t, &a));
    TRY(lane_right(t, &b));
    return true;
}

static bool two_stores(wrl_test_t *t)
{
    return alternate(t, t->engine, t->engine);
}

static bool two_engines(wrl_test_t *t)
{
    wrl_engine_t *other;
    TRY(test_engine(t, t->backend, &other));
    return alternate(t, t->engine, other);
}

static bool two_backends(wrl_test_t *t)
{
    wrl_engine_t *other;
    TRY(test_engine(t, t->second_backend, &other));
    return alternate(t, t->engine, other);
}

/* A backend refuses the modules and handles of another backend. */
static bool backends_do_not_mix(wrl_test_t *t)
{
    wrl_engine_t *other;
    TRY(test_engine(t, t->second_backend, &other));
    wrl_store_t *store;
    TRY(test_store(t, other, &store));
    wrl_module_t *module;
    TRY(test_module(t, guest_add_one, &module));
    wrl_instance_t instance;
    INVALID(wrl_instance_new(store, module, NULL, NULL, &instance), "module", "engine");
    wrl_func_t func;
    TRY(test_nothing_func(t, t->store, &func));
    INVALID(wrl_func_call(store, func, NULL, 0, NULL, 0), "func", "store");
    return true;
}

#ifdef WRL_CONFORMANCE_THREADS

enum { THREADS = 4, ROUNDS = 25 };

/* A thread's work: it makes a store of its own from a shared engine and module. */
typedef struct worker {
    wrl_engine_t *engine;
    wrl_module_t *module;
    lane_t lane;
    bool made;
} worker_t;

static void *work(void *env)
{
    worker_t *worker = env;
    wrl_error_t *error = lane_init(&worker->lane, NULL, worker->engine, worker->module);
    worker->made = error == NULL;
    for (int i = 0; i < ROUNDS && worker->made; i++) {
        lane_round(&worker->lane);
    }
    wrl_error_delete(error);
    return NULL;
}

/* Starts threads that use these engines in turn. */
static bool run_workers(wrl_test_t *t, wrl_engine_t *const *engines, size_t engine_count)
{
    wrl_module_t *modules[2];
    CHECK(engine_count <= 2);
    for (size_t i = 0; i < engine_count; i++) {
        OK(wrl_module_new(engines[i], guest_loop.bytes, guest_loop.size, NULL, &modules[i]));
        TRY(test_own_module(t, modules[i]));
    }
    static worker_t workers[THREADS];
    memset(workers, 0, sizeof(workers));
    pthread_t threads[THREADS];
    size_t started = 0;
    for (; started < THREADS; started++) {
        workers[started].engine = engines[started % engine_count];
        workers[started].module = modules[started % engine_count];
        if (pthread_create(&threads[started], NULL, work, &workers[started]) != 0) {
            break;
        }
    }
    for (size_t i = 0; i < started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    EQUAL(started, THREADS);
    bool right = true;
    for (size_t i = 0; i < THREADS; i++) {
        if (!workers[i].made) {
            right = test_fail(t, __FILE__, __LINE__, "thread %zu could not make its store", i);
        } else if (!lane_right(t, &workers[i].lane)) {
            right = false;
        }
        wrl_store_delete(workers[i].lane.store);
    }
    return right;
}

static bool threads(wrl_test_t *t)
{
    return run_workers(t, &t->engine, 1);
}

static bool threads_two_engines(wrl_test_t *t)
{
    wrl_engine_t *other;
    TRY(test_engine(t, t->backend, &other));
    wrl_engine_t *const engines[] = {t->engine, other};
    return run_workers(t, engines, 2);
}

static bool threads_two_backends(wrl_test_t *t)
{
    wrl_engine_t *other;
    TRY(test_engine(t, t->second_backend, &other));
    wrl_engine_t *const engines[] = {t->engine, other};
    return run_workers(t, engines, 2);
}

static void *round_elsewhere(void *env)
{
    lane_round(env);
    return NULL;
}

/* A store moves from thread to thread. The first thread deletes it. */
static bool moving_store(wrl_test_t *t)
{
    lane_t lane;
    TRY(lane_make(t, &lane, t->engine));
    for (int i = 0; i < 5; i++) {
        lane_round(&lane);
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, round_elsewhere, &lane) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    return lane_right(t, &lane);
}

static void *make_and_drop(void *env)
{
    wrl_engine_t *engine = env;
    for (int i = 0; i < 20; i++) {
        wrl_engine_t *retained = wrl_engine_retain(engine);
        wrl_module_t *module;
        wrl_error_t *error = wrl_module_new(retained, guest_add_one.bytes, guest_add_one.size, NULL, &module);
        wrl_engine_release(retained);
        wrl_module_t *again = wrl_module_retain(module);
        wrl_module_release(module);
        wrl_module_release(again);
        bool failed = error != NULL;
        wrl_error_delete(error);
        if (failed) {
            return env;
        }
    }
    return NULL;
}

/* All threads use the same engine and module at the same time. */
static bool shared_engine(wrl_test_t *t)
{
    pthread_t threads[THREADS];
    size_t started = 0;
    while (started < THREADS && pthread_create(&threads[started], NULL, make_and_drop, t->engine) == 0) {
        started++;
    }
    bool held = started == THREADS;
    for (size_t i = 0; i < started; i++) {
        void *failed = NULL;
        held = pthread_join(threads[i], &failed) == 0 && !failed && held;
    }
    CHECK(held);
    return true;
}

#else

/* Never runs: NEED_HOST_THREADS is not met. */
static bool no_threads(wrl_test_t *t)
{
    return test_fail(t, __FILE__, __LINE__, "the suite was compiled without threads");
}
#define threads no_threads
#define threads_two_engines no_threads
#define threads_two_backends no_threads
#define moving_store no_threads
#define shared_engine no_threads

#endif

static const wrl_test_case_t cases[] = {
    {"interleave.two_stores", two_stores, {NEED_EXECUTION}},
    {"interleave.two_engines", two_engines, {NEED_EXECUTION}},
    {"interleave.two_backends", two_backends, {NEED_EXECUTION, NEED_SECOND_BACKEND}},
    {"interleave.backends_do_not_mix", backends_do_not_mix, {NEED_SECOND_BACKEND}},
    {"interleave.threads", threads, {NEED_EXECUTION, NEED_THREAD_SAFE, NEED_HOST_THREADS}},
    {"interleave.threads_two_engines", threads_two_engines, {NEED_EXECUTION, NEED_THREAD_SAFE, NEED_HOST_THREADS}},
    {"interleave.threads_two_backends",
     threads_two_backends,
     {NEED_EXECUTION, NEED_THREAD_SAFE, NEED_SECOND_BACKEND, NEED_HOST_THREADS}},
    {"interleave.moving_store", moving_store, {NEED_EXECUTION, NEED_THREAD_SAFE, NEED_HOST_THREADS}},
    {"interleave.shared_engine", shared_engine, {NEED_THREAD_SAFE, NEED_HOST_THREADS}},
};
WRL_TEST_GROUP(interleave);
