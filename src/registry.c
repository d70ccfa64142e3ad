/*
 * The list of known backends: the built-in ones, from a table that the build generates; those that the program
 * registered or loaded; and those found installed beside the library. An installed backend has only a name until it is
 * asked for and loaded.
 *
 * Entries are never removed, and never change once they have a description. The lock therefore guards only the list and
 * the descriptions that are still missing. The lock is not held while a backend is loaded or opened, because the
 * backend's own code may register others.
 */
#include "registry.h"
#include "alloc.h"
#include "engine.h"
#include "error.h"
#include "lock.h"
#include "shared_object.h"

#include <stddef.h>
#include <string.h>

/* Generated: the functions of the built-in backends, with NULL at the end, and the name of the default backend. */
extern const wrl_backend_open_t wrl_builtin_backends[];
extern const char wrl_builtin_default[];

typedef struct entry {
    const char *name;
    wrl_backend_open_t open; /* NULL for an installed file that has not been loaded. */
    wrl_backend_t backend;   /* A copy, in which functions that an older backend does not have are NULL. */
    struct entry *next;
    char file_name[]; /* The storage of `name` for installed files. */
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
        return wrl__error_argument("backend", "its name may have only lower-case letters, digits and \"_\"");
    }
    if (!backend->engine_name || !backend->engine_version) {
        return wrl__error_argument("backend", "%s has no engine_name or no engine_version", backend->name);
    }
    for (size_t i = 0; i < sizeof required_functions / sizeof required_functions[0]; i++) {
        if (!has_function(backend, &required_functions[i])) {
            return wrl__error_argument("backend", "%s has no function %s", backend->name, required_functions[i].name);
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
        return wrl__error_argument("backend", "%s has no function %s, but has others for tables", backend->name,
                                   missing->name);
    }
    if (!backend->memory_read != !backend->memory_write) {
        return wrl__error_argument("backend", "%s has only one of memory_read and memory_write", backend->name);
    }
    if (!backend->externref_release != !backend->externref_collected) {
        return wrl__error_argument("backend", "%s has only one of externref_release and externref_collected",
                                   backend->name);
    }
    if (!backend->ref_heap != !backend->ref_release) {
        return wrl__error_argument("backend", "%s has only one of ref_heap and ref_release", backend->name);
    }
    return NULL;
}

/* Asks the backend for its description, and copies the part that both sides know. */
static wrl_error_t *describe(wrl_backend_open_t open, wrl_backend_t *backend)
{
    const wrl_backend_t *given = open(WRL_BACKEND_ABI);
    if (!given) {
        return wrl__error_argument("backend", "it does not support version %u of the backend interface",
                                   WRL_BACKEND_ABI);
    }
    if (given->size < offsetof(wrl_backend_t, engine_new)) {
        return wrl__error_argument("backend", "its description has only %zu bytes", given->size);
    }
    if (given->abi != WRL_BACKEND_ABI) {
        return wrl__error_argument("backend",
                                   "it implements version %lu of the backend interface, this library version %u",
                                   (unsigned long)given->abi, WRL_BACKEND_ABI);
    }
    memset(backend, 0, sizeof *backend);
    memcpy(backend, given, given->size < sizeof *backend ? given->size : sizeof *backend);
    return check_description(backend);
}

/* Returns the link to the backend of that name, or the link at the end of the list. The lock is held. */
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
    entry_t *entry = (entry_t *)wrl__alloc(sizeof *entry);
    if (!entry) {
        return wrl__error_out_of_memory();
    }
    *entry = (entry_t){.open = open};
    wrl_error_t *error = describe(open, &entry->backend);
    if (error || !entry->backend.name) {
        wrl__free(entry);
        return error;
    }
    entry->name = entry->backend.name;
    wrl__lock(&lock);
    entry_t **place = find(entry->name);
    if (!*place) {
        *place = entry;
        entry = NULL;
    } else if (!(*place)->open) {
        (*place)->backend = entry->backend;
        (*place)->open = open;
    }
    const entry_t *known = *place;
    wrl__unlock(&lock);
    wrl__free(entry);
    if (known->open != open) {
        return wrl__error_argument("backend", "another backend named %s is already registered", known->name);
    }
    if (name) {
        *name = known->name;
    }
    return NULL;
}

/*
 * Enters the built-in backends. Returns false if memory ran out for one of them, which is tried again at the next
 * request. Several threads may do this at the same time. Each follows the order of the table, so that the list has that
 * order, too.
 */
static bool enter_builtins(void)
{
    wrl__lock(&lock);
    bool entered = builtins_entered;
    wrl__unlock(&lock);
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
    wrl__lock(&lock);
    builtins_entered = builtins_entered || entered;
    wrl__unlock(&lock);
    return entered;
}

wrl_error_t *wrl_backend_register(wrl_backend_open_t open)
{
    if (!open) {
        return wrl__error_null("open");
    }
    (void)enter_builtins();
    wrl_error_t *error = enter(open, NULL);
    return error ? wrl__error_prefix(error, "open: ") : NULL;
}

static wrl_error_t *load(const char *path, const char **name)
{
    wrl_backend_open_t open = NULL;
    wrl_error_t *error = wrl__shared_object_open(path, &open);
    if (error) {
        return error;
    }
    error = enter(open, name);
    return error ? wrl__error_prefix(error, "path: %s: ", path) : NULL;
}

wrl_error_t *wrl_backend_load(const char *path, const char **name)
{
    if (name) {
        *name = NULL;
    }
    if (!path) {
        return wrl__error_null("path");
    }
    wrl_error_t *error = wrl__engine_check_load_stack("loading a backend");
    if (error) {
        return error;
    }
    (void)enter_builtins();
    return load(path, name);
}

/* For wrl__shared_object_each(): enters the name of an installed file. The file is loaded when a program asks for
 * it. */
static void enter_installed(void *context, const char *name, size_t size)
{
    (void)context;
    entry_t *entry = (entry_t *)wrl__alloc(sizeof *entry + size + 1);
    if (!entry) {
        return;
    }
    memcpy(entry->file_name, name, size);
    entry->name = entry->file_name;
    if (is_name(entry->name)) {
        wrl__lock(&lock);
        entry_t **place = find(entry->name);
        if (!*place) {
            *place = entry;
            entry = NULL;
        }
        wrl__unlock(&lock);
    }
    wrl__free(entry);
}

static void list_known(wrl_text_t *text)
{
    const char *problem = wrl__shared_object_each(enter_installed, NULL);
    wrl__lock(&lock);
    for (const entry_t *entry = first; entry; entry = entry->next) {
        wrl__text_addf(text, "%s%s", entry == first ? "" : ", ", entry->name);
    }
    wrl__unlock(&lock);
    if (problem) {
        wrl__text_addf(text, "; the folder beside the library was not searched: %s", problem);
    }
}

static wrl_error_t *unknown(const char *name)
{
    wrl_text_t text = {0};
    wrl__text_add(&text, "config: unknown backend ");
    wrl__text_add_quoted(&text, name, strlen(name));
    wrl__text_add(&text, "; known backends: ");
    list_known(&text);
    return wrl__error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

/* Returns the backend of that name, or NULL if its description is not known. */
static const entry_t *get_known(const char *name)
{
    wrl__lock(&lock);
    const entry_t *entry = *find(name);
    bool described = entry && entry->open;
    wrl__unlock(&lock);
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
        /* The backend may be one for which memory ran out. */
        return wrl__error_out_of_memory();
    }
    /* Only a valid name becomes part of a path. */
    if (!is_name(name)) {
        return unknown(name);
    }
    char path[WRL_SHARED_OBJECT_PATH_SIZE];
    wrl_backend_open_t open;
    wrl_error_t *error = wrl__shared_object_open_installed(name, &open, path);
    if (!error && open) {
        error = enter(open, NULL);
        error = error ? wrl__error_prefix(error, "path: %s: ", path) : NULL;
    }
    if (error) {
        return error;
    }
    *entry = get_known(name);
    return *entry ? NULL : unknown(name);
}

wrl_error_t *wrl__registry_get(const char *name, const wrl_backend_t **backend)
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
    (void)wrl__shared_object_each(enter_installed, NULL);
    wrl__lock(&lock);
    for (const entry_t *entry = first; entry; entry = entry->next) {
        count++;
    }
    wrl__unlock(&lock);
    return count;
}

bool wrl_backend_get(size_t index, wrl_backend_info_t *info)
{
    if (!info) {
        return false;
    }
    memset(info, 0, sizeof *info);
    (void)enter_builtins();
    wrl__lock(&lock);
    const entry_t *entry = first;
    while (entry && index--) {
        entry = entry->next;
    }
    if (entry) {
        tell(entry, info);
    }
    wrl__unlock(&lock);
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
