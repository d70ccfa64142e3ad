/* Functions. Calls into the guest go through the entry of their signature, see wrl__jsb_signature_entry. */
#include "func.h"

#include "func_glue.h"

#include <string.h>

/* The host functions by id, which is their place in JS's function table. Ids of deleted stores are reused. */
typedef struct entry {
    wrl_host_func_t *host; /* NULL for a guest function. */
    js_store_t *store;
    uint32_t next; /* The id of the store's next host function; 0 at the end. */
} entry_t;

static entry_t *entries;
static size_t entries_capacity;

wrl_host_func_t *wrl__jsb_host_of(wrl_backend_ref_t func)
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

void wrl__jsb_forget_hosts(js_store_t *store)
{
    while (store->hosts) {
        entry_t *entry = &entries[store->hosts];
        store->hosts = entry->next;
        *entry = (entry_t){0};
    }
}

wrl_error_t *wrl__jsb_func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func)
{
    js_store_t *owner = (js_store_t *)store;
    int id = wrl__js_place(store);
    if (!id || !reserve(owner->core, (size_t)id)) {
        return wrl__jsb_out_of_memory(owner->core);
    }
    entries[id] = (entry_t){host, owner, owner->hosts};
    owner->hosts = (uint32_t)id;
    *func = (wrl_backend_ref_t){{(uint32_t)id, 0}};
    return NULL;
}

int wrl__jsb_refer(uint32_t id)
{
    return id < entries_capacity && entries[id].host && wrl__jsb_shims_refer(entries[id].store, id, entries[id].host);
}

/* Calls a host function for the host itself: without a guest in between, and without a caller. host_entry() wraps this
 * function in a JS function, which catches exceptions. */
static wrl_error_t *call_host(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    (void)store;
    (void)type;
    wrl_host_func_t *host = wrl__jsb_host_of(func);
    return host->call(host, NULL, slots);
}

/* Returns the entry of host functions: call_host behind the JS function or, if the JS function cannot be made,
 * call_host itself. */
static wrl_backend_entry_t host_entry(void)
{
    static wrl_backend_entry_t entry;
    if (!entry) {
        entry = (wrl_backend_entry_t)(uintptr_t)wrl__js_guard((uint32_t)(uintptr_t)call_host);
    }
    return entry ? entry : call_host;
}

/* ---- Types of functions that were passed to the host as references ----
 * JS only provides the index of a function in its module. The engine determines the rest: it accepts the function as an
 * import of a given type only if the function has that type.
 */

typedef struct search {
    int id;                    /* The id of the function. */
    wrl_functype_t type;       /* Its parameters and results, once it is found. */
    wrl_valtype_t *types;      /* Space for them. */
    js_signature_t *signature; /* Its signature. */
    js_module_t *module;       /* Its module. */
    bool failed;               /* Memory ran out, or the engine failed. */
} search_t;

/* Whether the function has the plain signature, which may be NULL. */
static bool has_signature(search_t *search, const wrl_core_t *core, js_signature_t *signature, bool crosses)
{
    int check = signature ? wrl__jsb_signature_check(core, signature) : 0;
    int is = check ? wrl__js_is_func(search->id, check) : 0;
    search->failed |= (crosses && !check) || is < 0;
    search->signature = signature;
    return is > 0;
}

/* Whether the function has type number `type` of the module. */
static bool has_type(search_t *search, js_module_t *module, uint32_t type)
{
    int tester = wrl__jsb_module_tester(module);
    int is = tester ? wrl__js_test(search->id, tester, type) : -1;
    search->failed |= is < 0;
    return is > 0;
}

/* Whether function `index` of the module may be the function. */
static bool may_be(search_t *search, js_module_t *module, uint32_t index)
{
    wrl_functype_t *type = &search->type;
    if (!wrl__jsb_func_type_of(module, index, search->types, &type->param_count, &type->result_count)) {
        return false;
    }
    type->params = search->types;
    type->results = search->types + type->param_count;
    bool crosses;
    js_signature_t *plain = wrl__jsb_signature(module->core, type, &crosses);
    if (has_signature(search, module->core, plain, crosses)) {
        return true;
    }
    /* A type that refers to other types can only cross together with the types of its module. */
    if (search->failed || !(crosses ? module->has_distinct_types : wrl__jsb_refs != NULL) ||
        !has_type(search, module, module->func_type[index])) {
        return false;
    }
    search->signature = wrl__jsb_signature_distinct(module, module->func_type[index], type, &crosses);
    search->failed |= crosses && !search->signature;
    return search->signature;
}

/* Searches the modules of the store's instances for the function. Returns false if no module has the function or memory
 * runs out. */
static bool find(search_t *search, const js_store_t *store)
{
    int index = wrl__js_func_index(search->id);
    for (const js_instance_t *instance = store->instances; instance; instance = instance->next) {
        js_module_t *module = instance->module;
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

wrl_error_t *wrl__jsb_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                                size_t *result_count)
{
    js_store_t *owner = (js_store_t *)store;
    const wrl_host_func_t *host = wrl__jsb_host_of(func);
    if (host) {
        *param_count = host->type->param_count;
        *result_count = host->type->result_count;
        memcpy(types, host->type->params, *param_count * sizeof *types);
        memcpy(types + *param_count, host->type->results, *result_count * sizeof *types);
        return NULL;
    }
    search_t search = {.id = (int)func.words[0], .types = types, .failed = !wrl__js_has_stack()};
    if (!search.failed && find(&search, owner)) {
        *param_count = search.type.param_count;
        *result_count = search.type.result_count;
        /* Once types are generalized, parameters and results no longer determine the engine's type of a function. */
        owner->has_distinct_types |=
            wrl__jsb_refs && wrl__jsb_refs->generalize(search.module, types, *param_count + *result_count);
        return NULL;
    }
    return search.failed ? wrl__jsb_adapter_error(owner->core)
                         : owner->core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, NULL, 0);
}

/* ---- Entries ---- */

/* Returns the signature of a guest's function. The engine calls a function only by the function's own type, which may
 * differ from the plain type with the same parameters and results. If a module declares such types, the engine has to
 * check which type the function has. */
static js_signature_t *signature_of(const js_store_t *store, int id, const wrl_functype_t *type, bool *crosses)
{
    const wrl_core_t *core = store->core;
    js_signature_t *plain = wrl__jsb_signature(core, type, crosses);
    /* Static, since there is only one thread and the search never calls this function. */
    static wrl_valtype_t types[2 * WRL_MAX_PARAMS];
    search_t search = {.id = id, .types = types};
    bool is_indexed = !*crosses && wrl__jsb_refs;
    if (!is_indexed && (!plain || !store->has_distinct_types || has_signature(&search, core, plain, true))) {
        return plain;
    }
    bool found = find(&search, store);
    *crosses = *crosses || found || search.failed;
    return found ? search.signature : search.failed ? NULL : plain;
}

wrl_error_t *wrl__jsb_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                                 wrl_backend_entry_t *entry)
{
    js_store_t *owner = (js_store_t *)store;
    bool crosses = true;
    if (wrl__jsb_host_of(func)) {
        *entry = host_entry();
        return NULL;
    }
    if (wrl__js_has_stack()) {
        js_signature_t *signature = signature_of(owner, (int)func.words[0], type, &crosses);
        *entry = signature ? wrl__jsb_signature_entry(owner, signature) : NULL;
    }
    return *entry || !crosses ? NULL : wrl__jsb_adapter_error(owner->core);
}
