#include "wrl/instance.h"

#include "error.h"
#include "item.h"
#include "wrl/feature.h"

#include <string.h>

/* ---- Exports ---- */

static wrl_error_t *bad_instance(const wrl_store_t *store, wrl_instance_t instance)
{
    return wrl__store_bad_handle(store, "instance", instance.store_id, instance.index);
}

wrl_error_t *wrl_instance_check(const wrl_store_t *store, wrl_instance_t instance)
{
    return wrl__store_instance(store, instance) ? NULL : bad_instance(store, instance);
}

wrl_module_t *wrl_instance_module(const wrl_store_t *store, wrl_instance_t instance)
{
    const wrl_instance_record_t *record = wrl__store_instance(store, instance);
    return record ? record->module : NULL;
}

size_t wrl_instance_export_count(const wrl_store_t *store, wrl_instance_t instance)
{
    const wrl_instance_record_t *record = wrl__store_instance(store, instance);
    return record ? record->module->info.export_count : 0;
}

/* Gets export `number` from the backend. */
static wrl_error_t *ask_export(wrl_store_t *store, const wrl_instance_record_t *record, size_t number,
                               wrl_extern_t *item)
{
    wrl_exporttype_t *type = (wrl_exporttype_t *)wrl__arena_alloc(&store->export_types, sizeof *type);
    if (!type) {
        return wrl__error_out_of_memory();
    }
    wrl__module_info_export(&record->module->info, number, type);
    wrl_backend_ref_t ref = {{0, 0}};
    wrl_error_t *error = store->backend->instance_export(store->backend_store, record->ref, number, type->name,
                                                         type->name_size, &type->type, &ref);
    return error ? error : wrl__store_enter_extern(store, ref, &type->type, item);
}

/* Finds the item of export `number`. A re-exported import is the same item as the import, whether or not the engine
 * reports the same identity for both. */
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
        return wrl__error_null("export_item");
    }
    memset(export_item, 0, sizeof *export_item);
    const wrl_instance_record_t *record = wrl__store_instance(store, instance);
    if (!record) {
        return bad_instance(store, instance);
    }
    if (index >= record->module->info.export_count) {
        return wrl__error_argument("index", "is %zu, but the instance has %zu exports", index,
                                   record->module->info.export_count);
    }
    wrl_name_t name = wrl__module_info_export_name(&record->module->info, index);
    wrl_error_t *error = resolve(store, (size_t)instance.index, index, &export_item->item);
    if (!error) {
        export_item->name = name.data;
        export_item->name_size = name.size;
    }
    return error;
}

/* ---- Look-ups by name ---- */

/* Returns the number of the export of that name, or SIZE_MAX. */
static size_t find_export(const wrl_instance_record_t *record, const char *name, size_t name_size)
{
    bool is_name = record && (name || !name_size) && name_size <= PTRDIFF_MAX;
    return is_name ? wrl__module_info_find_export(&record->module->info, name, name_size) : SIZE_MAX;
}

bool wrl_instance_get_export_n(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                               wrl_extern_t *item)
{
    wrl_extern_t found = {0};
    size_t number = find_export(wrl__store_instance(store, instance), name, name_size);
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

/* Returns the error for an export that does not exist (`found` is NONE) or has another kind. */
static wrl_error_t *no_such_export(const char *name, size_t name_size, wrl_externkind_t kind, wrl_externkind_t found,
                                   const char *reason)
{
    wrl_text_t text = {0};
    wrl__text_add(&text, found ? "the export " : "there is no export ");
    wrl__text_add_quoted(&text, name, name_size);
    if (found) {
        wrl__text_addf(&text, " is a %s, not a %s", wrl_externkind_name(found), wrl_externkind_name(kind));
    }
    wrl__text_add(&text, reason);
    return wrl__error_from_text(WRL_ERROR_LINK, &text);
}

/* Checks the arguments apart from the instance, and clears `item`. Inline functions such as wrl_instance_require_func()
 * pass NULL if their own output parameter is NULL; the error then names that parameter. */
static wrl_error_t *check_request(const char *name, size_t name_size, wrl_externkind_t kind, wrl_extern_t *item)
{
    if (!item) {
        return wrl__error_null(kind == WRL_EXTERN_FUNC ? "func" : kind ? wrl_externkind_name(kind) : "item");
    }
    memset(item, 0, sizeof *item);
    if (kind >= WRL_EXTERN_LIMIT) {
        return wrl__error_argument("kind", "is not a wrl_externkind_t");
    }
    if (!name && name_size) {
        return wrl__error_null("name");
    }
    return wrl__error_impossible_size("name_size", name_size);
}

static wrl_error_t *require(wrl_store_t *store, wrl_instance_t instance, const char *name, size_t name_size,
                            wrl_externkind_t kind, wrl_extern_t *item)
{
    const wrl_instance_record_t *record = wrl__store_instance(store, instance);
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
    /* For an unfinished or failed instance, the backend has not reported its reference before. */
    wrl_instance_record_t *record = &store->instances[index];
    if (!wrl__store_is_known(record)) {
        record->ref = ref;
    }
    return wrl__store_is_known(record) ? (wrl_instance_t){store->id, index} : none;
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
        return error ? error : wrl__error_null("caller");
    }
    error = wrl__engine_require(caller->store->engine, WRL_FEATURE_CALLER_EXPORTS, "a caller's export");
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
