#include "store.h"

#include "alloc.h"
#include "error.h"
#include "type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t next_store_id(void)
{
    static _Atomic uint64_t last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

/* ---- Making and deleting ---- */

static wrl_error_t *make(wrl_engine_t *engine, wrl_store_t **store)
{
    if (!engine) {
        return wrl_error_null("engine");
    }
    wrl_store_t *made = (wrl_store_t *)wrl_alloc(sizeof *made);
    if (!made) {
        return wrl_error_out_of_memory();
    }
    wrl_error_t *error = engine->backend->store_new(engine->backend_engine, &made->backend_store);
    if (error) {
        wrl_free(made);
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
    return wrl_error_config_size(config->size, sizeof *config, "STORE");
}

/* A config of a later version has the finalizer where this one has it. */
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
        return refuse(config, wrl_error_null("store"));
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
        wrl_free(host->type);
        wrl_free(host);
    }
}

static void free_instances(wrl_store_t *store)
{
    for (size_t i = 0; i < store->instances_count; i++) {
        wrl_free(store->instances[i].imports);
        wrl_free(store->instances[i].exports);
        wrl_module_release(store->instances[i].module);
    }
    wrl_free(store->instances);
}

static void free_types(wrl_store_t *store)
{
    wrl_arena_free(&store->export_types);
    while (store->types) {
        wrl_owned_type_t *type = store->types;
        store->types = type->next;
        wrl_free(type->type);
        wrl_free(type);
    }
}

static void finish(wrl_store_t *store)
{
    /* What a finalizer deletes may itself have holds on references of the store, so all is still there while they run.
     */
    store->is_ending = true;
    store->is_reclaiming = true;
    store->max_depth = 0; /* No call is a quick one any more. */
    store->outer_stack = SIZE_MAX;
    finalize_hosts(store);
    wrl_store_finalize_refs(store);
    wrl_finalizer_t finalizer = store->finalizer;
    void *data = wrl_store_take_data(store);
    if (finalizer) {
        finalizer(data);
    }
    store->backend->store_delete(store->backend_store);
    free_hosts(store);
    wrl_store_free_refs(store);
    free_instances(store);
    free_types(store);
    wrl_free(store->funcs);
    wrl_free(store->globals);
    wrl_free(store->memories);
    wrl_free(store->tables);
    wrl_free(store->tags);
    wrl_idmap_free(&store->known);
    wrl_scratch_free(&store->scratch);
    wrl_engine_release(store->engine);
    wrl_free(store);
}

void wrl_store_delete(wrl_store_t *store)
{
    if (!store || store->is_ending) {
        return;
    }
#if WRL_FRAMES_VANISH
    wrl_calls_forget(WRL_CALLS_HERE());
#endif
    if (wrl_store_depth(store) || store->is_reclaiming) {
        store->delete_when_idle = true;
        store->has_late_work = true;
        return;
    }
    finish(store);
}

wrl_error_t *wrl_store_finish_late(wrl_store_t *store, wrl_error_t *error)
{
    store->has_late_work = store->delete_when_idle;
    wrl_store_tidy_refs(store);
    if (wrl_store_depth(store)) {
        store->has_late_work |= store->borrows_count || (store->waiting_refs && !store->keeps_refs);
    } else if (store->delete_when_idle && !store->is_reclaiming) {
        finish(store);
    } else {
        wrl_store_reclaim(store);
    }
    return error;
}

void wrl_store_call_vanished(wrl_store_t *store)
{
    wrl_store_tidy_refs(store);
    if (wrl_store_depth(store)) {
        return;
    }
    /* Nobody is left who would give back what was taken, nor a finalizer. */
    wrl_scratch_release(&store->scratch, (wrl_scratch_mark_t){NULL, 0});
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
    if (!wrl_store_depth(store)) {
        wrl_store_tidy_refs(store);
    }
    wrl_store_reclaim(store);
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
        return store ? wrl_store_not_ending(store) : wrl_error_null("store");
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

#if WRL_STACK_KNOWN

static bool is_in_order(const wrl_store_t *store)
{
    if (store->runs_on_stack) {
        return wrl_stack_is_in_order(wrl_store_depth(store) > 0);
    }
    return !wrl_store_depth(store) || (store->entry != WRL_OUT_OF_ORDER && wrl_stack_is_inside(store->entry));
}

wrl_error_t *wrl_store_ended_early(wrl_store_t *store, wrl_error_t *error)
{
    store->entry = WRL_OUT_OF_ORDER;
    if (wrl_store_depth(store) == 1) {
        /* The last one. Nobody else gives back what was taken. */
        wrl_scratch_release(&store->scratch, (wrl_scratch_mark_t){NULL, 0});
    }
    return error ? error : wrl_error_new(WRL_ERROR_HOST, "the call ended before one that was made inside it");
}

static wrl_error_t *out_of_order(const wrl_store_t *store)
{
    return wrl_error_argument("store",
                              "a call of %s is under way on another stack or thread, and this one could end after it",
                              wrl_store_depth(store) ? "the same store" : store->backend->name);
}

#endif

bool wrl_store_has_room(const wrl_store_t *store)
{
#if WRL_FRAMES_VANISH
    wrl_calls_forget(WRL_CALLS_HERE());
#endif
    uint64_t depth = wrl_store_depth(store);
#if WRL_STACK_KNOWN
    if (!is_in_order(store)) {
        return false;
    }
#endif
#if WRL_FRAMES_VANISH
    if (!wrl_calls_reserve()) {
        return false;
    }
#endif
    return !store->is_ending && depth < store->max_depth &&
           wrl_stack_has(depth ? store->inner_stack : store->outer_stack);
}

wrl_error_t *wrl_store_not_ending(const wrl_store_t *store)
{
    return store->is_ending ? wrl_error_argument("store", "is being deleted") : NULL;
}

wrl_error_t *wrl_store_no_room(const wrl_store_t *store)
{
    if (store->is_ending) {
        return wrl_store_not_ending(store);
    }
    uint64_t depth = wrl_store_depth(store);
#if WRL_STACK_KNOWN
    if (depth < store->max_depth && !is_in_order(store)) {
        return out_of_order(store);
    }
#endif
#if WRL_STACK_KNOWN
    if (depth < store->max_depth && !wrl_stack_is_known()) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY,
                             "the system does not tell the limits of this thread's native stack");
    }
#endif
#if WRL_FRAMES_VANISH
    if (depth < store->max_depth && wrl_stack_has(depth ? store->inner_stack : store->outer_stack)) {
        /* Another attempt to reserve space for the call could succeed by now. */
        return wrl_error_out_of_memory();
    }
#endif
    wrl_error_t *error = wrl_error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW, NULL, 0);
    if (depth < store->max_depth) {
        return wrl_error_prefix(error,
                                "less than %zu bytes of this thread's native stack are left, which a call needs by the "
                                "engine's stack_size and stack_reserve: ",
                                depth ? store->inner_stack : store->outer_stack);
    }
    return wrl_error_prefix(
        error, "more than %llu calls into the guest inside one another: ", (unsigned long long)store->max_depth);
}

/* ---- Handles ---- */

wrl_error_t *wrl_store_bad_handle(const wrl_store_t *store, const char *name, uint64_t store_id, uint64_t index)
{
    if (!store) {
        return wrl_error_null("store");
    }
    if (store_id == 0) {
        return wrl_error_argument(name, "is a null handle");
    }
    if (store_id != store->id) {
        return wrl_error_argument(name, "belongs to another store, or to one that was deleted");
    }
    return wrl_error_argument(name, "has the index %llu, which the store does not have", (unsigned long long)index);
}

bool wrl_store_has_extern(const wrl_store_t *store, const wrl_extern_t *item)
{
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        return wrl_store_func(store, item->of.func);
    case WRL_EXTERN_GLOBAL:
        return wrl_store_global(store, item->of.global);
    case WRL_EXTERN_MEMORY:
        return wrl_store_memory(store, item->of.memory);
    case WRL_EXTERN_TABLE:
        return wrl_store_table(store, item->of.table);
    case WRL_EXTERN_TAG:
        return wrl_store_tag(store, item->of.tag);
    default:
        return false;
    }
}

wrl_error_t *wrl_store_check_extern(const wrl_store_t *store, const wrl_extern_t *item, const char *name)
{
    if (wrl_store_has_extern(store, item)) {
        return NULL;
    }
    if (item->kind == WRL_EXTERN_NONE || item->kind > WRL_EXTERN_TAG) {
        return wrl_error_argument(name, "is of no known kind (%d)", (int)item->kind);
    }
    /* All handles have the same form, so any member of the union tells store and index. */
    return wrl_store_bad_handle(store, name, item->of.func.store_id, item->of.func.index);
}

wrl_backend_ref_t wrl_store_ref(const wrl_store_t *store, const wrl_extern_t *item)
{
    wrl_backend_ref_t none = {{0, 0}};
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        return store->funcs[item->of.func.index].ref;
    case WRL_EXTERN_GLOBAL:
        return store->globals[item->of.global.index].ref;
    case WRL_EXTERN_MEMORY:
        return store->memories[item->of.memory.index].ref;
    case WRL_EXTERN_TABLE:
        return store->tables[item->of.table.index].ref;
    case WRL_EXTERN_TAG:
        return store->tags[item->of.tag.index].ref;
    default:
        return none;
    }
}

/*
 * Finds the record of a backend's name, or makes room for a new one at the end of its array: then *fresh is true, and
 * the caller fills the record.
 */
static wrl_error_t *find_or_add(wrl_store_t *store, wrl_externkind_t kind, wrl_backend_ref_t ref, void **records,
                                size_t *count, size_t *capacity, size_t record_size, size_t *index, bool *fresh)
{
    *index = wrl_idmap_find(&store->known, kind, ref);
    *fresh = *index == SIZE_MAX;
    if (!*fresh) {
        return NULL;
    }
    if (!wrl_grow(records, capacity, *count + 1, record_size) || !wrl_idmap_add(&store->known, kind, ref, *count)) {
        return wrl_error_out_of_memory();
    }
    *index = (*count)++;
    return NULL;
}

#define FIND_OR_ADD(kind, array, index, fresh)                                                                         \
    find_or_add(store, kind, ref, (void **)&store->array, &store->array##_count, &store->array##_capacity,             \
                sizeof *store->array, index, fresh)

static bool has_refs(const wrl_functype_t *type)
{
    for (size_t i = 0; i < type->param_count; i++) {
        if (wrl_valtype_is_ref(type->params[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < type->result_count; i++) {
        if (wrl_valtype_is_ref(type->results[i])) {
            return true;
        }
    }
    return false;
}

#ifdef WRL_CHECK_TYPES

/*
 * In builds for debugging and with sanitizers: whether an item is of the type that it is entered with. Calls and
 * accesses go unchecked by that type, so a wrong one would be a hole. The engine tells the types of functions; of
 * memories and tables, sizes that fit the limits have to do, and of globals and tags nothing can be told.
 */
static void check_item(bool is_good, const char *what)
{
    if (!is_good) {
        (void)fprintf(stderr, "wasm_runtime_layer: the engine knows a %s by another type than it was entered with\n",
                      what);
        abort();
    }
}

/* What the engine tells in other words, as it does with numbers of types, is left out. */
static bool is_comparable(const wrl_valtype_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind == WRL_VALKIND_REF) {
            return false;
        }
    }
    return true;
}

static void check_func(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type)
{
    wrl_valtype_t *types = store->told_types;
    if (!store->backend->func_type || !is_comparable(type->params, type->param_count) ||
        !is_comparable(type->results, type->result_count)) {
        return;
    }
    size_t param_count = 0, result_count = 0;
    wrl_error_t *error = store->backend->func_type(store->backend_store, ref, types, &param_count, &result_count);
    if (!error) {
        wrl_functype_t told =
            WRL_FUNCTYPE(WRL_TYPES_N(types, param_count), WRL_TYPES_N(types + param_count, result_count));
        check_item(wrl_functype_equal(&told, type), "function");
    }
    wrl_error_delete(error);
}

static void check_memory(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_memorytype_t *type)
{
    uint64_t size = store->backend->memory_size(store->backend_store, ref);
    check_item(size >= type->min && size <= type->max, "memory");
}

static void check_table(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_tabletype_t *type)
{
    uint64_t size = store->backend->table_size(store->backend_store, ref);
    check_item(size >= type->min && size <= type->max, "table");
}

#else
#define check_func(store, ref, type) ((void)0)
#define check_memory(store, ref, type) ((void)0)
#define check_table(store, ref, type) ((void)0)
#endif

/* What so many values take is a small part of any reserve. */
enum { FEW_VALUES = 32 };

/* On its way from the host to a guest's function an engine puts all arguments on the native stack, makes space for the
 * results, and may put each value aside once more, before it looks at what is left. In an outermost call that is part
 * of what the engine may take anyway. */
static void leave_stack_for_values(wrl_store_t *store, const wrl_func_record_t *record)
{
    size_t values = (size_t)record->param_count + record->result_count;
    if (!store->runs_on_stack || values <= FEW_VALUES) {
        return;
    }
    size_t needed = store->engine->stack_reserve + (values + record->slot_count) * sizeof(wrl_raw_t);
    if (store->inner_stack < needed) {
        store->inner_stack = needed;
    }
}

wrl_error_t *wrl_store_enter_func(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type,
                                  wrl_func_t *func)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_FUNC, funcs, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        check_func(store, ref, type);
        wrl_func_record_t *record = &store->funcs[index];
        record->entry = store->backend->func_entry(store->backend_store, ref, type);
        record->ref = ref;
        record->type = type;
        record->param_count = (uint16_t)type->param_count;
        record->result_count = (uint16_t)type->result_count;
        record->slot_count = record->param_count > record->result_count ? record->param_count : record->result_count;
        leave_stack_for_values(store, record);
        record->quick = has_refs(type) || record->slot_count > WRL_QUICK_SLOTS ? NULL : record->entry;
    }
    func->store_id = store->id;
    func->index = index;
    return NULL;
}

/* Keeps a type that the backend told of. */
static const wrl_functype_t *own_type(wrl_store_t *store, const wrl_functype_t *type)
{
    for (const wrl_owned_type_t *known = store->types; known; known = known->next) {
        if (wrl_functype_equal(known->type, type)) {
            return known->type;
        }
    }
    wrl_owned_type_t *owned = (wrl_owned_type_t *)wrl_alloc(sizeof *owned);
    if (owned) {
        owned->type = wrl_functype_copy(type);
    }
    if (!owned || !owned->type) {
        wrl_free(owned);
        return NULL;
    }
    owned->next = store->types;
    store->types = owned;
    return owned->type;
}

static wrl_error_t *ask_type(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t **type)
{
    wrl_scratch_mark_t mark;
    wrl_valtype_t *types =
        (wrl_valtype_t *)wrl_scratch_take(&store->scratch, 2 * (size_t)WRL_MAX_PARAMS * sizeof *types, &mark);
    if (!types) {
        return wrl_error_out_of_memory();
    }
    size_t param_count = 0, result_count = 0;
    wrl_error_t *error = store->backend->func_type(store->backend_store, ref, types, &param_count, &result_count);
    if (!error) {
        wrl_functype_t told =
            WRL_FUNCTYPE(WRL_TYPES_N(types, param_count), WRL_TYPES_N(types + param_count, result_count));
        *type = own_type(store, &told);
        error = *type ? NULL : wrl_error_out_of_memory();
    }
    wrl_scratch_release(&store->scratch, mark);
    return error;
}

wrl_error_t *wrl_store_find_func(wrl_store_t *store, wrl_backend_ref_t ref, wrl_func_t *func)
{
    size_t index = wrl_idmap_find(&store->known, WRL_EXTERN_FUNC, ref);
    if (index != SIZE_MAX) {
        func->store_id = store->id;
        func->index = index;
        return NULL;
    }
    if (!store->backend->func_type) {
        return wrl_error_new(WRL_ERROR_UNSUPPORTED, "the backend cannot tell the type of a function reference");
    }
    const wrl_functype_t *type = NULL;
    wrl_error_t *error = ask_type(store, ref, &type);
    return type ? wrl_store_enter_func(store, ref, type, func) : error;
}

wrl_error_t *wrl_store_enter_global(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_globaltype_t *type,
                                    wrl_global_t *global)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_GLOBAL, globals, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        store->globals[index] = (wrl_global_record_t){ref, *type};
    }
    *global = (wrl_global_t){store->id, index};
    return NULL;
}

wrl_error_t *wrl_store_enter_memory(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_memorytype_t *type,
                                    wrl_memory_t *memory)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_MEMORY, memories, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        check_memory(store, ref, type);
        store->memories[index] = (wrl_memory_record_t){.seen_at = WRL_NEVER_SEEN, .ref = ref, .type = *type};
    }
    *memory = (wrl_memory_t){store->id, index};
    return NULL;
}

wrl_error_t *wrl_store_enter_table(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_tabletype_t *type,
                                   wrl_table_t *table)
{
    size_t index;
    bool fresh;
    if (!store->backend->table_new) {
        return wrl_error_format(WRL_ERROR_UNSUPPORTED, "the backend %s has no tables", store->backend->name);
    }
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_TABLE, tables, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        check_table(store, ref, type);
        store->tables[index] = (wrl_table_record_t){ref, *type};
    }
    *table = (wrl_table_t){store->id, index};
    return NULL;
}

static wrl_error_t *enter_tag(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_functype_t *type, wrl_tag_t *tag)
{
    size_t index;
    bool fresh;
    wrl_error_t *error = FIND_OR_ADD(WRL_EXTERN_TAG, tags, &index, &fresh);
    if (error) {
        return error;
    }
    if (fresh) {
        store->tags[index] = (wrl_tag_record_t){ref, *type};
    }
    *tag = (wrl_tag_t){store->id, index};
    return NULL;
}

wrl_error_t *wrl_store_enter_extern(wrl_store_t *store, wrl_backend_ref_t ref, const wrl_externtype_t *type,
                                    wrl_extern_t *item)
{
    item->kind = type->kind;
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        return wrl_store_enter_func(store, ref, &type->of.func, &item->of.func);
    case WRL_EXTERN_GLOBAL:
        return wrl_store_enter_global(store, ref, &type->of.global, &item->of.global);
    case WRL_EXTERN_MEMORY:
        return wrl_store_enter_memory(store, ref, &type->of.memory, &item->of.memory);
    case WRL_EXTERN_TABLE:
        return wrl_store_enter_table(store, ref, &type->of.table, &item->of.table);
    case WRL_EXTERN_TAG:
        return enter_tag(store, ref, &type->of.tag, &item->of.tag);
    default:
        return wrl_error_format(WRL_ERROR_UNSUPPORTED, "an extern of unknown kind %d", (int)type->kind);
    }
}
