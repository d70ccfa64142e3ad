/*
 * A process compiles and forks. The child can run modules that were compiled before. Compilation in the child succeeds
 * or returns an error. The child never waits for threads that only its parent has.
 */
#define _GNU_SOURCE
#include "../../support/check.h"
#include "wrl.h"
#include "wrl/backend.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The time limit for a child, in seconds. */
enum { SECONDS = 60 };

static const char guest[] = "(module (func (export \"id\") (param i32) (result i32) (local.get 0)))";

static bool ok(wrl_error_t *error)
{
    if (error) {
        check(false, wrl_error_message(error));
        wrl_error_delete(error);
    }
    return !error;
}

static wrl_error_t *compile(wrl_engine_t *engine, wrl_module_t **module)
{
    wrl_bytes_t bytes;
    wrl_error_t *error = wrl_wat_to_wasm(guest, sizeof(guest) - 1, &bytes);
    error = error ? error : wrl_module_new(engine, bytes.data, bytes.size, NULL, module);
    wrl_bytes_delete(&bytes);
    return error;
}

static bool runs(wrl_engine_t *engine, wrl_module_t *module)
{
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    wrl_func_t id;
    wrl_raw_t slot = {.i32 = 42};
    bool good = ok(wrl_store_new(engine, NULL, &store)) && ok(wrl_instance_new(store, module, NULL, NULL, &instance)) &&
                wrl_instance_get_func(store, instance, "id", &id) && ok(wrl_func_call_raw(store, id, &slot, 1));
    wrl_store_delete(store);
    return good && slot.i32 == 42;
}

static bool child(wrl_engine_t *engine, wrl_module_t *module, bool may_compile)
{
    (void)alarm(SECONDS);
    if (!runs(engine, module)) {
        return false;
    }
    wrl_module_t *other = NULL;
    wrl_error_t *error = compile(engine, &other);
    bool good = may_compile ? !error && runs(engine, other)
                            : error && wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED &&
                                  strstr(wrl_error_message(error), "fork");
    if (!good) {
        printf("%s\n", error ? wrl_error_message(error) : "no error");
    }
    wrl_error_delete(error);
    wrl_module_release(other);
    return good;
}

/* Forks and returns whether the child succeeds. */
static bool fork_and_wait(wrl_engine_t *engine, wrl_module_t *module, bool may_compile)
{
    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        bool good = child(engine, module, may_compile);
        (void)fflush(stdout);
        _exit(good ? 0 : 1);
    }
    int status = 1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_backend(const char *name)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = name;
    wrl_engine_t *engine = NULL;
    wrl_module_t *module = NULL;
    if (ok(wrl_engine_new(&config, &engine)) && ok(compile(engine, &module))) {
        check(fork_and_wait(engine, module, strcmp(name, "wasmtime") != 0), "the child of a fork works");
        check(runs(engine, module), "the parent still works");
    }
    wrl_module_release(module);
    wrl_engine_release(engine);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--loaded") == 0 && i + 1 < argc) {
            ok(wrl_backend_load(argv[++i], NULL));
        } else {
            test_backend(argv[i]);
        }
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed != 0;
}
