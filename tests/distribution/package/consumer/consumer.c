/*
 * A separate program, built with an installed copy. For each engine on its command line it makes a store, calls a
 * function and provokes a trap, while all engines are alive. If built with LINKED_IN, it contains the wasmtime backend.
 * It is valid C and C++.
 */
#include <stdio.h>
#include <stdlib.h>
#include <wrl.h>

/*
 * (module
 *   (func (export "add_one") (param i32) (result i32) local.get 0 i32.const 1 i32.add)
 *   (func (export "trap") unreachable))
 */
static const unsigned char guest[] = {
    0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00, 0x01, 0x09, 0x02, 0x60, 0x01, 0x7F, 0x01,
    0x7F, 0x60, 0x00, 0x00, 0x03, 0x03, 0x02, 0x00, 0x01, 0x07, 0x12, 0x02, 0x07, 'a',  'd',
    'd',  '_',  'o',  'n',  'e',  0x00, 0x00, 0x04, 't',  'r',  'a',  'p',  0x00, 0x01, 0x0A,
    0x0D, 0x02, 0x07, 0x00, 0x20, 0x00, 0x41, 0x01, 0x6A, 0x0B, 0x03, 0x00, 0x00, 0x0B,
};

#define MOST_ENGINES 4

typedef struct machine {
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_instance_t instance;
} machine_t;

static void check(wrl_error_t *error)
{
    if (error) {
        fprintf(stderr, "consumer: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
        exit(1);
    }
}

static void start(machine_t *machine, const char *backend)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_module_t *module;
    config.backend = backend;
    check(wrl_engine_new(&config, &machine->engine));
    check(wrl_store_new(machine->engine, NULL, &machine->store));
    check(wrl_module_new(machine->engine, guest, sizeof guest, NULL, &module));
    check(wrl_instance_new(machine->store, module, NULL, NULL, &machine->instance));
    wrl_module_release(module);
}

static void use(const machine_t *machine, int number)
{
    wrl_val_t argument = WRL_I32(number), result;
    wrl_func_t add_one, trap;
    if (!wrl_instance_get_func(machine->store, machine->instance, "add_one", &add_one) ||
        !wrl_instance_get_func(machine->store, machine->instance, "trap", &trap)) {
        exit(1);
    }
    check(wrl_func_call(machine->store, add_one, &argument, 1, &result, 1));
    wrl_error_t *error = wrl_func_call(machine->store, trap, NULL, 0, NULL, 0);
    printf("%s: add_one(%d) = %d, then %s\n", wrl_engine_backend_name(machine->engine), number, (int)result.of.i32,
           error ? wrl_trap_code_name(wrl_error_trap_code(error)) : "no trap");
    wrl_error_delete(error);
}

/* Prints the error for a shared object that does not exist. */
static void load_nothing(void)
{
    wrl_error_t *error = wrl_backend_load("./wrl-nothing.so", NULL);
    printf("wrl-nothing.so: %s\n", error ? wrl_error_kind_name(wrl_error_kind(error)) : "loaded");
    wrl_error_delete(error);
}

int main(int argc, char **argv)
{
    machine_t machines[MOST_ENGINES];
    int count = argc - 1 < MOST_ENGINES ? argc - 1 : MOST_ENGINES;
    printf("%s\n", wrl_version());
#ifdef LINKED_IN
    check(wrl_backend_register(wrl_backend_wasmtime));
#endif
    load_nothing();
    for (int i = 0; i < count; i++) {
        start(&machines[i], argv[i + 1]);
    }
    for (int number = 41; number < 43; number++) {
        for (int i = 0; i < count; i++) {
            use(&machines[i], number);
        }
    }
    for (int i = 0; i < count; i++) {
        wrl_store_delete(machines[i].store);
        wrl_engine_release(machines[i].engine);
    }
    return 0;
}
