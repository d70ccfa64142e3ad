/*
 * libFuzzer: passes any bytes to wasmi. Instantiates a module with everything that it imports, and uses all its
 * exports: calls functions, and reads and grows memories and tables. For the fuzzer wasmi is built with fuel, so that
 * every guest ends, and with low resource limits; see backends/wasmi/glue.
 *
 * At the end the fuzzer prints how far the modules got. tests/robustness/fuzz/run.py reads this line.
 */
#include "host.h"
#include "module_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_CALLS = 64, MAX_VALUES = 32 };

static wrl_engine_t *engine;
/* wasmi keeps the code of its modules until their engine is deleted. */
enum { MODULES_PER_ENGINE = 1000 };
static size_t modules_of_engine;

static struct {
    size_t modules, instances, calls, returned, trapped, host_calls;
} totals;

static void end(void)
{
    wrl_engine_release(engine);
    (void)fprintf(stderr, "%zu modules, %zu instances, %zu calls, %zu returned, %zu trapped, %zu host calls\n",
                  totals.modules, totals.instances, totals.calls, totals.returned, totals.trapped, totals.host_calls);
}

static void make_engine(void)
{
    static bool registered;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "wasmi";
    wrl_engine_release(engine);
    modules_of_engine = 0;
    if (wrl_engine_new(&config, &engine) || (!registered && atexit(end) != 0)) {
        give_up("no engine");
    }
    registered = true;
}

static void call(host_t *host, wrl_func_t func)
{
    wrl_functype_t type = wrl_func_type(host->store, func);
    wrl_val_t args[MAX_VALUES];
    wrl_val_t results[MAX_VALUES];
    if (type.param_count > MAX_VALUES || type.result_count > MAX_VALUES) {
        return;
    }
    for (size_t i = 0; i < type.param_count; i++) {
        args[i] = host_value(host, type.params[i]);
    }
    totals.calls++;
    wrl_error_t *error = wrl_func_call(host->store, func, args, type.param_count, results, type.result_count);
    totals.returned += !error;
    totals.trapped += error && wrl_error_kind(error) == WRL_ERROR_TRAP;
    for (size_t i = 0; !error && i < type.result_count; i++) {
        if (results[i].kind != type.results[i].kind) {
            give_up("a result does not match the function's type");
        }
    }
    expect_good_error(error);
}

static void use_memory(host_t *host, wrl_memory_t memory)
{
    uint64_t size = 0;
    uint8_t byte = 1;
    expect_good_error(wrl_memory_grow(host->store, memory, 1, NULL));
    const uint8_t *data = wrl_memory_data(host->store, memory, &size);
    if (size) {
        expect_good_error(wrl_memory_write(host->store, memory, size - 1, &byte, 1));
        if (data[size - 1] != 1) {
            give_up("a memory does not contain what was written");
        }
    }
    wrl_error_t *error = wrl_memory_read(host->store, memory, size, &byte, 1);
    if (!error) {
        give_up("a memory can be read beyond its end");
    }
    expect_good_error(error);
}

static void use_table(host_t *host, wrl_table_t table)
{
    uint64_t size = wrl_table_size(host->store, table);
    wrl_val_t value;
    for (uint64_t i = 0; i < size && i < 8; i++) {
        wrl_error_t *error = wrl_table_get(host->store, table, i, &value);
        if (!error && value.kind == WRL_VALKIND_FUNCREF && !wrl_func_is_null(value.of.func)) {
            call(host, value.of.func);
        }
        expect_good_error(error);
    }
    wrl_error_t *error = wrl_table_get(host->store, table, UINT64_MAX, &value);
    if (!error) {
        give_up("a table can be read beyond its end");
    }
    expect_good_error(error);
}

static void use_global(host_t *host, wrl_global_t global)
{
    wrl_val_t value;
    wrl_error_t *error = wrl_global_get(host->store, global, &value);
    if (!error) {
        error = wrl_global_set(host->store, global, &value); /* An error if the global is immutable. */
    }
    expect_good_error(error);
}

static void use(host_t *host, const wrl_extern_t *item)
{
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        call(host, item->of.func);
        break;
    case WRL_EXTERN_MEMORY:
        use_memory(host, item->of.memory);
        break;
    case WRL_EXTERN_TABLE:
        use_table(host, item->of.table);
        break;
    case WRL_EXTERN_GLOBAL:
        use_global(host, item->of.global);
        break;
    default:
        break;
    }
}

static void use_exports(host_t *host, const wrl_module_t *module, wrl_instance_t instance)
{
    wrl_exporttype_t told;
    for (size_t i = 0; i < MAX_CALLS && wrl_module_export(module, i, &told); i++) {
        wrl_export_t found;
        wrl_error_t *error = wrl_instance_export(host->store, instance, i, &found);
        if (!error && (found.item.kind != told.type.kind || found.name_size != told.name_size ||
                       memcmp(found.name, told.name, told.name_size) != 0)) {
            give_up("an instance's export does not match the module's");
        }
        if (!error) {
            use(host, &found.item);
        }
        expect_good_error(error);
    }
}

static void instantiate(host_t *host, wrl_module_t *module)
{
    wrl_instance_t instance;
    wrl_imports_t *imports = host_imports(host, module);
    wrl_error_t *error = wrl_instance_new(host->store, module, imports, NULL, &instance);
    wrl_imports_delete(imports);
    if (!error) {
        totals.instances++;
        use_exports(host, module, instance);
    }
    expect_good_error(error);
}

static void run(wrl_module_t *module, uint64_t random)
{
    host_t host = {NULL, random, 0, 0, 0};
    wrl_error_t *error = wrl_store_new(engine, NULL, &host.store);
    if (!error) {
        instantiate(&host, module);
        wrl_store_delete(host.store);
    }
    expect_good_error(error);
    totals.host_calls += host.calls;
    if (host.owned != host.finalized) {
        give_up("finalizers have not run once for each host function and reference");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!engine || modules_of_engine == MODULES_PER_ENGINE) {
        make_engine();
    }
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_module_new(engine, data, size, NULL, &module);
    const char *why = error ? check_error(error, true, data, size) : walk_module(module);
    if (why) {
        give_up(why);
    }
    wrl_error_delete(error);
    if (module) {
        totals.modules++;
        modules_of_engine++;
        run(module, size ? data[size - 1] * UINT64_C(31) + size : 0);
    }
    wrl_module_release(module);
    return 0;
}
