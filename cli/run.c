/* wrl run: instantiates a module and calls one of its functions. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "nearest.h"
#include "number.h"
#include "options.h"
#include "text.h"
#include "type.h"
#include "value.h"

static void print_help(void)
{
    fputs("Usage: wrl run [--backend NAME|FILE.so] [--invoke EXPORT] [--fuel N]\n"
          "               [--exact-traps] FILE [ARG...]\n"
          "\n"
          "Compiles the WebAssembly module in FILE, in the binary or the text format, and\n"
          "instantiates it, which runs its start function. Then calls the exported function\n"
          "EXPORT with the arguments and prints its results, one per line. Without --invoke,\n"
          "calls the export \"_start\" if it is a function without parameters. A module with\n"
          "imports cannot be run. FILE may be - for standard input.\n"
          "\n"
          "Options, before FILE:\n"
          "  --backend NAME|FILE.so  the engine: a name from `wrl backends`, or the file of a\n"
          "                          backend, if the text contains a / or ends in .so\n"
          "  --invoke EXPORT         the function to call\n"
          "  --fuel N                trap when the guest has used N units of fuel, about one\n"
          "                          for each instruction; an error if the backend cannot\n"
          "                          count it\n"
          "  --exact-traps           report the exact cause of traps for which the engine has\n"
          "                          only one message; an error if the backend cannot do so\n"
          "  --help                  print this text\n"
          "\n",
          stdout);
    fputs(value_help, stdout);
    fputs("\n"
          "Exit status:\n"
          "  0  success\n"
          "  1  the guest trapped, or failed otherwise while it ran\n"
          "  2  invalid command line\n"
          "  3  bad input: FILE cannot be read, is malformed or invalid, or has imports; the\n"
          "     backend or export does not exist; wrong number or type of arguments\n"
          "  4  out of memory, or the output cannot be written\n"
          "  If the guest asks to end the program with a status, that is the exit status.\n",
          stdout);
}

typedef struct request {
    const char *backend;
    const char *invoke;
    const char *fuel_text;
    uint64_t fuel; /* If there is a fuel_text. */
    bool exact_traps;
    const char *file;
    char **args;
    size_t arg_count;
} request_t;

static bool parse_fuel(const char *text, uint64_t *fuel)
{
    return text[0] != '-' && number_parse_integer(text, 64, fuel) == PARSE_OK;
}

/* Returns true to continue. Otherwise command_run() returns `status`. */
static bool parse_request(int argc, char **argv, request_t *request, int *status)
{
    memset(request, 0, sizeof *request);
    const command_option_t options[] = {
        {"backend", &request->backend, NULL},
        {"invoke", &request->invoke, NULL},
        {"fuel", &request->fuel_text, NULL},
        {"exact-traps", NULL, &request->exact_traps},
        {NULL, NULL, NULL},
    };
    const command_options_t command = {"run", options, print_help, true};
    if (!options_parse(&command, argc, argv, status)) {
        return false;
    }
    if (optind >= argc) {
        *status = usage_error("run", "no FILE given");
        return false;
    }
    if (request->fuel_text && !parse_fuel(request->fuel_text, &request->fuel)) {
        *status = usage_error("run", "--fuel needs a number from 0 to 18446744073709551615");
        return false;
    }
    request->file = argv[optind];
    request->args = argv + optind + 1;
    request->arg_count = (size_t)(argc - optind - 1);
    if (!request->invoke && request->arg_count > 0) {
        *status = usage_error("run", "arguments after FILE need --invoke EXPORT, and options come before FILE");
        return false;
    }
    return true;
}

static int wrong_arg_count(const request_t *request, const wrl_functype_t *type)
{
    wrl_externtype_t extern_type;
    memset(&extern_type, 0, sizeof extern_type);
    extern_type.kind = WRL_EXTERN_FUNC;
    extern_type.of.func = *type;
    char *text = type_text(&extern_type);
    if (!text) {
        return report_out_of_memory(request->file);
    }
    report(STATUS_INPUT, request->file, "%s takes %zu argument%s, but %zu %s given: its type is %s",
           request->invoke ? request->invoke : "_start", type->param_count, type->param_count == 1 ? "" : "s",
           request->arg_count, request->arg_count == 1 ? "was" : "were", text);
    free(text);
    return STATUS_INPUT;
}

static int bad_arg(const request_t *request, size_t index, wrl_error_t *error)
{
    int status = wrl_error_kind(error) == WRL_ERROR_OUT_OF_MEMORY ? STATUS_HOST : STATUS_INPUT;
    report_prefix(request->file);
    fprintf(stderr, "argument %zu, ", index + 1);
    text_print_quoted(stderr, request->args[index], strlen(request->args[index]));
    fprintf(stderr, ": %s\n", wrl_error_message(error));
    wrl_error_delete(error);
    return status;
}

static int print_results(const request_t *request, wrl_store_t *store, const wrl_val_t *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wrl_error_t *error = value_print(stdout, store, &results[i]);
        if (error) {
            return report_error(request->file, error);
        }
        fputc('\n', stdout);
    }
    return STATUS_OK;
}

/* `values` has space for the parameters and, after them, the results. */
static int call_with(const request_t *request, wrl_store_t *store, wrl_instance_t instance, wrl_func_t func,
                     const wrl_functype_t *type, wrl_val_t *values)
{
    wrl_val_t *results = values + type->param_count;
    for (size_t i = 0; i < type->param_count; i++) {
        wrl_error_t *error = value_parse(store, instance, type->params[i], request->args[i], &values[i]);
        if (error) {
            return bad_arg(request, i, error);
        }
    }
    wrl_error_t *error = wrl_func_call(store, func, values, type->param_count, results, type->result_count);
    if (error) {
        return report_error(request->file, error);
    }
    return print_results(request, store, results, type->result_count);
}

static int call(const request_t *request, wrl_store_t *store, wrl_instance_t instance, wrl_func_t func)
{
    wrl_functype_t type = wrl_func_type(store, func);
    if (type.param_count != request->arg_count) {
        return wrong_arg_count(request, &type);
    }
    wrl_val_t *values = calloc(type.param_count + type.result_count + 1, sizeof *values);
    if (!values) {
        return report_out_of_memory(request->file);
    }
    int status = call_with(request, store, instance, func, &type, values);
    free(values);
    return status;
}

static bool has_start_export(const wrl_module_t *module)
{
    wrl_exporttype_t start;
    return wrl_module_get_export(module, "_start", &start) && start.type.kind == WRL_EXTERN_FUNC &&
           start.type.of.func.param_count == 0;
}

static int run_in(const request_t *request, wrl_store_t *store, wrl_module_t *module)
{
    wrl_instance_t instance;
    wrl_func_t func;
    const char *name = request->invoke;
    wrl_error_t *error = wrl_instance_new(store, module, NULL, NULL, &instance);
    if (error) {
        return report_error(request->file, error);
    }
    if (!name) {
        if (!has_start_export(module)) {
            return STATUS_OK;
        }
        name = "_start";
    }
    if (!wrl_instance_get_func(store, instance, name, &func)) {
        return report_error(request->file, nearest_error(module, name));
    }
    return call(request, store, instance, func);
}

static int run_module(const void *env, wrl_engine_t *engine, wrl_module_t *module)
{
    const request_t *request = env;
    wrl_store_t *store;
    wrl_error_t *error = wrl_store_new(engine, NULL, &store);
    if (!error && request->fuel_text) {
        error = wrl_store_set_fuel(store, request->fuel);
    }
    int status = error ? report_error(request->file, error) : run_in(request, store, module);
    wrl_store_delete(store);
    return status;
}

int command_run(int argc, char **argv)
{
    request_t request;
    int status;
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    if (!parse_request(argc, argv, &request, &status)) {
        return status;
    }
    config.backend = request.backend;
    config.exact_traps = request.exact_traps;
    config.fuel = request.fuel_text != NULL;
    return with_module(config, request.file, run_module, &request);
}
