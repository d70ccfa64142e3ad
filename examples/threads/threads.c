/*
 * Threads: which objects they can share, and which move between them.
 *
 * All threads share engines and modules without locks. Only one thread at a time may use a store. Shows several threads
 * with one module and a store each; then one store that the threads use in turn under a mutex, and that moves to the
 * main thread when it joins them.
 *
 *     cc -std=c11 -pthread -I$PREFIX/include threads.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o threads
 *     ./threads
 *
 * PREFIX is where the layer is installed. `./threads BACKEND` selects the engine.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <wrl.h>

/* Returns early with the error of a failed call. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        wrl_error_t *error_ = (call);                                                                                  \
        if (error_) {                                                                                                  \
            return error_;                                                                                             \
        }                                                                                                              \
    } while (0)

/* sum(from, to) adds up the numbers from `from` to `to` - 1. add(n) adds to a total and returns it. */
static const char guest[] = "(module"
                            "  (func (export \"sum\") (param $from i64) (param $to i64) (result i64)"
                            "    (local $sum i64)"
                            "    (block $done"
                            "      (loop $next"
                            "        (br_if $done (i64.ge_s (local.get $from) (local.get $to)))"
                            "        (local.set $sum (i64.add (local.get $sum) (local.get $from)))"
                            "        (local.set $from (i64.add (local.get $from) (i64.const 1)))"
                            "        (br $next)))"
                            "    (local.get $sum))"
                            "  (global $total (mut i64) (i64.const 0))"
                            "  (func (export \"add\") (param $n i64) (result i64)"
                            "    (global.set $total (i64.add (global.get $total) (local.get $n)))"
                            "    (global.get $total)))";

enum { THREADS = 4, NUMBERS = 250000, TURNS = 1000 };

/* The store that the threads share. Only the thread that holds the mutex may use it. */
typedef struct shared {
    pthread_mutex_t mutex;
    wrl_store_t *store;
    wrl_func_t add;
} shared_t;

/* The input of one thread, and its results for the thread that joins it. */
typedef struct task {
    pthread_t thread;
    wrl_module_t *module; /* Borrowed from the main thread, like `shared`. */
    shared_t *shared;
    int64_t from;
    int64_t sum;
    wrl_error_t *error;
} task_t;

/* Uses the thread's own store, which needs no lock. */
static wrl_error_t *sum_alone(task_t *task)
{
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t sum;
    wrl_val_t args[] = {WRL_I64(task->from), WRL_I64(task->from + NUMBERS)}, result;
    /* Each step runs only if the steps before it succeeded. */
    wrl_error_t *error = wrl_store_new(wrl_module_engine(task->module), NULL, &store);
    error = error ? error : wrl_instance_new(store, task->module, NULL, NULL, &instance);
    error = error ? error : wrl_instance_require_func(store, instance, "sum", &sum);
    error = error ? error : wrl_func_call(store, sum, args, 2, &result, 1);
    if (!error) {
        task->sum = result.of.i64;
    }
    wrl_store_delete(store);
    return error;
}

static wrl_error_t *add_in_turn(shared_t *shared)
{
    wrl_error_t *error = NULL;
    for (int turn = 0; turn < TURNS && !error; turn++) {
        wrl_val_t args[] = {WRL_I64(1)}, result;
        pthread_mutex_lock(&shared->mutex);
        error = wrl_func_call(shared->store, shared->add, args, 1, &result, 1);
        pthread_mutex_unlock(&shared->mutex);
    }
    return error;
}

static void *work(void *argument)
{
    task_t *task = (task_t *)argument;
    wrl_error_t *error = sum_alone(task);
    task->error = error ? error : add_in_turn(task->shared);
    return NULL;
}

/* Joins the threads. Returns the first error, and deletes the others. */
static wrl_error_t *join(task_t *tasks, int count, wrl_error_t *error)
{
    for (int i = 0; i < count; i++) {
        pthread_join(tasks[i].thread, NULL);
        if (error) {
            wrl_error_delete(tasks[i].error);
        } else {
            error = tasks[i].error;
        }
    }
    return error;
}

static wrl_error_t *run_threads(wrl_module_t *module, shared_t *shared, int64_t *sum)
{
    task_t tasks[THREADS];
    wrl_error_t *error = NULL;
    int count = 0;
    while (count < THREADS && !error) {
        tasks[count] = (task_t){.module = module, .shared = shared, .from = (int64_t)count * NUMBERS};
        if (pthread_create(&tasks[count].thread, NULL, work, &tasks[count]) == 0) {
            count++;
        } else {
            error = wrl_error_new(WRL_ERROR_RESOURCE_LIMIT, "no further thread can be started");
        }
    }
    TRY(join(tasks, count, error));
    *sum = 0;
    for (int i = 0; i < count; i++) {
        *sum += tasks[i].sum;
    }
    return NULL;
}

static wrl_error_t *run(wrl_module_t *module, shared_t *shared)
{
    if (!wrl_engine_supports(wrl_module_engine(module), WRL_FEATURE_THREAD_SAFE)) {
        return wrl_error_new(WRL_ERROR_UNSUPPORTED, "this engine is not thread-safe");
    }
    wrl_instance_t instance;
    TRY(wrl_instance_new(shared->store, module, NULL, NULL, &instance));
    TRY(wrl_instance_require_func(shared->store, instance, "add", &shared->add));

    int64_t sum;
    TRY(run_threads(module, shared, &sum));
    printf("%d threads, a store each: the numbers below %d add up to %lld\n", THREADS, THREADS * NUMBERS,
           (long long)sum);

    /* The threads are joined, so this thread may use the store without the mutex. */
    wrl_val_t args[] = {WRL_I64(0)}, result;
    TRY(wrl_func_call(shared->store, shared->add, args, 1, &result, 1));
    printf("%d threads, one store: %lld turns were taken\n", THREADS, (long long)result.of.i64);
    return NULL;
}

int main(int argc, char **argv)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 1 ? argv[1] : NULL;

    shared_t shared = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    wrl_engine_t *engine = NULL;
    wrl_bytes_t wasm = {NULL, 0};
    wrl_module_t *module = NULL;
    /* Each step runs only if the steps before it succeeded. */
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    error = error ? error : wrl_wat_to_wasm(guest, strlen(guest), &wasm);
    error = error ? error : wrl_module_new(engine, wasm.data, wasm.size, NULL, &module);
    error = error ? error : wrl_store_new(engine, NULL, &shared.store);
    error = error ? error : run(module, &shared);

    int status = error ? 1 : 0;
    if (error) {
        fprintf(stderr, "threads: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    wrl_store_delete(shared.store);
    wrl_module_release(module);
    wrl_bytes_delete(&wasm);
    wrl_engine_release(engine);
    pthread_mutex_destroy(&shared.mutex);
    return status;
}
