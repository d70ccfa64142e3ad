/* wrl_spec: runs scripts of WebAssembly's own test suite on a backend. */
#include "../support/backend_option.h"
#include "report.h"
#include "run.h"
#include "wrl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

static const char usage[] =
    "usage: wrl_spec [--backend NAME|FILE.so] [--manifest FILE]... [--json FILE] [--filter TEXT] [--host TEXT]\n"
    "                [--list] [--some] SCRIPT...\n"
    "\n"
    "  --backend NAME|FILE.so  The backend: a known one, or a shared object to load. Default: the library's.\n"
    "  --manifest FILE         Known failures, see tests/spec/README.md. May be repeated.\n"
    "  --json FILE             Write the results: a line of JSON for each .wast file.\n"
    "  --filter TEXT           Run only .wast files whose name contains this.\n"
    "  --host TEXT             The name of the host in the JSON. Default: native.\n"
    "  --list                  Also print the failures that manifests cover.\n"
    "  --some                  The scripts are a part of the suite: manifests may name files outside them.\n"
    "\n"
    "The exit status is 0 if manifests cover all failures, 1 if not, and 2 for bad usage.\n";

typedef struct arguments {
    const char *backend;
    const char *json;
    const char *filter;
    const char *host;
    bool list;
    bool some;
    bool help;
    char **manifests; /* The first elements of an array as long as the argument list. */
    size_t manifest_count;
    char **scripts;
    size_t script_count;
} arguments_t;

/* ---- Command line ---- */

static bool parse_option(int argc, char **argv, int *index, arguments_t *arguments)
{
    const char *option = argv[*index];
    const char *manifest = NULL;
    const char **value = NULL;
    if (strcmp(option, "--backend") == 0) {
        value = &arguments->backend;
    } else if (strcmp(option, "--json") == 0) {
        value = &arguments->json;
    } else if (strcmp(option, "--filter") == 0) {
        value = &arguments->filter;
    } else if (strcmp(option, "--host") == 0) {
        value = &arguments->host;
    } else if (strcmp(option, "--manifest") == 0) {
        value = &manifest;
    } else if (strcmp(option, "--list") == 0) {
        arguments->list = true;
    } else if (strcmp(option, "--some") == 0) {
        arguments->some = true;
    } else if (strcmp(option, "--help") == 0) {
        arguments->help = true;
    } else {
        (void)fprintf(stderr, "wrl_spec: unknown option \"%s\"\n%s", option, usage);
        return false;
    }
    if (!value) {
        return true;
    }
    if (*index + 1 >= argc) {
        (void)fprintf(stderr, "wrl_spec: %s needs a value\n", option);
        return false;
    }
    *value = argv[++*index];
    if (manifest) {
        arguments->manifests[arguments->manifest_count++] = argv[*index];
    }
    return true;
}

/* Manifests and scripts go into two arrays, each long enough for all arguments. */
static bool parse(int argc, char **argv, arguments_t *arguments)
{
    memset(arguments, 0, sizeof(*arguments));
    arguments->host = "native";
    arguments->manifests = calloc(2 * (size_t)argc + 1, sizeof(char *));
    if (!arguments->manifests) {
        (void)fprintf(stderr, "wrl_spec: out of memory\n");
        return false;
    }
    arguments->scripts = arguments->manifests + argc;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            arguments->scripts[arguments->script_count++] = argv[i];
        } else if (!parse_option(argc, argv, &i, arguments)) {
            return false;
        }
    }
    if (arguments->script_count == 0 && !arguments->help) {
        (void)fprintf(stderr, "wrl_spec: no script was given\n%s", usage);
        return false;
    }
    return true;
}

/* ---- Inputs ---- */

/* Reads and checks all scripts before anything runs. */
static bool read_scripts(const arguments_t *arguments, file_bytes_t *scripts)
{
    for (size_t i = 0; i < arguments->script_count; i++) {
        const char *path = arguments->scripts[i];
        const char *problem = file_read(path, &scripts[i]);
        char message[200];
        if (!problem) {
            problem = spec_script_check(scripts[i].data, scripts[i].size, message, sizeof(message));
        }
        if (problem) {
            (void)fprintf(stderr, "wrl_spec: script %s: %s\n", path, problem);
            return false;
        }
    }
    return true;
}

static bool read_manifests(const arguments_t *arguments, spec_manifest_t *manifest)
{
    for (size_t i = 0; i < arguments->manifest_count; i++) {
        spec_message_t why;
        if (!spec_manifest_read(manifest, arguments->manifests[i], &why)) {
            (void)fprintf(stderr, "wrl_spec: manifest %s\n", why.data);
            return false;
        }
    }
    return true;
}

static bool said(wrl_error_t *error)
{
    if (error) {
        (void)fprintf(stderr, "wrl_spec: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    return error != NULL;
}

/* Ids of backends consist of lower-case letters, digits and "_". Anything else is a file. */
static wrl_engine_t *make_engine(const char *backend)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    set_backend(&config, backend);
    if (backend && strpbrk(backend, "./") && said(wrl_backend_load(backend, &config.backend))) {
        return NULL;
    }
    wrl_engine_t *engine;
    return said(wrl_engine_new(&config, &engine)) ? NULL : engine;
}

/* ---- The run ---- */

static bool selected(const spec_file_t *file, const char *filter)
{
    size_t size = filter ? strlen(filter) : 0;
    for (size_t at = 0; at + size <= file->name.size; at++) {
        if (size == 0 || memcmp(file->name.data + at, filter, size) == 0) {
            return true;
        }
    }
    return false;
}

static bool run_scripts(const arguments_t *arguments, const file_bytes_t *scripts, wrl_engine_t *engine,
                        spec_report_t *report)
{
    (void)printf("backend %s, engine version %s, host %s\n", report->backend, report->version, report->host);
    spec_manifest_choose(report->manifest, engine);
    spec_report_features(report, engine);
    for (size_t i = 0; i < arguments->script_count; i++) {
        spec_reader_t script;
        spec_file_t file;
        spec_script_open(&script, scripts[i].data, scripts[i].size);
        while (spec_script_next(&script, &file)) {
            if (selected(&file, arguments->filter)) {
                spec_run_file(engine, &file, report);
            }
        }
    }
    return spec_report_end(report, !arguments->filter && !arguments->some);
}

static int run(const arguments_t *arguments, file_bytes_t *scripts, spec_manifest_t *manifest)
{
    if (!read_scripts(arguments, scripts) || !read_manifests(arguments, manifest)) {
        return 2;
    }
    wrl_engine_t *engine = make_engine(arguments->backend);
    if (!engine) {
        return 2;
    }
    spec_report_t report;
    memset(&report, 0, sizeof(report));
    /* The report's backend includes an option, as in "js+exact_traps". */
    bool has_option = arguments->backend && strchr(arguments->backend, '+');
    report.backend = has_option ? arguments->backend : wrl_engine_backend_name(engine);
    report.version = wrl_engine_version(engine);
    report.host = arguments->host;
    report.manifest = manifest;
    report.list = arguments->list;
    report.json = arguments->json ? fopen(arguments->json, "wb") : NULL;
    int status = 2;
    if (arguments->json && !report.json) {
        (void)fprintf(stderr, "wrl_spec: cannot write %s\n", arguments->json);
    } else {
        status = run_scripts(arguments, scripts, engine, &report) ? 0 : 1;
    }
    bool bad = report.json && ferror(report.json) != 0;
    if (report.json && (fclose(report.json) != 0 || bad)) {
        (void)fprintf(stderr, "wrl_spec: cannot write %s\n", arguments->json);
        status = 2;
    }
    wrl_engine_release(engine);
    return status;
}

int main(int argc, char **argv)
{
    arguments_t arguments;
    spec_manifest_t manifest = {NULL, 0};
    int status = 2;
    file_bytes_t *scripts = calloc((size_t)argc + 1, sizeof(*scripts));
    if (parse(argc, argv, &arguments) && scripts) {
        if (arguments.help) {
            (void)fputs(usage, stdout);
            status = 0;
        } else {
            status = run(&arguments, scripts, &manifest);
        }
    }
    for (size_t i = 0; scripts && i < arguments.script_count; i++) {
        free(scripts[i].data);
    }
    free(scripts);
    spec_manifest_clear(&manifest);
    free(arguments.manifests);
    return status;
}
