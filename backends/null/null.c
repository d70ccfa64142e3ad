/*
 * The backend without an engine: the smallest complete backend.
 *
 * It is a template (docs/writing-a-backend.md explains it from top to bottom), a test double for the core, and the
 * backend with which `wrl inspect` reads modules. It accepts every module that the core's reader accepts. Instances
 * have their exports, newly made and zeroed. Memories, tables, globals, host functions and externrefs work. Guest code
 * does not run.
 */
#include "wrl/sys/backend.h"

#include <string.h>

/* The backend's only symbol. A shared object exports it; the library hides it if the backend is built in. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const wrl_backend_t *
wrl_backend_null(uint32_t abi);

/* ---- Data ---- */

/* The engine keeps the core's services, so a backend needs no symbol of the library. */
typedef struct engine {
    const wrl_core_t *core;
} engine_t;

/* Every object in a store is an item in the store's list. The core identifies an item by its address. */
typedef enum item_kind { ITEM_FUNC, ITEM_GLOBAL, ITEM_MEMORY, ITEM_TABLE, ITEM_TAG, ITEM_INSTANCE } item_kind_t;

typedef struct item {
    item_kind_t kind;
    struct item *next;
    union {
        struct {
            wrl_host_func_t *host; /* NULL for a guest function. */
            const wrl_functype_t *type;
        } func;
        wrl_raw_t global;
        struct {
            uint8_t *data;
            uint64_t pages;
            uint8_t page_size_log2;
        } memory;
        struct {
            wrl_raw_t *elements;
            uint64_t size;
        } table;
        struct {
            struct item **exports; /* By index. NULL until instance_export() makes the item. */
            size_t count;
        } instance;
    } of;
} item_t;

typedef struct store {
    const wrl_core_t *core;
    item_t *items;
} store_t;

static wrl_error_t *out_of_memory(const wrl_core_t *core)
{
    return core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
}

static wrl_backend_ref_t ref_of(const item_t *item)
{
    wrl_backend_ref_t ref = {{(uint64_t)(uintptr_t)item, 0}};
    return ref;
}

static item_t *item_of(wrl_backend_ref_t ref)
{
    return (item_t *)(uintptr_t)ref.words[0];
}

static item_t *add_item(store_t *store, item_kind_t kind)
{
    item_t *item = (item_t *)store->core->alloc(sizeof *item);
    if (item) {
        item->kind = kind;
        item->next = store->items;
        store->items = item;
    }
    return item;
}

/* ---- Engines ---- */

static wrl_error_t *engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    (void)config;
    engine_t *made = (engine_t *)core->alloc(sizeof *made);
    if (!made) {
        return out_of_memory(core);
    }
    made->core = core;
    *engine = made;
    return NULL;
}

static void engine_delete(void *engine)
{
    ((engine_t *)engine)->core->free(engine);
}

static void engine_features(void *engine, uint64_t features[2])
{
    (void)engine;
    /* The core's reader supports all proposals, and the backend only has to read modules. */
    for (int feature = WRL_FEATURE_MUTABLE_GLOBALS; feature <= WRL_FEATURE_WIDE_ARITHMETIC; feature++) {
        features[0] |= UINT64_C(1) << feature;
    }
    features[1] |= UINT64_C(1) << (WRL_FEATURE_MEMORY_DATA - 64);
    features[1] |= UINT64_C(1) << (WRL_FEATURE_THREAD_SAFE - 64);
}

/* ---- Modules: nothing is compiled ---- */

static wrl_error_t *module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    (void)engine;
    (void)bytes;
    (void)size;
    *module = NULL;
    return NULL;
}

static void module_delete(void *module)
{
    (void)module;
}

/* ---- Stores ---- */

static wrl_error_t *store_new(void *engine, void **store)
{
    const wrl_core_t *core = ((engine_t *)engine)->core;
    store_t *made = (store_t *)core->alloc(sizeof *made);
    if (!made) {
        return out_of_memory(core);
    }
    made->core = core;
    *store = made;
    return NULL;
}

static void free_item(const wrl_core_t *core, item_t *item)
{
    if (item->kind == ITEM_MEMORY) {
        core->free(item->of.memory.data);
    } else if (item->kind == ITEM_TABLE) {
        core->free(item->of.table.elements);
    } else if (item->kind == ITEM_INSTANCE) {
        core->free(item->of.instance.exports);
    }
    core->free(item);
}

static void store_delete(void *store)
{
    store_t *ended = (store_t *)store;
    while (ended->items) {
        item_t *item = ended->items;
        ended->items = item->next;
        free_item(ended->core, item);
    }
    ended->core->free(ended);
}

/* ---- Memories ---- */

static wrl_error_t *memory_limit(const wrl_core_t *core)
{
    static const char words[] = "the host has too little memory for a memory of this size";
    return core->error(WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE, words, sizeof words - 1);
}

/* Resizes a memory and keeps its contents. */
static wrl_error_t *resize_memory(const wrl_core_t *core, item_t *memory, uint64_t pages)
{
    uint8_t log2 = memory->of.memory.page_size_log2;
    if (pages > SIZE_MAX >> log2) {
        return memory_limit(core);
    }
    uint8_t *data = (uint8_t *)core->alloc((size_t)pages << log2);
    if (!data) {
        return memory_limit(core);
    }
    if (memory->of.memory.data) {
        memcpy(data, memory->of.memory.data, (size_t)memory->of.memory.pages << log2);
        core->free(memory->of.memory.data);
    }
    memory->of.memory.data = data;
    memory->of.memory.pages = pages;
    return NULL;
}

static wrl_error_t *memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory)
{
    store_t *owner = (store_t *)store;
    item_t *item = add_item(owner, ITEM_MEMORY);
    if (!item) {
        return out_of_memory(owner->core);
    }
    item->of.memory.page_size_log2 = type->page_size_log2;
    *memory = ref_of(item);
    return resize_memory(owner->core, item, type->min);
}

static uint64_t memory_size(void *store, wrl_backend_ref_t memory)
{
    (void)store;
    return item_of(memory)->of.memory.pages;
}

static wrl_error_t *memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages)
{
    item_t *item = item_of(memory);
    *previous_pages = item->of.memory.pages;
    return resize_memory(((store_t *)store)->core, item, item->of.memory.pages + delta);
}

static void memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size)
{
    (void)store;
    const item_t *item = item_of(memory);
    *data = item->of.memory.data;
    *size = item->of.memory.pages << item->of.memory.page_size_log2;
}

/* ---- Globals ---- */

static wrl_error_t *global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                               wrl_backend_ref_t *global)
{
    (void)type;
    store_t *owner = (store_t *)store;
    item_t *item = add_item(owner, ITEM_GLOBAL);
    if (!item) {
        return out_of_memory(owner->core);
    }
    item->of.global = *initial;
    *global = ref_of(item);
    return NULL;
}

static wrl_error_t *global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value)
{
    (void)store;
    (void)type;
    *value = item_of(global)->of.global;
    return NULL;
}

static wrl_error_t *global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                               const wrl_raw_t *value)
{
    (void)store;
    (void)type;
    item_of(global)->of.global = *value;
    return NULL;
}

/* ---- Tables ---- */

static wrl_error_t *table_limit(const wrl_core_t *core)
{
    static const char words[] = "the host has too little memory for a table of this size";
    return core->error(WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE, words, sizeof words - 1);
}

/* Resizes a table and sets new elements to `initial`. */
static wrl_error_t *resize_table(const wrl_core_t *core, item_t *table, uint64_t size, const wrl_raw_t *initial)
{
    if (size > SIZE_MAX / sizeof *initial) {
        return table_limit(core);
    }
    wrl_raw_t *elements = (wrl_raw_t *)core->alloc((size_t)size * sizeof *elements);
    if (!elements) {
        return table_limit(core);
    }
    size_t kept = (size_t)table->of.table.size;
    if (kept) {
        memcpy(elements, table->of.table.elements, kept * sizeof *elements);
    }
    for (size_t i = kept; i < size; i++) {
        elements[i] = *initial;
    }
    core->free(table->of.table.elements);
    table->of.table.elements = elements;
    table->of.table.size = size;
    return NULL;
}

static wrl_error_t *table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                              wrl_backend_ref_t *table)
{
    store_t *owner = (store_t *)store;
    item_t *item = add_item(owner, ITEM_TABLE);
    if (!item) {
        return out_of_memory(owner->core);
    }
    *table = ref_of(item);
    return resize_table(owner->core, item, type->min, initial);
}

static uint64_t table_size(void *store, wrl_backend_ref_t table)
{
    (void)store;
    return item_of(table)->of.table.size;
}

static wrl_error_t *table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              wrl_raw_t *value)
{
    (void)store;
    (void)type;
    *value = item_of(table)->of.table.elements[index];
    return NULL;
}

static wrl_error_t *table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                              const wrl_raw_t *value)
{
    (void)store;
    (void)type;
    item_of(table)->of.table.elements[index] = *value;
    return NULL;
}

static wrl_error_t *table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                               const wrl_raw_t *initial, uint64_t *previous_size)
{
    (void)type;
    item_t *item = item_of(table);
    *previous_size = item->of.table.size;
    return resize_table(((store_t *)store)->core, item, item->of.table.size + delta, initial);
}

/* ---- Functions ---- */

static wrl_error_t *func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func)
{
    store_t *owner = (store_t *)store;
    item_t *item = add_item(owner, ITEM_FUNC);
    if (!item) {
        return out_of_memory(owner->core);
    }
    item->of.func.host = host;
    item->of.func.type = host->type;
    *func = ref_of(item);
    return NULL;
}

/* Calls a host function for the host. There is no guest, and therefore no calling instance. */
static wrl_error_t *call_host(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    (void)store;
    (void)type;
    wrl_host_func_t *host = item_of(func)->of.func.host;
    return host->call(host, NULL, slots);
}

static wrl_error_t *func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                               wrl_backend_entry_t *entry)
{
    (void)store;
    (void)type;
    *entry = item_of(func)->of.func.host ? call_host : NULL;
    return NULL;
}

static wrl_error_t *func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                              size_t *result_count)
{
    (void)store;
    const wrl_functype_t *type = item_of(func)->of.func.type;
    memcpy(types, type->params, type->param_count * sizeof *types);
    memcpy(types + type->param_count, type->results, type->result_count * sizeof *types);
    *param_count = type->param_count;
    *result_count = type->result_count;
    return NULL;
}

/* ---- Externrefs: the key is sufficient ---- */

static wrl_error_t *externref_new(void *store, uint64_t key, uint64_t *word)
{
    (void)store;
    (void)key;
    *word = 0;
    return NULL;
}

/* ---- Instances ---- */

static wrl_error_t *instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                 uint64_t key, wrl_backend_ref_t *instance)
{
    (void)module;
    (void)imports;
    (void)import_count;
    (void)key;
    store_t *owner = (store_t *)store;
    item_t *item = add_item(owner, ITEM_INSTANCE);
    if (!item) {
        return out_of_memory(owner->core);
    }
    *instance = ref_of(item);
    return NULL;
}

static wrl_error_t *make_tag(store_t *store, wrl_backend_ref_t *ref)
{
    item_t *item = add_item(store, ITEM_TAG);
    *ref = ref_of(item);
    return item ? NULL : out_of_memory(store->core);
}

static wrl_error_t *make_guest_func(store_t *store, const wrl_functype_t *type, wrl_backend_ref_t *ref)
{
    item_t *item = add_item(store, ITEM_FUNC);
    if (!item) {
        return out_of_memory(store->core);
    }
    item->of.func.type = type;
    *ref = ref_of(item);
    return NULL;
}

/* Makes the item for an export of this type. The type lives as long as the store. */
static wrl_error_t *make_item(store_t *store, const wrl_externtype_t *type, wrl_backend_ref_t *ref)
{
    wrl_raw_t zero;
    memset(&zero, 0, sizeof zero);
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        return make_guest_func(store, &type->of.func, ref);
    case WRL_EXTERN_GLOBAL:
        return global_new(store, &type->of.global, &zero, ref);
    case WRL_EXTERN_MEMORY:
        return memory_new(store, &type->of.memory, ref);
    case WRL_EXTERN_TABLE:
        return table_new(store, &type->of.table, &zero, ref);
    default:
        return make_tag(store, ref);
    }
}

/* Grows the instance's list so that it has an entry for export `index`. */
static wrl_error_t *reserve_export(const wrl_core_t *core, item_t *instance, size_t index)
{
    if (index < instance->of.instance.count) {
        return NULL;
    }
    size_t count = index + 1 + instance->of.instance.count;
    item_t **exports = (item_t **)core->alloc(count * sizeof(item_t *));
    if (!exports) {
        return out_of_memory(core);
    }
    if (instance->of.instance.count) {
        memcpy(exports, instance->of.instance.exports, instance->of.instance.count * sizeof(item_t *));
    }
    core->free(instance->of.instance.exports);
    instance->of.instance.exports = exports;
    instance->of.instance.count = count;
    return NULL;
}

static wrl_error_t *instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                    size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item)
{
    (void)name;
    (void)name_size;
    item_t *owner = item_of(instance);
    wrl_error_t *error = reserve_export(((store_t *)store)->core, owner, index);
    if (error) {
        return error;
    }
    item_t **known = &owner->of.instance.exports[index];
    if (!*known) {
        error = make_item((store_t *)store, type, item);
        *known = error ? NULL : item_of(*item);
    }
    *item = ref_of(*known);
    return error;
}

/* ---- The description ---- */

static const wrl_backend_t description = {
    .size = sizeof(wrl_backend_t),
    .abi = WRL_BACKEND_ABI,
    .name = "null",
    .engine_name = "no engine",
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
    .global_new = global_new,
    .global_get = global_get,
    .global_set = global_set,
    .memory_new = memory_new,
    .memory_size = memory_size,
    .memory_grow = memory_grow,
    .memory_data = memory_data,
    .table_new = table_new,
    .table_size = table_size,
    .table_get = table_get,
    .table_set = table_set,
    .table_grow = table_grow,
    .externref_new = externref_new,
    .has_exact_traps = true,
};

const wrl_backend_t *wrl_backend_null(uint32_t abi)
{
    return abi == WRL_BACKEND_ABI ? &description : NULL;
}
