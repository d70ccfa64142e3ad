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
    core->free(entries);
    entries = grown;
    entries_capacity = capacity;
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

/* The entry of the function's signature, or NULL if memory is short, or the type cannot cross. */
static wrl_backend_entry_t find_entry(void *store, const wrl_functype_t *type, bool *crosses)
{
    const wrl_core_t *core = ((js_store_t *)store)->core;
    js_signature_t *signature = js_signature(core, type, crosses);
    return signature ? js_signature_entry(core, signature) : NULL;
}

/* Memory was short when the function was first seen; there may be enough of it now. */
static wrl_error_t *call_late(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    bool crosses;
    wrl_backend_entry_t entry = find_entry(store, type, &crosses);
    return entry ? entry(store, func, type, slots) : js_out_of_memory(((js_store_t *)store)->core);
}

wrl_backend_entry_t js_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type)
{
    if (js_host_of(func)) {
        return host_entry();
    }
    bool crosses;
    wrl_backend_entry_t entry = find_entry(store, type, &crosses);
    return entry || !crosses ? entry : call_late;
}

/* ---- Types of functions that came up by reference ----
 * JS tells of a function only the index in its module. What is left is asked of the engine: whether a module that
 * imports a function of a type can be given this one.
 */

/* `failed`: memory is short. */
static bool is_of_type(const wrl_core_t *core, int id, const wrl_functype_t *type, bool *failed)
{
    bool crosses;
    js_signature_t *signature = js_signature(core, type, &crosses);
    int check = signature ? js_signature_check(core, signature) : 0;
    *failed = crosses && !check;
    return check && wrl_js_is_func(id, check);
}

/* Whether function `index` of the module could be it. */
static bool may_be(const js_module_t *module, uint32_t index, int id, wrl_valtype_t *types, size_t *param_count,
                   size_t *result_count, bool *failed)
{
    if (!js_func_type_of(module, index, types, param_count, result_count)) {
        return false;
    }
    wrl_functype_t type = WRL_FUNCTYPE_N(types, *param_count, types + *param_count, *result_count);
    return is_of_type(module->core, id, &type, failed);
}

wrl_error_t *js_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                          size_t *result_count)
{
    const js_store_t *owner = (const js_store_t *)store;
    int id = (int)func.words[0];
    const wrl_host_func_t *host = js_host_of(func);
    if (host) {
        *param_count = host->type->param_count;
        *result_count = host->type->result_count;
        memcpy(types, host->type->params, *param_count * sizeof *types);
        memcpy(types + *param_count, host->type->results, *result_count * sizeof *types);
        return NULL;
    }
    int index = wrl_js_func_index(id);
    bool failed = false;
    for (const js_instance_t *instance = owner->instances; instance; instance = instance->next) {
        const js_module_t *module = instance->module;
        uint32_t first = index < 0 ? 0 : (uint32_t)index;
        uint32_t end = index < 0 ? module->func_count : first + 1;
        for (uint32_t i = first; i < end; i++) {
            if (may_be(module, i, id, types, param_count, result_count, &failed)) {
                return NULL;
            }
            if (failed) {
                return js_out_of_memory(owner->core);
            }
        }
    }
    return owner->core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, NULL, 0);
}
