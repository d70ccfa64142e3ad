/* Runs a plan: decides what the engine lacks, runs the rest, holds the outcome against the manifest, reports. */
#include "runner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A run under way. */
typedef struct run {
    const wrl_conformance_options_t *options;
    const wrl_plan_t *plan;
    const char *backend;
    const char *second_backend;
    wrl_engine_t *engine; /* Asked for its features; tests have engines of their own. */
    wrl_conformance_counts_t counts;
    size_t rows;        /* See wrl_test_t. */
    bool *failure_seen; /* For each expected failure of the manifest, whether its test was run. */
    char *lacking;      /* Names of what did not run, for the closing lines. */
    char *expected;     /* Names of the expected failures. */
} run_t;

/* ---- Report
 * ------------------------------------------------------------------------------------------------------------ */

static void print_line(const wrl_conformance_options_t *options, const char *line)
{
    if (options->print) {
        options->print(options->print_env, line);
    } else {
        (void)printf("%s\n", line);
        /* A crash in the next test must not hide which one it was. */
        (void)fflush(stdout);
    }
}

static void report(const wrl_conformance_options_t *options, const char *format, ...) WRL_PRINTF(2, 3);
static void report(const wrl_conformance_options_t *options, const char *format, ...)
{
    char line[2048];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    print_line(options, line);
}

/* Adds ", name" to a list. A list that memory is too short for stays as it was: the lines before it are complete. */
static void list_add(char **list, const char *name)
{
    size_t old_size = *list ? strlen(*list) : 0;
    size_t size = old_size + strlen(name) + 3;
    char *bigger = realloc(*list, size);
    if (bigger) {
        (void)snprintf(bigger + old_size, size - old_size, "%s%s", old_size ? ", " : "", name);
        *list = bigger;
    }
}

/* Prints "what: N (name, name)", however long the list is. */
static void report_list(const wrl_conformance_options_t *options, const char *what, size_t count, const char *list)
{
    size_t size = strlen(what) + (list ? strlen(list) : 0) + 32;
    char *line = malloc(size);
    if (!line) {
        report(options, "%s: %zu", what, count);
        return;
    }
    if (list) {
        (void)snprintf(line, size, "%s: %zu (%s)", what, count, list);
    } else {
        (void)snprintf(line, size, "%s: %zu", what, count);
    }
    print_line(options, line);
    free(line);
}

/* ---- Needs
 * ------------------------------------------------------------------------------------------------------------- */

static const char *need_name(uint8_t need)
{
    switch (need) {
    case NEED_SECOND_BACKEND:
        return "a second backend that runs code";
    case NEED_HOST_THREADS:
        return "a suite compiled with threads";
    case NEED_TEXT:
        return "a library that reads the text format";
    case NEED_NOT_A_BACKEND:
        return "a shared object that is no backend (--not-a-backend)";
    default:
        break;
    }
    const char *name = wrl_feature_name((wrl_feature_t)(need - 1));
    return name ? name : "an unknown feature";
}

static bool need_met(const run_t *run, uint8_t need)
{
    switch (need) {
    case NEED_SECOND_BACKEND:
        return run->second_backend != NULL;
    case NEED_HOST_THREADS:
#ifdef WRL_CONFORMANCE_THREADS
        return true;
#else
        return false;
#endif
    case NEED_TEXT:
        return wrl_wat_supported();
    case NEED_NOT_A_BACKEND:
        return run->options->not_a_backend != NULL;
    default:
        return wrl_engine_supports(run->engine, (wrl_feature_t)(need - 1));
    }
}

/* Why the engine lacks a feature, from the manifest, or NULL. */
static const wrl_manifest_lack_t *known_lack(const wrl_manifest_t *manifest, uint8_t need)
{
    for (size_t i = 0; manifest && i < manifest->lack_count; i++) {
        if ((int)manifest->lacks[i].feature + 1 == need) {
            return &manifest->lacks[i];
        }
    }
    return NULL;
}

/* Reports a test that cannot run. Returns whether it can. */
static bool check_needs(run_t *run, const wrl_test_case_t *test)
{
    for (size_t i = 0; i < WRL_TEST_MAX_NEEDS && test->needs[i]; i++) {
        uint8_t need = test->needs[i];
        if (need_met(run, need)) {
            continue;
        }
        const wrl_manifest_lack_t *lack = known_lack(run->plan->manifest, need);
        report(run->options, "lacks     %s: needs %s%s%s%s%s", test->name, need_name(need), lack ? ": " : "",
               lack ? lack->reason : "", lack && lack->issue ? " " : "", lack && lack->issue ? lack->issue : "");
        list_add(&run->lacking, test->name);
        run->counts.lacking++;
        return false;
    }
    return true;
}

/* ---- One test
 * ---------------------------------------------------------------------------------------------------------- */

static bool set_up(run_t *run, wrl_test_t *t, const wrl_test_case_t *test)
{
    memset(t, 0, sizeof(*t));
    t->name = test->name;
    t->backend = run->backend;
    t->second_backend = run->second_backend;
    t->not_a_backend = run->options->not_a_backend;
    t->manifest = run->plan->manifest;
    TRY(test_engine(t, run->backend, &t->engine));
    TRY(test_store(t, t->engine, &t->store));
    return true;
}

static void tear_down(wrl_test_t *t)
{
    for (size_t i = 0; i < t->error_count; i++) {
        wrl_error_delete(t->errors[i]);
    }
    for (size_t i = 0; i < t->import_count; i++) {
        wrl_imports_delete(t->imports[i]);
    }
    for (size_t i = 0; i < t->store_count; i++) {
        wrl_store_delete(t->stores[i]);
    }
    for (size_t i = 0; i < t->module_count; i++) {
        wrl_module_release(t->modules[i]);
    }
    for (size_t i = 0; i < t->engine_count; i++) {
        wrl_engine_release(t->engines[i]);
    }
}

/* The manifest's entry for a test, marked as seen, or NULL. */
static const wrl_manifest_failure_t *expected_failure(run_t *run, const char *name)
{
    const wrl_manifest_t *manifest = run->plan->manifest;
    for (size_t i = 0; manifest && i < manifest->failure_count; i++) {
        if (strcmp(manifest->failures[i].test, name) == 0) {
            run->failure_seen[i] = true;
            return &manifest->failures[i];
        }
    }
    return NULL;
}

static void run_test(run_t *run, const wrl_test_case_t *test)
{
    if (!check_needs(run, test)) {
        return;
    }
    wrl_test_t t;
    bool ready = set_up(run, &t, test);
    bool held = ready && test->function(&t) && !t.failed;
    tear_down(&t);
    run->rows += t.rows;

    /* No manifest excuses an engine or a store that cannot be made. */
    const wrl_manifest_failure_t *known = ready ? expected_failure(run, test->name) : NULL;
    if (held && known) {
        run->counts.failed++;
        report(run->options, "FAIL      %s: passed, but the manifest expects it to fail: %s", test->name,
               known->reason);
    } else if (held) {
        run->counts.passed++;
        if (!run->options->quiet) {
            report(run->options, "pass      %s", test->name);
        }
    } else if (known) {
        run->counts.expected_failures++;
        list_add(&run->expected, test->name);
        report(run->options, "expected  %s: %s%s%s (%s)", test->name, known->reason, known->issue ? " " : "",
               known->issue ? known->issue : "", t.message);
    } else {
        run->counts.failed++;
        report(run->options, "FAIL      %s: %s", test->name, t.message[0] ? t.message : "returned false");
    }
}

/* ---- All tests
 * --------------------------------------------------------------------------------------------------------- */

static bool selected(const wrl_conformance_options_t *options, const char *name)
{
    return !options->filter || strstr(name, options->filter) != NULL;
}

/* An entry for a test that does not exist, or that did not run, is no longer true. */
static void check_manifest_entries(run_t *run)
{
    const wrl_manifest_t *manifest = run->plan->manifest;
    for (size_t i = 0; manifest && i < manifest->failure_count; i++) {
        if (!run->failure_seen[i] && selected(run->options, manifest->failures[i].test)) {
            run->counts.failed++;
            report(run->options, "FAIL      %s: is in the manifest, but was not run", manifest->failures[i].test);
        }
    }
}

/* The first known backend but this one that runs code. */
static const char *find_second_backend(const char *backend)
{
    size_t count = wrl_backend_count();
    for (size_t i = 0; i < count; i++) {
        wrl_backend_info_t info;
        if (!wrl_backend_at(i, &info) || strcmp(info.name, backend) == 0) {
            continue;
        }
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = info.name;
        wrl_engine_t *engine;
        wrl_error_t *error = wrl_engine_new(&config, &engine);
        if (error) {
            wrl_error_delete(error);
            continue;
        }
        bool runs = wrl_engine_supports(engine, WRL_FEATURE_EXECUTION);
        wrl_engine_release(engine);
        if (runs) {
            return info.name;
        }
    }
    return NULL;
}

static bool run_start(run_t *run)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = run->options->backend;
    wrl_error_t *error = wrl_engine_new(&config, &run->engine);
    if (error) {
        report(run->options, "FAIL      no engine: %s", wrl_error_message(error));
        wrl_error_delete(error);
        return false;
    }
    run->backend = wrl_engine_backend_name(run->engine);
    run->second_backend = run->options->alone ? NULL : find_second_backend(run->backend);
    const wrl_manifest_t *manifest = run->plan->manifest;
    if (manifest && manifest->failure_count) {
        run->failure_seen = calloc(manifest->failure_count, sizeof(bool));
        if (!run->failure_seen) {
            report(run->options, "FAIL      out of memory");
            return false;
        }
    }
    report(run->options, "backend %s, engine version %s, second backend %s, manifest %s", run->backend,
           wrl_engine_version(run->engine), run->second_backend ? run->second_backend : "none",
           manifest ? manifest->backend : "none");
    return true;
}

static void run_all(run_t *run)
{
    for (size_t g = 0; g < run->plan->group_count; g++) {
        const wrl_test_group_t *group = run->plan->groups[g];
        for (size_t i = 0; i < group->count; i++) {
            if (selected(run->options, group->cases[i].name)) {
                run_test(run, &group->cases[i]);
            }
        }
    }
    check_manifest_entries(run);
    const wrl_conformance_counts_t *counts = &run->counts;
    if (counts->passed + counts->failed + counts->expected_failures + counts->lacking == 0) {
        report(run->options, "FAIL      no test is called \"%s\"", run->options->filter ? run->options->filter : "");
        run->counts.failed++;
    }
}

int wrl_run_plan(const wrl_conformance_options_t *options, const wrl_plan_t *plan, wrl_conformance_counts_t *counts)
{
    run_t run;
    memset(&run, 0, sizeof(run));
    run.options = options;
    run.plan = plan;
    if (run_start(&run)) {
        run_all(&run);
    } else {
        run.counts.failed++;
    }
    report_list(options, "lacks feature", run.counts.lacking, run.lacking);
    report_list(options, "expected failures", run.counts.expected_failures, run.expected);
    report(options, "rows of tables: %zu", run.rows);
    report(options, "%zu passed, %zu failed", run.counts.passed, run.counts.failed);
    if (counts) {
        *counts = run.counts;
    }
    free(run.failure_seen);
    free(run.lacking);
    free(run.expected);
    wrl_engine_release(run.engine);
    return run.counts.failed == 0 ? 0 : 1;
}

static void list_test(const wrl_conformance_options_t *options, const wrl_test_case_t *test)
{
    char needs[512] = "";
    size_t length = 0;
    for (size_t i = 0; i < WRL_TEST_MAX_NEEDS && test->needs[i]; i++) {
        int added = snprintf(needs + length, sizeof(needs) - length, "%s%s", i == 0 ? "  needs " : ", ",
                             need_name(test->needs[i]));
        if (added < 0 || (size_t)added >= sizeof(needs) - length) {
            break;
        }
        length += (size_t)added;
    }
    report(options, "%s%s", test->name, needs);
}

void wrl_list_plan(const wrl_conformance_options_t *options, const wrl_plan_t *plan)
{
    for (size_t g = 0; g < plan->group_count; g++) {
        const wrl_test_group_t *group = plan->groups[g];
        for (size_t i = 0; i < group->count; i++) {
            if (selected(options, group->cases[i].name)) {
                list_test(options, &group->cases[i]);
            }
        }
    }
}
