/*
 * Tests the main thread's stack if no file with the limits of the stack can be read: endless recursion in guests must
 * trap. Run with a small stack (ulimit -s 512), so that a call without a check would overflow the stack.
 *
 *     no_files [--loaded FILE] BACKEND...
 */
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include "../../support/check.h"
#include "../../support/found.h"

static const char text[] = "(module (func $f (export \"f\") (result i32) (i32.add (call $f) (i32.const 1))))";

/* Made on another thread, so that the library has not determined the main thread's limits before. */
typedef struct world {
    const char *backend;
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_func_t func;
    wrl_error_t *error;
} world_t;

static void *make(void *env)
{
    world_t *world = (world_t *)env;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_bytes_t wasm = {NULL, 0};
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    config.backend = world->backend;
    /* If guests run on the native stack, the small stack must be large enough for their limit. */
    config.stack_size = strcmp(world->backend, "wasmtime") == 0 ? 65536 : 0;
    wrl_error_t *error = wrl_engine_new(&config, &world->engine);
    error = error ? error : wrl_wat_to_wasm(text, sizeof text - 1, &wasm);
    error = error ? error : wrl_module_new(world->engine, wasm.data, wasm.size, NULL, &module);
    error = error ? error : wrl_store_new(world->engine, NULL, &world->store);
    error = error ? error : wrl_instance_new(world->store, module, NULL, NULL, &instance);
    world->error = error ? error : found(wrl_instance_get_func(world->store, instance, "f", &world->func));
    wrl_module_release(module);
    wrl_bytes_delete(&wasm);
    return NULL;
}

/* Calls a guest with small frames twice. The library must not know more about the stack in the second call than in the
 * first. */
static void call_twice(const world_t *world)
{
    for (int i = 0; i < 2; i++) {
        wrl_val_t result;
        wrl_error_t *error = wrl_func_call(world->store, world->func, NULL, 0, &result, 1);
        check(wrl_error_trap_code(error) == WRL_TRAP_STACK_OVERFLOW, error ? wrl_error_message(error) : "no error");
        wrl_error_delete(error);
    }
}

static void test(const char *backend)
{
    world_t world = {.backend = backend};
    struct rlimit files, none;
    pthread_t thread;
    if (pthread_create(&thread, NULL, make, &world) != 0 || pthread_join(thread, NULL) != 0 || world.error) {
        check(false, wrl_error_message(world.error));
        return;
    }
    (void)getrlimit(RLIMIT_NOFILE, &files);
    none = files;
    none.rlim_cur = 0;
    check(setrlimit(RLIMIT_NOFILE, &none) == 0, "the test can forbid files");
    call_twice(&world);
    (void)setrlimit(RLIMIT_NOFILE, &files);
    wrl_store_delete(world.store);
    wrl_engine_release(world.engine);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--loaded") == 0 && i + 1 < argc) {
            wrl_error_t *error = wrl_backend_load(argv[++i], NULL);
            check(!error, "the backend can be loaded");
            wrl_error_delete(error);
        } else {
            test(argv[i]);
        }
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed != 0;
}
