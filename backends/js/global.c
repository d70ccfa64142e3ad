/* Globals. Adapters read and write numbers, since JS would change the payload of a NaN, and has no v128. */
#include "backend.h"
#include "glue.h"
#include "store_glue.h"

static bool is_ref(const wrl_globaltype_t *type)
{
    return type->content.kind == WRL_VALKIND_FUNCREF || type->content.kind == WRL_VALKIND_EXTERNREF;
}

/* Whether JS would change the value when it makes a global. */
static bool needs_module(wrl_valkind_t kind, const wrl_raw_t *value)
{
    return kind == WRL_VALKIND_V128 || (kind == WRL_VALKIND_F32 && value->f32 != value->f32) ||
           (kind == WRL_VALKIND_F64 && value->f64 != value->f64);
}

static wrl_error_t *named(const wrl_core_t *core, int made, wrl_backend_ref_t *global)
{
    *global = (wrl_backend_ref_t){{(uint32_t)made, 0}};
    return made ? NULL : wrl__jsb_last_error(core, WRL_ERROR_RESOURCE_LIMIT);
}

static wrl_error_t *define(js_store_t *store, const wrl_globaltype_t *type, const wrl_raw_t *value,
                           wrl_backend_ref_t *global)
{
    int module = wrl__jsb_global_module(store->core, type, value);
    if (!module) {
        return wrl__jsb_out_of_memory(store->core);
    }
    int made = wrl__js_global_adopt(store, module);
    wrl__js_release(module);
    return named(store->core, made, global);
}

wrl_error_t *wrl__jsb_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                                 wrl_backend_ref_t *global)
{
    js_store_t *owner = (js_store_t *)store;
    wrl_valkind_t kind = type->content.kind;
    if (needs_module(kind, initial)) {
        return define(owner, type, initial, global);
    }
    return named(owner->core, wrl__js_global_new(store, kind, type->is_mutable, initial), global);
}

/* Returns the module of accessors for globals of a type. Makes the module when it is first needed. */
static int accessors(const wrl_core_t *core, const wrl_globaltype_t *type)
{
    static int modules[WRL_VALKIND_V128 + 1][2];
    int *module = &modules[type->content.kind][type->is_mutable];
    if (!*module) {
        *module = wrl__jsb_global_module(core, type, NULL);
    }
    return *module;
}

static wrl_error_t *access(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value,
                           bool set)
{
    const wrl_core_t *core = ((js_store_t *)store)->core;
    int module = accessors(core, type);
    if (!module) {
        return wrl__jsb_out_of_memory(core);
    }
    bool done = wrl__js_global_access((int)global.words[0], module, value, set);
    return done ? NULL : wrl__jsb_last_error(core, WRL_ERROR_RESOURCE_LIMIT);
}

wrl_error_t *wrl__jsb_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type, wrl_raw_t *value)
{
    if (!is_ref(type)) {
        return access(store, global, type, value, false);
    }
    wrl__js_global_get(store, (int)global.words[0], type->content.kind == WRL_VALKIND_FUNCREF, value);
    return NULL;
}

wrl_error_t *wrl__jsb_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                 const wrl_raw_t *value)
{
    if (!is_ref(type)) {
        wrl_raw_t copy = *value;
        return access(store, global, type, &copy, true);
    }
    bool done = wrl__js_global_set((int)global.words[0], type->content.kind == WRL_VALKIND_FUNCREF, value);
    return done ? NULL : wrl__jsb_last_error(((js_store_t *)store)->core, WRL_ERROR_RESOURCE_LIMIT);
}
