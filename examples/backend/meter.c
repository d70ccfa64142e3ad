/*
 * An out-of-tree backend that runs guests on another backend and counts the calls between program and guests.
 *
 * It can measure any program that selects its backend by name, without changes to the program. When one of its engines
 * is deleted, it prints how often the program called guests and how often guests called the program.
 * docs/writing-a-backend.md explains how to write a backend. This one is real but short, because its engine is the
 * layer itself: each function forwards its request to the layer's public interface, and counts.
 *
 * As a shared object, for wrl_backend_load() and for `wrl run --backend ./libmeter.so`:
 *
 *     cc -std=c11 -shared -fPIC -fvisibility=hidden -I$PREFIX/include meter.c -L$PREFIX/lib -lwrl -o libmeter.so
 *
 * Or as part of a program, see backend.c. -DMETER_BACKEND='"wasmtime"' selects the inner backend. Without this option,
 * the default backend is the inner backend.
 */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <wrl.h>
#include <wrl/sys/backend.h>

#ifndef METER_BACKEND
#define METER_BACKEND NULL
#endif

/* The backend's only visible symbol. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const wrl_backend_t *
wrl_backend_meter(uint32_t abi);

/* Only one thread at a time uses a store, so a store counts without locks. The engine adds up the counts of its stores.
 */
typedef struct counts {
    uint64_t calls_in;
    uint64_t failed;
    uint64_t calls_out;
} counts_t;

typedef struct engine {
    const wrl_core_t *core;
    wrl_engine_t *inner;
    atomic_uint_fast64_t calls_in;
    atomic_uint_fast64_t failed;
    atomic_uint_fast64_t calls_out;
} engine_t;

/* An attempt to make an instance in the inner store, and the core's key for it. */
typedef struct instance {
    struct instance *next;
    uint64_t key;
    uint64_t first;      /* The inner handle's index is at least this, and less than `first` of the next attempt. */
    wrl_instance_t made; /* Null while the attempt is in progress, and if it failed. */
} instance_t;

typedef struct store {
    engine_t *engine;
    wrl_store_t *inner;
    instance_t *instances; /* Latest first. */
    uint64_t inner_id;     /* The store_id of all handles of the inner store. Known after the first externref. */
    counts_t counts;
} store_t;

/* ---- References: the reference that the core receives is the inner handle. Both have 16 bytes ---- */

static wrl_backend_ref_t make_ref(uint64_t store_id, uint64_t index)
{
    wrl_backend_ref_t ref = {{store_id, index}};
    return ref;
}

#define REF_OF(handle) make_ref((handle).store_id, (handle).index)
#define HANDLE(type, ref) ((type){(ref).words[0], (ref).words[1]})

static wrl_extern_t extern_of(const wrl_backend_extern_t *item)
{
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        return wrl_extern_from_func(HANDLE(wrl_func_t, item->ref));
    case WRL_EXTERN_GLOBAL:
        return wrl_extern_from_global(HANDLE(wrl_global_t, item->ref));
    case WRL_EXTERN_MEMORY:
        return wrl_extern_from_memory(HANDLE(wrl_memory_t, item->ref));
    case WRL_EXTERN_TABLE:
        return wrl_extern_from_table(HANDLE(wrl_table_t, item->ref));
    default:
        return wrl_extern_from_tag(HANDLE(wrl_tag_t, item->ref));
    }
}

static wrl_backend_ref_t ref_of_extern(const wrl_extern_t *item)
{
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        return REF_OF(item->of.func);
    case WRL_EXTERN_GLOBAL:
        return REF_OF(item->of.global);
    case WRL_EXTERN_MEMORY:
        return REF_OF(item->of.memory);
    case WRL_EXTERN_TABLE:
        return REF_OF(item->of.table);
    default:
        return REF_OF(item->of.tag);
    }
}

/*
 * ---- Values ----
 *
 * Only externrefs are converted: the core uses keys, the inner store uses handles whose payload is the key. `down`
 * means from the core to the inner store, `up` the other direction.
 */

static void externref_down(const store_t *store, wrl_raw_t *slot)
{
    if (slot->words[0]) {
        slot->externref = HANDLE(wrl_externref_t, make_ref(store->inner_id, slot->words[1]));
    }
}

/* Arguments of a host function are borrowed. All other handles come with a hold, which is released at once, because
 * the hold of externref_new() keeps the externref alive. */
static wrl_error_t *externref_up(const store_t *store, bool borrowed, wrl_raw_t *slot)
{
    void *data = NULL;
    wrl_error_t *error = NULL;
    if (!wrl_externref_is_null(slot->externref)) {
        error = wrl_externref_get(store->inner, slot->externref, &data); /* UNSUPPORTED for a guest's own externref. */
    }
    if (!error && !borrowed) {
        error = wrl_externref_release(store->inner, slot->externref);
    }
    slot->words[0] = (uint64_t)(uintptr_t)data;
    slot->words[1] = 0;
    return error;
}

static void slots_down(const store_t *store, const wrl_valtype_t *types, size_t count, wrl_raw_t *slots)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            externref_down(store, &slots[i]);
        }
    }
}

static wrl_error_t *slots_up(const store_t *store, const wrl_valtype_t *types, size_t count, bool borrowed,
                             wrl_raw_t *slots)
{
    wrl_error_t *error = NULL;
    for (size_t i = 0; i < count && !error; i++) {
        if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            error = externref_up(store, borrowed, &slots[i]);
        }
    }
    return error;
}

static wrl_val_t val_down(const store_t *store, wrl_valtype_t type, const wrl_raw_t *raw)
{
    wrl_raw_t slot = *raw;
    slots_down(store, &type, 1, &slot);
    wrl_val_t val;
    memset(&val, 0, sizeof val);
    val.kind = type.kind;
    memcpy(&val.of, &slot, sizeof slot);
    return val;
}

static wrl_error_t *val_up(const store_t *store, wrl_valtype_t type, const wrl_val_t *val, wrl_raw_t *raw)
{
    memcpy(raw, &val->of, sizeof *raw);
    return slots_up(store, &type, 1, false, raw);
}

/* ---- Engines ---- */

static wrl_error_t *engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    engine_t *made = (engine_t *)core->alloc(sizeof *made);
    if (!made) {
        return core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
    }
    wrl_engine_config_t inner = WRL_ENGINE_CONFIG_INIT;
    inner.backend = METER_BACKEND;
    inner.max_reentry = config->max_reentry;
    wrl_error_t *error = wrl_engine_new(&inner, &made->inner);
    if (error) {
        core->free(made);
        return error;
    }
    made->core = core;
    *engine = made;
    return NULL;
}

static void engine_delete(void *engine)
{
    engine_t *ended = (engine_t *)engine;
    uint64_t calls_in = atomic_load(&ended->calls_in);
    uint64_t calls_out = atomic_load(&ended->calls_out);
    if (calls_in || calls_out) {
        fprintf(stderr, "meter: %" PRIu64 " calls in, %" PRIu64 " of them failed, %" PRIu64 " calls out\n", calls_in,
                (uint64_t)atomic_load(&ended->failed), calls_out);
    }
    wrl_engine_release(ended->inner);
    ended->core->free(ended);
}

static void engine_features(void *engine, uint64_t features[2])
{
    for (int feature = 0; feature < WRL_FEATURE_LIMIT; feature++) {
        if (wrl_engine_supports(((engine_t *)engine)->inner, (wrl_feature_t)feature)) {
            features[feature / 64] |= UINT64_C(1) << feature % 64;
        }
    }
}

/* ---- Modules ---- */

static wrl_error_t *module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    wrl_module_t *made;
    wrl_error_t *error = wrl_module_new(((engine_t *)engine)->inner, bytes, size, NULL, &made);
    *module = made;
    return error;
}

static void module_delete(void *module)
{
    wrl_module_release((wrl_module_t *)module);
}

/* ---- Stores ---- */

static wrl_error_t *store_new(void *engine, void **store)
{
    engine_t *owner = (engine_t *)engine;
    store_t *made = (store_t *)owner->core->alloc(sizeof *made);
    if (!made) {
        return owner->core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
    }
    wrl_error_t *error = wrl_store_new(owner->inner, NULL, &made->inner);
    if (error) {
        owner->core->free(made);
        return error;
    }
    made->engine = owner;
    *store = made;
    return NULL;
}

static void store_delete(void *store)
{
    store_t *ended = (store_t *)store;
    engine_t *engine = ended->engine;
    atomic_fetch_add_explicit(&engine->calls_in, ended->counts.calls_in, memory_order_relaxed);
    atomic_fetch_add_explicit(&engine->failed, ended->counts.failed, memory_order_relaxed);
    atomic_fetch_add_explicit(&engine->calls_out, ended->counts.calls_out, memory_order_relaxed);
    wrl_store_delete(ended->inner);
    while (ended->instances) {
        instance_t *instance = ended->instances;
        ended->instances = instance->next;
        engine->core->free(instance);
    }
    engine->core->free(ended);
}

/* ---- Instances ---- */

/* Consumes an index of the inner store, by making an empty instance, and reports the index. */
static wrl_error_t *use_index(const store_t *store, uint64_t *index)
{
    static const uint8_t empty[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    wrl_module_t *module = NULL;
    wrl_instance_t made = {0, 0};
    wrl_error_t *error = wrl_module_new(store->engine->inner, empty, sizeof empty, NULL, &module);
    error = error ? error : wrl_instance_new(store->inner, module, NULL, NULL, &made);
    wrl_module_release(module);
    *index = made.index;
    return error;
}

/* Records an attempt. If the previous attempt failed or is still in progress (this one is nested in it), its index is
 * unknown. Then use_index() determines the next index. */
static wrl_error_t *begin_instance(store_t *store, uint64_t key, instance_t **begun)
{
    const instance_t *last = store->instances;
    uint64_t used = last ? last->made.index : 0;
    wrl_error_t *error = last && !last->made.store_id ? use_index(store, &used) : NULL;
    if (error) {
        return error;
    }
    *begun = (instance_t *)store->engine->core->alloc(sizeof **begun);
    if (!*begun) {
        return store->engine->core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
    }
    **begun = (instance_t){store->instances, key, last ? used + 1 : 0, {0, 0}};
    store->instances = *begun;
    return NULL;
}

static wrl_error_t *instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                 uint64_t key, wrl_backend_ref_t *instance)
{
    store_t *owner = (store_t *)store;
    instance_t *begun;
    wrl_error_t *error = begin_instance(owner, key, &begun);
    if (error) {
        return error;
    }
    /* The core has already resolved the imports. */
    wrl_extern_t *items = (wrl_extern_t *)owner->engine->core->alloc(import_count * sizeof *items);
    if (!items) {
        return owner->engine->core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
    }
    for (size_t i = 0; i < import_count; i++) {
        items[i] = extern_of(&imports[i]);
    }
    const wrl_instance_config_t config = {sizeof config, items, import_count};
    error = wrl_instance_new(owner->inner, (wrl_module_t *)module, NULL, &config, &begun->made);
    owner->engine->core->free(items);
    *instance = REF_OF(begun->made);
    return error;
}

static wrl_error_t *instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                    size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item)
{
    (void)name;
    (void)name_size;
    (void)type;
    wrl_export_t found;
    wrl_error_t *error =
        wrl_instance_export(((store_t *)store)->inner, HANDLE(wrl_instance_t, instance), index, &found);
    if (!error) {
        *item = ref_of_extern(&found.item);
    }
    return error;
}

/* ---- Functions ---- */

static size_t slot_count(const wrl_functype_t *type)
{
    return type->param_count > type->result_count ? type->param_count : type->result_count;
}

static wrl_error_t *call_inner(store_t *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    store->counts.calls_in++;
    wrl_error_t *error = wrl_func_call_raw(store->inner, HANDLE(wrl_func_t, func), slots, slot_count(type));
    store->counts.failed += error != NULL;
    return error;
}

static wrl_error_t *call(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    return call_inner((store_t *)store, func, type, slots);
}

static wrl_error_t *call_with_externrefs(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                         wrl_raw_t *slots)
{
    slots_down((store_t *)store, type->params, type->param_count, slots);
    wrl_error_t *error = call_inner((store_t *)store, func, type, slots);
    return error ? error : slots_up((store_t *)store, type->results, type->result_count, false, slots);
}

static bool has_externref(const wrl_valtype_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == WRL_VALKIND_EXTERNREF) {
            return true;
        }
    }
    return false;
}

/* Selects the entry once for each function: the type determines whether calls have externrefs to convert. */
static wrl_error_t *func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                               wrl_backend_entry_t *entry)
{
    (void)store;
    (void)func;
    bool any = has_externref(type->params, type->param_count) || has_externref(type->results, type->result_count);
    *entry = any ? call_with_externrefs : call;
    return NULL;
}

/* A host function of the program, and the store that counts its calls. */
typedef struct hook {
    store_t *store;
    wrl_host_func_t *host;
} hook_t;

static wrl_error_t *call_host(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    const hook_t *hook = (const hook_t *)env;
    const wrl_functype_t *type = hook->host->type;
    hook->store->counts.calls_out++;
    wrl_error_t *error = slots_up(hook->store, type->params, type->param_count, true, slots);
    if (!error) {
        error = hook->host->call(hook->host, caller, slots);
    }
    if (!error) {
        slots_down(hook->store, type->results, type->result_count, slots);
    }
    return error;
}

static wrl_error_t *func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func)
{
    store_t *owner = (store_t *)store;
    const wrl_core_t *core = owner->engine->core;
    hook_t *hook = (hook_t *)core->alloc(sizeof *hook);
    if (!hook) {
        return core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
    }
    hook->store = owner;
    hook->host = host;
    wrl_func_t made;
    /* core->free is the hook's finalizer. It runs when the inner store is deleted, or in this call if the call fails.
     */
    wrl_error_t *error = wrl_func_new_raw(owner->inner, host->type, call_host, hook, core->free, &made);
    *func = REF_OF(made);
    return error;
}

static wrl_error_t *func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                              size_t *result_count)
{
    wrl_functype_t type = wrl_func_type(((store_t *)store)->inner, HANDLE(wrl_func_t, func));
    for (size_t i = 0; i < type.param_count; i++) {
        *types++ = type.params[i];
    }
    for (size_t i = 0; i < type.result_count; i++) {
        *types++ = type.results[i];
    }
    *param_count = type.param_count;
    *result_count = type.result_count;
    return NULL;
}

static bool caller_instance(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance)
{
    wrl_instance_t found = wrl_caller_instance((wrl_caller_t *)caller);
    const instance_t *one = ((const store_t *)store)->instances;
    while (one && one->first > found.index) {
        one = one->next;
    }
    if (!found.store_id || !one || (one->made.store_id && one->made.index != found.index)) {
        return false;
    }
    *key = one->key;
    *instance = REF_OF(found);
    return true;
}

/* ---- Globals ---- */

static wrl_error_t *global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                               wrl_backend_ref_t *global)
{
    const store_t *owner = (const store_t *)store;
    wrl_val_t val = val_down(owner, type->content, initial);
    wrl_global_t made;
    wrl_error_t *error = wrl_global_new(owner->inner, type, &val, &made);
    *global = REF_OF(made);
    return error;
}

static wrl_error_t *global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value)
{
    const store_t *owner = (const store_t *)store;
    wrl_val_t val;
    wrl_error_t *error = wrl_global_get(owner->inner, HANDLE(wrl_global_t, global), &val);
    return error ? error : val_up(owner, type->content, &val, value);
}

static wrl_error_t *global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                               const wrl_raw_t *value)
{
    const store_t *owner = (const store_t *)store;
    wrl_val_t val = val_down(owner, type->content, value);
    return wrl_global_set(owner->inner, HANDLE(wrl_global_t, global), &val);
}

/* ---- Memories ---- */

static wrl_error_t *memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory)
{
    wrl_memory_t made;
    wrl_error_t *error = wrl_memory_new(((store_t *)store)->inner, type, &made);
    *memory = REF_OF(made);
    return error;
}

static uint64_t memory_size(void *store, wrl_backend_ref_t memory)
{
    return wrl_memory_size(((store_t *)store)->inner, HANDLE(wrl_memory_t, memory));
}

static wrl_error_t *memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages)
{
    return wrl_memory_grow(((store_t *)store)->inner, HANDLE(wrl_memory_t, memory), delta, previous_pages);
}

static void memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size)
{
    *data = wrl_memory_data(((store_t *)store)->inner, HANDLE(wrl_memory_t, memory), size);
}

static wrl_error_t *memory_read(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size)
{
    return wrl_memory_read(((store_t *)store)->inner, HANDLE(wrl_memory_t, memory), offset, buffer, size);
}

static wrl_error_t *memory_write(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                 size_t size)
{
    return wrl_memory_write(((store_t *)store)->inner, HANDLE(wrl_memory_t, memory), offset, buffer, size);
}

/* ---- Tables ---- */

static wrl_error_t *table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                              wrl_backend_ref_t *table)
{
    const store_t *owner = (const store_t *)store;
    wrl_val_t val = val_down(owner, type->element, initial);
    wrl_table_t made;
    wrl_error_t *error = wrl_table_new(owner->inner, type, &val, &made);
    *table = REF_OF(made);
    return error;
}

static uint64_t table_size(void *store, wrl_backend_ref_t table)
{
    return wrl_table_size(((store_t *)store)->inner, HANDLE(wrl_table_t, table));
}

static wrl_error_t *table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              wrl_raw_t *value)
{
    const store_t *owner = (const store_t *)store;
    wrl_val_t val;
    wrl_error_t *error = wrl_table_get(owner->inner, HANDLE(wrl_table_t, table), index, &val);
    return error ? error : val_up(owner, type->element, &val, value);
}

static wrl_error_t *table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              const wrl_raw_t *value)
{
    const store_t *owner = (const store_t *)store;
    wrl_val_t val = val_down(owner, type->element, value);
    return wrl_table_set(owner->inner, HANDLE(wrl_table_t, table), index, &val);
}

static wrl_error_t *table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                               const wrl_raw_t *initial, uint64_t *previous_size)
{
    const store_t *owner = (const store_t *)store;
    wrl_val_t val = val_down(owner, type->element, initial);
    return wrl_table_grow(owner->inner, HANDLE(wrl_table_t, table), delta, &val, previous_size);
}

/* ---- Externrefs ---- */

/* The key is the payload of the inner externref. The core guarantees that it fits into a pointer. */
static wrl_error_t *externref_new(void *store, uint64_t key, uint64_t *word)
{
    store_t *owner = (store_t *)store;
    wrl_externref_t made;
    wrl_error_t *error = wrl_externref_new(owner->inner, (void *)(uintptr_t)key, NULL, &made);
    owner->inner_id = made.store_id ? made.store_id : owner->inner_id;
    *word = made.index;
    return error;
}

/* ---- The description ---- */

static const wrl_backend_t description = {
    .size = sizeof(wrl_backend_t),
    .abi = WRL_BACKEND_ABI,
    .name = "meter",
    .engine_name = "a meter around another backend",
    .engine_version = WRL_VERSION_STRING,
    .engine_new = engine_new,
    .engine_delete = engine_delete,
    .engine_features = engine_features,
    .module_new = module_new,
    .module_delete = module_delete,
    .store_new = store_new,
    .store_delete = store_delete,
    .instance_new = instance_new,
    .instance_export = instance_export,
    .func_new = func_new,
    .func_entry = func_entry,
    .func_type = func_type,
    .caller_instance = caller_instance,
    .global_new = global_new,
    .global_get = global_get,
    .global_set = global_set,
    .memory_new = memory_new,
    .memory_size = memory_size,
    .memory_grow = memory_grow,
    .memory_data = memory_data,
    .memory_read = memory_read,
    .memory_write = memory_write,
    .table_new = table_new,
    .table_size = table_size,
    .table_get = table_get,
    .table_set = table_set,
    .table_grow = table_grow,
    .externref_new = externref_new,
};

const wrl_backend_t *wrl_backend_meter(uint32_t abi)
{
    return abi == WRL_BACKEND_ABI ? &description : NULL;
}
