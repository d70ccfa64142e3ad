/* Functions. Calls into the guest go through the entry of their signature, see js_signature_entry. */
#include "func.h"

#include "glue.h"

#include <string.h>

/* The host functions by their places in JS's table of functions; places are used again when their store is gone. */
typedef struct entry {
    wrl_host_func_t *host; /* NULL for a guest's function. */
    js_store_t *store;
    uint32_t next; /* The place of another host function of the store; 0 is the end. */
} entry_t;

static entry_t *entries;
static size_t entries_capacity;

wrl_host_func_t *js_host_of(wrl_backend_ref_t func)
{
    size_t place = (size_t)func.words[0];
    return place < entries_capacity ? entries[place].host : NULL;
}

static bool reserve(const wrl_core_t *core, size_t place)
{
    if (place < entries_capacity) {
        return true;
    }
    size_t capacity = 2 * place + 64;
    entry_t *grown = (entry_t *)core->alloc(capacity * sizeof *grown);
    if (!grown) {
        return false;
    }
    if (entries_capacity) {
        memcpy(grown, entries, entries_capacity * sizeof *grown);
    }
    entry_t *former = entries;
    entries = grown;
    entries_capacity = capacity;
    core->free(former);
    return true;
}

void js_forget_hosts(js_store_t *store)
{
    while (store->hosts) {
        entry_t *entry = &entries[store->hosts];
        store->hosts = entry->next;
        *entry = (entry_t){0};
    }
}

wrl_error_t *js_func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func)
{
    js_store_t *owner = (js_store_t *)store;
    int id = wrl_js_place(store);
    if (!id || !reserve(owner->core, (size_t)id)) {
        return js_out_of_memory(owner->core);
    }
    entries[id] = (entry_t){host, owner, owner->hosts};
    owner->hosts = (uint32_t)id;
    *func = (wrl_backend_ref_t){{(uint32_t)id, 0}};
    return NULL;
}

int js_refer(uint32_t id)
{
    return id < entries_capacity && entries[id].host && js_shims_refer(entries[id].store, id, entries[id].host);
}

/* A host function that the host itself calls: there is no guest in between, and no caller. Calls go by way of
 * JS, which catches what is thrown. */
static wrl_error_t *call_host(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    (void)store;
    (void)type;
    wrl_host_func_t *host = js_host_of(func);
    return host->call(host, NULL, slots);
}

/* Where there is no room for the guarded entry, the other one does the same. */
static wrl_backend_entry_t host_entry(void)
{
    static wrl_backend_entry_t entry;
    if (!entry) {
        entry = (wrl_backend_entry_t)(uintptr_t)wrl_js_guard((uint32_t)(uintptr_t)call_host);
    }
    return entry ? entry : call_host;
}

/* ---- Types of functions that came up by reference ----
 * JS tells of a function only the index in its module. What is left is asked of the engine: whether a module that
 * imports a function of a type can be given this one.
 */

typedef struct search {
    int id;                    /* The function, */
    wrl_functype_t type;       /* its parameters and results, once it is found, in */
    wrl_valtype_t *types;      /* this room for them; */
    js_signature_t *signature; /* what they need; */
    const js_module_t *module; /* whose it is. */
    bool failed;               /* Memory is short. */
} search_t;

/* Whether it has the signature, which may be NULL. */
static bool has_signature(search_t *search, const wrl_core_t *core, js_signature_t *signature, bool crosses)
{
    int check = signature ? js_signature_check(core, signature) : 0;
    search->failed |= crosses && !check;
    search->signature = signature;
    return check && wrl_js_is_func(search->id, check);
}

/* Whether function `index` of the module could be it. */
static bool may_be(search_t *search, const js_module_t *module, uint32_t index)
{
    wrl_functype_t *type = &search->type;
    if (!js_func_type_of(module, index, search->types, &type->param_count, &type->result_count)) {
        return false;
    }
    type->params = search->types;
    type->results = search->types + type->param_count;
    bool crosses;
    js_signature_t *plain = js_signature(module->core, type, &crosses);
    if (has_signature(search, module->core, plain, crosses)) {
        return true;
    }
    /* One that does not cross by itself may do so with the types that its module numbers. */
    if (search->failed || !(crosses ? module->has_distinct_types : js_refs != NULL)) {
        return false;
    }
    js_signature_t *distinct = js_signature_distinct(module, module->func_type[index], type, &crosses);
    return has_signature(search, module->core, distinct, crosses);
}

/* Looks for the function among those of a store's modules: false if it is not found, or memory is short. */
static bool find(search_t *search, const js_store_t *store)
{
    int index = wrl_js_func_index(search->id);
    for (const js_instance_t *instance = store->instances; instance; instance = instance->next) {
        const js_module_t *module = instance->module;
        uint32_t first = index < 0 ? 0 : (uint32_t)index;
        uint32_t end = index < 0 ? module->func_count : first + 1;
        for (uint32_t i = first; i < end && !search->failed; i++) {
            if (may_be(search, module, i)) {
                search->module = module;
                return true;
            }
        }
    }
    return false;
}

wrl_error_t *js_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                          size_t *result_count)
{
    js_store_t *owner = (js_store_t *)store;
    const wrl_host_func_t *host = js_host_of(func);
    if (host) {
        *param_count = host->type->param_count;
        *result_count = host->type->result_count;
        memcpy(types, host->type->params, *param_count * sizeof *types);
        memcpy(types + *param_count, host->type->results, *result_count * sizeof *types);
        return NULL;
    }
    search_t search = {.id = (int)func.words[0], .types = types};
    if (find(&search, owner)) {
        *param_count = search.type.param_count;
        *result_count = search.type.result_count;
        /* What the engine calls such a function by parameters and results do not tell from now on. */
        owner->has_distinct_types |= js_refs && js_refs->generalize(search.module, types, *param_count + *result_count);
        return NULL;
    }
    return search.failed ? js_adapter_error(owner->core)
                         : owner->core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, NULL, 0);
}

/* ---- Entries ---- */

/*
 * The signature of a guest's function. The engine calls it by its own type only, which may be another than the plain
 * one of its parameters and results: where a module declares such types it is asked.
 */
static js_signature_t *signature_of(const js_store_t *store, int id, const wrl_functype_t *type, bool *crosses)
{
    const wrl_core_t *core = store->core;
    js_signature_t *plain = js_signature(core, type, crosses);
    /* There is but one thread, and nothing that the search calls comes back here. */
    static wrl_valtype_t types[2 * WRL_MAX_PARAMS];
    search_t search = {.id = id, .types = types};
    bool is_indexed = !*crosses && js_refs;
    if (!is_indexed && (!plain || !store->has_distinct_types || has_signature(&search, core, plain, true))) {
        return plain;
    }
    bool found = find(&search, store);
    *crosses = *crosses || found || search.failed;
    return found ? search.signature : search.failed ? NULL : plain;
}

/* The entry of the function's signature, or NULL if memory is short, or the type cannot cross. */
static wrl_backend_entry_t find_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, bool *crosses)
{
    js_store_t *owner = (js_store_t *)store;
    js_signature_t *signature = signature_of(owner, (int)func.words[0], type, crosses);
    return signature ? js_signature_entry(owner, signature) : NULL;
}

/* Memory was short when the function was first seen, or the engine refused the adapter; there may be enough of it now.
 */
static wrl_error_t *call_late(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    bool crosses;
    wrl_backend_entry_t entry = find_entry(store, func, type, &crosses);
    return entry ? entry(store, func, type, slots) : js_adapter_error(((js_store_t *)store)->core);
}

wrl_backend_entry_t js_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type)
{
    if (js_host_of(func)) {
        return host_entry();
    }
    bool crosses;
    wrl_backend_entry_t entry = find_entry(store, func, type, &crosses);
    return entry || !crosses ? entry : call_late;
}
