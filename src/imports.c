#include "imports.h"

#include "alloc.h"
#include "error.h"
#include "wrl/instance.h"

#include <string.h>

static wrl_name_key_t key_of(const void *context, size_t number)
{
    const wrl_import_t *entry = &((const wrl_imports_t *)context)->entries[number];
    wrl_name_key_t key = {{entry->module, entry->module_size}, {entry->name, entry->name_size}};
    return key;
}

static void free_entries(wrl_import_t *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wrl__free((char *)entries[i].module);
    }
}

wrl_error_t *wrl_imports_new(wrl_imports_t **imports)
{
    if (!imports) {
        return wrl__error_null("imports");
    }
    *imports = (wrl_imports_t *)wrl__alloc(sizeof **imports);
    return *imports ? NULL : wrl__error_out_of_memory();
}

void wrl_imports_delete(wrl_imports_t *imports)
{
    if (!imports) {
        return;
    }
    free_entries(imports->entries, imports->count);
    wrl__free(imports->entries);
    wrl__names_free(&imports->names);
    wrl__free(imports);
}

static wrl_error_t *check_item(const wrl_extern_t *item)
{
    if (item->kind <= WRL_EXTERN_NONE || item->kind > WRL_EXTERN_TAG) {
        return wrl__error_argument("item", "has the unknown kind %d", (int)item->kind);
    }
    return item->of.func.store_id ? NULL : wrl__error_argument("item", "is a null handle");
}

/* Makes an entry with copies of its names. Returns false if memory runs out. */
static bool make_entry(wrl_name_t module, wrl_name_t name, wrl_extern_t item, wrl_import_t *entry)
{
    if (module.size > SIZE_MAX / 4 || name.size > SIZE_MAX / 4) {
        return false;
    }
    char *names = (char *)wrl__alloc(module.size + name.size + 2);
    if (!names) {
        return false;
    }
    *entry = (wrl_import_t){names, module.size, names + module.size + 1, name.size, item};
    if (module.size) {
        memcpy(names, module.data, module.size);
    }
    if (name.size) {
        memcpy(names + module.size + 1, name.data, name.size);
    }
    return true;
}

/* Adds finished entries to the map, all or none: space for all is reserved before the first is added. Takes ownership
 * of their names, even if it fails. */
static wrl_error_t *put(wrl_imports_t *imports, wrl_import_t *entries, size_t count)
{
    if (!wrl__grow((void **)&imports->entries, &imports->capacity, imports->count + count, sizeof *imports->entries) ||
        !wrl__names_reserve(&imports->names, count, key_of, imports)) {
        free_entries(entries, count);
        return wrl__error_out_of_memory();
    }
    for (size_t i = 0; i < count; i++) {
        wrl_name_key_t key = {{entries[i].module, entries[i].module_size}, {entries[i].name, entries[i].name_size}};
        size_t known = wrl__names_find(&imports->names, key, key_of, imports);
        if (known != SIZE_MAX) {
            imports->entries[known].item = entries[i].item;
            free_entries(&entries[i], 1);
        } else {
            imports->entries[imports->count] = entries[i];
            (void)wrl__names_add(&imports->names, imports->count++, key_of, imports);
        }
    }
    return NULL;
}

wrl_error_t *wrl_imports_define_n(wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                                  size_t name_size, wrl_extern_t item)
{
    if (!imports) {
        return wrl__error_null("imports");
    }
    if ((!module && module_size) || (!name && name_size)) {
        return wrl__error_null(!module && module_size ? "module" : "name");
    }
    wrl_error_t *error = wrl__error_impossible_size("module_size", module_size);
    error = error ? error : wrl__error_impossible_size("name_size", name_size);
    error = error ? error : check_item(&item);
    if (error) {
        return error;
    }
    wrl_name_t module_name = {module, module_size};
    wrl_name_t item_name = {name, name_size};
    wrl_import_t entry;
    return make_entry(module_name, item_name, item, &entry) ? put(imports, &entry, 1) : wrl__error_out_of_memory();
}

wrl_error_t *wrl_imports_define(wrl_imports_t *imports, const char *module, const char *name, wrl_extern_t item)
{
    if (!module || !name) {
        return wrl__error_null(module ? "name" : "module");
    }
    return wrl_imports_define_n(imports, module, strlen(module), name, strlen(name), item);
}

/* Reports item `number` of a definition of several items. */
typedef wrl_error_t *(*item_source_t)(void *context, size_t number, wrl_name_t *name, wrl_extern_t *item);

static wrl_error_t *define_several(wrl_imports_t *imports, const char *module, size_t count, item_source_t source,
                                   void *context)
{
    if (!imports || !module) {
        return wrl__error_null(imports ? "module" : "imports");
    }
    wrl_name_t module_name = {module, strlen(module)};
    wrl_import_t *entries = (wrl_import_t *)wrl__alloc_array(count, sizeof *entries);
    if (!entries) {
        return wrl__error_out_of_memory();
    }
    wrl_error_t *error = NULL;
    size_t made = 0;
    while (made < count && !error) {
        wrl_name_t name = {NULL, 0};
        wrl_extern_t item = {WRL_EXTERN_NONE, {{0, 0}}};
        error = source(context, made, &name, &item);
        if (!error && !make_entry(module_name, name, item, &entries[made])) {
            error = wrl__error_out_of_memory();
        }
        made += !error;
    }
    if (error) {
        free_entries(entries, made);
    } else {
        error = put(imports, entries, count);
    }
    wrl__free(entries);
    return error;
}

static wrl_error_t *from_array(void *context, size_t number, wrl_name_t *name, wrl_extern_t *item)
{
    const wrl_named_extern_t *named = (const wrl_named_extern_t *)context + number;
    if (!named->name) {
        return wrl__error_argument("items", "the name of item %zu is NULL", number);
    }
    *name = (wrl_name_t){named->name, strlen(named->name)};
    *item = named->item;
    wrl_error_t *error = check_item(item);
    return error ? wrl__error_prefix(error, "items: entry %zu: ", number) : NULL;
}

wrl_error_t *wrl_imports_define_module(wrl_imports_t *imports, const char *module, const wrl_named_extern_t *items,
                                       size_t count)
{
    if (!items && count) {
        return wrl__error_null("items");
    }
    if (count > PTRDIFF_MAX / sizeof *items) {
        return wrl__error_argument("count", "is %zu, more items than an array can have", count);
    }
    return define_several(imports, module, count, from_array, (void *)items);
}

typedef struct instance_exports {
    wrl_store_t *store;
    wrl_instance_t instance;
} instance_exports_t;

static wrl_error_t *from_instance(void *context, size_t number, wrl_name_t *name, wrl_extern_t *item)
{
    const instance_exports_t *exports = (const instance_exports_t *)context;
    wrl_export_t found;
    wrl_error_t *error = wrl_instance_export(exports->store, exports->instance, number, &found);
    *name = (wrl_name_t){found.name, found.name_size};
    *item = found.item;
    return error;
}

wrl_error_t *wrl_imports_define_instance(wrl_imports_t *imports, const char *module, wrl_store_t *store,
                                         wrl_instance_t instance)
{
    instance_exports_t exports = {store, instance};
    wrl_error_t *error = wrl_instance_check(store, instance);
    size_t count = wrl_instance_export_count(store, instance);
    return error ? error : define_several(imports, module, count, from_instance, &exports);
}

/* Returns the number of the entry with these names, or SIZE_MAX. */
static size_t find(const wrl_imports_t *imports, wrl_name_t module, wrl_name_t name)
{
    wrl_name_key_t key = {module, name};
    bool askable = imports && (module.data || !module.size) && (name.data || !name.size) &&
                   module.size <= PTRDIFF_MAX && name.size <= PTRDIFF_MAX;
    return askable ? wrl__names_find(&imports->names, key, key_of, imports) : SIZE_MAX;
}

bool wrl_imports_remove_n(wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                          size_t name_size)
{
    size_t number = find(imports, (wrl_name_t){module, module_size}, (wrl_name_t){name, name_size});
    if (number == SIZE_MAX) {
        return false;
    }
    free_entries(&imports->entries[number], 1);
    imports->count--;
    memmove(&imports->entries[number], &imports->entries[number + 1],
            (imports->count - number) * sizeof *imports->entries);
    /* The entries' numbers have changed. Adding cannot fail: there is space for the names of all remaining entries. */
    wrl__names_clear(&imports->names);
    for (size_t i = 0; i < imports->count; i++) {
        (void)wrl__names_add(&imports->names, i, key_of, imports);
    }
    return true;
}

bool wrl_imports_remove(wrl_imports_t *imports, const char *module, const char *name)
{
    wrl_imports_t *askable = module && name ? imports : NULL;
    return wrl_imports_remove_n(askable, module, askable ? strlen(module) : 0, name, askable ? strlen(name) : 0);
}

bool wrl_imports_get_n(const wrl_imports_t *imports, const char *module, size_t module_size, const char *name,
                       size_t name_size, wrl_extern_t *item)
{
    size_t number = find(imports, (wrl_name_t){module, module_size}, (wrl_name_t){name, name_size});
    if (item) {
        memset(item, 0, sizeof *item);
    }
    if (item && number != SIZE_MAX) {
        *item = imports->entries[number].item;
    }
    return number != SIZE_MAX;
}

bool wrl_imports_get(const wrl_imports_t *imports, const char *module, const char *name, wrl_extern_t *item)
{
    const wrl_imports_t *askable = module && name ? imports : NULL;
    return wrl_imports_get_n(askable, module, askable ? strlen(module) : 0, name, askable ? strlen(name) : 0, item);
}

bool wrl_imports_has_module(const wrl_imports_t *imports, const char *module)
{
    size_t size = module ? strlen(module) : 0;
    for (size_t i = 0; imports && module && i < imports->count; i++) {
        const wrl_import_t *entry = &imports->entries[i];
        if (entry->module_size == size && memcmp(entry->module, module, size) == 0) {
            return true;
        }
    }
    return false;
}

size_t wrl_imports_count(const wrl_imports_t *imports)
{
    return imports ? imports->count : 0;
}

bool wrl_imports_entry(const wrl_imports_t *imports, size_t index, wrl_import_t *import)
{
    if (!import) {
        return false;
    }
    if (!imports || index >= imports->count) {
        memset(import, 0, sizeof *import);
        return false;
    }
    *import = imports->entries[index];
    return true;
}
