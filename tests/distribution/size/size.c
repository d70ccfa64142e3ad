/* A small program for a page: makes an engine, a store, a module and an instance, and calls a function. SIZE_BACKEND is
 * its backend: wrl_backend_js_plain, which cannot rewrite guests, or wrl_backend_js_lean, which also has no GC
 * references. */
#include <wrl.h>
#include <wrl/backend.h>

const wrl_backend_t *SIZE_BACKEND(uint32_t abi);

extern const wrl_backend_open_t wrl_builtin_backends[];
extern const char wrl_builtin_default[];

const wrl_backend_open_t wrl_builtin_backends[] = {SIZE_BACKEND, NULL};
const char wrl_builtin_default[] = "js";

/* (module (func (export "add_one") (param i32) (result i32) local.get 0 i32.const 1 i32.add)) */
static const unsigned char guest[] = {
    0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00, 0x01, 0x06, 0x01, 0x60, 0x01, 0x7F, 0x01,
    0x7F, 0x03, 0x02, 0x01, 0x00, 0x07, 0x0B, 0x01, 0x07, 'a',  'd',  'd',  '_',  'o',  'n',
    'e',  0x00, 0x00, 0x0A, 0x09, 0x01, 0x07, 0x00, 0x20, 0x00, 0x41, 0x01, 0x6A, 0x0B,
};

int main(void)
{
    wrl_engine_t *engine = NULL;
    wrl_store_t *store = NULL;
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    wrl_func_t add_one;
    wrl_val_t args[] = {WRL_I32(42)}, result = WRL_I32(0);
    wrl_error_t *error = wrl_engine_new(NULL, &engine);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : wrl_module_new(engine, guest, sizeof guest, NULL, &module);
    error = error ? error : wrl_instance_new(store, module, NULL, NULL, &instance);
    if (!error && !wrl_instance_get_func(store, instance, "add_one", &add_one)) {
        return 1;
    }
    error = error ? error : wrl_func_call(store, add_one, args, 1, &result, 1);
    int status = error || result.of.i32 != 43;
    wrl_error_delete(error);
    wrl_module_release(module);
    wrl_store_delete(store);
    wrl_engine_release(engine);
    return status;
}
