#include "store.h"

#include "alloc.h"
#include "error.h"
#include "item.h"
#include "refs.h"
#include "turn.h"

static uint64_t next_store_id(void)
{
    static _Atomic uint64_t last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

/* ---- Construction and deletion ---- */

static wrl_error_t *make(wrl_engine_t *engine, wrl_store_t **store)
{
    if (!engine) {
        return wrl__error_null("engine");
    }
    wrl_store_t *made = (wrl_store_t *)wrl__alloc(sizeof *made);
    if (!made) {
        return wrl__error_out_of_memory();
    }
    wrl_error_t *error = engine->backend->store_new(engine->backend_engine, &made->backend_store);
    if (error) {
        wrl__free(made);
        return error;
    }
    made->id = next_store_id();
    made->backend = engine->backend;
    made->max_depth = engine->max_reentry;
    made->outer_stack = engine->stack_reserve + engine->call_stack;
    made->inner_stack = engine->stack_reserve;
    made->runs_on_stack = engine->backend->engine_stack != NULL;
    made->engine = wrl_engine_retain(engine);
    *store = made;
    return NULL;
}

static wrl_error_t *check_config(const wrl_store_config_t *config)
{
    return wrl__error_config_size(config->size, sizeof *config, "STORE");
}

/* Calls the finalizer of a refused config. A config of a larger size is from a later version, and has the finalizer at
 * the same place. */
static wrl_error_t *refuse(const wrl_store_config_t *config, wrl_error_t *error)
{
    if (config->size >= sizeof *config && config->finalizer) {
        config->finalizer(config->data);
    }
    return error;
}

wrl_error_t *wrl_store_new(wrl_engine_t *engine, const wrl_store_config_t *config, wrl_store_t **store)
{
    static const wrl_store_config_t defaults = WRL_STORE_CONFIG_INIT;
    wrl_store_t *made = NULL;
    config = config ? config : &defaults;
    if (!store) {
        return refuse(config, wrl__error_null("store"));
    }
    *store = NULL;
    wrl_error_t *error = check_config(config);
    error = error ? error : make(engine, &made);
    if (!made) {
        return refuse(config, error);
    }
    made->data = config->data;
    made->finalizer = config->finalizer;
    *store = made;
    return NULL;
}

static void finalize_hosts(const wrl_store_t *store)
{
    for (const wrl_host_t *host = store->hosts; host; host = host->next) {
        if (host->finalizer) {
            host->finalizer(host->env);
        }
    }
}

static void free_hosts(wrl_store_t *store)
{
    while (store->hosts) {
        wrl_host_t *host = store->hosts;
        store->hosts = host->next;
        wrl__free(host->type);
        wrl__free(host);
    }
}

static void free_instances(wrl_store_t *store)
{
    for (size_t i = 0; i < store->instances_count; i++) {
        wrl__free(store->instances[i].imports);
        wrl__free(store->instances[i].exports);
        wrl_module_release(store->instances[i].module);
    }
    wrl__free(store->instances);
}

static void free_types(wrl_store_t *store)
{
    wrl__arena_free(&store->export_types);
    for (size_t i = 0; i < store->types_count; i++) {
        wrl__free(store->types[i]);
    }
    wrl__free(store->types);
}

static void finish(wrl_store_t *store)
{
    /* A finalizer may delete an object that has holds on references of the store, so nothing is freed before all
     * finalizers have run. */
    store->is_ending = true;
    store->is_reclaiming = true;
    store->max_depth = 0; /* Keeps calls off the quick path. */
    store->outer_stack = SIZE_MAX;
    finalize_hosts(store);
    wrl__store_finalize_refs(store);
    wrl_finalizer_t finalizer = store->finalizer;
    void *data = wrl_store_take_data(store);
    if (finalizer) {
        finalizer(data);
    }
    store->backend->store_delete(store->backend_store);
    free_hosts(store);
    wrl__store_free_refs(store);
    free_instances(store);
    free_types(store);
    wrl__free(store->funcs);
    wrl__free(store->globals);
    wrl__free(store->memories);
    wrl__free(store->tables);
    wrl__free(store->tags);
    wrl__idmap_free(&store->known);
    wrl__scratch_free(&store->scratch);
    wrl_engine_release(store->engine);
    wrl__free(store);
}

void wrl__store_end(wrl_store_t *store)
{
    if (store->is_ending) {
        return;
    }
    if (wrl__store_depth(store) || store->is_reclaiming) {
        store->delete_when_idle = true;
        store->has_late_work = true;
        return;
    }
    finish(store);
}

void wrl__store_reclaim(wrl_store_t *store)
{
    wrl__store_finalize_dead(store);
    /* A finalizer may have called wrl_store_delete(). */
    if (store->delete_when_idle) {
        wrl__store_end(store);
    }
}

wrl_error_t *wrl__store_finish_late(wrl_store_t *store, wrl_error_t *error)
{
    store->has_late_work = store->delete_when_idle;
    wrl__store_tidy_refs(store);
    if (wrl__store_depth(store)) {
        store->has_late_work |= store->borrows_count || (store->waiting_refs && !store->keeps_refs);
    } else if (store->delete_when_idle && !store->is_reclaiming) {
        finish(store);
    } else {
        wrl__store_reclaim(store);
    }
    return error;
}

void wrl__store_call_vanished(wrl_store_t *store)
{
    wrl__store_tidy_refs(store);
    if (wrl__store_depth(store)) {
        return;
    }
    /* The frames that would have released the scratch space, or ended a finalizer, have disappeared. */
    wrl__scratch_release(&store->scratch, (wrl_scratch_mark_t){NULL, 0});
    store->is_reclaiming = false;
    if (store->delete_when_idle) {
        finish(store);
    }
}

void wrl_store_collect(wrl_store_t *store)
{
    if (!store) {
        return;
    }
    if (store->backend->store_collect) {
        store->backend->store_collect(store->backend_store);
    }
    if (!wrl__store_depth(store)) {
        wrl__store_tidy_refs(store);
    }
    wrl__store_reclaim(store);
}

wrl_engine_t *wrl_store_engine(const wrl_store_t *store)
{
    return store ? store->engine : NULL;
}

void *wrl_store_data(const wrl_store_t *store)
{
    return store ? store->data : NULL;
}

wrl_error_t *wrl_store_set_data(wrl_store_t *store, void *data, wrl_finalizer_t finalizer)
{
    if (!store || store->is_ending) {
        if (finalizer) {
            finalizer(data);
        }
        return store ? wrl__store_not_ending(store) : wrl__error_null("store");
    }
    wrl_finalizer_t former_finalizer = store->finalizer;
    void *former = store->data;
    store->data = data;
    store->finalizer = finalizer;
    if (former_finalizer) {
        former_finalizer(former);
    }
    return NULL;
}

void *wrl_store_take_data(wrl_store_t *store)
{
    if (!store) {
        return NULL;
    }
    void *data = store->data;
    store->data = NULL;
    store->finalizer = NULL;
    return data;
}
