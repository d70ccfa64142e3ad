/*
 * A scenario that uses every part of the js backend while an allocation of the program fails. alloc.mjs makes a new
 * program for each allocation, so that the backend has cached nothing. A failing step must report a lack of memory, and
 * must succeed when it is repeated in the same store. Finalizers run once. At the end, the program must hold as much as
 * a program in which no allocation has failed.
 */
#include "../../support/found.h"
#include "alloc_site.h"
#include "glue.h"
#include "guests.h"
#include "stack.h"
#include "wrl.h"
#include "wrl/sys/backend.h"

#include <emscripten.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Allocations ---- */

enum { MOST_SITES = 64 };

typedef struct site {
    const char *file;
    int line;
} site_t;

static size_t asked;    /* Number of allocations so far. */
static size_t fail_at;  /* The number of the allocation that fails, from 1; 0 for none. */
static bool fail_after; /* Whether later allocations fail as well, until a step has reported the failure. */
static size_t failed;   /* Number of failed allocations. */
static int blocks;      /* Number of allocated blocks. */
static site_t current;  /* The place of the next allocation. */
static site_t failures[MOST_SITES];
static size_t failure_count;

void alloc_site(const char *file, int line)
{
    current = (site_t){file, line};
}

static void note_failure(void)
{
    if (current.file && failure_count < MOST_SITES) {
        failures[failure_count++] = current;
    }
}

static bool is_allowed(void)
{
    asked++;
    bool fails = fail_at && (asked == fail_at || (fail_after && asked > fail_at));
    if (fails) {
        failed++;
        note_failure();
    }
    current.file = NULL;
    return !fails;
}

/* The linker redirects all calls of the allocator to these functions (--wrap). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

void *__wrap_malloc(size_t size)
{
    void *made = is_allowed() ? __real_malloc(size) : NULL;
    blocks += made != NULL;
    return made;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *made = is_allowed() ? __real_calloc(count, size) : NULL;
    blocks += made != NULL;
    return made;
}

void *__wrap_realloc(void *block, size_t size)
{
    void *moved = is_allowed() ? __real_realloc(block, size) : NULL;
    blocks += !block && moved;
    return moved;
}

void __wrap_free(void *block)
{
    blocks -= block != NULL;
    __real_free(block);
}

/* ---- The program's backends ---- */

const wrl_backend_t *wrl_backend_js(uint32_t abi);

extern const wrl_backend_open_t wrl_builtin_backends[];
extern const char wrl_builtin_default[];

const wrl_backend_open_t wrl_builtin_backends[] = {wrl_backend_js, NULL};
const char wrl_builtin_default[] = "js";

/* ---- The scenario ---- */

enum { MOST_FINALIZERS = 128, EXTERNREFS = 20, ASYNC = 2 };

/* A compilation that continues in the event loop. */
typedef struct compilation {
    int calls;
    wrl_error_t *error;
    wrl_module_t *module;
} compilation_t;

static struct world {
    wrl_engine_t *engine, *exact_engine;
    wrl_store_t *store, *exact_store;
    wrl_module_t *start, *items, *refs, *vector, *caller, *traps, *host_refs, *named, *exporter, *importer,
        *exact_traps, *all_refs, *all_refs_host, *exceptions, *deep;
    wrl_instance_t refs_instance, vector_instance, caller_instance, traps_instance, host_refs_instance,
        exporter_instance, all_refs_instance, exceptions_instance;
    wrl_func_t none, swap, numbers, look, vectors, wide, deep_guest;
    int levels; /* How many calls of deep_guest are still to come. */
    wrl_externref_t externref;
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_table_t table;
    bool features[WRL_FEATURE_LIMIT];
    int finalized[MOST_FINALIZERS];
    size_t finalizers;
    compilation_t compilations[ASYNC];
    bool host_fails;      /* Whether `look` returns an error. */
    size_t failed_before; /* The number of failed allocations before the current step. */
} world;

static int problems;

static void complain(int line, const char *what, const char *more)
{
    problems++;
    (void)printf("alloc.c:%d: failing at %zu: %s%s%s\n", line, fail_at, what, more ? ": " : "", more ? more : "");
}

#define CHECK(condition) ((condition) ? (void)0 : complain(__LINE__, #condition, NULL))
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        wrl_error_t *try_error = (call);                                                                               \
        if (try_error) {                                                                                               \
            return try_error;                                                                                          \
        }                                                                                                              \
    } while (0)

static void finalize(void *data)
{
    ++*(int *)data;
}

static void *next_finalizer(void)
{
    if (world.finalizers == MOST_FINALIZERS) {
        complain(__LINE__, "there are too many finalizers", NULL);
        abort();
    }
    return &world.finalized[world.finalizers++];
}

/* Checks a call that must fail in this way. Returns the error if the call fails with OUT_OF_MEMORY instead. */
static wrl_error_t *fails(int line, wrl_error_t *error, wrl_error_kind_t kind, wrl_trap_code_t code)
{
    if (!error) {
        complain(line, "no error", NULL);
        return NULL;
    }
    if (wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY && failed > world.failed_before) {
        return error;
    }
    if (wrl_error_kind(error) != kind || wrl_error_trap_code(error) != code) {
        complain(line, "unexpected error", wrl_error_message(error));
    }
    if (kind == WRL_ERROR_TRAP && wrl_error_frame_count(error) == 0 && failed == world.failed_before) {
        complain(line, "no frames", wrl_error_message(error));
    }
    wrl_error_delete(error);
    return NULL;
}

#define FAILS(error, kind, code) fails(__LINE__, error, kind, code)

static wrl_error_t *compile(const wrl_guest_t *guest, wrl_module_t **module)
{
    wrl_error_t *error = wrl_module_new(world.engine, guest->bytes, guest->size, NULL, module);
    CHECK(!error == !!*module);
    return error;
}

/* ---- Host functions ---- */

static const wrl_valtype_t i32_type[] = {WRL_TYPE_I32};

static wrl_error_t *do_nothing(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    return NULL;
}

static wrl_error_t *do_swap(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                            wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    CHECK(arg_count == 2 && result_count == 2);
    results[0] = args[1];
    results[1] = args[0];
    return NULL;
}

static wrl_error_t *do_numbers(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                               wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    CHECK(arg_count == 2 && result_count == 1);
    results[0] = WRL_F64(args[0].of.i32 + (double)args[1].of.i64);
    return NULL;
}

/* Looks up an export of each kind and calls the function. */
static wrl_error_t *do_look(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    static const char *const names[] = {"memory", "global", "table", "triple"};
    wrl_extern_t item;
    (void)env;
    if (world.host_fails) {
        return wrl_error_new_with_data(WRL_ERROR_HOST, "from the host", next_finalizer(), finalize);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        TRY(found(wrl_caller_get_export(caller, names[i], &item)));
    }
    wrl_val_t value = WRL_I32(slots[0].i32);
    TRY(wrl_func_call(wrl_caller_store(caller), item.of.func, &value, 1, &value, 1));
    slots[0].i32 = value.of.i32;
    return NULL;
}

/* ---- Steps ---- */

static wrl_error_t *make_engine(void)
{
    wrl_error_t *error = wrl_engine_new(NULL, &world.engine);
    CHECK(!error == !!world.engine);
    for (int i = 0; i < WRL_FEATURE_LIMIT && !error; i++) {
        world.features[i] = wrl_engine_supports(world.engine, (wrl_feature_t)i);
    }
    return error;
}

static wrl_error_t *make_store(void)
{
    wrl_error_t *error = wrl_store_new(
        world.engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), next_finalizer(), finalize}, &world.store);
    CHECK(!error == !!world.store);
    return error;
}

static wrl_error_t *compile_start(void)
{
    return compile(&guest_start, &world.start);
}

static wrl_error_t *compile_items(void)
{
    return compile(&guest_items, &world.items);
}

static wrl_error_t *compile_refs(void)
{
    return compile(&guest_refs, &world.refs);
}

static wrl_error_t *compile_vector(void)
{
    return compile(&guest_global_v128, &world.vector);
}

static wrl_error_t *compile_caller(void)
{
    return compile(&guest_caller, &world.caller);
}

static wrl_error_t *compile_traps(void)
{
    return compile(&guest_traps, &world.traps);
}

static wrl_error_t *compile_host_refs(void)
{
    return compile(&guest_host_refs, &world.host_refs);
}

/* Compiles a module whose names precede other sections, so that the backend copies the module without the names. */
static wrl_error_t *compile_named(void)
{
    return compile(&guest_hostile_names, &world.named);
}

static wrl_error_t *compile_exporter(void)
{
    return compile(&guest_exporter, &world.exporter);
}

static wrl_error_t *compile_importer(void)
{
    return compile(&guest_importer, &world.importer);
}

/* A function that leaves no result although its type has one. Only the engine detects this error. */
static const uint8_t invalid_bytes[] = {0, 'a',  's', 'm', 1, 0, 0,  0, 1, 5, 1, 0x60, 0,
                                        1, 0x7f, 3,   2,   1, 0, 10, 4, 1, 2, 0, 0x0b};

static wrl_error_t *compile_invalid(void)
{
    wrl_module_t *module;
    return FAILS(wrl_module_new(world.engine, invalid_bytes, sizeof invalid_bytes, NULL, &module), WRL_ERROR_INVALID,
                 WRL_TRAP_NONE);
}

static wrl_error_t *make_none(void)
{
    static const wrl_functype_t type = {0};
    return wrl_func_new_raw(world.store, &type, do_nothing, next_finalizer(), finalize, &world.none);
}

static wrl_error_t *make_swap(void)
{
    const wrl_functype_t type =
        WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_EXTERNREF, WRL_TYPE_FUNCREF), WRL_TYPES(WRL_TYPE_FUNCREF, WRL_TYPE_EXTERNREF));
    return wrl_func_new(world.store, &type, do_swap, next_finalizer(), finalize, &world.swap);
}

static wrl_error_t *make_numbers(void)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_TYPES(WRL_TYPE_F64));
    return wrl_func_new(world.store, &type, do_numbers, next_finalizer(), finalize, &world.numbers);
}

static wrl_error_t *make_look(void)
{
    static const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(i32_type), WRL_TYPES_IN(i32_type));
    return wrl_func_new_raw(world.store, &type, do_look, next_finalizer(), finalize, &world.look);
}

static wrl_error_t *make_vectors(void)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_V128), WRL_TYPES(WRL_TYPE_V128));
    return wrl_func_new_raw(world.store, &type, do_nothing, next_finalizer(), finalize, &world.vectors);
}

/* Makes enough functions for the backend's list of host functions to grow. */
static wrl_error_t *make_many(void)
{
    enum { MANY = 80 };
    static const wrl_functype_t type = {0};
    for (int i = 0; i < MANY; i++) {
        wrl_func_t func;
        TRY(wrl_func_new_raw(world.store, &type, do_nothing, NULL, NULL, &func));
    }
    return NULL;
}

/* Uses a function whose adapter module exceeds the initial buffer. */
static wrl_error_t *make_wide(void)
{
    enum { WIDE = 60 };
    static wrl_valtype_t types[WIDE];
    for (int i = 0; i < WIDE; i++) {
        types[i] = (wrl_valtype_t)WRL_TYPE_I64;
    }
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(types, WIDE), WRL_TYPES_N(types, WIDE));
    return wrl_func_new_raw(world.store, &type, do_nothing, next_finalizer(), finalize, &world.wide);
}

static wrl_error_t *call_wide(void)
{
    enum { WIDE = 60 };
    wrl_raw_t slots[WIDE];
    memset(slots, 0, sizeof slots);
    slots[1].i64 = 5;
    TRY(wrl_func_call_raw(world.store, world.wide, slots, WIDE));
    CHECK(slots[1].i64 == 5);
    return NULL;
}

static wrl_error_t *make_externrefs(void)
{
    for (int i = 0; i < EXTERNREFS; i++) {
        TRY(wrl_externref_new(world.store, next_finalizer(), finalize, &world.externref));
    }
    return NULL;
}

static wrl_error_t *use_global(wrl_valkind_t kind, wrl_val_t value)
{
    const wrl_globaltype_t type = WRL_GLOBALTYPE(kind, true);
    wrl_val_t got;
    TRY(wrl_global_new(world.store, &type, &value, &world.global));
    TRY(wrl_global_get(world.store, world.global, &got));
    CHECK(memcmp(&got.of, &value.of, kind == WRL_VALKIND_V128 ? 16 : 4) == 0);
    return wrl_global_set(world.store, world.global, &value);
}

static wrl_error_t *use_vector_global(void)
{
    wrl_v128_t vector;
    memset(&vector, 7, sizeof vector);
    return use_global(WRL_VALKIND_V128, WRL_V128(vector));
}

static wrl_error_t *use_nan_globals(void)
{
    TRY(use_global(WRL_VALKIND_F64, WRL_F64((double)NAN)));
    return use_global(WRL_VALKIND_F32, WRL_F32(NAN));
}

static wrl_error_t *use_ref_globals(void)
{
    TRY(use_global(WRL_VALKIND_FUNCREF, WRL_FUNCREF(world.look)));
    return use_global(WRL_VALKIND_EXTERNREF, WRL_EXTERNREF(world.externref));
}

static wrl_error_t *make_global(void)
{
    const wrl_globaltype_t type = WRL_GLOBALTYPE(WRL_VALKIND_I32, false);
    wrl_val_t value = WRL_I32(5);
    TRY(wrl_global_new(world.store, &type, &value, &world.global));
    return wrl_global_get(world.store, world.global, &value);
}

static wrl_error_t *make_memory(void)
{
    static const wrl_memorytype_t type = WRL_MEMORYTYPE(1, 2);
    char bytes[] = "bytes";
    TRY(wrl_memory_new(world.store, &type, &world.memory));
    TRY(wrl_memory_grow(world.store, world.memory, 1, NULL));
    TRY(wrl_memory_write(world.store, world.memory, 65534, bytes, sizeof bytes));
    memset(bytes, 0, sizeof bytes);
    TRY(wrl_memory_read(world.store, world.memory, 65534, bytes, sizeof bytes));
    CHECK(strcmp(bytes, "bytes") == 0);
    return NULL;
}

static wrl_error_t *make_tables(void)
{
    static const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 3, 7);
    static const wrl_tabletype_t extern_type = WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 1, WRL_NO_MAX);
    wrl_val_t value = WRL_EXTERNREF(world.externref);
    TRY(wrl_table_new(world.store, &extern_type, &value, &world.table));
    TRY(wrl_table_grow(world.store, world.table, 5, &value, NULL));
    TRY(wrl_table_get(world.store, world.table, 4, &value));
    CHECK(value.of.externref.index == world.externref.index);
    value = WRL_FUNCREF(world.none);
    TRY(wrl_table_new(world.store, &type, &value, &world.table));
    TRY(wrl_table_grow(world.store, world.table, 2, &value, NULL));
    TRY(wrl_table_set(world.store, world.table, 1, &value));
    TRY(wrl_table_get(world.store, world.table, 4, &value));
    CHECK(value.of.func.index == world.none.index);
    return NULL;
}

typedef struct import {
    const char *module;
    const char *name;
    wrl_extern_t item;
} import_t;

static wrl_error_t *instantiate(wrl_module_t *module, const import_t *items, size_t count, wrl_instance_t *instance)
{
    wrl_imports_t *imports;
    TRY(wrl_imports_new(&imports));
    wrl_error_t *error = NULL;
    for (size_t i = 0; i < count && !error; i++) {
        error = wrl_imports_define(imports, items[i].module, items[i].name, items[i].item);
    }
    error = error ? error : wrl_instance_new(world.store, module, imports, NULL, instance);
    wrl_imports_delete(imports);
    return error;
}

/* Calls an export with one number and returns another one. */
static wrl_error_t *call_export(wrl_instance_t instance, const char *name, size_t args, int32_t arg, int32_t *result)
{
    wrl_func_t func;
    wrl_val_t value = WRL_I32(arg);
    TRY(found(wrl_instance_get_func(world.store, instance, name, &func)));
    TRY(wrl_func_call(world.store, func, &value, args, &value, 1));
    *result = value.of.i32;
    return NULL;
}

static wrl_error_t *run_start(void)
{
    const import_t imports[] = {{"host", "started", wrl_extern_from_func(world.none)},
                                {"env", "memory", wrl_extern_from_memory(world.memory)}};
    wrl_instance_t instance;
    int32_t result = 0;
    TRY(instantiate(world.start, imports, 2, &instance));
    TRY(call_export(instance, "after", 0, 0, &result));
    CHECK(result == 5);
    return NULL;
}

static wrl_error_t *run_items(void)
{
    const import_t imports[] = {{"env", "callback", wrl_extern_from_func(world.numbers)},
                                {"env", "limit", wrl_extern_from_global(world.global)},
                                {"mem", "ory", wrl_extern_from_memory(world.memory)},
                                {"tab", "le", wrl_extern_from_table(world.table)}};
    wrl_instance_t instance;
    wrl_func_t func;
    wrl_val_t result;
    TRY(instantiate(world.items, imports, 4, &instance));
    size_t count = wrl_instance_export_count(world.store, instance);
    for (size_t i = 0; i < count; i++) {
        wrl_export_t item;
        TRY(wrl_instance_export(world.store, instance, i, &item));
    }
    TRY(found(wrl_instance_get_func(world.store, instance, "second", &func)));
    TRY(wrl_func_call(world.store, func, NULL, 0, &result, 1));
    CHECK(result.of.f64 == 3);
    return NULL;
}

static wrl_error_t *link_nothing(void)
{
    wrl_instance_t instance;
    return FAILS(wrl_instance_new(world.store, world.items, NULL, NULL, &instance), WRL_ERROR_LINK, WRL_TRAP_NONE);
}

/* Instantiates a module with a segment that does not fit. The engine detects this during instantiation. */
static wrl_error_t *fail_segment(void)
{
    static const wrl_memorytype_t type = WRL_MEMORYTYPE(1, 1);
    wrl_memory_t memory;
    TRY(wrl_memory_new(world.store, &type, &memory));
    const import_t imports[] = {{"env", "memory", wrl_extern_from_memory(memory)}};
    wrl_module_t *module = NULL;
    wrl_instance_t instance;
    TRY(compile(&guest_data_out_of_bounds, &module));
    wrl_error_t *error = instantiate(module, imports, 1, &instance);
    wrl_module_release(module);
    if (error && wrl_error_kind(error) == WRL_ERROR_TRAP) {
        wrl_error_delete(error);
        return NULL;
    }
    CHECK(error);
    return error;
}

static wrl_error_t *make_refs(void)
{
    return instantiate(world.refs, NULL, 0, &world.refs_instance);
}

/* Calls a function without an export, whose type only the guest contains. */
static wrl_error_t *call_hidden(void)
{
    wrl_func_t func;
    wrl_val_t value = WRL_NULL_FUNCREF;
    TRY(found(wrl_instance_get_func(world.store, world.refs_instance, "get_hidden", &func)));
    TRY(wrl_func_call(world.store, func, NULL, 0, &value, 1));
    func = value.of.func;
    CHECK(!wrl_func_is_null(func));
    value = WRL_I32(1);
    TRY(wrl_func_call(world.store, func, &value, 1, &value, 1));
    CHECK(value.of.i32 == 101);
    return NULL;
}

static wrl_error_t *echo_externref(void)
{
    wrl_func_t func;
    wrl_val_t value = WRL_EXTERNREF(world.externref);
    TRY(found(wrl_instance_get_func(world.store, world.refs_instance, "echo_extern", &func)));
    TRY(wrl_func_call(world.store, func, &value, 1, &value, 1));
    CHECK(value.of.externref.index == world.externref.index);
    return NULL;
}

static wrl_error_t *make_host_refs(void)
{
    const import_t imports[] = {{"host", "swap", wrl_extern_from_func(world.swap)}};
    return instantiate(world.host_refs, imports, 1, &world.host_refs_instance);
}

static wrl_error_t *run_host_refs(void)
{
    wrl_func_t func;
    wrl_val_t arg = WRL_EXTERNREF(world.externref), results[2];
    TRY(found(wrl_instance_get_func(world.store, world.host_refs_instance, "run", &func)));
    TRY(wrl_func_call(world.store, func, &arg, 1, results, 2));
    CHECK(results[1].of.externref.index == world.externref.index);
    int32_t nine = 0;
    TRY(call_export(world.host_refs_instance, "nine", 0, 0, &nine));
    CHECK(nine == 9);
    return NULL;
}

static wrl_error_t *make_vector(void)
{
    return instantiate(world.vector, NULL, 0, &world.vector_instance);
}

static wrl_error_t *run_vector(void)
{
    wrl_func_t func;
    wrl_global_t global;
    wrl_val_t value, before;
    TRY(found(wrl_instance_get_func(world.store, world.vector_instance, "get", &func)));
    TRY(wrl_func_call(world.store, func, NULL, 0, &value, 1));
    TRY(found(wrl_instance_get_global(world.store, world.vector_instance, "v", &global)));
    TRY(wrl_global_get(world.store, global, &before));
    CHECK(memcmp(&before.of.v128, &value.of.v128, 16) == 0);
    return wrl_func_call(world.store, world.vectors, &value, 1, &value, 1);
}

static wrl_error_t *make_caller(void)
{
    const import_t imports[] = {{"host", "look", wrl_extern_from_func(world.look)}};
    return instantiate(world.caller, imports, 1, &world.caller_instance);
}

static wrl_error_t *run_caller(void)
{
    int32_t result = 0;
    TRY(call_export(world.caller_instance, "run", 1, 4, &result));
    CHECK(result == 12);
    return NULL;
}

static wrl_error_t *run_caller_failing(void)
{
    int32_t result;
    world.host_fails = true;
    wrl_error_t *error = call_export(world.caller_instance, "run", 1, 4, &result);
    world.host_fails = false;
    return FAILS(error, WRL_ERROR_HOST, WRL_TRAP_NONE);
}

static wrl_error_t *make_traps(void)
{
    return instantiate(world.traps, NULL, 0, &world.traps_instance);
}

static wrl_error_t *run_trap(const char *name, wrl_trap_code_t code)
{
    wrl_func_t func;
    TRY(found(wrl_instance_get_func(world.store, world.traps_instance, name, &func)));
    return FAILS(wrl_func_call(world.store, func, NULL, 0, NULL, 0), WRL_ERROR_TRAP, code);
}

static wrl_error_t *run_traps(void)
{
    TRY(run_trap("unreachable", WRL_TRAP_UNREACHABLE));
    TRY(run_trap("load_far", WRL_TRAP_MEMORY_OUT_OF_BOUNDS));
    return run_trap("endless", WRL_TRAP_STACK_OVERFLOW);
}

static wrl_error_t *make_exact(void)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.exact_traps = true;
    TRY(wrl_engine_new(&config, &world.exact_engine));
    return NULL;
}

static wrl_error_t *compile_exact(void)
{
    return wrl_module_new(world.exact_engine, guest_traps.bytes, guest_traps.size, NULL, &world.exact_traps);
}

static wrl_error_t *make_exact_store(void)
{
    return wrl_store_new(world.exact_engine,
                         &(wrl_store_config_t){sizeof(wrl_store_config_t), next_finalizer(), finalize},
                         &world.exact_store);
}

static wrl_error_t *run_exact(void)
{
    wrl_instance_t instance;
    wrl_func_t func;
    TRY(wrl_instance_new(world.exact_store, world.exact_traps, NULL, NULL, &instance));
    TRY(found(wrl_instance_get_func(world.exact_store, instance, "trunc_i64_f32_nan", &func)));
    return FAILS(wrl_func_call(world.exact_store, func, NULL, 0, NULL, 0), WRL_ERROR_TRAP,
                 WRL_TRAP_BAD_CONVERSION_TO_INTEGER);
}

static wrl_error_t *make_exporter(void)
{
    return instantiate(world.exporter, NULL, 0, &world.exporter_instance);
}

static wrl_error_t *run_importer(void)
{
    wrl_imports_t *imports;
    wrl_instance_t instance;
    int32_t result = 0;
    TRY(wrl_imports_new(&imports));
    wrl_error_t *error = wrl_imports_define_instance(imports, "a", world.store, world.exporter_instance);
    error = error ? error : wrl_instance_new(world.store, world.importer, imports, NULL, &instance);
    wrl_imports_delete(imports);
    TRY(error);
    TRY(call_export(instance, "via_exporter", 1, 1, &result));
    CHECK(result == 11);
    return NULL;
}

static wrl_error_t *call_host(void)
{
    wrl_val_t args[] = {WRL_EXTERNREF(world.externref), WRL_FUNCREF(world.none)}, results[2];
    TRY(wrl_func_call(world.store, world.swap, args, 2, results, 2));
    CHECK(results[0].of.func.index == world.none.index);
    return wrl_func_call(world.store, world.none, NULL, 0, NULL, 0);
}

/* ---- GC references, if they are supported ---- */

static bool has_all_refs(void)
{
    return world.features[WRL_FEATURE_GC_REFERENCES] && world.features[WRL_FEATURE_EXCEPTIONS];
}

/* ---- More slots than the initial ones ---- */

/* The number of results of guest_many_results. */
enum { DEEP_RESULTS = 250, DEEP_LEVELS = 17 };

static wrl_error_t *on_deep(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)slots;
    return --world.levels ? wrl_func_call_raw(wrl_caller_store(caller), world.deep_guest, NULL, 0) : NULL;
}

static wrl_error_t *compile_deep(void)
{
    return compile(&guest_many_results, &world.deep);
}

static wrl_error_t *make_deep(void)
{
    wrl_valtype_t results[DEEP_RESULTS];
    for (int i = 0; i < DEEP_RESULTS; i++) {
        results[i] = (wrl_valtype_t)WRL_TYPE_I64;
    }
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N(results, DEEP_RESULTS));
    wrl_func_t func;
    wrl_instance_t instance;
    TRY(wrl_func_new_raw(world.store, &type, on_deep, next_finalizer(), finalize, &func));
    const import_t imports[] = {{"host", "down", wrl_extern_from_func(func)}};
    TRY(instantiate(world.deep, imports, 1, &instance));
    return found(wrl_instance_get_func(world.store, instance, "down", &world.deep_guest));
}

static wrl_error_t *call_deep(void)
{
    world.levels = DEEP_LEVELS;
    return wrl_func_call_raw(world.store, world.deep_guest, NULL, 0);
}

static wrl_error_t *compile_all_refs(void)
{
    if (!has_all_refs()) {
        return NULL;
    }
    if (!world.all_refs) {
        TRY(compile(&guest_all_refs, &world.all_refs));
    }
    if (!world.all_refs_host) {
        TRY(compile(&guest_all_refs_host, &world.all_refs_host));
    }
    return compile(&guest_exception_items, &world.exceptions);
}

static wrl_error_t *make_all_refs(void)
{
    if (!has_all_refs()) {
        return NULL;
    }
    TRY(instantiate(world.all_refs, NULL, 0, &world.all_refs_instance));
    return instantiate(world.exceptions, NULL, 0, &world.exceptions_instance);
}

static wrl_error_t *call_refs(wrl_instance_t instance, const char *name, const wrl_val_t *args, size_t arg_count,
                              wrl_val_t *result)
{
    wrl_func_t func;
    TRY(found(wrl_instance_get_func(world.store, instance, name, &func)));
    return wrl_func_call(world.store, func, args, arg_count, result, 1);
}

static wrl_error_t *make_point(wrl_val_t *point)
{
    const wrl_val_t numbers[] = {WRL_I32(3), WRL_I32(4)};
    return call_refs(world.all_refs_instance, "make_point", numbers, 2, point);
}

static wrl_error_t *pass_refs(void)
{
    wrl_val_t point, value;
    if (!has_all_refs()) {
        return NULL;
    }
    TRY(make_point(&point));
    CHECK(wrl_ref_type(world.store, point.of.ref).heap == WRL_HEAP_STRUCT);
    TRY(call_refs(world.all_refs_instance, "y", &point, 1, &value));
    CHECK(value.of.i32 == 4);
    TRY(call_refs(world.all_refs_instance, "to_host", &point, 1, &value));
    TRY(call_refs(world.all_refs_instance, "from_host", &value, 1, &value));
    TRY(FAILS(call_refs(world.all_refs_instance, "i31", &point, 1, &value), WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE));
    return wrl_ref_release(world.store, point.of.ref);
}

static wrl_error_t *pass_functions(void)
{
    wrl_val_t args[2] = {WRL_NULL_FUNCREF, WRL_I32(21)}, result = WRL_I32(0);
    if (!has_all_refs()) {
        return NULL;
    }
    TRY(call_refs(world.all_refs_instance, "get_double", NULL, 0, &args[0]));
    TRY(call_refs(world.all_refs_instance, "apply", args, 2, &result));
    CHECK(result.of.i32 == 42);
    return NULL;
}

static wrl_error_t *pass_exceptions(void)
{
    wrl_val_t value = WRL_I32(7);
    if (!has_all_refs()) {
        return NULL;
    }
    TRY(call_refs(world.exceptions_instance, "catch", &value, 1, &value));
    TRY(call_refs(world.exceptions_instance, "value", &value, 1, &value));
    CHECK(value.of.i32 == 7);
    return NULL;
}

static wrl_error_t *use_refs_global(int32_t heap, const wrl_val_t *value)
{
    const wrl_globaltype_t type = {{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, heap}, true};
    wrl_global_t global;
    wrl_val_t found;
    TRY(wrl_global_new(world.store, &type, value, &global));
    TRY(wrl_global_set(world.store, global, value));
    TRY(wrl_global_get(world.store, global, &found));
    CHECK(!wrl_ref_is_null(found.of.ref));
    return wrl_ref_release(world.store, found.of.ref);
}

static wrl_error_t *use_refs_table(int32_t heap, const wrl_val_t *value)
{
    const wrl_tabletype_t type = {{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, heap}, 2, 3, false};
    wrl_table_t table;
    wrl_val_t found;
    TRY(wrl_table_new(world.store, &type, value, &table));
    TRY(wrl_table_grow(world.store, table, 1, value, NULL));
    TRY(wrl_table_set(world.store, table, 0, value));
    TRY(wrl_table_get(world.store, table, 2, &found));
    CHECK(!wrl_ref_is_null(found.of.ref));
    return wrl_ref_release(world.store, found.of.ref);
}

static wrl_error_t *use_refs_items(void)
{
    wrl_val_t point, exception = WRL_I32(7);
    if (!has_all_refs()) {
        return NULL;
    }
    TRY(make_point(&point));
    TRY(use_refs_global(WRL_HEAP_EQ, &point));
    TRY(use_refs_table(WRL_HEAP_ANY, &point));
    TRY(FAILS(use_refs_global(WRL_HEAP_ARRAY, &point), WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE));
    TRY(call_refs(world.exceptions_instance, "catch", &exception, 1, &exception));
    TRY(use_refs_global(WRL_HEAP_EXN, &exception));
    TRY(FAILS(use_refs_global(WRL_HEAP_EXN, &point), WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE));
    return use_refs_table(WRL_HEAP_EXN, &exception);
}

static wrl_error_t *do_answer(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    wrl_val_t number = WRL_I32(9);
    TRY(call_refs(world.all_refs_instance, "make_i31", &number, 1, &number));
    slots[0].ref = number.of.ref;
    return wrl_ref_autorelease(caller, number.of.ref);
}

static wrl_error_t *answer_refs(void)
{
    static const wrl_valtype_t params[] = {
        {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_ANY}, WRL_TYPE_FUNCREF, WRL_TYPE_I32};
    static const wrl_valtype_t results[] = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_I31}};
    static const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_TYPES_IN(results));
    wrl_func_t func;
    wrl_instance_t instance;
    int32_t result = 0;
    if (!has_all_refs()) {
        return NULL;
    }
    TRY(wrl_func_new_raw(world.store, &type, do_answer, next_finalizer(), finalize, &func));
    const import_t imports[] = {{"host", "f", wrl_extern_from_func(func)}};
    TRY(instantiate(world.all_refs_host, imports, 1, &instance));
    TRY(call_export(instance, "call", 1, 5, &result));
    CHECK(result == 9);
    wrl_val_t args[] = {WRL_NULL_REF, WRL_NULL_FUNCREF, WRL_I32(5)}, direct;
    TRY(make_point(&args[0]));
    return wrl_func_call(world.store, func, args, 3, &direct, 1);
}

static void on_compiled(void *env, wrl_error_t *error, wrl_module_t *module)
{
    compilation_t *compilation = (compilation_t *)env;
    compilation->calls++;
    compilation->error = error;
    compilation->module = module;
}

static wrl_error_t *compile_async(void)
{
    return wrl_module_new_async(world.engine, guest_start.bytes, guest_start.size, NULL, on_compiled,
                                &world.compilations[0]);
}

static wrl_error_t *compile_invalid_async(void)
{
    return wrl_module_new_async(world.engine, invalid_bytes, sizeof invalid_bytes, NULL, on_compiled,
                                &world.compilations[1]);
}

static wrl_error_t *(*const steps[])(void) = {
    make_engine,       make_store,         compile_start,
    compile_items,     compile_refs,       compile_vector,
    compile_caller,    compile_traps,      compile_invalid,
    compile_host_refs, compile_named,      compile_exporter,
    compile_importer,  make_none,          make_swap,
    make_numbers,      make_look,          make_vectors,
    make_many,         make_wide,          make_externrefs,
    use_vector_global, use_nan_globals,    use_ref_globals,
    make_global,       make_memory,        make_tables,
    run_start,         run_items,          link_nothing,
    fail_segment,      make_refs,          call_hidden,
    echo_externref,    make_host_refs,     run_host_refs,
    make_vector,       run_vector,         make_caller,
    run_caller,        run_caller_failing, make_traps,
    run_traps,         make_exact,         make_exact_store,
    compile_exact,     run_exact,          make_exporter,
    run_importer,      call_host,          call_wide,
    compile_deep,      make_deep,          call_deep,
    compile_all_refs,  make_all_refs,      pass_refs,
    pass_functions,    pass_exceptions,    use_refs_items,
    answer_refs,       compile_async,      compile_invalid_async,
};

/* ---- Functions that alloc.mjs calls ---- */

/* Runs a step. A failure must be a lack of memory, and the repeated step must succeed. */
static void take(size_t number)
{
    world.failed_before = failed;
    wrl_error_t *error = steps[number]();
    if (!error) {
        return;
    }
    if (failed == world.failed_before || wrl_error_kind(error) != WRL_ERROR_OUT_OF_MEMORY) {
        (void)printf("step %zu: ", number);
        complain(__LINE__, "the error is not a lack of memory", wrl_error_message(error));
    }
    wrl_error_delete(error);
    fail_after = false;
    world.failed_before = failed;
    error = steps[number]();
    if (error) {
        (void)printf("step %zu: ", number);
        complain(__LINE__, "the repeated step fails", wrl_error_message(error));
        wrl_error_delete(error);
    }
}

/* Begins the scenario. The rest of it runs in the event loop. */
EMSCRIPTEN_KEEPALIVE void alloc_begin(size_t number, int and_after)
{
    memset(&world, 0, sizeof world);
    asked = failed = 0;
    fail_at = number;
    fail_after = and_after;
    problems = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        take(i);
    }
    /* A compilation that failed to start does not keep its store alive. */
    wrl_store_delete(world.store);
    wrl_store_delete(world.exact_store);
}

EMSCRIPTEN_KEEPALIVE int alloc_is_done(void)
{
    return world.compilations[0].calls && world.compilations[1].calls;
}

static void check_features(void)
{
    wrl_engine_t *engine = NULL;
    wrl_error_t *error = wrl_engine_new(NULL, &engine);
    CHECK(!error);
    for (int i = 0; i < WRL_FEATURE_LIMIT && !error; i++) {
        if (wrl_engine_supports(engine, (wrl_feature_t)i) != world.features[i]) {
            complain(__LINE__, "the engine reports another value of the feature", wrl_feature_name((wrl_feature_t)i));
        }
    }
    wrl_error_delete(error);
    wrl_engine_release(engine);
}

static void end_compilation(compilation_t *compilation, wrl_error_kind_t kind)
{
    wrl_error_kind_t was = compilation->error ? wrl_error_kind(compilation->error) : kind;
    CHECK(compilation->calls == 1);
    CHECK(!compilation->error == !!compilation->module);
    if (was != kind && !(was == WRL_ERROR_OUT_OF_MEMORY && failed)) {
        complain(__LINE__, "unexpected error", wrl_error_message(compilation->error));
    }
    wrl_error_delete(compilation->error);
    wrl_module_release(compilation->module);
}

/* Ends the scenario and returns the number of problems. */
EMSCRIPTEN_KEEPALIVE int alloc_end(void)
{
    wrl_module_t *const modules[] = {world.start,         world.items,      world.refs,        world.vector,
                                     world.caller,        world.traps,      world.host_refs,   world.named,
                                     world.exporter,      world.importer,   world.exact_traps, world.all_refs,
                                     world.all_refs_host, world.exceptions, world.deep};
    CHECK(!fail_at || failed > 0);
    CHECK(world.compilations[1].error);
    end_compilation(&world.compilations[0], WRL_ERROR_UNSUPPORTED);
    end_compilation(&world.compilations[1], WRL_ERROR_INVALID);
    fail_at = 0;
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        wrl_module_release(modules[i]);
    }
    wrl_engine_release(world.engine);
    wrl_engine_release(world.exact_engine);
    for (size_t i = 0; i < world.finalizers; i++) {
        if (world.finalized[i] != 1) {
            (void)printf("finalizer %zu of %zu ran %d times\n", i, world.finalizers, world.finalized[i]);
            problems++;
        }
    }
    check_features();
    return problems;
}

EMSCRIPTEN_KEEPALIVE size_t alloc_asked(void)
{
    return asked;
}

/* Returns a count: blocks of memory, the stack pointer, or what JS holds (see wrl__js_held). */
EMSCRIPTEN_KEEPALIVE int alloc_held(int what)
{
    return what == 0 ? blocks : what == 1 ? (int)wrl__js_get_stack() : wrl__js_held(what - 2);
}

/* Prints the places of failed allocations. */
EMSCRIPTEN_KEEPALIVE void alloc_sites(void)
{
    for (size_t i = 0; i < failure_count; i++) {
        (void)printf("site %s:%d\n", failures[i].file, failures[i].line);
    }
}
