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

static wrl_error_t *run(wrl_store_t *store, wrl_module_t *module, int *ticks)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t host_tick, guest_tick;
    TRY(wrl_func_new_raw(store, &type, tick, ticks, NULL, &host_tick));
    const wrl_extern_t import = wrl_extern_from_func(host_tick);
    wrl_instance_config_t config = WRL_INSTANCE_CONFIG_INIT;
    config.items = &import; /* In the order of the module's imports. This module has one. */
    config.item_count = 1;
    wrl_instance_t instance;
    TRY(wrl_instance_new(store, module, NULL, &config, &instance));
    TRY(wrl_instance_require_func(store, instance, "tick", &guest_tick));
    TRY(call_tick(store, guest_tick, 3, ticks));
    TRY(call_tick(store, guest_tick, 4, ticks));
    return call_tick(store, guest_tick, 5, ticks);
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
    wrl_bytes_t wasm = {NULL, 0};
    wrl_module_t *module = NULL;
    /* Each step runs only if the steps before it succeeded. */
    error = error ? error : wrl_engine_new(&config, &engine);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : wrl_wat_to_wasm(guest, strlen(guest), &wasm);
    error = error ? error : wrl_module_new(engine, wasm.data, wasm.size, NULL, &module);
    error = error ? error : run(store, module, &ticks);

    int status = error ? 1 : 0;
    if (error) {
        fprintf(stderr, "backend: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    wrl_module_release(module);
    wrl_bytes_delete(&wasm);
    wrl_store_delete(store);
    wrl_engine_release(engine);
    return status;
}
