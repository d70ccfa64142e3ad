/* Construction of instances. */
#include "wrl/instance.h"

#include "alloc.h"
#include "error.h"
#include "item.h"
#include "link.h"
#include "turn.h"
#include "wrl/func.h"

/* Adds a prefix to the error of an engine that refused an instance. No host function has run, so the error is the
 * engine's. */
static wrl_error_t *refused(wrl_error_t *error)
{
    switch (wrl_error_kind(error)) {
    case WRL_ERROR_LINK:
        return wrl__error_prefix(error, "the engine rejected the type of an import: ");
    case WRL_ERROR_RESOURCE_LIMIT:
        return wrl__error_prefix(error, "the instance cannot be made: ");
    default:
        return error;
    }
}

/* Makes the instance in the engine. `items` are the imported items, `index` is the index of the instance's record. */
static wrl_error_t *instantiate(wrl_store_t *store, wrl_module_t *module, const wrl_extern_t *items, size_t index,
                                wrl_backend_ref_t *ref)
{
    size_t count = module->info.import_count;
    wrl_scratch_mark_t mark;
    wrl_backend_extern_t *imports =
        (wrl_backend_extern_t *)wrl__scratch_take(&store->scratch, count * sizeof *imports, &mark);
    if (!imports) {
        return wrl__error_out_of_memory();
    }
    for (size_t i = 0; i < count; i++) {
        imports[i].kind = items[i].kind;
        imports[i].ref = wrl__store_ref(store, &items[i]);
    }
    uint64_t runs = wrl__store_guest_runs(store);
    uintptr_t entry = store->entry;
    wrl_error_t *error =
        store->backend->instance_new(store->backend_store, module->backend_module, imports, count, index, ref);
    wrl__store_release_scratch(store, mark, entry);
    return error && runs == wrl__store_guest_runs(store) ? refused(error) : error;
}

/* Allocates the arrays of a record and resolves the imports. No guest code runs. */
static wrl_error_t *prepare(wrl_store_t *store, wrl_module_t *module, const wrl_imports_t *imports,
                            const wrl_extern_t *items, wrl_instance_record_t *record)
{
    record->imports = (wrl_extern_t *)wrl__alloc_array(module->info.import_count, sizeof *record->imports);
    record->exports = (wrl_extern_t *)wrl__alloc_array(module->info.export_count, sizeof *record->exports);
    if (!record->imports || !record->exports) {
        return wrl__error_out_of_memory();
    }
    return wrl__link(store, module, imports, items, record->imports);
}

/* Calls an imported start function. The engine received the module without its start section (see module.c). */
static wrl_error_t *start(wrl_store_t *store, wrl_instance_t instance)
{
    const wrl_instance_record_t *record = &store->instances[instance.index];
    wrl_extern_t func = record->imports[record->module->info.start_import];
    return wrl_func_call(store, func.of.func, NULL, 0, NULL, 0);
}

/*
 * Makes an instance and its record. The record comes first: the start function may call host functions, which may ask
 * for their caller. The record stays if the start function or a segment fails, since functions of the instance may
 * still be in tables: they use types of the module, and may be callers.
 */
static wrl_error_t *enter(wrl_store_t *store, wrl_module_t *module, const wrl_imports_t *imports,
                          const wrl_extern_t *items, wrl_instance_t *instance)
{
    if (!wrl__grow((void **)&store->instances, &store->instances_capacity, store->instances_count + 1,
                   sizeof *store->instances)) {
        return wrl__error_out_of_memory();
    }
    size_t index = store->instances_count;
    wrl_instance_record_t record = {0};
    wrl_error_t *error = prepare(store, module, imports, items, &record);
    if (error) {
        wrl__free(record.imports);
        wrl__free(record.exports);
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

/* Returns NULL, or the error for an invalid config. */
static wrl_error_t *check_config(const wrl_instance_config_t *config, const wrl_module_t *module,
                                 const wrl_imports_t *imports)
{
    wrl_error_t *error = wrl__error_config_size(config->size, sizeof *config, "INSTANCE");
    if (error || (!config->items && !config->item_count)) {
        return error;
    }
    if (!config->items || config->item_count != module->info.import_count) {
        return wrl__error_argument("config", "has %zu items for %zu imports", config->items ? config->item_count : 0,
                                   module->info.import_count);
    }
    return imports ? wrl__error_argument("config", "has items, but imports is not NULL") : NULL;
}

wrl_error_t *wrl_instance_new(wrl_store_t *store, wrl_module_t *module, const wrl_imports_t *imports,
                              const wrl_instance_config_t *config, wrl_instance_t *instance)
{
    if (!instance) {
        return wrl__error_null("instance");
    }
    *instance = (wrl_instance_t){0, 0};
    if (!store) {
        return wrl__error_null("store");
    }
    if (!module) {
        return wrl__error_null("module");
    }
    if (module->engine != store->engine) {
        return wrl__error_argument("module", "was compiled for an engine other than the store's");
    }
    wrl_error_t *error = config ? check_config(config, module, imports) : NULL;
    if (error) {
        return error;
    }
    /* Making an instance counts as a call, since the start function is guest code. */
    if (!wrl__store_has_room(store)) {
        return wrl__store_no_room(store);
    }
    /* Guest code may call host functions that release the module, delete the store, or change *instance. */
    bool imports_start = module->info.start_section != 0;
    wrl_instance_t made = {0, 0};
    wrl_turn_t turn = wrl__store_enter(store, false, store->runs_on_stack);
    error = enter(store, module, imports, config ? config->items : NULL, &made);
    /* An imported start function may be the first of the program's functions to run. has_late_work is cleared so that
     * no finalizer runs before the start function, and the store therefore still exists then. The start function is
     * called after wrl__store_leave(), as a separate call: where frames can disappear, the frames of one call disappear
     * together. */
    bool starts = !error && imports_start;
    bool has_late_work = store->has_late_work;
    store->has_late_work = has_late_work && !starts;
    error = wrl__store_leave(store, turn, false, store->runs_on_stack, error);
    if (starts && !error) {
        store->has_late_work |= has_late_work;
        error = start(store, made);
    }
    *instance = error ? (wrl_instance_t){0, 0} : made;
    return error;
}
