#include "instance.h"

#include "alloc.h"
#include "error.h"
#include "wrl/feature.h"
#include "wrl/func.h"

#include <string.h>

/* ---- Making instances ---- */

/* What the engine says of an instance, in the core's words. No host function has run, whose error this could be. */
static wrl_error_t *refused(wrl_error_t *error)
{
    switch (wrl_error_kind(error)) {
    case WRL_ERROR_LINK:
        return wrl_error_prefix(error, "an import is of the wrong type for the engine: ");
    case WRL_ERROR_RESOURCE_LIMIT:
        return wrl_error_prefix(error, "the instance cannot be made: ");
    default:
        return error;
    }
}

/* The engine's part: `items` holds what fills the imports, `index` is the record's. */
static wrl_error_t *instantiate(wrl_store_t *store, wrl_module_t *module, const wrl_extern_t *items, size_t index,
                                wrl_backend_ref_t *ref)
{
    size_t count = module->info.import_count;
    wrl_scratch_mark_t mark;
    wrl_backend_extern_t *imports =
        (wrl_backend_extern_t *)wrl_scratch_take(&store->scratch, count * sizeof *imports, &mark);
    if (!imports) {
        return wrl_error_out_of_memory();
    }
    for (size_t i = 0; i < count; i++) {
        imports[i].kind = items[i].kind;
        imports[i].ref = wrl_store_ref(store, &items[i]);
    }
    uint64_t runs = wrl_store_guest_runs(store);
    uintptr_t entry = store->entry;
    wrl_error_t *error =
        store->backend->instance_new(store->backend_store, module->backend_module, imports, count, index, ref);
    wrl_store_release_scratch(store, mark, entry);
    return error && runs == wrl_store_guest_runs(store) ? refused(error) : error;
}

/* Fills the imports of the record that was reserved last. No guest code runs. */
static wrl_error_t *prepare(wrl_store_t *store, wrl_module_t *module, const wrl_imports_t *imports,
                            const wrl_extern_t *items, wrl_instance_record_t *record)
{
    record->imports = (wrl_extern_t *)wrl_alloc_array(module->info.import_count, sizeof *record->imports);
    record->exports = (wrl_extern_t *)wrl_alloc_array(module->info.export_count, sizeof *record->exports);
    if (!record->imports || !record->exports) {
        return wrl_error_out_of_memory();
    }
    return wrl_link(store, module, imports, items, record->imports);
}

/* Calls the start function of an instance whose module imports it: the engine was not shown it (see module.c). */
static wrl_error_t *start(wrl_store_t *store, wrl_instance_t instance)
{
    const wrl_instance_record_t *record = &store->instances[instance.index];
    wrl_extern_t func = record->imports[record->module->info.start_import];
    return wrl_func_call(store, func.of.func, NULL, 0, NULL, 0);
}

/*
 * The record is entered before the engine makes the instance: the start function may already call host functions that
 * ask for their caller. It stays if the start function or a segment fails, since functions of the instance may live on
 * in tables: they need the module's types, and may be callers.
 */
static wrl_error_t *enter(wrl_store_t *store, wrl_module_t *module, const wrl_imports_t *imports,
                          const wrl_extern_t *items, wrl_instance_t *instance)
{
    if (!wrl_grow((void **)&store->instances, &store->instances_capacity, store->instances_count + 1,
                  sizeof *store->instances)) {
        return wrl_error_out_of_memory();
    }
    size_t index = store->instances_count;
    wrl_instance_record_t record = {0};
    wrl_error_t *error = prepare(store, module, imports, items, &record);
    if (error) {
        wrl_free(record.imports);
        wrl_free(record.exports);
        return error;
    }
    record.module = wrl_module_retain(module);
    store->instances[index] = record;
    store->instances_count++;
    store->keeps_refs |= module->info.keeps_refs;
    wrl_backend_ref_t ref = {{0, 0}};
    error = instantiate(store, module, record.imports, index, &ref);
    if (!error) {
        store->instances[index].ref = ref;
        *instance = (wrl_instance_t){store->id, index};
    }
    return error;
}

/* NULL, or what is wrong with the config of an instance. */
static wrl_error_t *check_config(const wrl_instance_config_t *config, const wrl_module_t *module,
                                 const wrl_imports_t *imports)
{
    wrl_error_t *error = wrl_error_config_size(config->size, sizeof *config, "INSTANCE");
    if (error || (!config->items && !config->item_count)) {
        return error;
    }
    if (!config->items || config->item_count != module->info.import_count) {
        return wrl_error_argument("config", "has %zu items for %zu imports", config->items ? config->item_count : 0,
                                  module->info.import_count);
    }
    return imports ? wrl_error_argument("config", "has items beside imports") : NULL;
}

wrl_error_t *wrl_instance_new(wrl_store_t *store, wrl_module_t *module, const wrl_imports_t *imports,
                              const wrl_instance_config_t *config, wrl_instance_t *instance)
{
    if (!instance) {
        return wrl_error_null("instance");
    }
    *instance = (wrl_instance_t){0, 0};
    if (!store) {
        return wrl_error_null("store");
    }
    if (!module) {
        return wrl_error_null("module");
    }
    if (module->engine != store->engine) {
        return wrl_error_argument("module", "was compiled for another engine than the store's");
    }
    wrl_error_t *error = config ? check_config(config, module, imports) : NULL;
    if (error) {
        return error;
    }
    /* The start function is guest code: making an instance counts as a call. */
    if (!wrl_store_has_room(store)) {
        return wrl_store_no_room(store);
    }
    /* Guest code may release the module and delete the store; and the program's variable may change meanwhile. */
    bool imports_start = module->info.start_section != 0;
    wrl_instance_t made = {0, 0};
    wrl_turn_t turn = wrl_store_enter(store, false, store->runs_on_stack);
    error = enter(store, module, imports, config ? config->items : NULL, &made);
    /* No code of the program has run yet if its first is this function, and no finalizer does before it, so the store
     * is there. It is a call of its own: where frames can vanish, those of one call do so at a time. */
    bool starts = !error && imports_start;
    bool has_late_work = store->has_late_work;
    store->has_late_work = has_late_work && !starts;
    error = wrl_store_leave(store, turn, false, store->runs_on_stack, error);
    if (starts && !error) {
        store->has_late_work |= has_late_work;
        error = start(store, made);
    }
    *instance = error ? (wrl_instance_t){0, 0} : made;
    return error;
}

/* ---- Exports ---- */

static wrl_error_t *bad_instance(const wrl_store_t *store, wrl_instance_t instance)
{
    return wrl_store_bad_handle(store, "instance", instance.store_id, instance.index);
}

wrl_error_t *wrl_instance_check(const wrl_store_t *store, wrl_instance_t instance)
{
    return wrl_store_instance(store, instance) ? NULL : bad_instance(store, instance);
}

wrl_module_t *wrl_instance_module(const wrl_store_t *store, wrl_instance_t instance)
{
    const wrl_instance_record_t *record = wrl_store_instance(store, instance);
    return record ? record->module : NULL;
}

size_t wrl_instance_export_count(const wrl_store_t *store, wrl_instance_t instance)
{
    const wrl_instance_record_t *record = wrl_store_instance(store, instance);
    return record ? record->module->info.export_count : 0;
}

/* Asks the backend for export `number`. */
static wrl_error_t *ask_export(wrl_store_t *store, const wrl_instance_record_t *record, size_t number,
                               wrl_extern_t *item)
{
    wrl_exporttype_t *type = (wrl_exporttype_t *)wrl_arena_alloc(&store->export_types, sizeof *type);
    if (!type) {
        return wrl_error_out_of_memory();
    }
    wrl_module_info_export(&record->module->info, number, type);
    wrl_backend_ref_t ref = {{0, 0}};
    wrl_error_t *error = store->backend->instance_export(store->backend_store, record->ref, number, type->name,
                                                         type->name_size, &type->type, &ref);
    return error ? error : wrl_store_enter_extern(store, ref, &type->type, item);
}

/*
 * Gives export `number` of an instance. An export that only passes an import on is the very item that was imported;
 * engines differ in whether they would tell.
 */
static wrl_error_t *resolve(wrl_store_t *store, size_t index, size_t number, wrl_extern_t *item)
{
    wrl_instance_record_t *record = &store->instances[index];
    if (record->exports[number].kind != WRL_EXTERN_NONE) {
        *item = record->exports[number];
        return NULL;
    }
    const wrl_export_record_t *entry = &record->module->info.exports[number];
    const wrl_items_t *items = &record->module->info.items[entry->kind];
    wrl_error_t *error = NULL;
    if (entry->index < items->import_count) {
        *item = record->imports[items->imports[entry->index]];
    } else {
        error = ask_export(store, record, number, item);
    }
    if (error) {
        memset(item, 0, sizeof *item);
        return error;
    }
    record->exports[number] = *item;
    return NULL;
}

wrl_error_t *wrl_instance_export(wrl_store_t *store, wrl_instance_t instance, size_t index, wrl_export_t *export_item)
{
    if (!export_item) {
        return wrl_error_null("export_item");
    }
    memset(export_item, 0, sizeof *export_item);
    const wrl_instance_record_t *record = wrl_store_instance(store, instance);
    if (!record) {
        return bad_instance(store, instance);
    }
    if (index >= record->module->info.export_count) {
        return wrl_error_argument("index", "is %zu, but the instance has %zu exports", index,
                                  record->module->info.export_count);
    }
    wrl_name_t name = wrl_module_info_export_name(&record->module->info, index);
    wrl_error_t *error = resolve(store, (size_t)instance.index, index, &export_item->item);
    if (!error) {
        export_item->name = name.data;
        export_item->name_size = name.size;
    }
    return error;
}

/* ---- Look-ups by name: whether the export was found, or why not ---- */

/* The number of the export of that name, or SIZE_MAX. */
static size_t find_export(const wrl_instance_record_t *record, const char *name, size_t name_size)
{
    bool is_name = record && (name || !name_size) && name_size <= PTRDIFF_MAX;
    return is_name ? wrl_module_info_find_export(&record->module->info, name, name_size) : SIZE_MAX;
}

bool wrl_instance_get_export_n(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                               wrl_extern_t *item)
{
    wrl_extern_t found = {0};
    size_t number = find_export(wrl_store_instance(store, instance), name, name_size);
    if (number != SIZE_MAX) {
        wrl_error_delete(resolve(store, (size_t)instance.index, number, &found));
    }
    if (item) {
        *item = found;
    }
    return found.kind != WRL_EXTERN_NONE;
}

bool wrl_instance_get_export(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_extern_t *item)
{
    return wrl_instance_get_export_n(name ? store : NULL, instance, name, name ? strlen(name) : 0, item);
}

/* The error for an export that is not there (`found` is NONE), or of another kind. */
static wrl_error_t *no_such_export(const char *name, size_t name_size, wrl_externkind_t kind, wrl_externkind_t found,
                                   const char *reason)
{
    wrl_text_t text = {0};
    wrl_text_add(&text, found ? "the export " : "there is no export ");
    wrl_text_add_quoted(&text, name, name_size);
    if (found) {
        wrl_text_addf(&text, " is a %s, not a %s", wrl_externkind_name(found), wrl_externkind_name(kind));
    }
    wrl_text_add(&text, reason);
    return wrl_error_from_text(WRL_ERROR_LINK, &text);
}

/* What does not depend on the instance. Clears the output. The inline functions of the headers pass theirs as `item`,
 * or NULL if it is NULL. */
static wrl_error_t *check_request(const char *name, size_t name_size, wrl_externkind_t kind, wrl_extern_t *item)
{
    if (!item) {
        return wrl_error_null(kind == WRL_EXTERN_FUNC ? "func" : kind ? wrl_externkind_name(kind) : "item");
    }
    memset(item, 0, sizeof *item);
    if (kind >= WRL_EXTERN_LIMIT) {
        return wrl_error_argument("kind", "is none of wrl_externkind_t");
    }
    if (!name && name_size) {
        return wrl_error_null("name");
    }
    return wrl_error_impossible_size("name_size", name_size);
}

static wrl_error_t *require(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                            wrl_externkind_t kind, wrl_extern_t *item)
{
    const wrl_instance_record_t *record = wrl_store_instance(store, instance);
    if (!record) {
        return bad_instance(store, instance);
    }
    size_t number = find_export(record, name, name_size);
    wrl_externkind_t found = number == SIZE_MAX ? WRL_EXTERN_NONE : record->module->info.exports[number].kind;
    if (!found || (kind && kind != found)) {
        return no_such_export(name, name_size, kind, found, "");
    }
    return resolve(store, (size_t)instance.index, number, item);
}

wrl_error_t *wrl_instance_require_export_n(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                           size_t name_size, wrl_externkind_t kind, wrl_extern_t *item)
{
    wrl_error_t *error = check_request(name, name_size, kind, item);
    return error ? error : require(store, instance, name, name_size, kind, item);
}

wrl_error_t *wrl_instance_require_export(wrl_store_t *store, wrl_instance_t instance, const char *name,
                                         wrl_externkind_t kind, wrl_extern_t *item)
{
    return wrl_instance_require_export_n(store, instance, name, name ? strlen(name) : 1, kind, item);
}

/* ---- The calling instance ---- */

wrl_instance_t wrl_caller_instance(const wrl_caller_t *caller)
{
    wrl_instance_t none = {0, 0};
    wrl_store_t *store = caller ? caller->store : NULL;
    if (!store || !store->backend->caller_instance) {
        return none;
    }
    uint64_t index = 0;
    wrl_backend_ref_t ref = {{0, 0}};
    if (!store->backend->caller_instance(store->backend_store, caller->backend_caller, &index, &ref) ||
        index >= store->instances_count) {
        return none;
    }
    /* Of an instance that is being made, or that could not be made in full, the backend has reported nothing else. */
    wrl_instance_record_t *record = &store->instances[index];
    if (!wrl_store_is_known(record)) {
        record->ref = ref;
    }
    return wrl_store_is_known(record) ? (wrl_instance_t){store->id, index} : none;
}

bool wrl_caller_get_export_n(wrl_caller_t *caller, const char *name, size_t name_size, wrl_extern_t *item)
{
    return wrl_instance_get_export_n(wrl_caller_store(caller), wrl_caller_instance(caller), name, name_size, item);
}

bool wrl_caller_get_export(wrl_caller_t *caller, const char *name, wrl_extern_t *item)
{
    return wrl_instance_get_export(wrl_caller_store(caller), wrl_caller_instance(caller), name, item);
}

wrl_error_t *wrl_caller_require_export_n(wrl_caller_t *caller, const char *name, size_t name_size,
                                         wrl_externkind_t kind, wrl_extern_t *item)
{
    wrl_error_t *error = check_request(name, name_size, kind, item);
    if (error || !caller) {
        return error ? error : wrl_error_null("caller");
    }
    error = wrl_engine_require(caller->store->engine, WRL_FEATURE_CALLER_EXPORTS, "a caller's export");
    if (error) {
        return error;
    }
    wrl_instance_t instance = wrl_caller_instance(caller);
    return wrl_instance_is_null(instance)
               ? no_such_export(name, name_size, kind, WRL_EXTERN_NONE, ": the host itself made the call")
               : require(caller->store, instance, name, name_size, kind, item);
}

wrl_error_t *wrl_caller_require_export(wrl_caller_t *caller, const char *name, wrl_externkind_t kind,
                                       wrl_extern_t *item)
{
    return wrl_caller_require_export_n(caller, name, name ? strlen(name) : 1, kind, item);
}
