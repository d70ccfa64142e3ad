/*
 * Repeated use of calls, traps, stores, modules and engines must not consume more resources. The test measures blocks
 * and bytes of malloc in the whole process, mappings, address space, resident memory and open files.
 *
 * A phase runs its round a few times, so that caches fill, measures, runs the round many more times, and measures
 * again. It detects a loss of one block per round. No phase has fewer than 100 rounds.
 */
#include "../../support/check.h"
#include "usage.h"
#include "wrl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDE 20
#define WIDE_TYPES "i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64"

static const char guest_text[] =
    "(module $soak"
    "  (import \"host\" \"tagged\" (func $tagged (param i32) (result i32)))"
    "  (import \"host\" \"raw\" (func $raw (param i32) (result i32)))"
    "  (import \"host\" \"wide\" (func $wide (param " WIDE_TYPES ") (result i64)))"
    "  (import \"host\" \"fail\" (func $fail (param i32) (result i32)))"
    "  (memory (export \"memory\") 1 4)"
    "  (table $t (export \"table\") 4 20 funcref)"
    "  (global (export \"global\") (mut i64) (i64.const 5))"
    "  (elem (i32.const 0) $add_one $call_raw)"
    "  (func $add_one (export \"add_one\") (param i32) (result i32) local.get 0 i32.const 1 i32.add)"
    "  (func (export \"call_tagged\") (param i32) (result i32) local.get 0 call $tagged)"
    "  (func $call_raw (export \"call_raw\") (param i32) (result i32) local.get 0 call $raw)"
    "  (func (export \"call_wide\") (param " WIDE_TYPES ") (result i64)"
    "    local.get 0 local.get 1 local.get 2 local.get 3 local.get 4 local.get 5 local.get 6 local.get 7"
    "    local.get 8 local.get 9 local.get 10 local.get 11 local.get 12 local.get 13 local.get 14 local.get 15"
    "    local.get 16 local.get 17 local.get 18 local.get 19 call $wide)"
    "  (func (export \"get_func\") (param i32) (result funcref) local.get 0 table.get $t)"
    "  (func (export \"pass\") (param externref) (result externref) local.get 0)"
    "  (func (export \"unreachable\") (param i32) (result i32) unreachable)"
    "  (func (export \"divide\") (param i32) (result i32) i32.const 1 i32.const 0 i32.div_s)"
    "  (func (export \"load_far\") (param i32) (result i32) i32.const -4 i32.load)"
    "  (func (export \"call_null\") (param i32) (result i32) i32.const 1 i32.const 3 call_indirect (param i32)"
    "    (result i32))"
    "  (func $endless (export \"endless\") (param i32) (result i32) local.get 0 call $endless)"
    "  (func (export \"call_fail\") (param i32) (result i32) local.get 0 call $fail))";

static size_t divisor = 1;

/* Returns whether there was no error. Prints an error once and fails the test. */
static bool ok(wrl_error_t *error)
{
    static bool said;
    if (!error) {
        return true;
    }
    if (!said) {
        said = true;
        check(false, wrl_error_message(error));
    }
    wrl_error_delete(error);
    return false;
}

/* Checks for an error of that kind, which is deleted. */
static bool fails(wrl_error_t *error, wrl_error_kind_t kind)
{
    if (error && wrl_error_kind(error) == kind) {
        wrl_error_delete(error);
        return true;
    }
    if (!error) {
        check(false, "an expected error is missing");
        return false;
    }
    return ok(error);
}

/* ---- Host functions ---- */

static size_t finalized;

static void finalize(void *data)
{
    (void)data;
    finalized++;
}

static wrl_error_t *host_tagged(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    (void)arg_count;
    (void)result_count;
    results[0] = WRL_I32(args[0].of.i32 + 1);
    return NULL;
}

static wrl_error_t *host_wide(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                              wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    (void)result_count;
    results[0] = args[arg_count - 1];
    return NULL;
}

static wrl_error_t *host_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    slots[0].i32++;
    return NULL;
}

/* Fails in every possible way. */
static wrl_error_t *host_fail(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    wrl_extern_t item;
    switch (slots[0].i32 % 5) {
    case 0:
        return wrl_error_new(WRL_ERROR_HOST, "no");
    case 1:
        return wrl_error_new_with_data(WRL_ERROR_HOST, "no, and here is why", slots, finalize);
    case 2:
        return wrl_error_new_trap(WRL_TRAP_UNREACHABLE, NULL);
    case 3:
        return wrl_error_new_exit(3);
    default:
        return wrl_caller_get_export(caller, "no such export", &item)
                   ? NULL
                   : wrl_error_new(WRL_ERROR_INVALID_ARGUMENT, "no such export");
    }
}

/* ---- A store with an instance ---- */

enum {
    ADD_ONE,
    CALL_TAGGED,
    CALL_RAW,
    CALL_WIDE,
    GET_FUNC,
    PASS,
    UNREACHABLE,
    DIVIDE,
    LOAD_FAR,
    CALL_NULL,
    ENDLESS,
    CALL_FAIL,
    FUNC_COUNT
};

static const char *const func_names[FUNC_COUNT] = {"add_one",  "call_tagged", "call_raw",    "call_wide",
                                                   "get_func", "pass",        "unreachable", "divide",
                                                   "load_far", "call_null",   "endless",     "call_fail"};

typedef struct world {
    const char *backend;
    wrl_bytes_t bytes;
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_store_t *store;
    wrl_instance_t instance;
    wrl_func_t funcs[FUNC_COUNT];
    wrl_externref_t externref;
    size_t round;
    wrl_bytes_t refused; /* A module that the engine rejects, and the kind of the error. */
    wrl_error_kind_t refusal;
} world_t;

static bool define_hosts(wrl_store_t *store, wrl_imports_t *imports)
{
    wrl_valtype_t i64[WIDE];
    for (size_t i = 0; i < WIDE; i++) {
        i64[i] = (wrl_valtype_t)WRL_TYPE_I64;
    }
    const wrl_functype_t narrow = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    const wrl_functype_t wide = WRL_FUNCTYPE(WRL_TYPES_N(i64, WIDE), WRL_TYPES_N(i64, 1));
    wrl_func_t tagged;
    wrl_func_t raw;
    wrl_func_t many;
    wrl_func_t fail;
    return ok(wrl_func_new(store, &narrow, host_tagged, NULL, finalize, &tagged)) &&
           ok(wrl_func_new_raw(store, &narrow, host_raw, NULL, finalize, &raw)) &&
           ok(wrl_func_new(store, &wide, host_wide, NULL, finalize, &many)) &&
           ok(wrl_func_new_raw(store, &narrow, host_fail, NULL, finalize, &fail)) &&
           ok(wrl_imports_define(imports, "host", "tagged", wrl_extern_from_func(tagged))) &&
           ok(wrl_imports_define(imports, "host", "raw", wrl_extern_from_func(raw))) &&
           ok(wrl_imports_define(imports, "host", "wide", wrl_extern_from_func(many))) &&
           ok(wrl_imports_define(imports, "host", "fail", wrl_extern_from_func(fail)));
}

static bool make_store(world_t *world)
{
    wrl_imports_t *imports = NULL;
    world->store = NULL;
    bool made = ok(wrl_store_new(world->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), NULL, finalize},
                                 &world->store)) &&
                ok(wrl_imports_new(&imports)) && define_hosts(world->store, imports) &&
                ok(wrl_instance_new(world->store, world->module, imports, NULL, &world->instance));
    wrl_imports_delete(imports);
    for (size_t i = 0; i < FUNC_COUNT && made; i++) {
        made = wrl_instance_get_func(world->store, world->instance, func_names[i], &world->funcs[i]);
    }
    return made && ok(wrl_externref_new(world->store, world, finalize, &world->externref));
}

static bool world_init(world_t *world, const char *backend)
{
    memset(world, 0, sizeof *world);
    world->backend = backend;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = backend;
    /* The layer's limit is off, so that modules reach the engine: the test needs the engine's own rejections. */
    config.max_compile_work = UINT64_MAX;
    return ok(wrl_wat_to_wasm(guest_text, strlen(guest_text), &world->bytes)) &&
           ok(wrl_engine_new(&config, &world->engine)) &&
           ok(wrl_module_new(world->engine, world->bytes.data, world->bytes.size, NULL, &world->module)) &&
           make_store(world);
}

static void world_end(world_t *world)
{
    wrl_store_delete(world->store);
    wrl_module_release(world->module);
    wrl_engine_release(world->engine);
    wrl_bytes_delete(&world->bytes);
}

/* ---- Rounds. Each returns whether everything succeeded. ---- */

static wrl_error_t *call_i32(const world_t *world, size_t func, int32_t argument)
{
    const wrl_val_t arg = WRL_I32(argument);
    wrl_val_t result;
    return wrl_func_call(world->store, world->funcs[func], &arg, 1, &result, 1);
}

/* Tagged and raw calls, to the host and back, with few and with many values. */
static bool round_calls(world_t *world)
{
    wrl_raw_t slots[WIDE];
    wrl_val_t args[WIDE];
    wrl_val_t result;
    for (size_t i = 0; i < WIDE; i++) {
        slots[i].i64 = (int64_t)i;
        args[i] = WRL_I64((int64_t)i);
    }
    return ok(call_i32(world, ADD_ONE, 1)) && ok(call_i32(world, CALL_TAGGED, 1)) && ok(call_i32(world, CALL_RAW, 1)) &&
           ok(wrl_func_call_raw(world->store, world->funcs[CALL_TAGGED], slots, 1)) &&
           ok(wrl_func_call_raw(world->store, world->funcs[CALL_RAW], slots, 1)) &&
           ok(wrl_func_call(world->store, world->funcs[CALL_WIDE], args, WIDE, &result, 1)) &&
           ok(wrl_func_call_raw(world->store, world->funcs[CALL_WIDE], slots, WIDE));
}

/* The same functions and the same externref are passed repeatedly: known objects need no new memory. */
static bool round_references(world_t *world)
{
    wrl_val_t arg = WRL_I32((int32_t)(world->round % 4));
    wrl_val_t result;
    bool good = ok(wrl_func_call(world->store, world->funcs[GET_FUNC], &arg, 1, &result, 1));
    arg = WRL_EXTERNREF(world->externref);
    return good && ok(wrl_func_call(world->store, world->funcs[PASS], &arg, 1, &result, 1)) &&
           result.of.externref.index == world->externref.index &&
           ok(wrl_externref_release(world->store, result.of.externref));
}

static bool round_exports(world_t *world)
{
    wrl_extern_t item;
    wrl_memory_t memory;
    char bytes[8] = {0};
    return wrl_instance_get_export(world->store, world->instance, "table", &item) &&
           wrl_instance_get_memory(world->store, world->instance, "memory", &memory) &&
           ok(wrl_memory_write(world->store, memory, 100, bytes, sizeof bytes)) &&
           ok(wrl_memory_read(world->store, memory, 100, bytes, sizeof bytes)) &&
           fails(wrl_memory_read(world->store, memory, UINT64_MAX, bytes, 1), WRL_ERROR_INVALID_ARGUMENT) &&
           !wrl_instance_get_export(world->store, world->instance, "tabel", &item);
}

/* Traps of five kinds and errors of host functions. Every tenth round overflows the stack. */
static bool round_traps(world_t *world)
{
    static const struct {
        int func;
        wrl_error_kind_t kind;
    } ways[] = {{UNREACHABLE, WRL_ERROR_TRAP}, {DIVIDE, WRL_ERROR_TRAP},    {LOAD_FAR, WRL_ERROR_TRAP},
                {CALL_NULL, WRL_ERROR_TRAP},   {CALL_FAIL, WRL_ERROR_HOST}, {CALL_FAIL, WRL_ERROR_HOST},
                {CALL_FAIL, WRL_ERROR_TRAP},   {CALL_FAIL, WRL_ERROR_EXIT}, {CALL_FAIL, WRL_ERROR_INVALID_ARGUMENT},
                {ENDLESS, WRL_ERROR_TRAP}};
    size_t way = world->round % 10;
    /* Ways 4 to 8 are host_fail()'s arguments 0 to 4. */
    return fails(call_i32(world, (size_t)ways[way].func, (int32_t)(way + 1) % 5), ways[way].kind);
}

/* Uses a store in every way and then deletes the store. */
static bool round_stores(world_t *world)
{
    world_t inner = *world;
    size_t before = finalized;
    wrl_memory_t memory;
    wrl_extern_t table;
    const wrl_val_t null = WRL_NULL_FUNCREF;
    bool good = make_store(&inner) && round_calls(&inner) && round_references(&inner) && round_traps(&inner) &&
                wrl_instance_get_memory(inner.store, inner.instance, "memory", &memory) &&
                ok(wrl_memory_grow(inner.store, memory, 1, NULL)) &&
                wrl_instance_get_export(inner.store, inner.instance, "table", &table) &&
                ok(wrl_table_grow(inner.store, table.of.table, 3, &null, NULL));
    wrl_store_delete(inner.store);
    /* Four host functions, an externref and the store's data, besides errors with data. */
    return good && finalized >= before + 6;
}

static bool round_modules(world_t *world)
{
    world_t inner = *world;
    wrl_module_t *none;
    bool good = ok(wrl_module_new(world->engine, world->bytes.data, world->bytes.size, NULL, &inner.module)) &&
                fails(wrl_module_new(world->engine, world->bytes.data, world->bytes.size - 1, NULL, &none),
                      WRL_ERROR_MALFORMED) &&
                make_store(&inner) && ok(call_i32(&inner, ADD_ONE, 1));
    wrl_module_release(inner.module);
    wrl_store_delete(inner.store);
    return good;
}

static bool round_engines(world_t *world)
{
    world_t inner;
    bool good = world_init(&inner, world->backend) && round_calls(&inner) && round_traps(&inner);
    world_end(&inner);
    return good;
}

/* Requests that fail before anything is made. */
static bool round_refusals(world_t *world)
{
    wrl_imports_t *imports = NULL;
    wrl_instance_t instance;
    wrl_bytes_t bytes;
    wrl_engine_t *engine;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "no such backend";
    bool good = ok(wrl_imports_new(&imports)) &&
                fails(wrl_instance_new(world->store, world->module, imports, NULL, &instance), WRL_ERROR_LINK) &&
                fails(wrl_wat_to_wasm("(modul)", 7, &bytes), WRL_ERROR_MALFORMED) &&
                fails(wrl_engine_new(&config, &engine), WRL_ERROR_INVALID_ARGUMENT);
    wrl_imports_delete(imports);
    return good;
}

static bool round_refused_module(world_t *world)
{
    wrl_module_t *none;
    return fails(wrl_module_new(world->engine, world->refused.data, world->refused.size, NULL, &none), world->refusal);
}

/* ---- Phases ---- */

/* The slack for all rounds together, because caches may still grow. wasmtime's compiler threads free some memory late.
 */
#define SPARE_BLOCKS 64
#define SPARE_BYTES (64LL * 1024)
/* The memory that wasmi keeps of the guest above is about 1,700 bytes. */
#define CODE_BYTES 2500
#define SPARE_MAPPINGS 16
/* wasmtime reserves 4 GiB of address space for a 32-bit memory, and glibc's malloc 64 MiB for an arena. */
#define SPARE_ADDRESS_KIB (256LL * 1024)
#define SPARE_RESIDENT_KIB (16LL * 1024)

static void compare(const char *name, const usage_t *before, const usage_t *after, long long rounds)
{
    printf("%s: %lld rounds, %+lld blocks, %+lld bytes, %+lld mappings, %+lld KiB of addresses, %+lld KiB resident, "
           "%+lld files\n",
           name, rounds, after->blocks - before->blocks, after->bytes - before->bytes,
           after->mappings - before->mappings, after->address_kib - before->address_kib,
           after->resident_kib - before->resident_kib, after->descriptors - before->descriptors);
    check(after->blocks - before->blocks <= SPARE_BLOCKS, "blocks are lost");
    check(after->bytes - before->bytes <= SPARE_BYTES, "bytes are lost");
    check(after->descriptors <= before->descriptors, "files stay open");
#ifndef WRL_SOAK_SANITIZED
    check(after->mappings - before->mappings <= SPARE_MAPPINGS, "mappings are lost");
    /* A sanitizer delays the reuse of freed memory. */
    check(after->address_kib - before->address_kib <= SPARE_ADDRESS_KIB, "address space is lost");
    check(after->resident_kib - before->resident_kib <= SPARE_RESIDENT_KIB, "resident memory grows");
#endif
}

static bool is_too_much(const usage_t *before, const usage_t *after)
{
    return after->blocks - before->blocks > SPARE_BLOCKS || after->bytes - before->bytes > SPARE_BYTES;
}

static void run_phase(world_t *world, const char *what, bool (*run_round)(world_t *world), size_t rounds)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s %s", world->backend, what);
    rounds /= divisor;
    size_t warm_up = rounds / 5 < 20 ? 20 : rounds / 5;
    bool good = true;
    for (world->round = 0; world->round < warm_up && good; world->round++) {
        good = run_round(world);
    }
    wrl_store_collect(world->store);
    usage_t before = usage_now();
    for (world->round = 0; world->round < rounds && good; world->round++) {
        good = run_round(world);
    }
    wrl_store_collect(world->store);
    usage_t after = usage_now();
    /* An engine's threads free memory with a delay. A leak still exists at the last measurement. */
    for (int looks = 0; looks < 50 && good && is_too_much(&before, &after); looks++) {
        good = run_round(world);
        after = usage_now();
    }
    check(good, name);
    compare(name, &before, &after, (long long)rounds);
}

/* Garbage with cyclic references is collected: 10,000 objects of about 40 bytes per round. */
static void run_garbage(const world_t *world)
{
    static const char text[] =
        "(module"
        "  (type $t (struct (field (mut (ref null $t))) (field i64)))"
        "  (func (export \"litter\") (local $i i32) (local $it (ref null $t))"
        "    (loop $more"
        "      (local.set $it (struct.new $t (ref.null $t) (i64.const 5)))"
        "      (struct.set $t 0 (local.get $it) (local.get $it))"
        "      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10000))))))";
    const size_t rounds = 2000 / divisor;
    wrl_bytes_t bytes = {0};
    wrl_module_t *module = NULL;
    wrl_store_t *store = NULL;
    wrl_instance_t instance;
    wrl_func_t litter;
    bool good = ok(wrl_wat_to_wasm(text, strlen(text), &bytes)) &&
                ok(wrl_module_new(world->engine, bytes.data, bytes.size, NULL, &module)) &&
                ok(wrl_store_new(world->engine, NULL, &store)) &&
                ok(wrl_instance_new(store, module, NULL, NULL, &instance)) &&
                wrl_instance_get_func(store, instance, "litter", &litter);
    usage_t before = usage_now();
    for (size_t i = 0; i < rounds && good; i++) {
        if (i == 20) {
            before = usage_now();
        }
        good = ok(wrl_func_call(store, litter, NULL, 0, NULL, 0));
    }
    usage_t after = usage_now();
    check(good, "garbage");
    compare("garbage that refers to itself", &before, &after, (long long)rounds);
    wrl_store_delete(store);
    wrl_module_release(module);
    wrl_bytes_delete(&bytes);
}

#define MODULE_BATCHES 4

static bool round_modules_of(world_t *world, size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        good = round_modules(world);
    }
    return good;
}

/*
 * Makes an engine with some modules, then four batches of `batch` more modules. `grown` is the engine's growth in bytes
 * in the batch with the smallest growth: a leak appears in every batch. An engine that compiles on several threads also
 * keeps queues and garbage of these threads, whose size depends on scheduling.
 */
static bool use_modules(const char *backend, size_t batch, long long *grown)
{
    world_t inner;
    bool good = world_init(&inner, backend) && round_modules_of(&inner, 20);
    long long before = usage_now().bytes;
    for (int i = 0; i < MODULE_BATCHES && good; i++) {
        good = round_modules_of(&inner, batch);
        long long after = usage_now().bytes;
        *grown = i == 0 || after - before < *grown ? after - before : *grown;
        before = after;
    }
    world_end(&inner);
    return good;
}

static size_t add_times(char *text, size_t end, size_t size, const char *words, size_t times)
{
    for (size_t i = 0; i < times && end < size; i++) {
        end += (size_t)snprintf(text + end, size - end, "%s", words);
    }
    return end;
}

/*
 * Modules with many functions, of which the engine rejects the last. The engine must free everything that it made from
 * the others. The last function is `begin`, `times` times `middle`, and `end`.
 */
static void run_refused(world_t *world, const char *what, const char *begin, const char *middle, size_t times,
                        const char *end, wrl_error_kind_t kind)
{
    static char text[512 * 1024];
    size_t size = add_times(text, 0, sizeof text, "(module (memory 1) (func $wide (result", 1);
    size = add_times(text, size, sizeof text, " i32", 1000);
    size = add_times(text, size, sizeof text, ") unreachable)", 1);
    size = add_times(text, size, sizeof text,
                     "(func (param i32) (result i32)"
                     " (i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.load (local.get 0))))",
                     100);
    size = add_times(text, size, sizeof text, begin, 1);
    size = add_times(text, size, sizeof text, middle, times);
    size = add_times(text, size, sizeof text, end, 1);
    world->refusal = kind;
    if (size < sizeof text && ok(wrl_wat_to_wasm(text, size, &world->refused))) {
        run_phase(world, what, round_refused_module, 1000);
    } else {
        check(false, what);
    }
    wrl_bytes_delete(&world->refused);
}

static void run_all_refused(world_t *world)
{
    /* wasmtime keeps the buffers of a compiler for each of its threads. The thread that compiles the invalid function
     * loses its buffers. Scheduling determines this thread, so the number of blocks varies between two values. */
    if (strcmp(world->backend, "wasmi") == 0) {
        run_refused(world, "modules that end in an invalid function", "(func (result i32)", " i64.const 1", 1, "))",
                    WRL_ERROR_INVALID);
        /* Valid modules that exceed limits which only wasmi has. */
        run_refused(world, "modules that end in a function of many locals", "(func (local", " i32", 40000, ")))",
                    WRL_ERROR_RESOURCE_LIMIT);
        run_refused(world, "modules that end in a function of many operands", "(func", " call $wide", 40,
                    " unreachable))", WRL_ERROR_RESOURCE_LIMIT);
        run_refused(world, "modules that end in a long function", "(func", " memory.size", 33000, " unreachable))",
                    WRL_ERROR_RESOURCE_LIMIT);
    }
}

/* Many modules in one engine. wasmi keeps the code of all of them until its engine is deleted. */
static void run_modules(const world_t *world, size_t count)
{
    const long long code = strcmp(world->backend, "wasmi") == 0 ? CODE_BYTES : 0;
    const long long batch = (long long)(count / divisor / MODULE_BATCHES);
    char name[64];
    (void)snprintf(name, sizeof name, "%s modules and their engine", world->backend);
    long long grown = 0;
    /* Runs once before the measurement, because allocators map memory for a size at the first use of the size. */
    bool good = use_modules(world->backend, 0, &grown);
    usage_t before = usage_now();
    good = good && use_modules(world->backend, (size_t)batch, &grown);
    usage_t after = usage_now();
    check(good, name);
    printf("%s modules: %lld of them leave %+lld bytes in their engine\n", world->backend, batch, grown);
    check(grown <= batch * code + SPARE_BYTES / MODULE_BATCHES, "a module keeps more memory than its code");
    compare(name, &before, &after, batch * MODULE_BATCHES);
}

/* ---- References that a guest makes the host keep ---- */

/* The number of references of each kind, a multiple of BATCH. */
#define REFERENCES 200000
#define BATCH 1000

#define LOOP(call)                                                                                                     \
    "(local $i i32) (loop $more " call                                                                                 \
    " (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))))"

static const char plain_text[] =
    "(module"
    "  (import \"host\" \"tagged\" (func $tagged (param externref) (result externref)))"
    "  (import \"host\" \"raw\" (func $raw (param externref) (result externref)))"
    "  (import \"host\" \"tagged_func\" (func $tagged_func (param funcref) (result funcref)))"
    "  (import \"host\" \"raw_func\" (func $raw_func (param funcref) (result funcref)))"
    "  (table $t funcref (elem $a $b $a $tagged))"
    "  (func $a) (func $b)"
    "  (func (export \"pass\") (param externref) (result externref) (call $raw (call $tagged (local.get 0))))"
    "  (func (export \"funcs\") (param $n i32) " LOOP(
        "(drop (call $tagged_func (table.get $t (i32.const 0))))"
        "    (drop (call $raw_func (table.get $t (i32.and (local.get $i) (i32.const 3)))))") ")";

static const char all_text[] = "(module"
                               "  (type $t (struct (field i32)))"
                               "  (import \"host\" \"tagged\" (func $tagged (param externref) (result externref)))"
                               "  (import \"host\" \"raw\" (func $raw (param externref) (result externref)))"
                               "  (import \"host\" \"tagged_any\" (func $tagged_any (param anyref) (result anyref)))"
                               "  (import \"host\" \"raw_any\" (func $raw_any (param anyref) (result anyref)))"
                               "  (func (export \"externrefs\") (param $n i32) " LOOP(
                                   "(drop (call $raw (call $tagged (extern.convert_any"
                                   "    (struct.new $t (local.get $i))))))") "  (func (export \"anyrefs\") (param $n "
                                                                             "i32) " LOOP("(drop (call $raw_any (call "
                                                                                          "$tagged_any (struct.new $t"
                                                                                          "    (local.get $i)))))") ")";

/* The maximum number of externrefs that have been released but not yet finalized. */
#define LATE 10000

static size_t references = REFERENCES;
static size_t host_calls;
static size_t made; /* The number of externrefs with finalize() as finalizer, and the previous value of `finalized`. */
static size_t finalized_before;

/* Returns its argument. */
static wrl_error_t *ignore(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                           size_t result_count)
{
    (void)env;
    (void)caller;
    (void)arg_count;
    (void)result_count;
    host_calls++;
    results[0] = args[0];
    return NULL;
}

static wrl_error_t *ignore_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    host_calls++;
    return NULL;
}

static bool define_ignoring(wrl_store_t *store, wrl_imports_t *imports, wrl_valtype_t of, const char *tagged,
                            const char *raw)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&of, 1), WRL_TYPES_N(&of, 1));
    wrl_func_t func;
    return ok(wrl_func_new(store, &type, ignore, NULL, NULL, &func)) &&
           ok(wrl_imports_define(imports, "host", tagged, wrl_extern_from_func(func))) &&
           ok(wrl_func_new_raw(store, &type, ignore_raw, NULL, NULL, &func)) &&
           ok(wrl_imports_define(imports, "host", raw, wrl_extern_from_func(func)));
}

/* Makes a store with an instance of one of the two texts. */
static bool make_references(world_t *world, const char *text)
{
    const wrl_valtype_t externref = WRL_TYPE_EXTERNREF;
    const wrl_valtype_t funcref = WRL_TYPE_FUNCREF;
    const wrl_valtype_t anyref = {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_ANY};
    wrl_bytes_t bytes = {0};
    wrl_module_t *module = NULL;
    wrl_imports_t *imports = NULL;
    world->store = NULL;
    bool good = ok(wrl_wat_to_wasm(text, strlen(text), &bytes)) &&
                ok(wrl_module_new(world->engine, bytes.data, bytes.size, NULL, &module)) &&
                ok(wrl_store_new(world->engine, NULL, &world->store)) && ok(wrl_imports_new(&imports)) &&
                define_ignoring(world->store, imports, externref, "tagged", "raw") &&
                (text == plain_text ? define_ignoring(world->store, imports, funcref, "tagged_func", "raw_func")
                                    : define_ignoring(world->store, imports, anyref, "tagged_any", "raw_any")) &&
                ok(wrl_instance_new(world->store, module, imports, NULL, &world->instance));
    wrl_imports_delete(imports);
    wrl_module_release(module);
    wrl_bytes_delete(&bytes);
    return good;
}

static bool round_guest_references(world_t *world)
{
    const wrl_val_t count = WRL_I32(BATCH);
    return ok(wrl_func_call(world->store, world->funcs[0], &count, 1, NULL, 0));
}

/* Makes, passes and releases externrefs. */
static bool round_own_externrefs(world_t *world)
{
    bool good = true;
    for (size_t i = 0; i < BATCH && good; i++) {
        wrl_val_t arg = WRL_NULL_EXTERNREF;
        wrl_val_t result;
        good = ok(wrl_externref_new(world->store, &world->round, finalize, &arg.of.externref)) &&
               ok(wrl_func_call(world->store, world->funcs[0], &arg, 1, &result, 1)) &&
               wrl_externref_data(world->store, result.of.externref) == &world->round &&
               ok(wrl_externref_release(world->store, arg.of.externref)) &&
               ok(wrl_externref_release(world->store, result.of.externref));
        made++;
    }
    return good && made - (finalized - finalized_before) <= LATE;
}

/* Makes and releases externrefs without a call of the guest, so that the layer itself must start the engine's
 * collector. */
static bool round_unused_externrefs(world_t *world)
{
    bool good = true;
    for (size_t i = 0; i < BATCH && good; i++) {
        wrl_externref_t externref;
        good = ok(wrl_externref_new(world->store, &world->round, finalize, &externref)) &&
               ok(wrl_externref_release(world->store, externref));
        made++;
    }
    return good && made - (finalized - finalized_before) <= LATE;
}

static void run_references(world_t *world, const char *text, const char *export, bool (*run_round)(world_t *world),
                           size_t batches)
{
    world_t inner = *world;
    finalized_before = finalized;
    made = 0;
    bool good =
        make_references(&inner, text) && wrl_instance_get_func(inner.store, inner.instance, export, &inner.funcs[0]);
    check(good, export);
    host_calls = 0;
    if (good) {
        run_phase(&inner, export, run_round, batches);
        printf("%s %s: %zu host calls\n", world->backend, export, host_calls);
        wrl_store_collect(inner.store);
    }
    check(finalized - finalized_before == made, "each externref is finalized once while the store lives");
    wrl_store_delete(inner.store);
    check(finalized - finalized_before == made, "finalizers do not run again");
}

static void run_all_references(world_t *world)
{
    const size_t batches = references / BATCH;
    run_references(world, plain_text, "funcs", round_guest_references, batches);
    run_references(world, plain_text, "pass", round_own_externrefs, batches);
    run_references(world, plain_text, "pass", round_unused_externrefs, batches);
    if (wrl_engine_supports(world->engine, WRL_FEATURE_GC_REFERENCES)) {
        run_references(world, all_text, "externrefs", round_guest_references, batches);
        run_references(world, all_text, "anyrefs", round_guest_references, batches);
        run_references(world, all_text, "anyrefs", round_unused_externrefs, batches);
    }
}

/* Held externrefs, and externrefs that the program never releases, use memory until their store is deleted. */
static void run_growth(world_t *world)
{
    const size_t count = 10000 / divisor;
    world_t inner = *world;
    usage_t before = usage_now();
    bool good = make_store(&inner);
    wrl_externref_t externref;
    size_t finalized_before = finalized;
    for (size_t i = 0; i < count && good; i++) {
        good = ok(wrl_externref_new(inner.store, NULL, finalize, &externref));
    }
    usage_t with = usage_now();
    wrl_store_delete(inner.store);
    usage_t after = usage_now();
    check(good && finalized >= finalized_before + count, "externrefs are finalized when their store ends");
    printf("%s externrefs: %zu of them take %lld bytes\n", world->backend, count, with.bytes - before.bytes);
    check(!usage_counts_malloc() || with.bytes - before.bytes > (long long)count * (long long)sizeof(void *),
          "the measurement includes memory in use");
    compare("after the store's deletion", &before, &after, (long long)count);
}

/* An instance that puts a function into an imported table and then fails keeps at most one memory in its store. */
static void run_failed_instance(const world_t *world)
{
    static const char text[] = "(module (import \"host\" \"t\" (table 1 funcref)) (memory 256) (func $f)"
                               " (elem (i32.const 0) func $f) (data (i32.const 0) \"a\") (data (i32.const 1) \"b\")"
                               " (data (i32.const 2) \"c\") (data (i32.const 3) \"d\") (data (i32.const -1) \"e\"))";
    const long long memory = 256LL * 65536;
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, 1);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_store_t *store = NULL;
    wrl_imports_t *imports = NULL;
    wrl_module_t *module = NULL;
    wrl_bytes_t bytes = {0};
    wrl_table_t table;
    bool good = ok(wrl_store_new(world->engine, NULL, &store)) && ok(wrl_imports_new(&imports)) &&
                ok(wrl_table_new(store, &type, &null, &table)) &&
                ok(wrl_imports_define(imports, "host", "t", wrl_extern_from_table(table))) &&
                ok(wrl_wat_to_wasm(text, strlen(text), &bytes)) &&
                ok(wrl_module_new(world->engine, bytes.data, bytes.size, NULL, &module));
    if (good) {
        usage_t before = usage_now();
        wrl_instance_t instance;
        wrl_error_t *error = wrl_instance_new(store, module, imports, NULL, &instance);
        usage_t after = usage_now();
        check(wrl_error_kind(error) == WRL_ERROR_TRAP, "a segment that does not fit is a trap");
        wrl_error_delete(error);
        printf("%s failed instance: it leaves %lld bytes\n", world->backend, after.bytes - before.bytes);
        check(after.bytes - before.bytes < 2 * memory, "a failed instance keeps more than one memory");
    }
    check(good, "an instance that fails");
    wrl_bytes_delete(&bytes);
    wrl_module_release(module);
    wrl_imports_delete(imports);
    wrl_store_delete(store);
}

/* Compilation to machine code takes longer than compilation to an interpreter's code. */
static void run_backend(const char *backend, size_t slow)
{
    world_t world;
    if (world_init(&world, backend)) {
        run_phase(&world, "calls", round_calls, 100000);
        run_phase(&world, "references", round_references, 100000);
        run_phase(&world, "exports", round_exports, 10000);
        run_phase(&world, "traps", round_traps, 10000);
        run_phase(&world, "refusals", round_refusals, 1000);
        run_phase(&world, "stores", round_stores, 1000);
        run_modules(&world, 1000 / slow);
        run_all_refused(&world);
        run_phase(&world, "engines", round_engines, 500 / slow);
        run_growth(&world);
        run_all_references(&world);
        run_failed_instance(&world);
        if (wrl_engine_supports(world.engine, WRL_FEATURE_GC)) {
            run_garbage(&world);
        }
    }
    world_end(&world);
}

int main(int argc, char **argv)
{
    const char *backend = argc > 1 ? argv[1] : "wasmi";
    if (argc > 2) {
        divisor = strtoul(argv[2], NULL, 10);
    }
    if (argc > 3) {
        references = strtoul(argv[3], NULL, 10);
    }
    if (argc > 4 || divisor == 0 || divisor > 100 || references < BATCH) {
        (void)fprintf(stderr, "usage: wrl_soak [BACKEND [DIVISOR [REFERENCES]]]\n"
                              "  DIVISOR     Do that many times fewer rounds, up to 100.\n"
                              "  REFERENCES  The number of references of each kind, 200000 by default.\n");
        return 2;
    }
    if (!wrl_wat_supported()) {
        (void)fprintf(stderr, "wrl_soak: the library does not support the text format\n");
        return 2;
    }
    run_backend(backend, strcmp(backend, "wasmtime") == 0 ? 5 : 1);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
