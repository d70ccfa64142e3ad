/* For the tests of leaks: uses everything that a store can contain, and every way in which a use can fail. */
#include "guests.h"
#include "world.h"

#include <string.h>

#define HEAD 0, 'a', 's', 'm', 1, 0, 0, 0
#define TYPE_NOTHING 1, 4, 1, 0x60, 0, 0
#define ONE_FUNCTION 3, 2, 1, 0

/* (import "e" "n" (func)) is the start function. */
static const uint8_t starts[] = {HEAD, TYPE_NOTHING, 2, 7, 1, 1, 'e',  1, 'n', 0, 0, ONE_FUNCTION, 8, 1,
                                 1,    10,           6, 1, 4, 0, 0x10, 0, 0x0b};
/* The start function is unreachable. */
static const uint8_t start_traps[] = {HEAD, TYPE_NOTHING, ONE_FUNCTION, 8, 1, 0, 10, 5, 1, 3, 0, 0, 0x0b};
/* A tag, and "t", which throws an exception with it. */
static const uint8_t throws[] = {
    HEAD, TYPE_NOTHING, ONE_FUNCTION, 13, 3, 1, 0, 0, 7, 5, 1, 1, 't', 0, 0, 10, 6, 1, 4, 0, 0x08, 0, 0x0b};
/* "g", a mutable v128, and a memory and a table that grow. */
static const uint8_t items[] = {HEAD, 4,    4, 1,  0x70, 0, 1,   5, 3, 1, 0,   1, 6, 22, 1,   0x7b, 1,
                                0xfd, 12,   1, 2,  3,    4, 5,   6, 7, 8, 9,   1, 2, 3,  4,   5,    6,
                                7,    0x0b, 7, 13, 3,    1, 'g', 3, 0, 1, 'm', 2, 0, 1,  't', 1,    0};
/* The data segment does not fit the memory. */
static const uint8_t out_of_bounds[] = {HEAD, 5, 3, 1, 0, 0, 11, 7, 1, 0, 0x41, 0, 0x0b, 1, 'x'};
/* A function leaves no result although its type has one. */
static const uint8_t invalid[] = {HEAD, 1, 5, 1, 0x60, 0, 1, 0x7f, ONE_FUNCTION, 10, 4, 1, 2, 0, 0x0b};

/* ---- Modules ---- */

typedef struct part {
    world_t *world;
    wrl_imports_t *imports;
    wrl_func_t nothing; /* The start function. */
    bool refuses;       /* Whether the start function fails. */
} part_t;

static wrl_error_t *on_nothing(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    (void)slots;
    return ((part_t *)env)->refuses ? wrl_error_new(WRL_ERROR_HOST, "not today") : NULL;
}

static wrl_error_t *instantiate(part_t *part, const uint8_t *bytes, size_t size, wrl_instance_t *instance)
{
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_module_new(part->world->engine, bytes, size, NULL, &module);
    error = error ? error : wrl_instance_new(part->world->store, module, part->imports, NULL, instance);
    wrl_module_release(module);
    return error;
}

static bool open_part(part_t *part)
{
    static const wrl_functype_t nothing = {0};
    return is_ok(wrl_imports_new(&part->imports)) &&
           is_ok(wrl_func_new_raw(part->world->store, &nothing, on_nothing, part, NULL, &part->nothing)) &&
           is_ok(wrl_imports_define(part->imports, "e", "n", wrl_extern_from_func(part->nothing)));
}

static bool use_starts(part_t *part)
{
    wrl_instance_t instance;
    part->refuses = false;
    bool good = is_ok(instantiate(part, starts, sizeof starts, &instance));
    part->refuses = true;
    return good && is_kind(instantiate(part, starts, sizeof starts, &instance), WRL_ERROR_HOST, WRL_TRAP_NONE) &&
           is_kind(instantiate(part, start_traps, sizeof start_traps, &instance), WRL_ERROR_TRAP, WRL_TRAP_UNREACHABLE);
}

static bool use_failures(part_t *part)
{
    wrl_instance_t instance;
    wrl_imports_t *imports = part->imports;
    bool good = is_kind(instantiate(part, out_of_bounds, sizeof out_of_bounds, &instance), WRL_ERROR_TRAP,
                        WRL_TRAP_MEMORY_OUT_OF_BOUNDS) &&
                is_kind(instantiate(part, invalid, sizeof invalid, &instance), WRL_ERROR_INVALID, WRL_TRAP_NONE) &&
                is_kind(instantiate(part, starts, sizeof starts - 1, &instance), WRL_ERROR_MALFORMED, WRL_TRAP_NONE);
    part->imports = NULL;
    good = good && is_kind(instantiate(part, starts, sizeof starts, &instance), WRL_ERROR_LINK, WRL_TRAP_NONE);
    part->imports = imports;
    return good;
}

static bool use_exceptions(part_t *part)
{
    wrl_instance_t instance;
    wrl_func_t func;
    return is_ok(instantiate(part, throws, sizeof throws, &instance)) &&
           wrl_instance_get_func(part->world->store, instance, "t", &func) &&
           is_kind(wrl_func_call(part->world->store, func, NULL, 0, NULL, 0), WRL_ERROR_TRAP,
                   WRL_TRAP_UNCAUGHT_EXCEPTION);
}

/* ---- Items ---- */

static bool use_v128(wrl_store_t *store, wrl_global_t global)
{
    wrl_val_t value = {.kind = WRL_VALKIND_V128};
    wrl_val_t found;
    memset(&value.of.v128, 0xa5, sizeof value.of.v128);
    return is_ok(wrl_global_set(store, global, &value)) && is_ok(wrl_global_get(store, global, &found)) &&
           found.kind == WRL_VALKIND_V128 && memcmp(&found.of.v128, &value.of.v128, sizeof value.of.v128) == 0;
}

static bool use_table(wrl_store_t *store, wrl_table_t table, const wrl_val_t *value)
{
    wrl_val_t found;
    uint64_t size;
    return is_ok(wrl_table_set(store, table, 0, value)) && is_ok(wrl_table_grow(store, table, 3, value, &size)) &&
           size == 1 && is_ok(wrl_table_get(store, table, 3, &found)) && found.kind == value->kind &&
           found.of.func.store_id == value->of.func.store_id && found.of.func.index == value->of.func.index;
}

static bool use_memory(wrl_store_t *store, wrl_memory_t memory)
{
    uint64_t pages;
    uint8_t byte = 7;
    return is_ok(wrl_memory_grow(store, memory, 1, &pages)) && pages == 1 &&
           is_ok(wrl_memory_write(store, memory, 65536, &byte, 1)) &&
           is_ok(wrl_memory_read(store, memory, 65536, &byte, 1)) && byte == 7;
}

static bool use_guests_items(part_t *part)
{
    wrl_store_t *store = part->world->store;
    wrl_instance_t instance;
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_table_t table;
    wrl_val_t func = wrl_val_funcref(part->world->f);
    return is_ok(instantiate(part, items, sizeof items, &instance)) &&
           wrl_instance_get_global(store, instance, "g", &global) && use_v128(store, global) &&
           wrl_instance_get_memory(store, instance, "m", &memory) && use_memory(store, memory) &&
           wrl_instance_get_table(store, instance, "t", &table) && use_table(store, table, &func);
}

static bool use_own_table(wrl_store_t *store, wrl_val_t value)
{
    wrl_tabletype_t type = WRL_TABLETYPE(value.kind, 1, WRL_NO_MAX);
    wrl_table_t table;
    return is_ok(wrl_table_new(store, &type, &value, &table)) && use_table(store, table, &value);
}

static bool use_own_items(part_t *part, int *released)
{
    wrl_store_t *store = part->world->store;
    wrl_globaltype_t global_type = WRL_GLOBALTYPE(WRL_VALKIND_V128, true);
    wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, WRL_NO_MAX);
    wrl_val_t zero = {.kind = WRL_VALKIND_V128};
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_externref_t ref;
    return is_ok(wrl_global_new(store, &global_type, &zero, &global)) && use_v128(store, global) &&
           is_ok(wrl_memory_new(store, &memory_type, &memory)) && use_memory(store, memory) &&
           is_ok(wrl_externref_new(store, released, count, &ref)) && use_own_table(store, wrl_val_externref(ref)) &&
           use_own_table(store, wrl_val_funcref(part->world->f)) &&
           use_own_table(store, wrl_val_funcref(part->nothing));
}

/* ---- GC references ---- */

static bool call_refs(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_val_t arg, wrl_val_t *result)
{
    wrl_func_t func;
    return wrl_instance_get_func(store, instance, name, &func) && is_ok(wrl_func_call(store, func, &arg, 1, result, 1));
}

static bool use_refs_global(wrl_store_t *store, int32_t heap, const wrl_val_t *value)
{
    const wrl_globaltype_t type = {{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, heap}, true};
    wrl_global_t global;
    wrl_val_t found;
    return is_ok(wrl_global_new(store, &type, value, &global)) && is_ok(wrl_global_set(store, global, value)) &&
           is_ok(wrl_global_get(store, global, &found)) && !wrl_ref_is_null(found.of.ref);
}

static bool use_refs_table(wrl_store_t *store, int32_t heap, const wrl_val_t *value)
{
    const wrl_tabletype_t type = {{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, heap}, 2, 9, false};
    wrl_table_t table;
    wrl_val_t found;
    return is_ok(wrl_table_new(store, &type, value, &table)) && is_ok(wrl_table_grow(store, table, 1, value, NULL)) &&
           is_ok(wrl_table_set(store, table, 0, value)) && is_ok(wrl_table_get(store, table, 2, &found)) &&
           !wrl_ref_is_null(found.of.ref) && is_ok(wrl_ref_release(store, found.of.ref));
}

/* Most references that are passed to the host here are released with the store. */
static bool use_all_refs(part_t *part)
{
    wrl_store_t *store = part->world->store;
    wrl_instance_t instance;
    wrl_val_t array, small, exception, value;
    if (!wrl_engine_supports(part->world->engine, WRL_FEATURE_GC_REFERENCES) ||
        !wrl_engine_supports(part->world->engine, WRL_FEATURE_EXCEPTIONS)) {
        return true;
    }
    bool good = is_ok(instantiate(part, guest_all_refs.bytes, guest_all_refs.size, &instance)) &&
                call_refs(store, instance, "make_numbers", WRL_I32(5), &array) &&
                call_refs(store, instance, "make_i31", WRL_I32(5), &small) &&
                call_refs(store, instance, "catch", WRL_I32(5), &exception) &&
                call_refs(store, instance, "length", array, &value) && value.of.i32 == 5 &&
                call_refs(store, instance, "value", exception, &value) && value.of.i32 == 5 &&
                call_refs(store, instance, "to_host", array, &value) &&
                call_refs(store, instance, "from_host", value, &value) && is_ok(wrl_ref_release(store, value.of.ref));
    wrl_func_t func;
    return good && wrl_instance_get_func(store, instance, "i31", &func) &&
           is_kind(wrl_func_call(store, func, &array, 1, &value, 1), WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE) &&
           use_refs_global(store, WRL_HEAP_EQ, &array) && use_refs_global(store, WRL_HEAP_EXN, &exception) &&
           use_refs_table(store, WRL_HEAP_ANY, &small) && use_refs_table(store, WRL_HEAP_EXN, &exception);
}

bool use_everything(world_t *world, int number)
{
    part_t part = {.world = world};
    int released = 0;
    (void)number;
    bool good = open_store(world) && open_part(&part) && use_starts(&part) && use_failures(&part) &&
                use_exceptions(&part) && use_guests_items(&part) && use_own_items(&part, &released) &&
                use_all_refs(&part);
    wrl_imports_delete(part.imports);
    return close_store(world) && good && released == 1;
}
