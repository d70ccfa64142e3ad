/*
 * A program with an out-of-tree backend: meter.c, which counts calls.
 *
 * Shows the two ways to add a backend. A backend that is part of the program is registered; a backend in a shared
 * object is loaded. After that, it is selected by its name, like any other.
 *
 *     cc -std=c11 -I$PREFIX/include backend.c meter.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o backend
 *     ./backend
 *     ./backend ./libmeter.so
 *
 * PREFIX is where the layer is installed. The first comment of meter.c contains the command that builds libmeter.so.
 * The counts are printed to stderr.
 */
#include <stdio.h>
#include <string.h>
#include <wrl.h>

/* Returns early with the error of a failed call. There is nothing to clean up: the store owns what the functions below
 * make. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        wrl_error_t *error_ = (call);                                                                                  \
        if (error_) {                                                                                                  \
            return error_;                                                                                             \
        }                                                                                                              \
    } while (0)

/* Defined in meter.c. */
const wrl_backend_t *wrl_backend_meter(uint32_t abi);

/* tick(count) calls the host function count times. */
static const char guest[] = "(module"
                            "  (import \"host\" \"tick\" (func $tick))"
                            "  (func (export \"tick\") (param $count i32)"
                            "    (loop $next"
                            "      (call $tick)"
                            "      (local.set $count (i32.sub (local.get $count) (i32.const 1)))"
                            "      (br_if $next (i32.gt_s (local.get $count) (i32.const 0))))))";

/* Counts its own calls, for comparison with the meter. Fails after ten. */
static wrl_error_t *tick(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    (void)slots;
    int *ticks = (int *)env;
    if (*ticks == 10) {
        return wrl_error_new(WRL_ERROR_HOST, "tick: ten are enough");
    }
    *ticks += 1;
    return NULL;
}

/* Calls the guest and prints the outcome. Returns errors that do not come from tick(). */
static wrl_error_t *call_tick(wrl_store_t *store, wrl_func_t func, int32_t count, const int *ticks)
{
    wrl_val_t args[] = {WRL_I32(count)};
    wrl_error_t *error = wrl_func_call(store, func, args, 1, NULL, 0);
    if (error && wrl_error_kind(error) != WRL_ERROR_HOST) {
        return error;
    }
    printf("tick(%d): %s, at %d\n", count, error ? wrl_error_message(error) : "done", *ticks);
    wrl_error_delete(error);
    return NULL;
}

static wrl_error_t *run(wrl_store_t *store, wrl_module_t *module, wrl_imports_t *imports, int *ticks)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t host_tick, guest_tick;
    TRY(wrl_func_new_raw(store, &type, tick, ticks, NULL, &host_tick));
    TRY(wrl_imports_define(imports, "host", "tick", wrl_extern_from_func(host_tick)));
    wrl_instance_t instance;
    TRY(wrl_instance_new(store, module, imports, NULL, &instance));
    TRY(wrl_instance_require_func(store, instance, "tick", &guest_tick));
    TRY(call_tick(store, guest_tick, 3, ticks));
    TRY(call_tick(store, guest_tick, 4, ticks));
    return call_tick(store, guest_tick, 5, ticks);
}

static wrl_error_t *compile(wrl_engine_t *engine, const char *text, wrl_module_t **module)
{
    *module = NULL;
    wrl_bytes_t wasm;
    TRY(wrl_wat_to_wasm(text, strlen(text), &wasm));
    wrl_error_t *error = wrl_module_new(engine, wasm.data, wasm.size, NULL, module);
    wrl_bytes_delete(&wasm);
    return error;
}

int main(int argc, char **argv)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "meter";
    wrl_error_t *error =
        argc > 1 ? wrl_backend_load(argv[1], &config.backend) : wrl_backend_register(wrl_backend_meter);

    int ticks = 0; /* Must outlive the store, whose host function uses it. */
    wrl_engine_t *engine = NULL;
    wrl_store_t *store = NULL;
    wrl_module_t *module = NULL;
    wrl_imports_t *imports = NULL;
    if (!error) {
        error = wrl_engine_new(&config, &engine);
    }
    if (!error) {
        error = wrl_store_new(engine, NULL, &store);
    }
    if (!error) {
        error = compile(engine, guest, &module);
    }
    if (!error) {
        error = wrl_imports_new(&imports);
    }
    if (!error) {
        error = run(store, module, imports, &ticks);
    }

    int status = 0;
    if (error) {
        fprintf(stderr, "backend: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
        status = 1;
    }
    wrl_imports_delete(imports);
    wrl_module_release(module);
    wrl_store_delete(store);
    wrl_engine_release(engine);
    return status;
}
