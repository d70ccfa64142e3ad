/*
 * A plug-in host. Loads all plug-ins in a folder, runs each in its own store, and survives the bad ones.
 *
 * A plug-in is a file NAME.wasm or NAME.wat. It exports a function "run" of type () -> (i32). It may import from
 * "host":
 *
 *     say(address: i32, size: i32)       takes a text in the plug-in's memory, which it exports as "memory"
 *     option(number: i32) -> (i32)       returns a setting; an unknown number is an error
 *
 * Memories and tables must declare a maximum. The host adds up the maxima before it makes an instance, so no plug-in
 * can exceed the limits below. Time is not limited: a plug-in that never returns blocks this program for ever.
 *
 *     cc -std=c11 -I$PREFIX/include plugins.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o plugins
 *     ./plugins samples
 *
 * PREFIX is where the layer is installed. `./plugins FOLDER BACKEND` selects the engine.
 */
#define _POSIX_C_SOURCE 200809L /* scandir() */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wrl.h>

/* Returns early with the error of a failed call. Only for functions that have nothing to free. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        wrl_error_t *error_ = (call);                                                                                  \
        if (error_) {                                                                                                  \
            return error_;                                                                                             \
        }                                                                                                              \
    } while (0)

/* The limits of each plug-in. */
#define MAX_FILE_SIZE ((size_t)4 << 20)
#define MAX_MEMORY ((uint64_t)16 << 20)
#define MAX_ELEMENTS ((uint64_t)10000)

static const int32_t options[] = {40, 2};
#define OPTION_COUNT (sizeof options / sizeof options[0])

/* The output of a plug-in. */
typedef struct outcome {
    int32_t result;
    char said[60];
    size_t said_size;
} outcome_t;

/* ---- Host functions ---- */

/* The slots contain the arguments, and receive the results, each from the first slot on. */
static wrl_error_t *say(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    outcome_t *outcome = (outcome_t *)env;
    uint32_t address = (uint32_t)slots[0].i32;
    uint32_t size = (uint32_t)slots[1].i32;
    if (size > sizeof outcome->said) {
        return wrl_error_newf(WRL_ERROR_HOST, "say: at most %zu bytes, not %u", sizeof outcome->said, size);
    }
    wrl_memory_t memory;
    TRY(wrl_caller_require_memory(caller, "memory", &memory));
    TRY(wrl_memory_read(wrl_caller_store(caller), memory, address, outcome->said, size));
    outcome->said_size = size;
    return NULL;
}

static wrl_error_t *option(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    uint32_t number = (uint32_t)slots[0].i32;
    if (number >= OPTION_COUNT) {
        return wrl_error_newf(WRL_ERROR_HOST, "option: there is no number %u", number);
    }
    slots[0].i32 = options[number];
    return NULL;
}

/* The store borrows `outcome`, which must outlive the store. */
static wrl_error_t *define_host(wrl_store_t *store, wrl_imports_t *imports, outcome_t *outcome)
{
    const wrl_functype_t say_type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I32), WRL_NO_TYPES);
    const wrl_functype_t option_type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t say_func, option_func;
    TRY(wrl_func_new_raw(store, &say_type, say, outcome, NULL, &say_func));
    TRY(wrl_func_new_raw(store, &option_type, option, NULL, NULL, &option_func));
    TRY(wrl_imports_define(imports, "host", "say", wrl_extern_from_func(say_func)));
    return wrl_imports_define(imports, "host", "option", wrl_extern_from_func(option_func));
}

/* ---- Checks ---- */

/* Checks the declared maxima, which is enough because the engine enforces them. */
static wrl_error_t *check_limits(const wrl_module_t *module)
{
    wrl_externtype_t type;
    uint64_t bytes_left = MAX_MEMORY;
    for (size_t i = 0; wrl_module_index_space_type(module, WRL_EXTERN_MEMORY, i, &type); i++) {
        const wrl_memorytype_t *memory = &type.of.memory;
        /* WRL_NO_MAX, the value of a memory without a maximum, exceeds every limit. */
        if (memory->max > bytes_left >> memory->page_size_log2) {
            return wrl_error_newf(WRL_ERROR_RESOURCE_LIMIT, "its memory may grow to more than %llu bytes",
                                  (unsigned long long)MAX_MEMORY);
        }
        bytes_left -= memory->max << memory->page_size_log2;
    }
    uint64_t elements_left = MAX_ELEMENTS;
    for (size_t i = 0; wrl_module_index_space_type(module, WRL_EXTERN_TABLE, i, &type); i++) {
        if (type.of.table.max > elements_left) {
            return wrl_error_newf(WRL_ERROR_RESOURCE_LIMIT, "its table may grow to more than %llu elements",
                                  (unsigned long long)MAX_ELEMENTS);
        }
        elements_left -= type.of.table.max;
    }
    return NULL;
}

/* Checks that the entry exists, is a function, and has the right type, before any code of the module runs. */
static wrl_error_t *check_entry(const wrl_module_t *module)
{
    wrl_exporttype_t entry;
    if (!wrl_module_get_export(module, "run", &entry)) {
        return wrl_error_new(WRL_ERROR_LINK, "it has no export \"run\"");
    }
    const wrl_functype_t wanted = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES(WRL_TYPE_I32));
    if (entry.type.kind != WRL_EXTERN_FUNC || !wrl_functype_equal(&entry.type.of.func, &wanted)) {
        char found[80]; /* As much of the type as fits. */
        (void)wrl_externtype_print(&entry.type, found, sizeof found);
        return wrl_error_newf(WRL_ERROR_LINK, "its export \"run\" is not a function () -> (i32), but a %s %s",
                              wrl_externkind_name(entry.type.kind), found);
    }
    return NULL;
}

/* ---- Loading and running ---- */

/* Reads a file. The caller frees `bytes`, also after an error. */
static wrl_error_t *read_file(const char *path, uint8_t **bytes, size_t *size)
{
    *bytes = NULL;
    *size = 0;
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return wrl_error_new(WRL_ERROR_IO, "it is not a file that can be read");
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        return wrl_error_new(WRL_ERROR_IO, "it cannot be opened");
    }
    wrl_error_t *error = NULL;
    *bytes = (uint8_t *)malloc(MAX_FILE_SIZE + 1);
    *size = *bytes ? fread(*bytes, 1, MAX_FILE_SIZE + 1, file) : 0;
    if (!*bytes) {
        error = wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    } else if (ferror(file)) {
        error = wrl_error_new(WRL_ERROR_IO, "it cannot be read");
    } else if (*size > MAX_FILE_SIZE) {
        error = wrl_error_newf(WRL_ERROR_RESOURCE_LIMIT, "it has more than %zu bytes", MAX_FILE_SIZE);
    }
    fclose(file);
    return error;
}

static bool ends_in(const char *name, const char *end)
{
    size_t size = strlen(name);
    return size > strlen(end) && strcmp(name + size - strlen(end), end) == 0;
}

static wrl_error_t *compile(wrl_engine_t *engine, const char *path, const uint8_t *bytes, size_t size,
                            wrl_module_t **module)
{
    if (!ends_in(path, ".wat")) {
        return wrl_module_new(engine, bytes, size, NULL, module);
    }
    wrl_bytes_t wasm;
    TRY(wrl_wat_to_wasm((const char *)bytes, size, &wasm));
    wrl_error_t *error = wrl_module_new(engine, wasm.data, wasm.size, NULL, module);
    wrl_bytes_delete(&wasm);
    return error;
}

static wrl_error_t *load(wrl_engine_t *engine, const char *path, wrl_module_t **module)
{
    uint8_t *bytes;
    size_t size;
    wrl_error_t *error = read_file(path, &bytes, &size);
    error = error ? error : compile(engine, path, bytes, size, module);
    free(bytes);
    return error;
}

static wrl_error_t *run_in(wrl_store_t *store, wrl_module_t *module, wrl_imports_t *imports, outcome_t *outcome)
{
    TRY(define_host(store, imports, outcome));
    wrl_instance_t instance;
    TRY(wrl_instance_new(store, module, imports, NULL, &instance));
    wrl_func_t run;
    TRY(wrl_instance_require_func(store, instance, "run", &run));
    wrl_val_t result;
    TRY(wrl_func_call(store, run, NULL, 0, &result, 1));
    outcome->result = result.of.i32;
    return NULL;
}

/* Runs a plug-in in its own store, which is deleted afterwards. No other plug-in can see its effects. */
static wrl_error_t *run_plugin(wrl_engine_t *engine, const char *path, outcome_t *outcome)
{
    wrl_module_t *module = NULL;
    wrl_store_t *store = NULL;
    wrl_imports_t *imports = NULL;
    /* Each step runs only if the steps before it succeeded. */
    wrl_error_t *error = load(engine, path, &module);
    error = error ? error : check_limits(module);
    error = error ? error : check_entry(module);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : wrl_imports_new(&imports);
    error = error ? error : run_in(store, module, imports, outcome);
    wrl_imports_delete(imports);
    wrl_store_delete(store);
    wrl_module_release(module);
    return error;
}

/* ---- The folder ---- */

/* Replaces control characters. File names and texts of plug-ins are untrusted and must not control the terminal. */
static void print_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        putchar(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    }
}

/* Runs one plug-in and prints its line. Returns whether it succeeded. */
static bool run_and_report(wrl_engine_t *engine, const char *folder, const char *name)
{
    outcome_t outcome = {.result = 0};
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = (char *)malloc(size);
    wrl_error_t *error = NULL;
    if (path) {
        (void)snprintf(path, size, "%s/%s", folder, name);
        error = run_plugin(engine, path, &outcome);
        free(path);
    } else {
        error = wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }

    print_plain(name, strlen(name));
    if (error) {
        printf(": %s\n", wrl_error_message(error));
        wrl_error_delete(error);
        return false;
    }
    printf(": %d", outcome.result);
    if (outcome.said_size) {
        printf(", and says: ");
        print_plain(outcome.said, outcome.said_size);
    }
    putchar('\n');
    return true;
}

static int is_plugin(const struct dirent *entry)
{
    return ends_in(entry->d_name, ".wasm") || ends_in(entry->d_name, ".wat");
}

static wrl_error_t *run_folder(wrl_engine_t *engine, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_plugin, alphasort);
    if (count < 0) {
        return wrl_error_newf(WRL_ERROR_IO, "the folder %s cannot be read", folder);
    }
    int good = 0;
    for (int i = 0; i < count; i++) {
        good += run_and_report(engine, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    printf("%d plug-ins: %d good, %d bad\n", count, good, count - good);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: plugins FOLDER [BACKEND]\n");
        return 2;
    }
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 2 ? argv[2] : NULL;

    wrl_engine_t *engine = NULL;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    error = error ? error : run_folder(engine, argv[1]);
    int status = error ? 1 : 0;
    if (error) {
        fprintf(stderr, "plugins: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    wrl_engine_release(engine);
    return status;
}
