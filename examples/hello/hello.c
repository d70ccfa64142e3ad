/*
 * The README's example: calls an exported function of a module.
 *
 *     cc -std=c11 -I$PREFIX/include hello.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o hello
 *     ./hello
 *
 * PREFIX is where the layer is installed. `./hello BACKEND` selects the engine.
 */
#include <stdio.h>
#include <wrl.h>

/* (module (func (export "add_one") (param i32) (result i32) local.get 0 i32.const 1 i32.add)) */
static const unsigned char guest[] = {
    0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00, 0x01, 0x06, 0x01, 0x60, 0x01, 0x7F, 0x01,
    0x7F, 0x03, 0x02, 0x01, 0x00, 0x07, 0x0B, 0x01, 0x07, 'a',  'd',  'd',  '_',  'o',  'n',
    'e',  0x00, 0x00, 0x0A, 0x09, 0x01, 0x07, 0x00, 0x20, 0x00, 0x41, 0x01, 0x6A, 0x0B,
};

int main(int argc, char **argv)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 1 ? argv[1] : NULL;

    wrl_engine_t *engine = NULL;
    wrl_store_t *store = NULL;
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    wrl_func_t add_one;
    wrl_val_t args[] = {WRL_I32(42)}, result;
    /* Each step runs only if the steps before it succeeded. */
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : wrl_module_new(engine, guest, sizeof guest, NULL, &module);
    error = error ? error : wrl_instance_new(store, module, NULL, NULL, &instance);
    error = error ? error : wrl_instance_require_func(store, instance, "add_one", &add_one);
    error = error ? error : wrl_func_call(store, add_one, args, 1, &result, 1);

    int status = error ? 1 : 0;
    if (error) {
        fprintf(stderr, "hello: %s\n", wrl_error_message(error));
    } else {
        printf("add_one(42) = %d\n", result.of.i32);
    }
    wrl_error_delete(error);
    wrl_module_release(module);
    wrl_store_delete(store); /* Deletes the instance and the function as well. */
    wrl_engine_release(engine);
    return status;
}
