/* wasmtime's side: its own C API, used as its documentation recommends. */
#include "bench.h"
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <wasmtime.h>

typedef struct native {
    const bench_guests_t *guests;
    wasm_engine_t *engine;
    wasmtime_module_t *empty;
    wasmtime_store_t *store;
    wasmtime_context_t *context;
    wasmtime_instance_t instance;
    wasmtime_func_t add;
    wasmtime_func_t call_checked;
    wasmtime_func_t call_raw;
    wasmtime_func_t convert;
    wasmtime_func_t call_indirect;
    wasmtime_memory_t memory;
    wasmtime_global_t global;
    wasmtime_table_t table;
} native_t;

static void check(wasmtime_error_t *error, wasm_trap_t *trap)
{
    if (error || trap) {
        bench_fail("wasmtime", error ? "an error" : "a trap");
    }
}

static wasm_trap_t *checked(void *env, wasmtime_caller_t *caller, const wasmtime_val_t *args, size_t arg_count,
                            wasmtime_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    (void)arg_count;
    (void)result_count;
    results[0].kind = WASMTIME_I32;
    results[0].of.i32 = args[0].of.i32 + 1;
    return NULL;
}

static wasm_trap_t *unchecked(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t count)
{
    (void)env;
    (void)caller;
    (void)count;
    values[0].i32 += 1;
    return NULL;
}

static wasmtime_extern_t export_of(native_t *self, const char *name)
{
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(self->context, &self->instance, name, strlen(name), &item)) {
        bench_fail("wasmtime: no export", name);
    }
    return item;
}

static void instantiate(native_t *self, const bench_guests_t *guests)
{
    wasm_functype_t *type = wasm_functype_new_1_1(wasm_valtype_new_i32(), wasm_valtype_new_i32());
    wasmtime_extern_t imports[2] = {{.kind = WASMTIME_EXTERN_FUNC}, {.kind = WASMTIME_EXTERN_FUNC}};
    wasmtime_func_new(self->context, type, checked, NULL, NULL, &imports[0].of.func);
    wasmtime_func_new_unchecked(self->context, type, unchecked, NULL, NULL, &imports[1].of.func);
    wasm_functype_delete(type);
    wasmtime_module_t *module;
    check(wasmtime_module_new(self->engine, guests->guest, guests->guest_size, &module), NULL);
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = wasmtime_instance_new(self->context, module, imports, 2, &self->instance, &trap);
    check(error, trap);
    wasmtime_module_delete(module);
}

static void *open(const bench_guests_t *guests, const char *backend)
{
    (void)backend;
    native_t *self = bench_alloc("wasmtime", sizeof *self);
    self->guests = guests;
    self->engine = wasm_engine_new_with_config(wt_config(WT_STACK_SIZE, false));
    self->store = wasmtime_store_new(self->engine, NULL, NULL);
    self->context = wasmtime_store_context(self->store);
    check(wasmtime_module_new(self->engine, guests->empty, guests->empty_size, &self->empty), NULL);
    instantiate(self, guests);
    self->add = export_of(self, "add").of.func;
    self->call_checked = export_of(self, "call_checked").of.func;
    self->call_raw = export_of(self, "call_raw").of.func;
    self->convert = export_of(self, "convert").of.func;
    self->call_indirect = export_of(self, "call_indirect").of.func;
    self->memory = export_of(self, "memory").of.memory;
    self->global = export_of(self, "global").of.global;
    self->table = export_of(self, "table").of.table;
    return self;
}

static void close(void *opened)
{
    native_t *self = opened;
    wasmtime_store_delete(self->store);
    wasmtime_module_delete(self->empty);
    wasm_engine_delete(self->engine);
    free(self);
}

static void call(native_t *self, uint64_t count)
{
    int32_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        wasmtime_val_t args[] = {{.kind = WASMTIME_I32, .of = {.i32 = sum}}, {.kind = WASMTIME_I32, .of = {.i32 = 1}}};
        wasmtime_val_t result;
        wasm_trap_t *trap = NULL;
        check(wasmtime_func_call(self->context, &self->add, args, 2, &result, 1, &trap), trap);
        sum = result.of.i32;
    }
    bench_check_sum("wasmtime", sum, count);
}

static void call_raw(native_t *self, uint64_t count)
{
    int32_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        wasmtime_val_raw_t values[2];
        values[0].i32 = sum;
        values[1].i32 = 1;
        wasm_trap_t *trap = NULL;
        check(wasmtime_func_call_unchecked(self->context, &self->add, values, 2, &trap), trap);
        sum = values[0].i32;
    }
    bench_check_sum("wasmtime", sum, count);
}

/* Calls a guest function that runs a loop `count` times. */
static void loop(native_t *self, const wasmtime_func_t *func, uint64_t count)
{
    wasmtime_val_raw_t value = {.i32 = (int32_t)count};
    wasm_trap_t *trap = NULL;
    check(wasmtime_func_call_unchecked(self->context, func, &value, 1, &trap), trap);
    bench_check_sum("wasmtime", value.i32, count);
}

/* Returns a pointer into the memory, with the bounds check that a careful program makes. */
static uint8_t *bytes_at(native_t *self, uint64_t offset, size_t size)
{
    size_t memory_size = wasmtime_memory_data_size(self->context, &self->memory);
    if (offset > memory_size || size > memory_size - offset) {
        bench_fail("wasmtime", "out of bounds");
    }
    return wasmtime_memory_data(self->context, &self->memory) + offset;
}

static void memory(native_t *self, uint64_t count, bool write)
{
    uint64_t value = 0;
    for (uint64_t i = 0; i < count; i++) {
        memcpy(&value, bytes_at(self, 64, sizeof value), sizeof value);
        if (write) {
            value++;
            memcpy(bytes_at(self, 64, sizeof value), &value, sizeof value);
        }
    }
}

static void global(native_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wasmtime_val_t value;
        wasmtime_global_get(self->context, &self->global, &value);
        value.of.i64++;
        check(wasmtime_global_set(self->context, &self->global, &value), NULL);
    }
}

static void table_get(native_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wasmtime_val_t value;
        if (!wasmtime_table_get(self->context, &self->table, i % 8, &value)) {
            bench_fail("wasmtime", "no such element");
        }
        wasmtime_val_unroot(&value);
    }
}

static void export_lookup(native_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wasmtime_extern_t item = export_of(self, "call_checked");
        wasmtime_extern_delete(&item);
    }
}

static void instantiate_many(native_t *self, uint64_t count)
{
    while (count) {
        wasmtime_store_t *store = wasmtime_store_new(self->engine, NULL, NULL);
        wasmtime_context_t *context = wasmtime_store_context(store);
        for (int i = 0; i < BENCH_STORE_INSTANCES && count; i++, count--) {
            wasmtime_instance_t instance;
            wasm_trap_t *trap = NULL;
            check(wasmtime_instance_new(context, self->empty, NULL, 0, &instance, &trap), trap);
        }
        wasmtime_store_delete(store);
    }
}

static void compile(native_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wasmtime_module_t *module;
        check(wasmtime_module_new(self->engine, self->guests->large, self->guests->large_size, &module), NULL);
        wasmtime_module_delete(module);
    }
}

static void create_store(native_t *self, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        wasmtime_store_delete(wasmtime_store_new(self->engine, NULL, NULL));
    }
}

static void run(void *opened, bench_op_t op, uint64_t count)
{
    native_t *self = opened;
    switch (op) {
    case BENCH_CALL:
        call(self, count);
        break;
    case BENCH_CALL_RAW:
        call_raw(self, count);
        break;
    case BENCH_HOST_CALL:
        loop(self, &self->call_checked, count);
        break;
    case BENCH_HOST_CALL_RAW:
        loop(self, &self->call_raw, count);
        break;
    case BENCH_GUEST_CONVERT:
        loop(self, &self->convert, count);
        break;
    case BENCH_GUEST_CALL:
        loop(self, &self->call_indirect, count);
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
        instantiate_many(self, count);
        break;
    case BENCH_COMPILE:
        compile(self, count);
        break;
    case BENCH_CREATE_STORE:
        create_store(self, count);
        break;
    default:
        bench_fail("wasmtime", "there is no such operation");
    }
}

/* Exported, because main.c finds it with dlsym(). */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const bench_side_t bench_wasmtime = {
    .open = open,
    .close = close,
    .run = run,
    .labels =
        {
            [BENCH_CALL] = "wasmtime_func_call",
            [BENCH_CALL_RAW] = "wasmtime_func_call_unchecked",
            [BENCH_HOST_CALL] = "wasmtime_func_new",
            [BENCH_HOST_CALL_RAW] = "wasmtime_func_new_unchecked",
            [BENCH_MEMORY_READ8] = "wasmtime_memory_data, _data_size",
            [BENCH_MEMORY_RW8] = "wasmtime_memory_data, _data_size",
            [BENCH_GLOBAL] = "wasmtime_global_get, _set",
            [BENCH_TABLE_GET] = "wasmtime_table_get",
            [BENCH_EXPORT_LOOKUP] = "wasmtime_instance_export_get",
            [BENCH_INSTANTIATE] = "wasmtime_instance_new",
            [BENCH_COMPILE] = "wasmtime_module_new",
            [BENCH_CREATE_STORE] = "wasmtime_store_new, _delete",
            [BENCH_GUEST_CONVERT] = "without fuel",
            [BENCH_GUEST_CALL] = "without fuel",
        },
};
