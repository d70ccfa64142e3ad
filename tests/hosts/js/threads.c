/* Programs with threads: the js backend works on the thread that makes the first engine and refuses all others. If the
 * program has an argument, that thread is not the main thread. */
#include "../../support/backend_option.h"
#include "../../support/check.h"
#include "wrl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* (module (func (export "f") (result i32) (i32.const 42)) (func (export "t") unreachable)) */
static const uint8_t guest[] = {0, 'a', 's', 'm', 1, 0, 0, 0,    1,  8,    2, 0x60, 0, 1,   0x7f, 0x60,
                                0, 0,   3,   3,   2, 0, 1, 7,    9,  2,    1, 'f',  0, 0,   1,    't',
                                0, 1,   10,  10,  2, 4, 0, 0x41, 42, 0x0b, 3, 0,    0, 0x0b};

static const char *const backends[] = {"js", "js+exact_traps"};
static wrl_engine_t *engine; /* The engine of the thread that has one. */

static bool is_ok(wrl_error_t *error)
{
    if (error) {
        printf("      %s\n", wrl_error_message(error));
    }
    bool good = !error;
    wrl_error_delete(error);
    return good;
}

static wrl_error_t *new_engine(const char *backend, wrl_engine_t **made)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    set_backend(&config, backend);
    return wrl_engine_new(&config, made);
}

/* Calls the guest. The names and bytes are in memory that did not exist when the engine was made. */
static void use_engine(void)
{
    char *fresh = (char *)malloc(sizeof guest + 2);
    if (!fresh) {
        check(false, "memory");
        return;
    }
    memcpy(fresh, guest, sizeof guest);
    memcpy(fresh + sizeof guest, "f", 2);
    wrl_module_t *module = NULL;
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    wrl_func_t f, t;
    wrl_val_t result = {0};
    bool made = is_ok(wrl_module_new(engine, fresh, sizeof guest, NULL, &module)) &&
                is_ok(wrl_store_new(engine, NULL, &store)) &&
                is_ok(wrl_instance_new(store, module, NULL, NULL, &instance)) &&
                wrl_instance_get_func(store, instance, fresh + sizeof guest, &f) &&
                wrl_instance_get_func(store, instance, "t", &t);
    check(made, "an instance can be made");
    if (made) {
        check(is_ok(wrl_func_call(store, f, NULL, 0, &result, 1)) && result.of.i32 == 42, "a guest can be called");
        wrl_error_t *error = wrl_func_call(store, t, NULL, 0, NULL, 0);
        check(wrl_error_trap_code(error) == WRL_TRAP_UNREACHABLE, "its trap is reported");
        wrl_error_delete(error);
    }
    wrl_store_delete(store);
    wrl_module_release(module);
    free(fresh);
}

static void *be_refused(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++) {
        wrl_engine_t *made = NULL;
        wrl_error_t *error = new_engine(backends[i], &made);
        check(wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED, "other threads are refused");
        check(error && strstr(wrl_error_message(error), "another thread"), "the error names the reason");
        check(!made, "there is no engine");
        wrl_error_delete(error);
    }
    wrl_engine_t *other = NULL;
    check(is_ok(new_engine("null", &other)), "other backends work there");
    wrl_engine_release(other);
    /* The memory grows, and JS of other threads needs new views of it. */
    void *large = malloc((size_t)64 << 20);
    check(large != NULL, "memory grows");
    return large;
}

static void *own(void *unused)
{
    for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++) {
        check(is_ok(new_engine(backends[i], &engine)), "an engine can be made");
        use_engine();
        wrl_engine_release(engine);
    }
    return unused;
}

static void *on_thread(void *(*run)(void *))
{
    pthread_t thread;
    void *result = NULL;
    check(pthread_create(&thread, NULL, run, NULL) == 0 && pthread_join(thread, &result) == 0, "a thread runs");
    return result;
}

static void own_here(void)
{
    own(NULL);
    if (!is_ok(new_engine("js", &engine))) {
        return;
    }
    void *large = on_thread(be_refused);
    use_engine();
    free(large);
    use_engine();
    wrl_engine_release(engine);
}

static void own_there(void)
{
    on_thread(own);
    /* The other thread has ended, but the backend still belongs to it. */
    free(be_refused(NULL));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        own_there();
    } else {
        own_here();
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
