/* The layer's side. The code is the same for every backend. */
#include "../tests/support/backend_option.h"
#include "bench.h"

#ifdef BENCH_JS
#include "js/js.h"
#endif

#include <stdlib.h>
#include <wrl.h>

typedef struct layer {
    const bench_guests_t *guests;
    wrl_engine_t *engine;
    wrl_module_t *empty;
    wrl_module_t *imports;
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t add;
    wrl_func_t call_checked;
    wrl_func_t call_raw;
    wrl_func_t convert;
    wrl_func_t call_indirect;
    wrl_memory_t memory;
    wrl_global_t global;
    wrl_table_t table;
    bench_cpp_t *cpp;
    uint8_t buffer[BENCH_COPY_MOST];
} layer_t;

static void check(wrl_error_t *error)
{
    if (error) {
        bench_fail("the layer", wrl_error_message(error));
    }
}

static void need(bool found)
{
    if (!found) {
        bench_fail("the layer", "the guest has no such export");
    }
}

static wrl_error_t *checked(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                            wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    (void)arg_count;
    (void)result_count;
    results[0] = WRL_I32(args[0].of.i32 + 1);
    return NULL;
}

static wrl_error_t *raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    slots[0].i32 += 1;
    return NULL;
}

static wrl_imports_t *imports_of(wrl_store_t *store)
{
    wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t host;
    wrl_imports_t *imports;
    check(wrl_imports_new(&imports));
    check(wrl_func_new(store, &type, checked, NULL, NULL, &host));
    check(wrl_imports_define(imports, "host", "checked", wrl_extern_from_func(host)));
    check(wrl_func_new_raw(store, &type, raw, NULL, NULL, &host));
    check(wrl_imports_define(imports, "host", "raw", wrl_extern_from_func(host)));
    return imports;
}

static void instantiate(layer_t *self, const bench_guests_t *guests)
{
    wrl_imports_t *imports = imports_of(self->store);
    wrl_module_t *module;
    check(wrl_module_new(self->engine, guests->guest, guests->guest_size, NULL, &module));
    check(wrl_instance_new(self->store, module, imports, NULL, &self->instance));
    wrl_module_release(module);
    wrl_imports_delete(imports);
}

static void *open(const bench_guests_t *guests, const char *backend)
{
    layer_t *self = bench_alloc("the layer", sizeof *self);
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    set_backend(&config, backend);
    self->guests = guests;
    check(wrl_engine_new(&config, &self->engine));
    check(wrl_store_new(self->engine, NULL, &self->store));
    if (config.fuel) {
        check(wrl_store_set_fuel(self->store, UINT64_MAX));
    }
    check(wrl_module_new(self->engine, guests->empty, guests->empty_size, NULL, &self->empty));
    if (guests->imports) {
        check(wrl_module_new(self->engine, guests->imports, guests->imports_size, NULL, &self->imports));
    }
    instantiate(self, guests);
    need(wrl_instance_get_func(self->store, self->instance, "add", &self->add));
    need(wrl_instance_get_func(self->store, self->instance, "call_checked", &self->call_checked));
    need(wrl_instance_get_func(self->store, self->instance, "call_raw", &self->call_raw));
    need(wrl_instance_get_func(self->store, self->instance, "convert", &self->convert));
    need(wrl_instance_get_func(self->store, self->instance, "call_indirect", &self->call_indirect));
    need(wrl_instance_get_memory(self->store, self->instance, "memory", &self->memory));
    need(wrl_instance_get_global(self->store, self->instance, "global", &self->global));
    need(wrl_instance_get_table(self->store, self->instance, "table", &self->table));
#ifdef BENCH_CPP
    self->cpp = bench_cpp_open(self->store, guests);
#endif
    return self;
}

static void close(void *opened)
{
    layer_t *self = opened;
#ifdef BENCH_CPP
    bench_cpp_close(self->cpp);
#endif
    wrl_store_delete(self->store);
    wrl_module_release(self->empty);
    wrl_module_release(self->imports);
    wrl_engine_release(self->engine);
    free(self);
}

static void call(layer_t *self, uint64_t count)
{
    int32_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        wrl_val_t args[] = {WRL_I32(sum), WRL_I32(1)}, result;
        check(wrl_func_call(self->store, self->add, args, 2, &result, 1));
        sum = result.of.i32;
    }
    bench_check_sum("the layer", sum, count);
}

static void call_raw(layer_t *self, uint64_t count)
{
    int32_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        wrl_raw_t slots[2];
        slots[0].i32 = sum;
        slots[1].i32 = 1;
        check(wrl_func_call_raw(self->store, self->add, slots, 2));
        sum = slots[0].i32;
    }
    bench_check_sum("the layer", sum, count);
}

/* Calls a guest function that runs a loop `count` times. */
static void loop(layer_t *self, wrl_func_t func, uint64_t count)
{
    wrl_val_t arg = WRL_I32((int32_t)count), result;
    check(wrl_func_call(self->store, func, &arg, 1, &result, 1));
    bench_check_sum("the layer", result.of.i32, count);
}

static void memory(layer_t *self, uint64_t count, bool write)
{
    uint64_t value = 0;
    for (uint64_t i = 0; i < count; i++) {
        check(wrl_memory_read(self->store, self->memory, 64, &value, sizeof value));
        if (write) {
            value++;
            check(wrl_memory_write(self->store, self->memory, 64, &value, sizeof value));
        }
    }
}

static void read_many(layer_t *self, uint64_t count, size_t size)
{
    for (uint64_t i = 0; i < count; i++) {
        check(wrl_memory_read(self->store, self->memory, 64, self->buffer, size));
    }
}

static void write_many(layer_t *self, uint64_t count, size_t size)
{
    for (uint64_t i = 0; i < count; i++) {
        check(wrl_memory_write(self->store, self->memory, 64, self->buffer, size));
    }
}

static void global(layer_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wrl_val_t value;
        check(wrl_global_get(self->store, self->global, &value));
        value.of.i64++;
        check(wrl_global_set(self->store, self->global, &value));
    }
}

static void table_get(layer_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wrl_val_t value;
        check(wrl_table_get(self->store, self->table, i % 8, &value));
    }
}

static void export_lookup(layer_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wrl_func_t func;
        need(wrl_instance_get_func(self->store, self->instance, "call_checked", &func));
    }
}

static void instantiate_many(layer_t *self, uint64_t count, wrl_module_t *module, int store_instances)
{
    while (count) {
        wrl_store_t *store;
        check(wrl_store_new(self->engine, NULL, &store));
        wrl_imports_t *imports = module == self->imports ? imports_of(store) : NULL;
        for (int i = 0; i < store_instances && count; i++, count--) {
            wrl_instance_t instance;
            check(wrl_instance_new(store, module, imports, NULL, &instance));
        }
        wrl_imports_delete(imports);
        wrl_store_delete(store);
    }
}

static void compile(layer_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wrl_module_t *module;
        bench_renew(self->guests);
        check(wrl_module_new(self->engine, self->guests->large, self->guests->large_size, NULL, &module));
        wrl_module_release(module);
    }
}

static void create_store(layer_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wrl_store_t *store;
        check(wrl_store_new(self->engine, NULL, &store));
        wrl_store_delete(store);
    }
}

/* Performs the operations that copy to or from the guest's memory. */
static void copy_many(layer_t *self, bench_op_t op, uint64_t count)
{
    bool write;
    size_t size = bench_copied("the layer", op, &write);
    if (write) {
        write_many(self, count, size);
    } else {
        read_many(self, count, size);
    }
}

static void run(void *opened, bench_op_t op, uint64_t count)
{
    layer_t *self = opened;
    switch (op) {
    case BENCH_CALL:
        call(self, count);
        break;
    case BENCH_CALL_RAW:
        call_raw(self, count);
        break;
    case BENCH_HOST_CALL:
        loop(self, self->call_checked, count);
        break;
    case BENCH_HOST_CALL_RAW:
        loop(self, self->call_raw, count);
        break;
    case BENCH_GUEST_CONVERT:
        loop(self, self->convert, count);
        break;
    case BENCH_GUEST_CALL:
        loop(self, self->call_indirect, count);
        break;
    case BENCH_MEMORY_READ8:
        memory(self, count, false);
        break;
    case BENCH_MEMORY_RW8:
        memory(self, count, true);
        break;
    case BENCH_GLOBAL:
        global(self, count);
        break;
    case BENCH_TABLE_GET:
        table_get(self, count);
        break;
    case BENCH_EXPORT_LOOKUP:
        export_lookup(self, count);
        break;
    case BENCH_INSTANTIATE:
        instantiate_many(self, count, self->empty, BENCH_STORE_INSTANCES);
        break;
    case BENCH_INSTANTIATE_IMPORTS:
        instantiate_many(self, count, self->imports, BENCH_STORE_INSTANCES);
        break;
    case BENCH_INSTANTIATE_STORE:
        instantiate_many(self, count, self->imports, 1);
        break;
    case BENCH_COMPILE:
        compile(self, count);
        break;
#ifdef BENCH_JS
    case BENCH_COMPILE_REST:
        bench_js_skip_compiling(true);
        compile(self, count);
        bench_js_skip_compiling(false);
        break;
#endif
    case BENCH_CREATE_STORE:
        create_store(self, count);
        break;
#ifdef BENCH_CPP
    case BENCH_CPP_CALL:
        bench_cpp_call(self->cpp, count);
        break;
    case BENCH_CPP_HOST_CALL:
        bench_cpp_host_call(self->cpp, count);
        break;
#endif
    default:
        copy_many(self, op, count);
    }
}

const bench_side_t bench_layer = {
    .open = open,
    .close = close,
    .run = run,
    .labels =
        {
            [BENCH_CALL] = "wrl_func_call",
            [BENCH_CALL_RAW] = "wrl_func_call_raw",
            [BENCH_HOST_CALL] = "wrl_func_new",
            [BENCH_HOST_CALL_RAW] = "wrl_func_new_raw",
            [BENCH_MEMORY_READ8] = "wrl_memory_read",
            [BENCH_MEMORY_RW8] = "wrl_memory_read, wrl_memory_write",
            [BENCH_MEMORY_WRITE8] = "wrl_memory_write",
            [BENCH_MEMORY_READ64] = "wrl_memory_read",
            [BENCH_MEMORY_WRITE64] = "wrl_memory_write",
            [BENCH_MEMORY_READ1M] = "wrl_memory_read",
            [BENCH_MEMORY_WRITE1M] = "wrl_memory_write",
            [BENCH_INSTANTIATE_IMPORTS] = "wrl_instance_new",
            [BENCH_INSTANTIATE_STORE] = "wrl_store_new, wrl_func_new, wrl_instance_new",
            [BENCH_GLOBAL] = "wrl_global_get, wrl_global_set",
            [BENCH_TABLE_GET] = "wrl_table_get",
            [BENCH_EXPORT_LOOKUP] = "wrl_instance_get_func",
            [BENCH_INSTANTIATE] = "wrl_instance_new",
            [BENCH_COMPILE] = "wrl_module_new",
            [BENCH_COMPILE_REST] = "wrl_module_new, without the engine's part",
            [BENCH_CPP_CALL] = "wrl::TypedFunc",
            [BENCH_CPP_HOST_CALL] = "wrl::Func::make",
            [BENCH_CREATE_STORE] = "wrl_store_new, wrl_store_delete",
            [BENCH_GUEST_CONVERT] = "one wrl_func_call",
            [BENCH_GUEST_CALL] = "one wrl_func_call",
        },
};
