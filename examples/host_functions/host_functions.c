/*
 * Host functions: the guest calls the program.
 *
 * Shows a host function that reads its caller's memory; one with its own environment, which a finalizer frees; one on
 * raw slots; and how the error of a host function propagates to the program's call.
 *
 *     cc -std=c11 -I$PREFIX/include host_functions.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o host_functions
 *     ./host_functions
 *
 * PREFIX is where the layer is installed. `./host_functions BACKEND` selects the engine.
 */
#include <stdio.h>
#include <stdlib.h>
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

static const char guest[] = "(module"
                            "  (import \"host\" \"print\" (func $print (param i32 i32)))"
                            "  (import \"host\" \"celsius\" (func $celsius (param f64) (result f64)))"
                            "  (import \"host\" \"take\" (func $take (param i32) (result i32)))"
                            "  (memory (export \"memory\") 1)"
                            "  (data (i32.const 16) \"it is warm\")"
                            "  (func (export \"weather\") (param $fahrenheit f64) (result f64)"
                            "    (call $print (i32.const 16) (i32.const 10))"
                            "    (call $celsius (local.get $fahrenheit)))"
                            "  (func (export \"order\") (param $count i32) (result i32)"
                            "    (call $take (local.get $count))))";

/* print(address, size) prints a text in the caller's memory. Arguments of a guest are not trusted: this function limits
 * the size, and wrl_memory_read() rejects a range that is out of bounds. */
static wrl_error_t *print(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                          size_t result_count)
{
    (void)env;
    (void)arg_count; /* The layer guarantees that the number of arguments matches the type. */
    (void)results;
    (void)result_count;
    uint32_t address = (uint32_t)args[0].of.i32;
    uint32_t size = (uint32_t)args[1].of.i32;
    char text[80];
    if (size > sizeof text) {
        return wrl_error_newf(WRL_ERROR_HOST, "print: a line has at most %zu bytes", sizeof text);
    }
    wrl_memory_t memory;
    TRY(wrl_caller_require_memory(caller, "memory", &memory));
    TRY(wrl_memory_read(wrl_caller_store(caller), memory, address, text, size));
    printf("the guest says: %.*s\n", (int)size, text);
    return NULL;
}

/* celsius(fahrenheit) on raw slots. Calls check nothing, because the type is known. Slot 0 contains the argument, and
 * receives the result. */
static wrl_error_t *celsius(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    slots[0].f64 = (slots[0].f64 - 32) * 5 / 9;
    return NULL;
}

/* take(count) takes from the stock, which is `env`, and returns the number that is left. */
static wrl_error_t *take(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                         size_t result_count)
{
    (void)caller;
    (void)arg_count;
    (void)result_count;
    int32_t *stock = (int32_t *)env;
    int32_t count = args[0].of.i32;
    if (count < 0 || count > *stock) {
        return wrl_error_newf(WRL_ERROR_HOST, "take: %d wanted, %d left", count, *stock);
    }
    *stock -= count;
    results[0] = WRL_I32(*stock);
    return NULL;
}

static void end_stock(void *data)
{
    printf("the stock ends with %d left\n", *(int32_t *)data);
    free(data);
}

/* Makes the host functions and defines them under the names that the guest imports. */
static wrl_error_t *define_host(wrl_store_t *store, wrl_imports_t *imports)
{
    const wrl_functype_t print_type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I32), WRL_NO_TYPES);
    const wrl_functype_t celsius_type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_F64), WRL_TYPES(WRL_TYPE_F64));
    const wrl_functype_t take_type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t print_func, celsius_func, take_func;
    TRY(wrl_func_new(store, &print_type, print, NULL, NULL, &print_func));
    TRY(wrl_func_new_raw(store, &celsius_type, celsius, NULL, NULL, &celsius_func));

    int32_t *stock = (int32_t *)malloc(sizeof *stock);
    if (!stock) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    *stock = 10;
    /* The layer takes ownership: it calls end_stock() once, even if this call fails. */
    TRY(wrl_func_new(store, &take_type, take, stock, end_stock, &take_func));

    const wrl_named_extern_t items[] = {
        {"print", wrl_extern_from_func(print_func)},
        {"celsius", wrl_extern_from_func(celsius_func)},
        {"take", wrl_extern_from_func(take_func)},
    };
    return wrl_imports_define_module(imports, "host", items, sizeof items / sizeof items[0]);
}

/* An order that is too large is not fatal: the error stops the guest's code, but the store remains usable. */
static wrl_error_t *order(wrl_store_t *store, wrl_func_t func, int32_t count)
{
    wrl_val_t args[] = {WRL_I32(count)}, result;
    wrl_error_t *error = wrl_func_call(store, func, args, 1, &result, 1);
    if (error && wrl_error_kind(error) == WRL_ERROR_HOST) {
        /* The same error object that take() made. */
        printf("order(%d) failed: %s\n", count, wrl_error_message(error));
        wrl_error_delete(error);
        return NULL;
    }
    TRY(error); /* Any other error. */
    printf("order(%d) leaves %d\n", count, result.of.i32);
    return NULL;
}

static wrl_error_t *run(wrl_store_t *store, wrl_module_t *module, wrl_imports_t *imports)
{
    TRY(define_host(store, imports));
    wrl_instance_t instance;
    TRY(wrl_instance_new(store, module, imports, NULL, &instance));
    wrl_func_t weather, order_func;
    TRY(wrl_instance_require_func(store, instance, "weather", &weather));
    TRY(wrl_instance_require_func(store, instance, "order", &order_func));

    wrl_val_t args[] = {WRL_F64(86)}, result;
    TRY(wrl_func_call(store, weather, args, 1, &result, 1));
    printf("weather(86) = %g\n", result.of.f64);
    TRY(order(store, order_func, 7));
    TRY(order(store, order_func, 7));
    return order(store, order_func, 2);
}

int main(int argc, char **argv)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 1 ? argv[1] : NULL;

    wrl_engine_t *engine = NULL;
    wrl_store_t *store = NULL;
    wrl_bytes_t wasm = {NULL, 0};
    wrl_module_t *module = NULL;
    wrl_imports_t *imports = NULL;
    /* Each step runs only if the steps before it succeeded. */
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : wrl_wat_to_wasm(guest, strlen(guest), &wasm);
    error = error ? error : wrl_module_new(engine, wasm.data, wasm.size, NULL, &module);
    error = error ? error : wrl_imports_new(&imports);
    error = error ? error : run(store, module, imports);

    int status = error ? 1 : 0;
    if (error) {
        fprintf(stderr, "host_functions: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    wrl_imports_delete(imports);
    wrl_module_release(module);
    wrl_bytes_delete(&wasm);
    wrl_store_delete(store);
    wrl_engine_release(engine);
    return status;
}
