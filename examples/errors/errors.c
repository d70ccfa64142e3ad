/*
 * Errors: their kinds and the information that they carry.
 *
 * Shows the kind and the message of various errors; trap codes, and the guest's frames if the engine has backtraces; an
 * error with a payload of the program, which propagates through the guest; and a guest that ends the program with an
 * exit status.
 *
 *     cc -std=c11 -I$PREFIX/include errors.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o errors
 *     ./errors
 *
 * PREFIX is where the layer is installed. `./errors BACKEND` selects the engine. The exit status is 3.
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

static const char guest[] = "(module $shop"
                            "  (import \"host\" \"pay\" (func $pay (param i32)))"
                            "  (import \"host\" \"exit\" (func $exit (param i32)))"
                            "  (func $divide (param i32 i32) (result i32)"
                            "    (i32.div_u (local.get 0) (local.get 1)))"
                            "  (func $share (export \"share\") (param i32 i32) (result i32)"
                            "    (call $divide (local.get 0) (local.get 1)))"
                            "  (func $again (export \"again\") (param i32 i32) (result i32)"
                            "    (i32.add (call $again (local.get 0) (local.get 1)) (i32.const 1)))"
                            "  (func $buy (export \"buy\") (param i32 i32) (result i32)"
                            "    (call $pay (i32.mul (local.get 0) (local.get 1)))"
                            "    (i32.const 0))"
                            "  (func $close (export \"close\") (param i32 i32) (result i32)"
                            "    (call $exit (local.get 0))"
                            "    (unreachable)))";

/* Further frames are not printed. */
#define FRAMES_SHOWN 3

static void print_frames(const wrl_error_t *error)
{
    wrl_frame_t frame;
    for (size_t i = 0; i < FRAMES_SHOWN && wrl_error_frame(error, i, &frame); i++) {
        printf("    in function %d, %s, of %s\n", (int)frame.func_index, frame.func_name ? frame.func_name : "unnamed",
               frame.module_name ? frame.module_name : "an unnamed module");
    }
    if (wrl_error_frame_count(error) > FRAMES_SHOWN) {
        printf("    and so on\n");
    }
}

/* Prints everything about an error, and deletes it. */
static void report(const char *what, wrl_error_t *error)
{
    printf("%s\n", what);
    if (!error) {
        printf("    no error\n");
        return;
    }
    wrl_error_kind_t kind = wrl_error_kind(error);
    printf("    %s\n    kind %d, %s\n", wrl_error_message(error), (int)kind, wrl_error_kind_name(kind));
    if (kind == WRL_ERROR_TRAP) {
        wrl_trap_code_t code = wrl_error_trap_code(error);
        printf("    trap code %d, %s\n", (int)code, wrl_trap_code_name(code));
    }
    /* Only pay() makes errors with a payload, so the payload's type is known. */
    const int32_t *debt = (const int32_t *)wrl_error_data(error);
    if (debt) {
        printf("    its data: %d is owed\n", *debt);
    }
    print_frames(error);
    wrl_error_delete(error);
}

/* pay(amount) always fails. The error's payload is the amount that is owed. */
static wrl_error_t *pay(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    int32_t *debt = (int32_t *)malloc(sizeof *debt);
    if (!debt) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    *debt = slots[0].i32;
    /* free() runs when the error is deleted. */
    return wrl_error_new_with_data(WRL_ERROR_HOST, "no money", debt, free);
}

/* exit(status) stops the guest. None of its code runs after this. */
static wrl_error_t *end(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    return wrl_error_new_exit(slots[0].i32);
}

/* Calls an exported function. All functions of this guest take two numbers and return one. */
static wrl_error_t *call(wrl_store_t *store, wrl_instance_t instance, const char *name, int32_t a, int32_t b)
{
    wrl_func_t func;
    TRY(wrl_instance_require_func(store, instance, name, &func));
    wrl_val_t args[] = {WRL_I32(a), WRL_I32(b)}, result;
    return wrl_func_call(store, func, args, 2, &result, 1);
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

static void refuse_modules(wrl_engine_t *engine)
{
    wrl_module_t *module = NULL;
    report("bytes that are not a module", wrl_module_new(engine, "#!/bin/sh", 9, NULL, &module));
    wrl_module_release(module);
    report("a module that does not validate", compile(engine, "(module (func (result i32) (i64.const 1)))", &module));
    wrl_module_release(module);
}

static wrl_error_t *instantiate(wrl_store_t *store, wrl_module_t *module, wrl_instance_t *instance)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_NO_TYPES);
    wrl_func_t pay_func, exit_func;
    TRY(wrl_func_new_raw(store, &type, pay, NULL, NULL, &pay_func));
    TRY(wrl_func_new_raw(store, &type, end, NULL, NULL, &exit_func));
    /* In the order of the module's imports. */
    const wrl_extern_t items[] = {wrl_extern_from_func(pay_func), wrl_extern_from_func(exit_func)};
    wrl_instance_config_t config = WRL_INSTANCE_CONFIG_INIT;
    config.items = items;
    config.item_count = 2;
    return wrl_instance_new(store, module, NULL, &config, instance);
}

static wrl_error_t *run(wrl_store_t *store, wrl_module_t *module)
{
    refuse_modules(wrl_store_engine(store));
    wrl_instance_t instance;
    report("a missing import", wrl_instance_new(store, module, NULL, NULL, &instance));
    TRY(instantiate(store, module, &instance));

    report("a missing export", call(store, instance, "shere", 6, 2));
    wrl_func_t share;
    TRY(wrl_instance_require_func(store, instance, "share", &share));
    report("too few arguments", wrl_func_call(store, share, NULL, 0, NULL, 0));

    report("share(6, 2)", call(store, instance, "share", 6, 2));
    report("share(6, 0)", call(store, instance, "share", 6, 0));
    report("again(0, 0), which calls itself for ever", call(store, instance, "again", 0, 0));
    report("buy(5, 3)", call(store, instance, "buy", 5, 3));
    /* The guest asks to end the program. The program decides what to do, see main(). */
    return call(store, instance, "close", 3, 0);
}

int main(int argc, char **argv)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 1 ? argv[1] : NULL;

    wrl_engine_t *engine = NULL;
    wrl_store_t *store = NULL;
    wrl_module_t *module = NULL;
    /* Each step runs only if the steps before it succeeded. */
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : compile(engine, guest, &module);
    error = error ? error : run(store, module);

    int status = 0;
    if (error && wrl_error_kind(error) == WRL_ERROR_EXIT) {
        status = wrl_error_exit_status(error);
        printf("the guest ends the program with status %d\n", status);
    } else if (error) {
        fprintf(stderr, "errors: %s\n", wrl_error_message(error));
        status = 1;
    }
    wrl_error_delete(error);
    wrl_module_release(module);
    wrl_store_delete(store);
    wrl_engine_release(engine);
    return status;
}
