/* Shims: how guests call host functions. */
#include "backend.h"
#include "func_glue.h"
#include "glue.h"

#include <string.h>

/* The largest number of unused sets that a module keeps. */
#define MAX_FREE 256

/* Makes a set from a module of shims. Returns NULL if memory runs out, or if `module` is 0 because memory ran out. */
static js_shims_t *new_set(const wrl_core_t *core, int module, const js_shim_t *hosts, uint32_t count)
{
    js_shims_t *made = module ? (js_shims_t *)core->alloc(sizeof *made + count * sizeof *hosts) : NULL;
    if (!made) {
        return NULL;
    }
    memcpy(made->hosts, hosts, count * sizeof *hosts);
    made->handle = wrl__js_shims(module, made, made->hosts, (int)count);
    if (!made->handle) {
        core->free(made);
        return NULL;
    }
    return made;
}

/* Whether the shims of the set call the same functions as these hosts. */
static bool fits(const js_shims_t *set, const js_shim_t *hosts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (set->hosts[i].call != hosts[i].call) {
            return false;
        }
    }
    return true;
}

static js_shims_t *take_free(js_module_t *module, const js_shim_t *hosts)
{
    js_shims_t *set = module->free_shims;
    if (!set || !fits(set, hosts, module->func_import_count)) {
        return NULL;
    }
    module->free_shims = set->next;
    module->free_shims_count--;
    memcpy(set->hosts, hosts, module->func_import_count * sizeof *hosts);
    return set;
}

static js_shims_t *make(js_module_t *module, const js_shim_t *hosts)
{
    if (!module->shims) {
        module->shims = wrl__jsb_module_shims(module);
    }
    return new_set(module->core, module->shims, hosts, module->func_import_count);
}

js_shims_t *wrl__jsb_shims_take(js_instance_t *instance, const js_shim_t *hosts)
{
    js_shims_t *set = take_free(instance->module, hosts);
    if (!set) {
        set = make(instance->module, hosts);
    }
    if (set) {
        set->store = instance->store;
        set->instance = instance;
    }
    return set;
}

static void free_set(const wrl_core_t *core, js_shims_t *set)
{
    wrl__js_release(set->handle);
    core->free(set);
}

static void give_back(js_module_t *module, js_shims_t *set)
{
    if (module->free_shims_count == MAX_FREE) {
        free_set(module->core, set);
        return;
    }
    set->next = module->free_shims;
    module->free_shims = set;
    module->free_shims_count++;
}

bool wrl__jsb_shims_refer(js_store_t *store, uint32_t id, wrl_host_func_t *host)
{
    bool crosses;
    js_signature_t *signature = wrl__jsb_signature(store->core, host->type, &crosses);
    int module = signature ? wrl__jsb_signature_shim(store->core, signature) : 0;
    const js_shim_t shim = {host, id, (uint32_t)(uintptr_t)host->call};
    js_shims_t *made = new_set(store->core, module, &shim, 1);
    if (!made) {
        return false;
    }
    made->store = store;
    made->next = store->shims;
    store->shims = made;
    wrl__js_refer(made->handle, (int)id);
    return true;
}

void wrl__jsb_shims_end(js_store_t *store)
{
    for (js_instance_t *instance = store->instances; instance; instance = instance->next) {
        if (instance->shims) {
            give_back(instance->module, instance->shims);
        }
    }
    while (store->shims) {
        js_shims_t *set = store->shims;
        store->shims = set->next;
        free_set(store->core, set);
    }
}

void wrl__jsb_shims_forget(js_module_t *module)
{
    while (module->free_shims) {
        js_shims_t *set = module->free_shims;
        module->free_shims = set->next;
        free_set(module->core, set);
    }
}
