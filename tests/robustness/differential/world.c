#include "world.h"

#include "items.h"
#include "tags.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Functions with more values are not called. */
#define MAX_VALUES 128
#define MAX_HOST_CALLS 3000
/* Host functions may call the guest, which may call the host again. */
#define MAX_DEPTH 3

typedef struct host_func {
    world_t *world;
    wrl_functype_t type; /* Borrowed from the module, which outlives the store. */
    uint64_t name;       /* A hash of the import's name. */
    size_t number;
    size_t calls;
    struct host_func *next;
} host_func_t;

/* ---- Values ---- */

static uint64_t bits(uint64_t random)
{
    static const uint64_t edges[] = {
        0,          1,          2,          3,          4,          7,          8,          15,         16,
        31,         32,         63,         64,         255,        256,        4096,       65535,      65536,
        0x7fffffff, 0x80000000, 0xffffffff, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0x4f000000,
    };
    static const uint64_t wide_edges[] = {
        UINT64_C(0x7fffffffffffffff), UINT64_C(0x8000000000000000), UINT64_C(0xffffffffffffffff),
        UINT64_C(0x3ff0000000000000), UINT64_C(0x7ff0000000000000), UINT64_C(0x7ff8000000000000),
        UINT64_C(0x43e0000000000000), UINT64_C(0x41e0000000000000), UINT64_C(0x100000000),
    };
    uint64_t choice = mix(random, 1);
    switch (random % 4) {
    case 0:
        return choice;
    case 1:
        return wide_edges[choice % (sizeof(wide_edges) / sizeof(wide_edges[0]))];
    default:
        return edges[choice % (sizeof(edges) / sizeof(edges[0]))];
    }
}

static bool ref_value(const world_t *world, wrl_valtype_t type, uint64_t random, wrl_val_t *value)
{
    bool may_be_null = type.kind != WRL_VALKIND_REF || (type.flags & WRL_VALTYPE_NULLABLE) != 0;
    bool is_plain = type.kind != WRL_VALKIND_REF || type.heap == WRL_HEAP_FUNC || type.heap == WRL_HEAP_EXTERN;
    if (may_be_null && (random % 4 == 0 || (!is_plain && value->kind != WRL_VALKIND_REF))) {
        return true;
    }
    if (is_plain && value->kind == WRL_VALKIND_FUNCREF && world->func_count) {
        value->of.func = world->funcs[random / 4 % world->func_count];
        return true;
    }
    if (is_plain && value->kind == WRL_VALKIND_EXTERNREF) {
        value->of.externref = world->externrefs[random / 4 % WORLD_EXTERNREFS];
        return true;
    }
    /* The reference may be of any type. All engines refuse a reference of the wrong type. */
    if (value->kind == WRL_VALKIND_REF && world->ref_count) {
        value->of.ref = world->refs[random / 4 % world->ref_count];
        return true;
    }
    return may_be_null;
}

bool world_value(const world_t *world, wrl_valtype_t type, uint64_t random, wrl_val_t *value)
{
    memset(value, 0, sizeof(*value));
    value->kind = wrl_valtype_value_kind(type);
    switch (value->kind) {
    case WRL_VALKIND_I32:
    case WRL_VALKIND_F32: {
        uint32_t word = (uint32_t)bits(random);
        memcpy(&value->of, &word, sizeof(word));
        return true;
    }
    case WRL_VALKIND_I64:
    case WRL_VALKIND_F64:
    case WRL_VALKIND_V128: {
        uint64_t words[2] = {bits(random), bits(mix(random, 2))};
        memcpy(&value->of, words, value->kind == WRL_VALKIND_V128 ? sizeof(words) : sizeof(words[0]));
        return true;
    }
    default:
        return ref_value(world, type, random, value);
    }
}

bool world_values(const world_t *world, const wrl_valtype_t *types, size_t count, uint64_t random, wrl_val_t *values)
{
    for (size_t i = 0; i < count; i++) {
        if (!world_value(world, types[i], mix(random, i), &values[i])) {
            return false;
        }
    }
    return true;
}

/* ---- Values as text ---- */

/* Identifies a function by its position in the order in which functions were first seen, because payloads differ
 * between backends. */
static void say_func(world_t *world, wrl_func_t func)
{
    size_t n = 0;
    while (n < world->func_count && world->funcs[n].index != func.index) {
        n++;
    }
    say(world->transcript, "func %zu ", n);
    if (n == world->func_count) {
        wrl_functype_t type = wrl_func_type(world->store, func);
        say_functype(world->transcript, &type);
        if (n < WORLD_FUNCS) {
            world->funcs[world->func_count++] = func;
        }
    }
}

static void say_externref(world_t *world, wrl_externref_t externref)
{
    const void *data = wrl_externref_data(world->store, externref);
    if (!data) {
        say(world->transcript, "the guest's own externref");
        return;
    }
    for (size_t i = 0; i < WORLD_EXTERNREFS; i++) {
        if (data == &world->externrefs[i]) {
            say(world->transcript, "externref %zu", i);
            return;
        }
    }
    say(world->transcript, "an unknown externref");
}

static void keep_ref(world_t *world, wrl_ref_t ref, lending_t lending)
{
    wrl_error_t *error = NULL;
    if (world->ref_count < WORLD_REFS) {
        world->refs[world->ref_count++] = ref;
        error = lending == LENDING_LENT ? wrl_ref_retain(world->store, ref) : NULL;
    } else if (lending == LENDING_HELD) {
        error = wrl_ref_release(world->store, ref);
    }
    if (error) {
        say_error(world->transcript, error);
    }
}

static void say_ref(world_t *world, wrl_ref_t ref, lending_t lending)
{
    say(world->transcript, "ref %ld", (long)wrl_ref_type(world->store, ref).heap);
    if (lending != LENDING_OWN) {
        keep_ref(world, ref, lending);
    }
}

static bool is_null(const wrl_val_t *value)
{
    return (value->kind == WRL_VALKIND_FUNCREF && wrl_func_is_null(value->of.func)) ||
           (value->kind == WRL_VALKIND_EXTERNREF && wrl_externref_is_null(value->of.externref)) ||
           (value->kind == WRL_VALKIND_REF && wrl_ref_is_null(value->of.ref));
}

void say_value(world_t *world, const wrl_val_t *value, lending_t lending)
{
    uint32_t word;
    uint64_t words[2];
    memcpy(&word, &value->of, sizeof(word));
    memcpy(words, &value->of, sizeof(words));
    if (is_null(value)) {
        say(world->transcript, "null");
        return;
    }
    switch (value->kind) {
    case WRL_VALKIND_I32:
    case WRL_VALKIND_F32:
        say(world->transcript, "%08" PRIx32, word);
        break;
    case WRL_VALKIND_I64:
    case WRL_VALKIND_F64:
        say(world->transcript, "%016" PRIx64, words[0]);
        break;
    case WRL_VALKIND_V128:
        say(world->transcript, "%016" PRIx64 ":%016" PRIx64, words[1], words[0]);
        break;
    case WRL_VALKIND_FUNCREF:
        say_func(world, value->of.func);
        break;
    case WRL_VALKIND_EXTERNREF:
        say_externref(world, value->of.externref);
        break;
    default:
        say_ref(world, value->of.ref, lending);
    }
}

void say_values(world_t *world, const wrl_val_t *values, size_t count, lending_t lending)
{
    say(world->transcript, "(");
    for (size_t i = 0; i < count; i++) {
        say(world->transcript, "%s", i ? ", " : "");
        say_value(world, &values[i], lending);
    }
    say(world->transcript, ")");
}

/* ---- Calls ---- */

void world_call(world_t *world, wrl_func_t func, uint64_t random)
{
    wrl_functype_t type = wrl_func_type(world->store, func);
    wrl_val_t args[MAX_VALUES];
    wrl_val_t results[MAX_VALUES];
    if (type.param_count > MAX_VALUES || type.result_count > MAX_VALUES ||
        !world_values(world, type.params, type.param_count, random, args)) {
        say(world->transcript, "not called");
    } else {
        say_values(world, args, type.param_count, LENDING_OWN);
        /* Ends the line before the call, because host functions also write. */
        say(world->transcript, "\n");
        wrl_error_t *error = wrl_func_call(world->store, func, args, type.param_count, results, type.result_count);
        say(world->transcript, "  = ");
        if (error) {
            say_error(world->transcript, error);
        } else {
            say_values(world, results, type.result_count, LENDING_HELD);
        }
    }
    say(world->transcript, "\n");
}

/* ---- Host functions ---- */

/* Returns whether an export may be chosen. The fuel is excluded, so that it runs out. */
static bool may_choose(const wrl_exporttype_t *type, wrl_externkind_t kind)
{
    return type->type.kind == kind && (type->name_size != 4 || memcmp(type->name, "fuel", 4) != 0);
}

/* Chooses a random export of a kind of the calling instance. */
static bool export_of(wrl_caller_t *caller, wrl_externkind_t kind, uint64_t random, wrl_extern_t *item)
{
    wrl_store_t *store = wrl_caller_store(caller);
    wrl_instance_t instance = wrl_caller_instance(caller);
    wrl_module_t *module = wrl_instance_module(store, instance);
    wrl_exporttype_t type;
    size_t found = 0;
    for (size_t i = 0; wrl_module_export(module, i, &type); i++) {
        found += may_choose(&type, kind);
    }
    size_t wanted = found ? (size_t)(random % found) : 0;
    for (size_t i = 0; found && wrl_module_export(module, i, &type); i++) {
        if (may_choose(&type, kind) && wanted-- == 0) {
            return wrl_caller_get_export_n(caller, type.name, type.name_size, item);
        }
    }
    return false;
}

static void grow_memory(world_t *world, wrl_caller_t *caller, uint64_t random)
{
    wrl_extern_t item;
    uint64_t before = 0;
    if (export_of(caller, WRL_EXTERN_MEMORY, random, &item)) {
        wrl_error_t *error = wrl_memory_grow(world->store, item.of.memory, random / 16 % 3, &before);
        say(world->transcript, "    grows memory of %" PRIu64 ": ", before);
        if (error) {
            say_error(world->transcript, error);
        }
        say(world->transcript, "\n");
    }
}

static void write_memory(world_t *world, wrl_caller_t *caller, uint64_t random)
{
    wrl_extern_t item;
    uint8_t byte = (uint8_t)random;
    if (export_of(caller, WRL_EXTERN_MEMORY, random, &item)) {
        wrl_error_t *error = wrl_memory_write(world->store, item.of.memory, random / 256 % 65536, &byte, 1);
        say(world->transcript, "    writes memory: ");
        if (error) {
            say_error(world->transcript, error);
        }
        say(world->transcript, "\n");
    }
}

static void set_global(world_t *world, wrl_caller_t *caller, uint64_t random)
{
    wrl_extern_t item;
    wrl_val_t value;
    if (export_of(caller, WRL_EXTERN_GLOBAL, random, &item)) {
        wrl_globaltype_t type = wrl_global_type(world->store, item.of.global);
        if (type.is_mutable && world_value(world, type.content, random / 16, &value)) {
            wrl_error_t *error = wrl_global_set(world->store, item.of.global, &value);
            say(world->transcript, "    sets a global: ");
            if (error) {
                say_error(world->transcript, error);
            }
            say(world->transcript, "\n");
        }
    }
}

static void call_back(world_t *world, wrl_caller_t *caller, uint64_t random)
{
    wrl_extern_t item;
    if (world->depth < MAX_DEPTH && export_of(caller, WRL_EXTERN_FUNC, random, &item)) {
        world->depth++;
        say(world->transcript, "    calls back ");
        world_call(world, item.of.func, random / 16);
        world->depth--;
    }
}

static wrl_error_t *act(world_t *world, wrl_caller_t *caller, uint64_t random)
{
    uint64_t detail = mix(random, 3);
    switch (random % 16) {
    case 0:
        return wrl_error_new(WRL_ERROR_HOST, "the host has had enough");
    case 1:
        return wrl_error_new_trap(WRL_TRAP_UNALIGNED_ATOMIC, NULL);
    case 2:
    case 3:
        grow_memory(world, caller, detail);
        return NULL;
    case 4:
    case 5:
        write_memory(world, caller, detail);
        return NULL;
    case 6:
    case 7:
        set_global(world, caller, detail);
        return NULL;
    case 8:
    case 9:
    case 10:
        call_back(world, caller, detail);
        return NULL;
    default:
        return NULL;
    }
}

static wrl_error_t *answer(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                           size_t result_count)
{
    host_func_t *func = (host_func_t *)env;
    world_t *world = func->world;
    if (world->host_calls++ >= MAX_HOST_CALLS) {
        return wrl_error_new(WRL_ERROR_HOST, "the host was called too often");
    }
    uint64_t random = mix(mix(world->seed, func->name), func->calls++);
    say(world->transcript, "  host %zu ", func->number);
    say_values(world, args, arg_count, LENDING_LENT);
    say(world->transcript, "\n");
    wrl_error_t *error = act(world, caller, random);
    if (error) {
        return error;
    }
    if (!world_values(world, func->type.results, result_count, random, results)) {
        return wrl_error_new(WRL_ERROR_HOST, "the host has no such value");
    }
    return NULL;
}

static void finalize_func(void *env)
{
    ((host_func_t *)env)->world->finalizers_run++;
}

static wrl_error_t *make_func(world_t *world, const wrl_importtype_t *wanted, size_t number, wrl_func_t *made)
{
    host_func_t *func = (host_func_t *)calloc(1, sizeof(*func));
    if (!func) {
        exit(2);
    }
    func->world = world;
    func->type = wanted->type.of.func;
    func->number = number;
    func->name = mix(hash_bytes(wanted->module, wanted->module_size), hash_bytes(wanted->name, wanted->name_size));
    func->next = world->host_funcs;
    world->host_funcs = func;
    world->finalizers_due++;
    return wrl_func_new(world->store, &func->type, answer, func, finalize_func, made);
}

/* ---- Imports ---- */

static wrl_error_t *make_item(world_t *world, const wrl_importtype_t *wanted, size_t number, wrl_extern_t *item)
{
    const wrl_externtype_t *type = &wanted->type;
    uint64_t random = mix(world->seed, number);
    wrl_val_t initial;
    memset(item, 0, sizeof(*item));
    item->kind = type->kind;
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        return make_func(world, wanted, number, &item->of.func);
    case WRL_EXTERN_GLOBAL:
        return world_value(world, type->of.global.content, random, &initial)
                   ? wrl_global_new(world->store, &type->of.global, &initial, &item->of.global)
                   : wrl_error_new(WRL_ERROR_HOST, "no such value");
    case WRL_EXTERN_MEMORY:
        return wrl_memory_new(world->store, &type->of.memory, &item->of.memory);
    case WRL_EXTERN_TABLE:
        return world_value(world, type->of.table.element, random, &initial)
                   ? wrl_table_new(world->store, &type->of.table, &initial, &item->of.table)
                   : wrl_error_new(WRL_ERROR_HOST, "no such value");
    case WRL_EXTERN_TAG:
        return tag_new(world->engine, world->store, &type->of.tag, &item->of.tag);
    default:
        return wrl_error_new(WRL_ERROR_HOST, "not made here");
    }
}

wrl_imports_t *world_imports(world_t *world, const wrl_module_t *module)
{
    wrl_imports_t *imports = NULL;
    wrl_importtype_t wanted;
    wrl_error_t *error = wrl_imports_new(&imports);
    for (size_t i = 0; !error && wrl_module_import(module, i, &wanted); i++) {
        wrl_extern_t item;
        error = make_item(world, &wanted, i, &item);
        if (!error) {
            error =
                wrl_imports_define_n(imports, wanted.module, wanted.module_size, wanted.name, wanted.name_size, item);
        }
        if (error) {
            say(world->transcript, "import %zu: ", i);
            say_error(world->transcript, error);
            say(world->transcript, "\n");
            error = NULL;
        }
    }
    wrl_error_delete(error);
    return imports;
}

/* ---- Stores ---- */

bool world_new(world_t *world, wrl_engine_t *engine, uint64_t seed, transcript_t *transcript)
{
    memset(world, 0, sizeof(*world));
    world->engine = engine;
    world->transcript = transcript;
    world->seed = seed;
    wrl_error_t *error = wrl_store_new(engine, NULL, &world->store);
    for (size_t i = 0; i < WORLD_EXTERNREFS && !error; i++) {
        error = wrl_externref_new(world->store, &world->externrefs[i], NULL, &world->externrefs[i]);
    }
    if (error) {
        say(transcript, "store: ");
        say_error(transcript, error);
        say(transcript, "\n");
        wrl_store_delete(world->store);
    }
    return !error;
}

void world_delete(world_t *world)
{
    wrl_store_delete(world->store);
    if (world->finalizers_due != world->finalizers_run) {
        say(world->transcript, "finalizers: %zu due, %zu run\n", world->finalizers_due, world->finalizers_run);
    }
    while (world->host_funcs) {
        host_func_t *func = world->host_funcs;
        world->host_funcs = func->next;
        free(func);
    }
}
