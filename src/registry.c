/*
 * The list of known backends: the built-in ones, from a table that the build generates, then those that the program
 * registered or loaded, then those found installed beside the library. The latter have a name alone until they are
 * asked for and loaded. Entries are never removed, and never changed once they have a description, so that the lock
 * guards the list and the descriptions to come. It is not held while a backend is loaded or opened: its own code may
 * register others.
 */
#include "alloc.h"
#include "engine.h"
#include "error.h"
#include "lock.h"
#include "shared_object.h"

#include <stddef.h>
#include <string.h>

/* Generated: the functions of the built-in backends, NULL at the end, and the default backend's name. */
extern const wrl_backend_open_t wrl_builtin_backends[];
extern const char wrl_builtin_default[];

typedef struct entry {
    const char *name;
    wrl_backend_open_t open; /* NULL for a file that is installed and has not been loaded. */
    wrl_backend_t backend;   /* A copy, so that functions which an older backend does not have are NULL. */
    struct entry *next;
    char file_name[]; /* What `name` points to for installed files. */
} entry_t;

static wrl_lock_t lock = WRL_LOCK_INIT;
static entry_t *first;
static bool builtins_entered;

#define REQUIRED(function)                                                                                             \
    {                                                                                                                  \
        offsetof(wrl_backend_t, function), #function                                                                   \
    }

static const struct required {
    size_t offset;
    const char *name;
} required_functions[] = {
    REQUIRED(engine_new),      REQUIRED(engine_delete), REQUIRED(engine_features), REQUIRED(module_new),
    REQUIRED(module_delete),   REQUIRED(store_new),     REQUIRED(store_delete),    REQUIRED(instance_new),
    REQUIRED(instance_export), REQUIRED(func_entry),    REQUIRED(global_new),      REQUIRED(global_get),
    REQUIRED(global_set),      REQUIRED(memory_new),    REQUIRED(memory_size),     REQUIRED(memory_grow),
    REQUIRED(memory_data),
};

static const struct required table_functions[] = {
    REQUIRED(table_new), REQUIRED(table_size), REQUIRED(table_get), REQUIRED(table_set), REQUIRED(table_grow),
};

static bool has_function(const wrl_backend_t *backend, const struct required *function)
{
    void (*pointer)(void);
    memcpy(&pointer, (const char *)backend + function->offset, sizeof pointer);
    return pointer != NULL;
}

static bool is_name(const char *name)
{
    if (!name || !*name) {
        return false;
    }
    for (const char *c = name; *c; c++) {
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_')) {
            return false;
        }
    }
    return true;
}

static wrl_error_t *check_description(const wrl_backend_t *backend)
{
    if (!is_name(backend->name)) {
        return wrl_error_argument("backend", "its name is not made of lower-case letters, digits and \"_\"");
    }
    if (!backend->engine_name || !backend->engine_version) {
        return wrl_error_argument("backend", "%s lacks the name or the version of its engine", backend->name);
    }
    for (size_t i = 0; i < sizeof required_functions / sizeof required_functions[0]; i++) {
        if (!has_function(backend, &required_functions[i])) {
            return wrl_error_argument("backend", "%s lacks the function %s", backend->name, required_functions[i].name);
        }
    }
    const struct required *missing = NULL;
    size_t present = 0;
    for (size_t i = 0; i < sizeof table_functions / sizeof table_functions[0]; i++) {
        if (has_function(backend, &table_functions[i])) {
            present++;
        } else {
            missing = &table_functions[i];
        }
    }
    if (missing && present) {
        return wrl_error_argument("backend", "%s lacks the function %s, but has others for tables", backend->name,
                                  missing->name);
    }
    if (!backend->memory_read != !backend->memory_write) {
        return wrl_error_argument("backend", "%s has one of memory_read and memory_write, but lacks the other",
                                  backend->name);
    }
    if (!backend->externref_release != !backend->externref_collected) {
        return wrl_error_argument(
            "backend", "%s has one of externref_release and externref_collected, but lacks the other", backend->name);
    }
    if (!backend->ref_heap != !backend->ref_release) {
        return wrl_error_argument("backend", "%s has one of ref_heap and ref_release, but lacks the other",
                                  backend->name);
    }
    return NULL;
}

/* Asks the backend for its description and copies what both sides know of it. */
static wrl_error_t *describe(wrl_backend_open_t open, wrl_backend_t *backend)
{
    const wrl_backend_t *given = open(WRL_BACKEND_ABI);
    if (!given) {
        return wrl_error_argument("backend", "it does not speak version %u of the backend interface", WRL_BACKEND_ABI);
    }
    if (given->size < offsetof(wrl_backend_t, engine_new)) {
        return wrl_error_argument("backend", "its description has a size of %zu bytes only", given->size);
    }
    if (given->abi != WRL_BACKEND_ABI) {
        return wrl_error_argument("backend", "it speaks version %lu of the backend interface, this library version %u",
                                  (unsigned long)given->abi, WRL_BACKEND_ABI);
    }
    memset(backend, 0, sizeof *backend);
    memcpy(backend, given, given->size < sizeof *backend ? given->size : sizeof *backend);
    return check_description(backend);
}

/* With the lock held: where the list has the backend of that name, or its end. */
static entry_t **find(const char *name)
{
    entry_t **place = &first;
    while (*place && strcmp((*place)->name, name) != 0) {
        place = &(*place)->next;
    }
    return place;
}

static wrl_error_t *enter(wrl_backend_open_t open, const char **name)
{
    entry_t *entry = (entry_t *)wrl_alloc(sizeof *entry);
    if (!entry) {
        return wrl_error_out_of_memory();
    }
    *entry = (entry_t){.open = open};
    wrl_error_t *error = describe(open, &entry->backend);
    if (error || !entry->backend.name) {
        wrl_free(entry);
        return error;
    }
    entry->name = entry->backend.name;
    wrl_lock(&lock);
    entry_t **place = find(entry->name);
    if (!*place) {
        *place = entry;
        entry = NULL;
    } else if (!(*place)->open) {
        (*place)->backend = entry->backend;
        (*place)->open = open;
    }
    const entry_t *known = *place;
    wrl_unlock(&lock);
    wrl_free(entry);
    if (known->open != open) {
        return wrl_error_argument("backend", "another backend called %s is known already", known->name);
    }
    if (name) {
        *name = known->name;
    }
    return NULL;
}

/*
 * Whether all built-in backends have been entered. One that finds no memory is tried again at the next request. Several
 * threads may do this at the same time: each goes through the table in its order, so that the list has it, too.
 */
static bool enter_builtins(void)
{
    wrl_lock(&lock);
    bool entered = builtins_entered;
    wrl_unlock(&lock);
    if (entered) {
        return true;
    }
    entered = true;
    for (size_t i = 0; wrl_builtin_backends[i]; i++) {
        wrl_error_t *error = enter(wrl_builtin_backends[i], NULL);
        if (error && wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY) {
            entered = false;
        }
        wrl_error_delete(error);
    }
    wrl_lock(&lock);
    builtins_entered = builtins_entered || entered;
    wrl_unlock(&lock);
    return entered;
}

wrl_error_t *wrl_backend_register(wrl_backend_open_t open)
{
    if (!open) {
        return wrl_error_null("open");
    }
    (void)enter_builtins();
    wrl_error_t *error = enter(open, NULL);
    return error ? wrl_error_prefix(error, "open: ") : NULL;
}

static wrl_error_t *load(const char *path, const char **name)
{
    wrl_backend_open_t open = NULL;
    wrl_error_t *error = wrl_shared_object_open(path, &open);
    if (error) {
        return error;
    }
    error = enter(open, name);
    return error ? wrl_error_prefix(error, "path: %s: ", path) : NULL;
}

wrl_error_t *wrl_backend_load(const char *path, const char **name)
{
    if (name) {
        *name = NULL;
    }
    if (!path) {
        return wrl_error_null("path");
    }
    wrl_error_t *error = wrl_engine_check_load_stack("loading a backend");
    if (error) {
        return error;
    }
    (void)enter_builtins();
    return load(path, name);
}

/* For wrl_shared_object_each(): enters the name of a file, which is loaded when somebody asks for it. */
static void enter_installed(void *context, const char *name, size_t size)
{
    (void)context;
    entry_t *entry = (entry_t *)wrl_alloc(sizeof *entry + size + 1);
    if (!entry) {
        return;
    }
    memcpy(entry->file_name, name, size);
    entry->name = entry->file_name;
    if (is_name(entry->name)) {
        wrl_lock(&lock);
        entry_t **place = find(entry->name);
        if (!*place) {
            *place = entry;
            entry = NULL;
        }
        wrl_unlock(&lock);
    }
    wrl_free(entry);
}

static void list_known(wrl_text_t *text)
{
    const char *problem = wrl_shared_object_each(enter_installed, NULL);
    wrl_lock(&lock);
    for (const entry_t *entry = first; entry; entry = entry->next) {
        wrl_text_addf(text, "%s%s", entry == first ? "" : ", ", entry->name);
    }
    wrl_unlock(&lock);
    if (problem) {
        wrl_text_addf(text, "; none was looked for beside the library: %s", problem);
    }
}

static wrl_error_t *unknown(const char *name)
{
    wrl_text_t text = {0};
    wrl_text_add(&text, "config: unknown backend ");
    wrl_text_add_quoted(&text, name, strlen(name));
    wrl_text_add(&text, "; known are ");
    list_known(&text);
    return wrl_error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

/* The backend of that name, if its description is known. */
static const entry_t *get_known(const char *name)
{
    wrl_lock(&lock);
    const entry_t *entry = *find(name);
    bool described = entry && entry->open;
    wrl_unlock(&lock);
    return described ? entry : NULL;
}

static wrl_error_t *get(const char *name, const entry_t **entry)
{
    bool complete = enter_builtins();
    name = name ? name : wrl_builtin_default;
    *entry = get_known(name);
    if (*entry) {
        return NULL;
    }
    if (!complete) {
        /* It may be one of those that found no memory. */
        return wrl_error_out_of_memory();
    }
    /* No path is made of anything but a name. */
    if (!is_name(name)) {
        return unknown(name);
    }
    char path[WRL_SHARED_OBJECT_PATH_SIZE];
    wrl_backend_open_t open;
    wrl_error_t *error = wrl_shared_object_open_installed(name, &open, path);
    if (!error && open) {
        error = enter(open, NULL);
        error = error ? wrl_error_prefix(error, "path: %s: ", path) : NULL;
    }
    if (error) {
        return error;
    }
    *entry = get_known(name);
    return *entry ? NULL : unknown(name);
}

wrl_error_t *wrl_registry_get(const char *name, const wrl_backend_t **backend)
{
    const entry_t *entry;
    wrl_error_t *error = get(name, &entry);
    *backend = error ? NULL : &entry->backend;
    return error;
}

static void tell(const entry_t *entry, wrl_backend_info_t *info)
{
    info->name = entry->name;
    info->engine_name = entry->open ? entry->backend.engine_name : "";
    info->engine_version = entry->open ? entry->backend.engine_version : "";
    info->is_default = strcmp(entry->name, wrl_builtin_default) == 0;
}

size_t wrl_backend_count(void)
{
    size_t count = 0;
    (void)enter_builtins();
    (void)wrl_shared_object_each(enter_installed, NULL);
    wrl_lock(&lock);
    for (const entry_t *entry = first; entry; entry = entry->next) {
        count++;
    }
    wrl_unlock(&lock);
    return count;
}

bool wrl_backend_get(size_t index, wrl_backend_info_t *info)
{
    if (!info) {
        return false;
    }
    memset(info, 0, sizeof *info);
    (void)enter_builtins();
    wrl_lock(&lock);
    const entry_t *entry = first;
    while (entry && index--) {
        entry = entry->next;
    }
    if (entry) {
        tell(entry, info);
    }
    wrl_unlock(&lock);
    return entry != NULL;
}

bool wrl_backend_find(const char *name, wrl_backend_info_t *info)
{
    const entry_t *entry;
    if (info) {
        memset(info, 0, sizeof *info);
    }
    wrl_error_t *error = get(name, &entry);
    if (!error && info) {
        tell(entry, info);
    }
    bool found = !error;
    wrl_error_delete(error);
    return found;
}
