#include "instance.h"

#include "alloc.h"
#include "error.h"
#include "wrl/func.h"

#include <string.h>

#define NEAREST_NAMES 3
#define SEARCHED_NAMES 10000
#define COMPARED_NAMES 200 /* Each takes a step for each pair of letters. */

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
                            wrl_instance_record_t *record)
{
    record->imports = (wrl_extern_t *)wrl_alloc_array(module->info.import_count, sizeof *record->imports);
    record->exports = (wrl_extern_t *)wrl_alloc_array(module->info.export_count, sizeof *record->exports);
    if (!record->imports || !record->exports) {
        return wrl_error_out_of_memory();
    }
    return wrl_link(store, module, imports, record->imports);
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
                          wrl_instance_t *instance)
{
    if (!wrl_grow((void **)&store->instances, &store->instances_capacity, store->instances_count + 1,
                  sizeof *store->instances)) {
        return wrl_error_out_of_memory();
    }
    size_t index = store->instances_count;
    wrl_instance_record_t record = {0};
    wrl_error_t *error = prepare(store, module, imports, &record);
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

wrl_error_t *wrl_instance_new(wrl_store_t *store, wrl_module_t *module, const wrl_imports_t *imports,
                              wrl_instance_t *instance)
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
    /* The start function is guest code: making an instance counts as a call. */
    if (!wrl_store_has_room(store)) {
        return wrl_store_no_room(store);
    }
    /* Guest code may release the module and delete the store; and the program's variable may change meanwhile. */
    bool imports_start = module->info.start_section != 0;
    wrl_instance_t made = {0, 0};
    wrl_turn_t turn = wrl_store_enter(store, false, store->runs_on_stack);
    wrl_error_t *error = enter(store, module, imports, &made);
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

wrl_error_t *wrl_instance_module(const wrl_store_t *store, wrl_instance_t instance, wrl_module_t **module)
{
    if (!module) {
        return wrl_error_null("module");
    }
    const wrl_instance_record_t *record = wrl_store_instance(store, instance);
    *module = record ? record->module : NULL;
    return record ? NULL : bad_instance(store, instance);
}

wrl_error_t *wrl_instance_export_count(const wrl_store_t *store, wrl_instance_t instance, size_t *count)
{
    if (!count) {
        return wrl_error_null("count");
    }
    const wrl_instance_record_t *record = wrl_store_instance(store, instance);
    *count = record ? record->module->info.export_count : 0;
    return record ? NULL : bad_instance(store, instance);
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

wrl_error_t *wrl_instance_find_export(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                                      wrl_extern_t *item)
{
    const wrl_module_info_t *info = &store->instances[instance.index].module->info;
    size_t number = wrl_module_info_find_export(info, name, name_size);
    memset(item, 0, sizeof *item);
    return number == SIZE_MAX ? NULL : resolve(store, (size_t)instance.index, number, item);
}

/* The nearest names to one that is not exported, nearest first, as many as there are near enough. */
static size_t nearest_names(const wrl_module_info_t *info, wrl_name_t name, wrl_name_t nearest[NEAREST_NAMES])
{
    size_t distances[NEAREST_NAMES] = {0};
    size_t count = 0, compared = 0;
    size_t furthest = name.size / 3 + 2;
    for (size_t i = 0; i < info->export_count && i < SEARCHED_NAMES && compared < COMPARED_NAMES; i++) {
        wrl_name_t candidate = wrl_module_info_export_name(info, i);
        size_t size = candidate.size;
        size_t difference = size > name.size ? size - name.size : name.size - size;
        if (difference > furthest) {
            continue;
        }
        compared++;
        size_t distance = wrl_name_distance(name, candidate, furthest);
        if (distance == SIZE_MAX || (count == NEAREST_NAMES && distances[count - 1] <= distance)) {
            continue;
        }
        size_t place = count < NEAREST_NAMES ? count++ : NEAREST_NAMES - 1;
        for (; place > 0 && distances[place - 1] > distance; place--) {
            distances[place] = distances[place - 1];
            nearest[place] = nearest[place - 1];
        }
        distances[place] = distance;
        nearest[place] = candidate;
    }
    return count;
}

static wrl_error_t *unknown_export(const wrl_module_info_t *info, const char *name, size_t name_size)
{
    wrl_name_t wanted = {name, name_size};
    wrl_name_t nearest[NEAREST_NAMES] = {{NULL, 0}};
    wrl_text_t text = {0};
    wrl_text_add(&text, "name: the instance has no export ");
    wrl_text_add_quoted(&text, name, name_size);
    size_t count = nearest_names(info, wanted, nearest);
    for (size_t i = 0; i < count; i++) {
        wrl_text_add(&text, i ? ", " : "; the nearest are ");
        wrl_text_add_quoted(&text, nearest[i].data, nearest[i].size);
    }
    return wrl_error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

wrl_error_t *wrl_instance_get_export_n(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                                       wrl_extern_t *item)
{
    if (!item) {
        return wrl_error_null("item");
    }
    memset(item, 0, sizeof *item);
    const wrl_instance_record_t *record = wrl_store_instance(store, instance);
    if (!record) {
        return bad_instance(store, instance);
    }
    if (!name && name_size) {
        return wrl_error_null("name");
    }
    wrl_error_t *error = wrl_error_impossible_size("name_size", name_size);
    if (error) {
        return error;
    }
    error = wrl_instance_find_export(store, instance, name, name_size, item);
    return error || item->kind != WRL_EXTERN_NONE ? error : unknown_export(&record->module->info, name, name_size);
}

wrl_error_t *wrl_instance_get_export(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_extern_t *item)
{
    if (!name) {
        if (item) {
            memset(item, 0, sizeof *item);
        }
        return wrl_error_null("name");
    }
    return wrl_instance_get_export_n(store, instance, name, strlen(name), item);
}

wrl_error_t *wrl_error_wrong_export_kind(const char *name, size_t name_size, wrl_externkind_t wanted,
                                         wrl_externkind_t found)
{
    wrl_text_t text = {0};
    wrl_text_add(&text, "name: the export ");
    wrl_text_add_quoted(&text, name, name_size);
    wrl_text_addf(&text, " is a %s, not a %s", wrl_externkind_name(found), wrl_externkind_name(wanted));
    return wrl_error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

static wrl_error_t *get_of_kind(wrl_store_t *store, wrl_instance_t instance, const char *name, wrl_externkind_t kind,
                                wrl_extern_t *item)
{
    wrl_error_t *error = wrl_instance_get_export(store, instance, name, item);
    if (!error && item->kind != kind) {
        error = wrl_error_wrong_export_kind(name, strlen(name), kind, item->kind);
    }
    return error;
}

#define DEFINE_GET(noun, extern_kind)                                                                                  \
    wrl_error_t *wrl_instance_get_##noun(wrl_store_t *store, wrl_instance_t instance, const char *name,                \
                                         wrl_##noun##_t *noun)                                                         \
    {                                                                                                                  \
        wrl_extern_t item;                                                                                             \
        if (!noun) {                                                                                                   \
            return wrl_error_null(#noun);                                                                              \
        }                                                                                                              \
        memset(noun, 0, sizeof *noun);                                                                                 \
        wrl_error_t *error = get_of_kind(store, instance, name, extern_kind, &item);                                   \
        if (!error) {                                                                                                  \
            *noun = item.of.noun;                                                                                      \
        }                                                                                                              \
        return error;                                                                                                  \
    }

DEFINE_GET(func, WRL_EXTERN_FUNC)
DEFINE_GET(global, WRL_EXTERN_GLOBAL)
DEFINE_GET(memory, WRL_EXTERN_MEMORY)
DEFINE_GET(table, WRL_EXTERN_TABLE)

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
