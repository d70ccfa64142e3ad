/* The C program of a web page: it opens a module on a selected engine and calls its exports. The page's script
 * (page.js) calls the functions below, whose parameters and results are numbers, text and handles. Nothing here depends
 * on the browser.
 *
 * Like any other C program, this one uses only the public interface. It keeps the last error, and the script reads it
 * with the page_error_ functions. `cmake/emscripten.sh` builds the page in build/js/examples/browser. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wrl.h>
#include <wrl/js.h>

/* Exported to the script, as _NAME. */
#define PAGE_FUNCTION __attribute__((used, visibility("default")))

typedef struct session session_t;

/* A placeholder for an import. The names and the type are borrowed from the module. */
typedef struct stub {
    session_t *session;
    wrl_importtype_t import;
} stub_t;

/* A module on an engine, with an instance of it. */
struct session {
    wrl_engine_t *engine;
    wrl_module_t *module;
    wrl_store_t *store;
    wrl_instance_t instance;
    stub_t *stubs;       /* One for each import. */
    wrl_extern_t *items; /* The items that fill the imports, in the module's order. */
    wrl_raw_t *slots;    /* For the arguments and results of any export. */
    wrl_raw_t *saved;    /* A copy of the arguments, for repeated calls. */
    bool quiet;          /* Host functions print nothing. */
};

/* ---- The error ------------------------------------------------------------------------------------------------- */

static wrl_error_t *failure;

static bool fail(wrl_error_t *error)
{
    wrl_error_delete(failure);
    failure = error;
    return false;
}

static bool check(wrl_error_t *error)
{
    return error ? fail(error) : true;
}

/* Returns the message of the last error. */
PAGE_FUNCTION const char *page_error_message(void)
{
    return wrl_error_message(failure);
}

PAGE_FUNCTION const char *page_error_kind(void)
{
    return wrl_error_kind_name(wrl_error_kind(failure));
}

/* Returns the name of the trap code, or NULL if the error is not a trap. */
PAGE_FUNCTION const char *page_error_trap(void)
{
    wrl_trap_code_t code = wrl_error_trap_code(failure);
    return code == WRL_TRAP_NONE ? NULL : wrl_trap_code_name(code);
}

PAGE_FUNCTION size_t page_error_frame_count(void)
{
    return wrl_error_frame_count(failure);
}

/* Describes one frame of the guest, innermost first, in one line. Valid until the next call. */
PAGE_FUNCTION const char *page_error_frame(size_t index)
{
    static char line[256];
    wrl_frame_t frame;
    if (!wrl_error_frame(failure, index, &frame)) {
        return "";
    }
    int size = snprintf(line, sizeof line, "func %" PRIu64, frame.func_index);
    if (frame.func_name) {
        size += snprintf(line + size, sizeof line - (size_t)size, " %.100s", frame.func_name);
    }
    if (frame.module_offset != WRL_FRAME_UNKNOWN) {
        snprintf(line + size, sizeof line - (size_t)size, ", module offset 0x%" PRIx64, frame.module_offset);
    }
    return line;
}

/* ---- Start ----------------------------------------------------------------------------------------------------- */

/* Provides wrlModuleNewAsync() to the script. */
PAGE_FUNCTION void page_begin(void)
{
    wrl_js_install();
}

/* ---- Backends -------------------------------------------------------------------------------------------------- */

PAGE_FUNCTION size_t page_backend_count(void)
{
    return wrl_backend_count();
}

PAGE_FUNCTION const char *page_backend_name(size_t index)
{
    wrl_backend_info_t info;
    return wrl_backend_get(index, &info) ? info.name : "";
}

PAGE_FUNCTION const char *page_backend_engine(size_t index)
{
    static char text[128];
    wrl_backend_info_t info;
    if (!wrl_backend_get(index, &info)) {
        return "";
    }
    snprintf(text, sizeof text, "%s %s", info.engine_name, info.engine_version);
    return text;
}

/* ---- Imports --------------------------------------------------------------------------------------------------- */

static void print_slot(wrl_valtype_t type, const wrl_raw_t *slot)
{
    switch (type.kind) {
    case WRL_VALKIND_I32:
        printf("%" PRId32, slot->i32);
        break;
    case WRL_VALKIND_I64:
        printf("%" PRId64, slot->i64);
        break;
    case WRL_VALKIND_F32:
        printf("%.9g", (double)slot->f32);
        break;
    case WRL_VALKIND_F64:
        printf("%.17g", slot->f64);
        break;
    case WRL_VALKIND_V128:
        printf("0x%016" PRIx64 "%016" PRIx64, slot->words[1], slot->words[0]);
        break;
    default:
        /* A handle of all zeros is null. */
        fputs(slot->words[0] ? "a reference" : "null", stdout);
        break;
    }
}

/* Prints the call, for the page's log, and returns zeros. */
static wrl_error_t *call_stub(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    const stub_t *stub = env;
    const wrl_functype_t *type = &stub->import.type.of.func;
    (void)caller;
    if (!stub->session->quiet) {
        printf("%s.%s(", stub->import.module, stub->import.name);
        for (size_t i = 0; i < type->param_count; i++) {
            fputs(i ? ", " : "", stdout);
            print_slot(type->params[i], &slots[i]);
        }
        puts(")");
    }
    if (type->result_count) {
        memset(slots, 0, type->result_count * sizeof *slots);
    }
    return NULL;
}

static wrl_val_t zero_of(wrl_valtype_t type)
{
    wrl_val_t zero;
    memset(&zero, 0, sizeof zero);
    zero.kind = type.kind;
    return zero;
}

/* Makes an item of the import's type: a stub, or a global, memory or table of zeros. */
static wrl_error_t *make_import(stub_t *stub, wrl_extern_t *item)
{
    wrl_store_t *store = stub->session->store;
    const wrl_externtype_t *type = &stub->import.type;
    wrl_val_t zero;
    item->kind = type->kind;
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        return wrl_func_new_raw(store, &type->of.func, call_stub, stub, NULL, &item->of.func);
    case WRL_EXTERN_GLOBAL:
        zero = zero_of(type->of.global.content);
        return wrl_global_new(store, &type->of.global, &zero, &item->of.global);
    case WRL_EXTERN_MEMORY:
        return wrl_memory_new(store, &type->of.memory, &item->of.memory);
    case WRL_EXTERN_TABLE:
        zero = zero_of(type->of.table.element);
        return wrl_table_new(store, &type->of.table, &zero, &item->of.table);
    default:
        return wrl_error_newf(WRL_ERROR_UNSUPPORTED, "the page cannot provide the %s \"%s\".\"%s\"",
                              wrl_externkind_name(type->kind), stub->import.module, stub->import.name);
    }
}

static wrl_error_t *make_imports(session_t *session)
{
    wrl_error_t *error = NULL;
    size_t count = wrl_module_import_count(session->module);
    for (size_t i = 0; i < count && !error; i++) {
        stub_t *stub = &session->stubs[i];
        stub->session = session;
        wrl_module_import(session->module, i, &stub->import);
        error = make_import(stub, &session->items[i]);
    }
    return error;
}

/* ---- Text ------------------------------------------------------------------------------------------------------ */

static wrl_bytes_t binary;

/* Translates a module from its text. page_binary() returns the result, which is valid until the next call. */
PAGE_FUNCTION bool page_translate(const char *text, size_t size)
{
    wrl_bytes_delete(&binary);
    return check(wrl_wat_to_wasm(text, size, &binary));
}

PAGE_FUNCTION const uint8_t *page_binary(void)
{
    return binary.data;
}

PAGE_FUNCTION size_t page_binary_size(void)
{
    return binary.size;
}

/* ---- Sessions -------------------------------------------------------------------------------------------------- */

PAGE_FUNCTION void page_close(session_t *session)
{
    if (!session) {
        return;
    }
    wrl_store_delete(session->store);
    wrl_module_release(session->module);
    wrl_engine_release(session->engine);
    free(session->stubs);
    free(session->items);
    free(session->slots);
    free(session->saved);
    free(session);
}

/* Allocates the stubs and their items, and slots for the arguments and results of any export. */
static bool make_room(session_t *session)
{
    size_t slots = 1;
    wrl_exporttype_t item;
    for (size_t i = 0; wrl_module_export(session->module, i, &item); i++) {
        if (item.type.kind == WRL_EXTERN_FUNC) {
            const wrl_functype_t *type = &item.type.of.func;
            slots = type->param_count > slots ? type->param_count : slots;
            slots = type->result_count > slots ? type->result_count : slots;
        }
    }
    size_t imports = wrl_module_import_count(session->module) + 1; /* Not 0. */
    session->stubs = calloc(imports, sizeof *session->stubs);
    session->items = calloc(imports, sizeof *session->items);
    session->slots = calloc(slots, sizeof *session->slots);
    session->saved = calloc(slots, sizeof *session->saved);
    return session->stubs && session->items && session->slots && session->saved;
}

static wrl_error_t *instantiate(session_t *session)
{
    wrl_instance_config_t config = WRL_INSTANCE_CONFIG_INIT;
    config.items = session->items;
    config.item_count = wrl_module_import_count(session->module);
    wrl_error_t *error = wrl_store_new(session->engine, NULL, &session->store);
    error = error ? error : make_imports(session);
    return error ? error : wrl_instance_new(session->store, session->module, NULL, &config, &session->instance);
}

/* Makes a session on a backend, without a module. Returns NULL on failure. */
PAGE_FUNCTION session_t *page_open(const char *backend, bool quiet)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    session_t *session = calloc(1, sizeof *session);
    if (!session) {
        fail(wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL));
        return NULL;
    }
    session->quiet = quiet;
    config.backend = backend;
    if (!check(wrl_engine_new(&config, &session->engine))) {
        page_close(session);
        return NULL;
    }
    return session;
}

/* Returns the engine, for wrlModuleNewAsync(). */
PAGE_FUNCTION wrl_engine_t *page_engine(const session_t *session)
{
    return session->engine;
}

/* Takes ownership of the compiled module, and makes an instance. */
PAGE_FUNCTION bool page_start(session_t *session, wrl_module_t *module)
{
    session->module = module;
    return make_room(session) ? check(instantiate(session)) : fail(wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL));
}

/* Returns whether the engine can run code. */
PAGE_FUNCTION bool page_runs_code(const session_t *session)
{
    return wrl_engine_supports(session->engine, WRL_FEATURE_EXECUTION);
}

/* ---- Imports and exports ---------------------------------------------------------------------------------------- */

/* An import or export of the module. For exports, `module` is empty. */
typedef struct item {
    const char *module;
    const char *name;
    wrl_externtype_t type;
} item_t;

/* Returns the item at an index below page_item_count(). */
static item_t get_item(const session_t *session, bool is_import, size_t index)
{
    wrl_importtype_t import;
    wrl_exporttype_t item;
    if (is_import) {
        wrl_module_import(session->module, index, &import);
        return (item_t){import.module, import.name, import.type};
    }
    wrl_module_export(session->module, index, &item);
    return (item_t){"", item.name, item.type};
}

PAGE_FUNCTION size_t page_item_count(const session_t *session, bool is_import)
{
    return is_import ? wrl_module_import_count(session->module) : wrl_module_export_count(session->module);
}

PAGE_FUNCTION const char *page_item_module(const session_t *session, bool is_import, size_t index)
{
    return get_item(session, is_import, index).module;
}

PAGE_FUNCTION const char *page_item_name(const session_t *session, bool is_import, size_t index)
{
    return get_item(session, is_import, index).name;
}

PAGE_FUNCTION const char *page_item_kind(const session_t *session, bool is_import, size_t index)
{
    return wrl_externkind_name(get_item(session, is_import, index).type.kind);
}

/* Returns the type as text, valid until the next call. Truncates a very long one. */
PAGE_FUNCTION const char *page_item_type(const session_t *session, bool is_import, size_t index)
{
    static char words[1024];
    item_t item = get_item(session, is_import, index);
    wrl_externtype_print(&item.type, words, sizeof words);
    return words;
}

/* ---- Calls ----------------------------------------------------------------------------------------------------- */

/* Returns the type of an exported function. Other exports have no parameters and no results. */
static wrl_functype_t func_type(const session_t *session, size_t index)
{
    wrl_exporttype_t item;
    bool is_func = wrl_module_export(session->module, index, &item) && item.type.kind == WRL_EXTERN_FUNC;
    return is_func ? item.type.of.func : (wrl_functype_t)WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
}

PAGE_FUNCTION size_t page_param_count(const session_t *session, size_t index)
{
    return func_type(session, index).param_count;
}

/* Returns the name of the kind, such as "i32". */
PAGE_FUNCTION const char *page_param_kind(const session_t *session, size_t index, size_t param)
{
    wrl_functype_t type = func_type(session, index);
    return param < type.param_count ? wrl_valkind_name(type.params[param].kind) : "";
}

PAGE_FUNCTION size_t page_result_count(const session_t *session, size_t index)
{
    return func_type(session, index).result_count;
}

PAGE_FUNCTION const char *page_result_kind(const session_t *session, size_t index, size_t result)
{
    wrl_functype_t type = func_type(session, index);
    return result < type.result_count ? wrl_valkind_name(type.results[result].kind) : "";
}

/* Returns slots of 16 bytes. The script writes the arguments there before a call, and reads the results after it. */
PAGE_FUNCTION wrl_raw_t *page_slots(session_t *session)
{
    return session->slots;
}

/* Calls an export `times` times with the same arguments. Returns whether all calls succeeded. */
PAGE_FUNCTION bool page_call(session_t *session, size_t index, size_t times)
{
    wrl_export_t item;
    if (!check(wrl_instance_export(session->store, session->instance, index, &item))) {
        return false;
    }
    if (item.item.kind != WRL_EXTERN_FUNC) {
        return fail(wrl_error_new(WRL_ERROR_INVALID_ARGUMENT, "this export is not a function"));
    }
    wrl_functype_t type = func_type(session, index);
    wrl_error_t *error = NULL;
    size_t slots = type.param_count > type.result_count ? type.param_count : type.result_count;
    memcpy(session->saved, session->slots, type.param_count * sizeof *session->slots);
    for (size_t i = 0; i < times && !error; i++) {
        memcpy(session->slots, session->saved, type.param_count * sizeof *session->slots);
        error = wrl_func_call_raw(session->store, item.item.of.func, session->slots, slots);
    }
    return check(error);
}
