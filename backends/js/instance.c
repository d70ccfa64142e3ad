/* Instances: their imports, start functions and exports. */
#include "backend.h"
#include "func.h"
#include "module_glue.h"
#include "stack.h"

/* An import in the form that wrl__js_instance reads. */
typedef struct import {
    uint32_t kind; /* JS_IMPORT_SHIM for host functions, else a wrl_externkind_t. */
    uint32_t id;   /* For a shim, the index of the imported function. */
} import_t;

/* Space for the imports of an instance. */
typedef struct room {
    import_t *imports;
    js_shim_t *hosts; /* By index of the imported function. */
    bool has_hosts;
} room_t;

static void fill(const wrl_backend_extern_t *from, size_t count, room_t *to)
{
    uint32_t func = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t id = (uint32_t)from[i].ref.words[0];
        to->imports[i] = (import_t){(uint32_t)from[i].kind, id};
        if (from[i].kind != WRL_EXTERN_FUNC) {
            continue;
        }
        wrl_host_func_t *host = wrl__jsb_host_of(from[i].ref);
        if (host) {
            to->imports[i] = (import_t){JS_IMPORT_SHIM, func};
            to->has_hosts = true;
        }
        to->hosts[func++] = (js_shim_t){host, id, host ? (uint32_t)(uintptr_t)host->call : 0};
    }
}

static wrl_error_t *instantiate(js_instance_t *instance, const wrl_backend_extern_t *imports, size_t count,
                                room_t *room)
{
    js_module_t *module = instance->module;
    fill(imports, count, room);
    if (module->may_catch) {
        wrl__jsb_set_guarded();
    }
    if (room->has_hosts) {
        instance->shims = wrl__jsb_shims_take(instance, room->hosts);
        if (!instance->shims) {
            return wrl__jsb_adapter_error(module->core);
        }
    }
    instance->handle = wrl__js_instance(instance->store, module->handle, instance->shims ? instance->shims->handle : 0,
                                        module->import_names, room->imports, (int)count, module->room);
    return instance->handle ? NULL : wrl__jsb_instance_error(module);
}

/* Runs the start function of an existing instance. wrl__jsb_export_start made the start function an export. */
static wrl_error_t *run_start(js_store_t *store, const js_instance_t *instance)
{
    static const wrl_functype_t nothing = {0};
    int id = wrl__js_export(store, instance->handle, NULL, (int)instance->module->start_name_size, 1);
    if (!id) {
        return wrl__jsb_last_error(store->core, WRL_ERROR_RESOURCE_LIMIT);
    }
    wrl_backend_ref_t func = {{(uint32_t)id, 0}};
    wrl_backend_entry_t entry = NULL;
    wrl_raw_t slot;
    wrl_error_t *error = wrl__jsb_func_entry(store, func, &nothing, &entry);
    return error ? error : entry(store, func, &nothing, &slot);
}

wrl_error_t *wrl__jsb_instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                   uint64_t key, wrl_backend_ref_t *instance)
{
    js_store_t *owner = (js_store_t *)store;
    const wrl_core_t *core = owner->core;
    js_instance_t *made = (js_instance_t *)core->alloc(sizeof *made);
    void *space = core->alloc(import_count * (sizeof(import_t) + sizeof(js_shim_t)) + 1);
    if (!made || !space) {
        core->free(made);
        core->free(space);
        return wrl__jsb_out_of_memory(core);
    }
    room_t room = {(import_t *)space, (js_shim_t *)((import_t *)space + import_count), false};
    /* The instance stays even if instantiation fails: tables may already contain its functions, which refer to the
     * instance as their caller. */
    made->key = key;
    made->store = owner;
    made->module = (js_module_t *)module;
    made->next = owner->instances;
    owner->instances = made;
    owner->has_distinct_types |= made->module->has_distinct_types;
    wrl_error_t *error = instantiate(made, imports, import_count, &room);
    core->free(space);
    if (!error && made->module->has_start) {
        error = run_start(owner, made);
    }
    *instance = (wrl_backend_ref_t){{(uint64_t)(uintptr_t)made, 0}};
    return error;
}

wrl_error_t *wrl__jsb_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                      size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item)
{
    (void)index;
    const js_instance_t *from = (const js_instance_t *)(uintptr_t)instance.words[0];
    bool is_func = type->kind == WRL_EXTERN_FUNC;
    if (!from->handle) {
        static const char words[] =
            "JS provides no exports of the calling instance, because one of its segments failed";
        return ((js_store_t *)store)->core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, words, sizeof words - 1);
    }
    int id = wrl__js_export(store, from->handle, name ? name : "", (int)name_size, is_func);
    if (!id) {
        return wrl__jsb_last_error(((js_store_t *)store)->core, WRL_ERROR_RESOURCE_LIMIT);
    }
    *item = (wrl_backend_ref_t){{(uint32_t)id, 0}};
    return NULL;
}

bool wrl__jsb_caller_instance(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance)
{
    (void)store;
    const js_shims_t *shims = (const js_shims_t *)caller;
    if (!shims || !shims->instance) {
        return false;
    }
    *key = shims->instance->key;
    *instance = (wrl_backend_ref_t){{(uint64_t)(uintptr_t)shims->instance, 0}};
    return true;
}
