/*
 * Two engines in one program.
 *
 * Lists the backends and compares the features of two engines. Then runs one guest on both, compares the results, and
 * makes both trap.
 *
 *     cc -std=c11 -I$PREFIX/include two_engines.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o two_engines
 *     ./two_engines wasmi wasmtime
 *
 * PREFIX is where the layer is installed. The engines are selected by name at run time.
 */
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

/* steps(n) returns the number of steps from n to 1 by n/2 or 3n+1. It traps for 0, which never reaches 1. */
static const char guest[] = "(module"
                            "  (func (export \"steps\") (param $n i64) (result i64)"
                            "    (local $steps i64)"
                            "    (if (i64.eqz (local.get $n)) (then (unreachable)))"
                            "    (block $done"
                            "      (loop $next"
                            "        (br_if $done (i64.eq (local.get $n) (i64.const 1)))"
                            "        (local.set $steps (i64.add (local.get $steps) (i64.const 1)))"
                            "        (if (i64.eqz (i64.and (local.get $n) (i64.const 1)))"
                            "          (then (local.set $n (i64.shr_u (local.get $n) (i64.const 1))))"
                            "          (else (local.set $n"
                            "            (i64.add (i64.mul (local.get $n) (i64.const 3)) (i64.const 1)))))"
                            "        (br $next)))"
                            "    (local.get $steps)))";

/* The objects of one engine. A handle, such as `steps`, is valid only in its own store. */
typedef struct side {
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_store_t *store;
    wrl_func_t steps;
} side_t;

/* Makes the objects of one engine. After an error, `side` contains those that were made, and end_side() deletes them.
 */
static wrl_error_t *start_side(const char *backend, const wrl_bytes_t *wasm, side_t *side)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backend;
    TRY(wrl_engine_new(&config, &side->engine));
    TRY(wrl_module_new(side->engine, wasm->data, wasm->size, NULL, &side->module));
    TRY(wrl_store_new(side->engine, NULL, &side->store));
    wrl_instance_t instance;
    TRY(wrl_instance_new(side->store, side->module, NULL, NULL, &instance));
    return wrl_instance_require_func(side->store, instance, "steps", &side->steps);
}

static void end_side(side_t *side)
{
    wrl_store_delete(side->store);
    wrl_module_release(side->module);
    wrl_engine_release(side->engine);
}

static void list_backends(void)
{
    wrl_backend_info_t info;
    size_t count = wrl_backend_count(); /* Also looks for installed backends. */
    for (size_t i = 0; i < count && wrl_backend_get(i, &info); i++) {
        /* Loads a backend that is installed but not yet loaded. Skips a backend that fails to load. */
        if (wrl_backend_find(info.name, &info)) {
            printf("backend %s: %s%s\n", info.name, info.engine_name, info.is_default ? ", the default" : "");
        }
    }
}

/* A program that needs a feature checks for it first, in the same way. */
static void compare_features(const wrl_engine_t *a, const wrl_engine_t *b)
{
    for (int number = 0; number < WRL_FEATURE_LIMIT; number++) {
        wrl_feature_t feature = (wrl_feature_t)number;
        bool a_has = wrl_engine_supports(a, feature);
        if (a_has != wrl_engine_supports(b, feature)) {
            printf("only %s has %s\n", wrl_engine_backend_name(a_has ? a : b), wrl_feature_name(feature));
        }
    }
}

static wrl_error_t *call_steps(const side_t *side, int64_t n, int64_t *steps)
{
    wrl_val_t args[] = {WRL_I64(n)}, result;
    TRY(wrl_func_call(side->store, side->steps, args, 1, &result, 1));
    *steps = result.of.i64;
    return NULL;
}

static wrl_error_t *compare_results(const side_t *a, const side_t *b)
{
    for (int64_t n = 1; n <= 1000; n++) {
        int64_t a_steps, b_steps;
        TRY(call_steps(a, n, &a_steps));
        TRY(call_steps(b, n, &b_steps));
        if (a_steps != b_steps) {
            return wrl_error_newf(WRL_ERROR_HOST, "steps(%lld) is %lld on one engine and %lld on the other",
                                  (long long)n, (long long)a_steps, (long long)b_steps);
        }
        if (n % 500 == 0) {
            printf("steps(%lld) = %lld on both\n", (long long)n, (long long)a_steps);
        }
    }
    return NULL;
}

/* Trap codes are the same on all engines. */
static wrl_error_t *provoke_trap(const side_t *side)
{
    int64_t steps;
    wrl_error_t *error = call_steps(side, 0, &steps);
    wrl_trap_code_t code = wrl_error_trap_code(error); /* WRL_TRAP_NONE also without an error. */
    if (code == WRL_TRAP_NONE) {
        return error ? error : wrl_error_new(WRL_ERROR_HOST, "steps(0) did not trap");
    }
    printf("steps(0) on %s: %s\n", wrl_engine_backend_name(side->engine), wrl_trap_code_name(code));
    wrl_error_delete(error);
    return NULL;
}

static wrl_error_t *compare(const side_t *a, const side_t *b)
{
    compare_features(a->engine, b->engine);
    TRY(compare_results(a, b));
    TRY(provoke_trap(a));
    TRY(provoke_trap(b));
    /* A trap ends a call, not the store. */
    return compare_results(a, b);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: two_engines BACKEND BACKEND\n");
        return 2;
    }
    side_t a = {.engine = NULL}, b = {.engine = NULL};
    list_backends();

    /* Translates the text once. Each engine compiles the result. */
    wrl_bytes_t wasm = {NULL, 0};
    wrl_error_t *error = wrl_wat_to_wasm(guest, strlen(guest), &wasm);
    error = error ? error : start_side(argv[1], &wasm, &a);
    error = error ? error : start_side(argv[2], &wasm, &b);
    error = error ? error : compare(&a, &b);

    int status = error ? 1 : 0;
    if (error) {
        fprintf(stderr, "two_engines: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    end_side(&a);
    end_side(&b);
    wrl_bytes_delete(&wasm);
    return status;
}
