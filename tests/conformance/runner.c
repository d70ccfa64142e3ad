/* Runs a plan: finds out which tests the engine supports, runs them, compares the results with the manifest, and
 * reports. */
#define _POSIX_C_SOURCE 200809L /* nanosleep() */

#include "runner.h"

#include "../support/backend_option.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef __EMSCRIPTEN__
#define EVENT_LOOP
#include <emscripten/eventloop.h>
#endif

/* How long the runner waits for a test's callbacks, and how often it checks, in milliseconds. */
enum { PATIENCE = 120000, GLANCE = 2 };

/* A run in progress. On hosts with an event loop instead of threads, the run continues in the event loop, so this
 * struct owns everything that the run needs. */
typedef struct run {
    wrl_conformance_options_t options_copy;
    wrl_plan_t plan_copy;
    wrl_conformance_end_t end;
    void *end_env;
    size_t group, index; /* The position of the next test. */
    wrl_test_t test;     /* The running test. */
    const wrl_test_case_t *current;
    bool ready;
    bool held;
    int waited;
    bool abandoned; /* A callback may still be called after its test has failed, so `test` must not be freed. */
    const wrl_conformance_options_t *options;
    const wrl_plan_t *plan;
    const char *backend;
    bool exact_traps;
    const char *second_backend;
    wrl_engine_t *engine; /* For its features. Tests make engines of their own. */
    wrl_conformance_counts_t counts;
    size_t rows;        /* See wrl_test_t. */
    bool *failure_seen; /* For each expected failure in the manifest: whether its test has run. */
    char *lacking;      /* The names of the tests that did not run, for the last lines. */
    char *expected;     /* The names of the expected failures. */
} run_t;

/* ---- Report
 * ------------------------------------------------------------------------------------------------------------ */

static void print_line(const wrl_conformance_options_t *options, const char *line)
{
    if (options->print) {
        options->print(options->print_env, line);
    } else {
        (void)printf("%s\n", line);
        /* After a crash, the report must show which test ran. */
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

/* Adds ", name" to a list. If memory runs out, the list stays unchanged, which is acceptable because the earlier lines
 * of the report are complete. */
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

/* Prints "what: N (name, name)" for a list of any length. */
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
    case NEED_COMPILE_ASYNC:
        return "the feature thread-safe, or a host without threads";
    case NEED_JS_ENGINE:
        return "the engine of the host's own JS";
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
    case NEED_JS_ENGINE:
        return strncmp(run->options->backend, "js", 2) == 0;
    case NEED_COMPILE_ASYNC:
#ifdef EVENT_LOOP
        return true;
#else
        return wrl_engine_supports(run->engine, WRL_FEATURE_THREAD_SAFE);
#endif
    default:
        return wrl_engine_supports(run->engine, (wrl_feature_t)(need - 1));
    }
}

/* Returns the manifest's entry for a feature that the engine does not support, or NULL. */
static const wrl_manifest_lack_t *known_lack(const wrl_manifest_t *manifest, uint8_t need)
{
    for (size_t i = 0; manifest && i < manifest->lack_count; i++) {
        if ((int)manifest->lacks[i].feature + 1 == need) {
            return &manifest->lacks[i];
        }
    }
    return NULL;
}

/* Returns whether a test can run. If not, reports the unmet need. */
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
    t->exact_traps = run->exact_traps;
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

/* Returns the manifest's entry for a test and marks it as seen, or returns NULL. */
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

static void begin_test(run_t *run, const wrl_test_case_t *test)
{
    wrl_test_t *t = &run->test;
    run->current = test;
    run->ready = set_up(run, t, test);
    run->held = run->ready && test->function(t);
    run->waited = 0;
}

static void end_test(run_t *run)
{
    wrl_test_t *t = &run->test;
    const wrl_test_case_t *test = run->current;
    size_t missing = atomic_load(&t->awaited);
    if (missing) {
        run->abandoned = true;
        (void)test_fail(t, __FILE__, __LINE__, "%zu callbacks were not called", missing);
    } else if (run->held && t->after) {
        run->held = t->after(t);
    }
    bool held = run->held && !t->failed;
    tear_down(t);
    run->rows += t->rows;

    /* A manifest cannot excuse the failure to make an engine or a store. */
    const wrl_manifest_failure_t *known = run->ready ? expected_failure(run, test->name) : NULL;
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
               known->issue ? known->issue : "", t->message);
    } else {
        run->counts.failed++;
        report(run->options, "FAIL      %s: %s", test->name, t->message[0] ? t->message : "returned false");
    }
}

/* ---- All tests
 * --------------------------------------------------------------------------------------------------------- */

static bool selected(const wrl_conformance_options_t *options, const char *name)
{
    return !options->filter || strstr(name, options->filter) != NULL;
}

/* Fails the run for each manifest entry whose test does not exist or did not run: the entry is out of date. */
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

/* Returns the first other backend that runs code. */
static const char *find_second_backend(const char *backend)
{
    size_t count = wrl_backend_count();
    for (size_t i = 0; i < count; i++) {
        wrl_backend_info_t info;
        if (!wrl_backend_get(i, &info) || strcmp(info.name, backend) == 0) {
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
    set_backend(&config, run->options->backend);
    run->exact_traps = config.exact_traps;
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

/* Returns the next test, or NULL. */
static const wrl_test_case_t *next_test(run_t *run)
{
    while (run->group < run->plan->group_count) {
        const wrl_test_group_t *group = run->plan->groups[run->group];
        while (run->index < group->count) {
            const wrl_test_case_t *test = &group->cases[run->index++];
            if (selected(run->options, test->name)) {
                return test;
            }
        }
        run->group++;
        run->index = 0;
    }
    return NULL;
}

static void end_run(run_t *run)
{
    const wrl_conformance_options_t *options = run->options;
    report_list(options, "lacks feature", run->counts.lacking, run->lacking);
    report_list(options, "expected failures", run->counts.expected_failures, run->expected);
    report(options, "rows of tables: %zu", run->rows);
    report(options, "%zu passed, %zu failed", run->counts.passed, run->counts.failed);
    wrl_conformance_counts_t counts = run->counts;
    wrl_conformance_end_t end = run->end;
    void *env = run->end_env;
    free(run->failure_seen);
    free(run->lacking);
    free(run->expected);
    wrl_engine_release(run->engine);
    if (!run->abandoned) {
        free(run);
    }
    end(env, counts.failed == 0 ? 0 : 1, &counts);
}

static void end_all(run_t *run)
{
    check_manifest_entries(run);
    const wrl_conformance_counts_t *counts = &run->counts;
    if (counts->passed + counts->failed + counts->expected_failures + counts->lacking == 0) {
        report(run->options, "FAIL      no test is called \"%s\"", run->options->filter ? run->options->filter : "");
        run->counts.failed++;
    }
    end_run(run);
}

#ifdef EVENT_LOOP
static void resume(void *env);
#endif

/* Waits a short time for a test's callbacks. Returns false if the event loop does so and resumes the run. */
static bool wait_here(run_t *run)
{
    run->waited += GLANCE;
#ifdef EVENT_LOOP
    (void)emscripten_set_timeout(resume, GLANCE, run);
    return false;
#else
    const struct timespec glance = {0, GLANCE * 1000000L};
    (void)nanosleep(&glance, NULL);
    return true;
#endif
}

/* Waits for the running test, and then runs the following ones. */
static void go_on(run_t *run)
{
    for (;;) {
        while (run->current && atomic_load(&run->test.awaited) && run->waited < PATIENCE) {
            if (!wait_here(run)) {
                return;
            }
        }
        if (run->current) {
            end_test(run);
            run->current = NULL;
        }
        const wrl_test_case_t *test = next_test(run);
        if (!test) {
            break;
        }
        if (check_needs(run, test)) {
            begin_test(run, test);
        }
    }
    end_all(run);
}

#ifdef EVENT_LOOP
static void resume(void *env)
{
    go_on((run_t *)env);
}
#endif

void wrl_run_plan(const wrl_conformance_options_t *options, const wrl_plan_t *plan, wrl_conformance_end_t end,
                  void *env)
{
    run_t *run = calloc(1, sizeof(*run));
    if (!run) {
        const wrl_conformance_counts_t counts = {.failed = 1};
        report(options, "FAIL      out of memory");
        report(options, "0 passed, 1 failed");
        end(env, 1, &counts);
        return;
    }
    run->options_copy = *options;
    run->options = &run->options_copy;
    run->plan_copy = *plan;
    run->plan = &run->plan_copy;
    run->end = end;
    run->end_env = env;
    if (run_start(run)) {
        go_on(run);
    } else {
        run->counts.failed++;
        end_run(run);
    }
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
