/* wrl backends: lists the engines and their features. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "options.h"

static void print_help(void)
{
    fputs("Usage: wrl backends [--json]\n"
          "\n"
          "Lists the backends that are built in or installed, and the features of each.\n"
          "Loads every installed backend that is safe to load.\n"
          "\n"
          "Options:\n"
          "  --json  print JSON, as described below\n"
          "  --help  print this text\n"
          "\n"
          "The JSON is a list of objects, one for each backend, with these keys:\n"
          "  \"name\"      the name for --backend\n"
          "  \"engine\"    the engine's name, or \"\" if the backend's file cannot be loaded\n"
          "  \"version\"   the engine's version, or \"\" in the same case\n"
          "  \"default\"   whether this is the default backend\n"
          "  \"features\"  an object that maps each feature to true or false, or null if the\n"
          "              engine cannot be made\n"
          "  \"error\"     why the engine cannot be made, or null\n"
          "\n"
          "Exit status: 0 success; 2 invalid command line; 4 out of memory, or the output\n"
          "cannot be written.\n",
          stdout);
}

/* A backend, and an engine made with it, which reports the backend's features. */
typedef struct entry {
    wrl_backend_info_t info;
    wrl_engine_t *engine; /* NULL if there is an error. */
    wrl_error_t *error;
} entry_t;

static entry_t *collect(size_t *count)
{
    *count = wrl_backend_count();
    entry_t *entries = calloc(*count + 1, sizeof *entries);
    for (size_t i = 0; entries && i < *count; i++) {
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        wrl_backend_get(i, &entries[i].info);
        config.backend = entries[i].info.name;
        entries[i].error = wrl_engine_new(&config, &entries[i].engine);
        /* The version is known only after the backend is loaded. */
        wrl_backend_info_t loaded;
        if (wrl_backend_find(entries[i].info.name, &loaded)) {
            entries[i].info = loaded;
        }
    }
    return entries;
}

static void discard(entry_t *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wrl_engine_release(entries[i].engine);
        wrl_error_delete(entries[i].error);
    }
    free(entries);
}

static void json_features(json_t *json, const wrl_engine_t *engine)
{
    json_key(json, "features");
    if (!engine) {
        json_null(json);
        return;
    }
    json_object(json);
    for (int f = 0; f < WRL_FEATURE_LIMIT; f++) {
        const char *name = wrl_feature_name((wrl_feature_t)f);
        if (name) {
            json_key(json, name);
            json_bool(json, wrl_engine_supports(engine, (wrl_feature_t)f));
        }
    }
    json_object_end(json);
}

static void print_json(const entry_t *entries, size_t count)
{
    json_t json;
    json_begin(&json, stdout);
    json_array(&json);
    for (size_t i = 0; i < count; i++) {
        json_object(&json);
        json_key(&json, "name");
        json_text(&json, entries[i].info.name);
        json_key(&json, "engine");
        json_text(&json, entries[i].info.engine_name);
        json_key(&json, "version");
        json_text(&json, entries[i].info.engine_version);
        json_key(&json, "default");
        json_bool(&json, entries[i].info.is_default);
        json_features(&json, entries[i].engine);
        json_key(&json, "error");
        json_text(&json, entries[i].error ? wrl_error_message(entries[i].error) : NULL);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_end(&json);
}

static void print_backends(const entry_t *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool loaded = entries[i].info.engine_name[0] != '\0';
        printf("%s:%s%s%s%s%s\n", entries[i].info.name, loaded ? " " : "", entries[i].info.engine_name,
               loaded ? " " : "", entries[i].info.engine_version, entries[i].info.is_default ? " (default)" : "");
        if (entries[i].error) {
            printf("  cannot be used: %s\n", wrl_error_message(entries[i].error));
        }
    }
}

static int column_width(const entry_t *entry)
{
    size_t length = strlen(entry->info.name);
    return length < 3 ? 3 : length > 40 ? 40 : (int)length;
}

static int feature_width(void)
{
    size_t width = strlen("feature");
    for (int f = 0; f < WRL_FEATURE_LIMIT; f++) {
        const char *name = wrl_feature_name((wrl_feature_t)f);
        if (name && strlen(name) > width) {
            width = strlen(name);
        }
    }
    return (int)width;
}

/* Prints a table with a row for each feature and a column for each backend. */
static void print_features(const entry_t *entries, size_t count)
{
    int width = feature_width();
    printf("\n%-*s", width, "feature");
    for (size_t i = 0; i < count; i++) {
        printf("  %-*.40s", i + 1 < count ? column_width(&entries[i]) : 0, entries[i].info.name);
    }
    fputc('\n', stdout);
    for (int f = 0; f < WRL_FEATURE_LIMIT; f++) {
        const char *name = wrl_feature_name((wrl_feature_t)f);
        if (!name) {
            continue;
        }
        printf("%-*s", width, name);
        for (size_t i = 0; i < count; i++) {
            const char *mark = !entries[i].engine                                         ? "?"
                               : wrl_engine_supports(entries[i].engine, (wrl_feature_t)f) ? "yes"
                                                                                          : "-";
            printf("  %-*s", i + 1 < count ? column_width(&entries[i]) : 0, mark);
        }
        fputc('\n', stdout);
    }
}

int command_backends(int argc, char **argv)
{
    bool json = false;
    int status;
    size_t count;
    const command_option_t options[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};
    const command_options_t command = {"backends", options, print_help, false};
    if (!options_parse(&command, argc, argv, &status)) {
        return status;
    }
    if (optind < argc) {
        return usage_error("backends", "takes no arguments");
    }
    entry_t *entries = collect(&count);
    if (!entries) {
        return report_out_of_memory(NULL);
    }
    if (json) {
        print_json(entries, count);
    } else {
        print_backends(entries, count);
        print_features(entries, count);
    }
    discard(entries, count);
    return STATUS_OK;
}
