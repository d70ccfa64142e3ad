/*
 * Tests a process with little spare memory: tables do not grow, and the guest's table.grow returns -1. Also tests a
 * valid module that exceeds a limit of the engine's compiler: the error reports a limit, not an invalid module.
 */
#include "../../support/check.h"
#include "wrl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* The address space left for everything but tables. */
#define SPARE_BYTES ((rlim_t)64 << 20)
#define TABLE_ELEMENTS 60000000

static const char guest_text[] =
    "(module"
    "  (table $f 1 funcref)"
    "  (table $x 1 externref)"
    "  (func (export \"grow_funcs\") (param i32) (result i32) (table.grow $f (ref.null func) (local.get 0)))"
    "  (func (export \"grow_externs\") (param i32) (result i32) (table.grow $x (ref.null extern) (local.get 0))))";

static bool ok(wrl_error_t *error)
{
    if (error) {
        check(false, wrl_error_message(error));
        wrl_error_delete(error);
    }
    return !error;
}

/* Limits the process to `spare` bytes of additional address space. */
static bool limit_addresses(rlim_t spare)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    bool known = file && fscanf(file, "%lu", &pages) == 1;
    if (file) {
        (void)fclose(file);
    }
    struct rlimit limit;
    if (!known || getrlimit(RLIMIT_AS, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = (rlim_t)pages * 4096 + spare;
    return setrlimit(RLIMIT_AS, &limit) == 0;
}

static int32_t grow(wrl_store_t *store, wrl_func_t func, int32_t count)
{
    const wrl_val_t arg = WRL_I32(count);
    wrl_val_t result = WRL_I32(-2);
    return ok(wrl_func_call(store, func, &arg, 1, &result, 1)) ? result.of.i32 : -2;
}

static void test_tables(wrl_store_t *store, wrl_instance_t instance)
{
    wrl_func_t funcs;
    wrl_func_t externs;
    if (!wrl_instance_get_func(store, instance, "grow_funcs", &funcs) ||
        !wrl_instance_get_func(store, instance, "grow_externs", &externs)) {
        return;
    }
    check(limit_addresses(SPARE_BYTES), "the process can limit its address space");
    for (int round = 0; round < 2; round++) {
        check(grow(store, funcs, TABLE_ELEMENTS) == -1, "growing a funcref table without memory returns -1");
        check(grow(store, externs, TABLE_ELEMENTS) == -1, "growing an externref table without memory returns -1");
    }
    check(grow(store, funcs, 10) == 1, "a funcref table can still grow");
    check(grow(store, externs, 10) == 1, "an externref table can still grow");
}

/* One function with a br_table of 70,000 targets. The limit of wasmtime's compiler is 65,520. */
static void test_br_table(wrl_engine_t *engine)
{
    enum { TARGETS = 70000 };
    static const uint8_t head[] = {
        0,  'a',  's',  'm',  1,    0,    0,    0,       /* header */
        1,  4,    1,    0x60, 0,    0,    3,    2, 1, 0, /* a function without parameters and results */
        10, 0xFD, 0xA2, 4,    1,    0xF9, 0xA2, 4,       /* one body of 70,009 bytes */
        0,  0x41, 0,    0x0E, 0xF0, 0xA2, 4              /* no locals, i32.const 0, br_table */
    };
    size_t size = sizeof(head) + TARGETS + 2;
    uint8_t *bytes = calloc(size, 1);
    if (!bytes) {
        check(false, "the test can allocate a module");
        return;
    }
    memcpy(bytes, head, sizeof(head));
    bytes[size - 1] = 0x0B;
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_module_new(engine, bytes, size, NULL, &module);
    check(error && wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT, "a large br_table exceeds the compiler's limit");
    if (error) {
        printf("%s\n", wrl_error_message(error));
    }
    wrl_error_delete(error);
    wrl_module_release(module);
    free(bytes);
}

int main(int argc, char **argv)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 1 ? argv[1] : "wasmtime";
    wrl_bytes_t bytes = {0};
    wrl_engine_t *engine = NULL;
    wrl_module_t *module = NULL;
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    if (ok(wrl_wat_to_wasm(guest_text, strlen(guest_text), &bytes)) && ok(wrl_engine_new(&config, &engine)) &&
        ok(wrl_module_new(engine, bytes.data, bytes.size, NULL, &module)) && ok(wrl_store_new(engine, NULL, &store)) &&
        ok(wrl_instance_new(store, module, NULL, NULL, &instance))) {
        test_br_table(engine);
        test_tables(store, instance);
    }
    wrl_store_delete(store);
    wrl_module_release(module);
    wrl_engine_release(engine);
    wrl_bytes_delete(&bytes);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
