/* Stores and externrefs. */
#include "func.h"
#include "store_glue.h"

wrl_error_t *wrl__jsb_store_new(void *engine, void **store)
{
    const wrl_core_t *core = ((js_engine_t *)engine)->core;
    js_store_t *made = (js_store_t *)core->alloc(sizeof *made);
    if (!made) {
        return wrl__jsb_out_of_memory(core);
    }
    made->core = core;
    made->handle = wrl__js_store_new();
    made->checks = ((js_engine_t *)engine)->checks;
    *store = made;
    return NULL;
}

void wrl__jsb_store_delete(void *store)
{
    js_store_t *ended = (js_store_t *)store;
    const wrl_core_t *core = ended->core;
    wrl__jsb_forget_hosts(ended);
    wrl__jsb_shims_end(ended);
    wrl__js_store_delete(ended);
    wrl__jsb_signatures_leave(ended);
    while (ended->instances) {
        js_instance_t *instance = ended->instances;
        ended->instances = instance->next;
        core->free(instance);
    }
    core->free(ended);
}

wrl_error_t *wrl__jsb_externref_new(void *store, uint64_t key, uint64_t *word)
{
    int number = wrl__js_externref(store, (uint32_t)key);
    *word = (uint64_t)number;
    return number ? NULL : wrl__jsb_last_error(((js_store_t *)store)->core, WRL_ERROR_RESOURCE_LIMIT);
}

void wrl__jsb_externref_release(void *store, uint64_t key, uint64_t word)
{
    wrl__js_externref_release(store, (int)word, key == WRL_FOREIGN_EXTERNREF);
}

uint64_t wrl__jsb_externref_collected(void *store)
{
    return wrl__js_externref_collected(store);
}
