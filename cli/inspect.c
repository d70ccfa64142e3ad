/* wrl inspect: shows the contents of a module without running it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "options.h"
#include "text.h"
#include "type.h"

static void print_help(void)
{
    fputs("Usage: wrl inspect [--json] [--backend NAME|FILE.so] FILE\n"
          "\n"
          "Shows the imports, exports, memories, tables and sections of the WebAssembly\n"
          "module in FILE, in the binary or the text format. Does not run the module. FILE\n"
          "may be - for standard input.\n"
          "\n"
          "Options:\n"
          "  --json                  print JSON, as described below\n"
          "  --backend NAME|FILE.so  also validate the module with that engine; without this\n"
          "                          option, only the module's structure is checked\n"
          "  --help                  print this text\n"
          "\n",
          stdout);
    fputs("The JSON is one object, with these keys:\n"
          "  \"name\"             the module's own name, or null\n"
          "  \"imports\"          [{\"module\", \"name\", \"kind\", \"type\"}]\n"
          "  \"exports\"          [{\"name\", \"kind\", \"type\"}]\n"
          "  \"memories\"         [{\"index\", \"imported\", \"type\"}]\n"
          "  \"tables\"           [{\"index\", \"imported\", \"type\"}]\n"
          "  \"custom_sections\"  [{\"name\", \"size\"}]\n"
          "  \"sections\"         [{\"id\", \"name\", \"offset\", \"size\"}]\n"
          "Lists are in the module's order. A kind is \"function\", \"memory\", \"table\",\n"
          "\"global\" or \"tag\". A type is text such as \"(i32, i32) -> (f64)\". \"index\",\n"
          "\"id\", \"offset\" and \"size\" are numbers. Offsets and sizes are in bytes. Those in\n"
          "\"sections\" are of the section's whole contents; those in \"custom_sections\"\n"
          "exclude the section's name.\n"
          "\n"
          "Exit status: 0 success; 2 invalid command line; 3 FILE cannot be read, is\n"
          "malformed or invalid, or the backend does not exist; 4 out of memory, or the\n"
          "output cannot be written.\n",
          stdout);
}

/* json_type() and print_type() write a type, and return false if memory runs out. */
static bool json_type(json_t *json, const wrl_externtype_t *type)
{
    char *text = type_text(type);
    if (!text) {
        return false;
    }
    json_key(json, "type");
    json_text(json, text);
    free(text);
    return true;
}

static bool print_type(const wrl_externtype_t *type)
{
    char *text = type_text(type);
    if (!text) {
        return false;
    }
    printf(": %s\n", text);
    free(text);
    return true;
}

static size_t imported_count(const wrl_module_t *module, wrl_externkind_t kind)
{
    wrl_importtype_t import;
    size_t count = 0;
    for (size_t i = 0; wrl_module_import(module, i, &import); i++) {
        count += import.type.kind == kind;
    }
    return count;
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static void json_name(json_t *json, const char *key, const char *name, size_t size)
{
    json_key(json, key);
    json_string(json, name, size);
}

static bool json_imports(json_t *json, const wrl_module_t *module)
{
    wrl_importtype_t import;
    bool done = true;
    json_key(json, "imports");
    json_array(json);
    for (size_t i = 0; done && wrl_module_import(module, i, &import); i++) {
        json_object(json);
        json_name(json, "module", import.module, import.module_size);
        json_name(json, "name", import.name, import.name_size);
        json_key(json, "kind");
        json_text(json, wrl_externkind_name(import.type.kind));
        done = json_type(json, &import.type);
        json_object_end(json);
    }
    json_array_end(json);
    return done;
}

static bool json_exports(json_t *json, const wrl_module_t *module)
{
    wrl_exporttype_t item;
    bool done = true;
    json_key(json, "exports");
    json_array(json);
    for (size_t i = 0; done && wrl_module_export(module, i, &item); i++) {
        json_object(json);
        json_name(json, "name", item.name, item.name_size);
        json_key(json, "kind");
        json_text(json, wrl_externkind_name(item.type.kind));
        done = json_type(json, &item.type);
        json_object_end(json);
    }
    json_array_end(json);
    return done;
}

static bool json_items(json_t *json, const wrl_module_t *module, const char *key, wrl_externkind_t kind)
{
    wrl_externtype_t type;
    size_t imported = imported_count(module, kind);
    bool done = true;
    json_key(json, key);
    json_array(json);
    for (size_t i = 0; done && wrl_module_index_space_type(module, kind, i, &type); i++) {
        json_object(json);
        json_key(json, "index");
        json_number(json, i);
        json_key(json, "imported");
        json_bool(json, i < imported);
        done = json_type(json, &type);
        json_object_end(json);
    }
    json_array_end(json);
    return done;
}

static void json_custom_sections(json_t *json, const wrl_module_t *module)
{
    wrl_section_t section;
    json_key(json, "custom_sections");
    json_array(json);
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        if (section.id != 0) {
            continue;
        }
        json_object(json);
        json_name(json, "name", section.name, section.name_size);
        json_key(json, "size");
        json_number(json, section.data_size);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_sections(json_t *json, const wrl_module_t *module)
{
    wrl_section_t section;
    json_key(json, "sections");
    json_array(json);
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        json_object(json);
        json_key(json, "id");
        json_number(json, section.id);
        json_name(json, "name", section.name, section.name_size);
        json_key(json, "offset");
        json_number(json, section.offset);
        json_key(json, "size");
        json_number(json, section.size);
        json_object_end(json);
    }
    json_array_end(json);
}

static bool print_json(const wrl_module_t *module)
{
    json_t json;
    size_t size;
    const char *name = wrl_module_name(module, &size);
    json_begin(&json, stdout);
    json_object(&json);
    json_key(&json, "name");
    if (name) {
        json_string(&json, name, size);
    } else {
        json_null(&json);
    }
    bool done = json_imports(&json, module) && json_exports(&json, module) &&
                json_items(&json, module, "memories", WRL_EXTERN_MEMORY) &&
                json_items(&json, module, "tables", WRL_EXTERN_TABLE);
    if (done) {
        json_custom_sections(&json, module);
        json_sections(&json, module);
        json_object_end(&json);
        json_end(&json);
    }
    return done;
}

/* ---- Text ------------------------------------------------------------------------------------------------------- */

static void print_heading(const char *heading, size_t count)
{
    printf("%s: %zu\n", heading, count);
}

static bool print_imports(const wrl_module_t *module)
{
    wrl_importtype_t import;
    bool done = true;
    print_heading("imports", wrl_module_import_count(module));
    for (size_t i = 0; done && wrl_module_import(module, i, &import); i++) {
        printf("  %-8s ", wrl_externkind_name(import.type.kind));
        text_print_quoted(stdout, import.module, import.module_size);
        fputc(' ', stdout);
        text_print_quoted(stdout, import.name, import.name_size);
        done = print_type(&import.type);
    }
    return done;
}

static bool print_exports(const wrl_module_t *module)
{
    wrl_exporttype_t item;
    bool done = true;
    print_heading("exports", wrl_module_export_count(module));
    for (size_t i = 0; done && wrl_module_export(module, i, &item); i++) {
        printf("  %-8s ", wrl_externkind_name(item.type.kind));
        text_print_quoted(stdout, item.name, item.name_size);
        done = print_type(&item.type);
    }
    return done;
}

static bool print_items(const wrl_module_t *module, const char *heading, wrl_externkind_t kind)
{
    wrl_externtype_t type;
    size_t imported = imported_count(module, kind);
    bool done = true;
    print_heading(heading, wrl_module_index_space_size(module, kind));
    for (size_t i = 0; done && wrl_module_index_space_type(module, kind, i, &type); i++) {
        printf("  %zu%s", i, i < imported ? ", imported" : "");
        done = print_type(&type);
    }
    return done;
}

static void print_custom_sections(const wrl_module_t *module)
{
    wrl_section_t section;
    size_t count = 0;
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        count += section.id == 0;
    }
    print_heading("custom sections", count);
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        if (section.id == 0) {
            fputs("  ", stdout);
            text_print_quoted(stdout, section.name, section.name_size);
            printf(": %zu bytes\n", section.data_size);
        }
    }
}

static void print_sections(const wrl_module_t *module)
{
    wrl_section_t section;
    print_heading("sections", wrl_module_section_count(module));
    for (size_t i = 0; wrl_module_section(module, i, &section); i++) {
        printf("  0x%08" PRIx64 " %10" PRIu64 " bytes  ", section.offset, section.size);
        if (section.id == 0) {
            fputs("custom ", stdout);
            text_print_quoted(stdout, section.name, section.name_size);
        } else {
            text_print(stdout, section.name, section.name_size);
        }
        fputc('\n', stdout);
    }
}

static bool print_text(const wrl_module_t *module)
{
    size_t size;
    const char *name = wrl_module_name(module, &size);
    if (name) {
        fputs("name: ", stdout);
        text_print_quoted(stdout, name, size);
        fputc('\n', stdout);
    }
    bool done = print_imports(module) && print_exports(module) && print_items(module, "memories", WRL_EXTERN_MEMORY) &&
                print_items(module, "tables", WRL_EXTERN_TABLE);
    if (done) {
        print_custom_sections(module);
        print_sections(module);
    }
    return done;
}

/* ---- The command ------------------------------------------------------------------------------------------------ */

typedef struct request {
    const char *backend;
    const char *file;
    bool json;
} request_t;

/* Returns true to continue. Otherwise command_inspect() returns `status`. */
static bool parse_request(int argc, char **argv, request_t *request, int *status)
{
    memset(request, 0, sizeof *request);
    const command_option_t options[] = {
        {"json", NULL, &request->json},
        {"backend", &request->backend, NULL},
        {NULL, NULL, NULL},
    };
    const command_options_t command = {"inspect", options, print_help, false};
    if (!options_parse(&command, argc, argv, status)) {
        return false;
    }
    if (optind >= argc) {
        *status = usage_error("inspect", "no FILE given");
        return false;
    }
    if (optind + 1 < argc) {
        *status = usage_error("inspect", "more than one FILE given");
        return false;
    }
    request->file = argv[optind];
    return true;
}

static int inspect_module(const void *env, wrl_engine_t *engine, wrl_module_t *module)
{
    const request_t *request = env;
    (void)engine;
    bool done = request->json ? print_json(module) : print_text(module);
    return done ? STATUS_OK : report_out_of_memory(request->file);
}

int command_inspect(int argc, char **argv)
{
    request_t request;
    int status;
    if (!parse_request(argc, argv, &request, &status)) {
        return status;
    }
    /* The null backend accepts every well-formed module, but not every build contains it. */
    if (!request.backend && wrl_backend_find("null", NULL)) {
        request.backend = "null";
    }
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = request.backend;
    return with_module(config, request.file, inspect_module, &request);
}
