/*
 * Tests the harness: a failing check fails the run, no test is skipped silently, and a wrong manifest is detected. Runs
 * sham tests and compares the counts and lines of the report with the expected ones.
 */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

static bool sham_passes(wrl_test_t *t)
{
    CHECK(t->store != NULL);
    return true;
}

static bool sham_check_fails(wrl_test_t *t)
{
    CHECK(t->store == NULL);
    return true;
}

static bool sham_wrong_number(wrl_test_t *t)
{
    EQUAL(1 + 1, 3);
    return true;
}

static bool sham_unexpected_success(wrl_test_t *t)
{
    INVALID(wrl_store_set_data(t->store, NULL, NULL), "store");
    return true;
}

static bool sham_wrong_kind(wrl_test_t *t)
{
    FAILS(wrl_error_new(WRL_ERROR_HOST, "x"), WRL_ERROR_LINK, "x");
    return true;
}

static bool sham_missing_word(wrl_test_t *t)
{
    FAILS(wrl_error_new(WRL_ERROR_HOST, "one two"), WRL_ERROR_HOST, "one", "three");
    return true;
}

static bool sham_wrong_trap(wrl_test_t *t)
{
    TRAPS(wrl_error_new_trap(WRL_TRAP_UNREACHABLE, NULL), WRL_TRAP_BAD_SIGNATURE);
    return true;
}

static bool sham_helper_fails(wrl_test_t *t)
{
    TRY(sham_check_fails(t));
    return true;
}

/* A failure in a callback counts even if the test continues. */
static bool sham_noted_failure(wrl_test_t *t)
{
    (void)test_fail(t, __FILE__, __LINE__, "noted");
    return true;
}

/* Whether the callback of a compilation has been called with a module. */
static bool later_came;

static void come_later(void *env, wrl_error_t *error, wrl_module_t *module)
{
    later_came = module != NULL;
    wrl_error_delete(error);
    wrl_module_release(module);
    test_called(env);
}

static bool sham_after(wrl_test_t *t)
{
    CHECK(later_came);
    return true;
}

static bool sham_after_fails(wrl_test_t *t)
{
    CHECK(!later_came);
    return true;
}

static bool start_later(wrl_test_t *t, bool (*after)(wrl_test_t *t))
{
    later_came = false;
    t->after = after;
    test_await(t);
    wrl_error_t *error = wrl_module_new_async(t->engine, guest_empty.bytes, guest_empty.size, NULL, come_later, t);
    if (error) {
        test_called(t);
    }
    OK(error);
    return true;
}

static bool sham_later(wrl_test_t *t)
{
    return start_later(t, sham_after);
}

static bool sham_later_fails(wrl_test_t *t)
{
    return start_later(t, sham_after_fails);
}

/* A test that fails at once still fails after its callback has been called. */
static bool sham_fails_before(wrl_test_t *t)
{
    TRY(start_later(t, sham_after));
    CHECK(t->store == NULL);
    return true;
}

static const wrl_test_case_t cases[] = {
    {"sham.passes", sham_passes, {NEED_NOTHING}},
    {"sham.check_fails", sham_check_fails, {NEED_NOTHING}},
    {"sham.wrong_number", sham_wrong_number, {NEED_NOTHING}},
    {"sham.unexpected_success", sham_unexpected_success, {NEED_NOTHING}},
    {"sham.wrong_kind", sham_wrong_kind, {NEED_NOTHING}},
    {"sham.missing_word", sham_missing_word, {NEED_NOTHING}},
    {"sham.wrong_trap", sham_wrong_trap, {NEED_NOTHING}},
    {"sham.helper_fails", sham_helper_fails, {NEED_NOTHING}},
    {"sham.noted_failure", sham_noted_failure, {NEED_NOTHING}},
    {"sham.lacking", sham_passes, {NEED_EXECUTION}},
    {"sham.later_passes", sham_later, {NEED_COMPILE_ASYNC}},
    {"sham.later_fails", sham_later_fails, {NEED_COMPILE_ASYNC}},
    {"sham.fails_before", sham_fails_before, {NEED_COMPILE_ASYNC}},
};
WRL_TEST_GROUP(sham);

/* The parts of the report that are checked. */
typedef struct transcript {
    char text[8192];
    size_t size;
    char last[256];
} transcript_t;

static void keep_line(void *env, const char *line)
{
    transcript_t *transcript = env;
    int length =
        snprintf(transcript->text + transcript->size, sizeof(transcript->text) - transcript->size, "%s\n", line);
    if (length > 0 && (size_t)length < sizeof(transcript->text) - transcript->size) {
        transcript->size += (size_t)length;
    }
    (void)snprintf(transcript->last, sizeof(transcript->last), "%s", line);
}

/* The expected result of a run of the sham tests. */
typedef struct expected {
    const char *what;
    const char *filter;
    const wrl_manifest_t *manifest;
    wrl_conformance_counts_t counts;
    const char *line; /* Must be in the report. */
    const char *last;
} expected_t;

static const wrl_manifest_failure_t expects_pass[] = {{"sham.passes", "sham reason", NULL}};
static const wrl_manifest_failure_t expects_fail[] = {{"sham.check_fails", "sham reason", "sham issue"}};
static const wrl_manifest_failure_t expects_lacking[] = {{"sham.lacking", "sham reason", NULL}};
static const wrl_manifest_failure_t expects_missing[] = {{"sham.does_not_exist", "sham reason", NULL}};
static const wrl_manifest_t manifest_pass = {"null", NULL, 0, expects_pass, 1};
static const wrl_manifest_t manifest_fail = {"null", NULL, 0, expects_fail, 1};
static const wrl_manifest_t manifest_lacking = {"null", NULL, 0, expects_lacking, 1};
static const wrl_manifest_t manifest_missing = {"null", NULL, 0, expects_missing, 1};

static const expected_t runs[] = {
    {"one that passes", "sham.passes", NULL, {1, 0, 0, 0}, "pass      sham.passes", "1 passed, 0 failed"},
    {"all", NULL, NULL, {2, 10, 0, 1}, "lacks feature: 1 (sham.lacking)", "2 passed, 10 failed"},
    {"a filter that fits nothing", "no such", NULL, {0, 1, 0, 0}, "no such", "0 passed, 1 failed"},
    {"an expected failure", "sham.check_fails", &manifest_fail, {0, 0, 1, 0}, "sham reason", "0 passed, 0 failed"},
    {"an unexpected pass", "sham.passes", &manifest_pass, {0, 1, 0, 0}, "sham reason", "0 passed, 1 failed"},
    {"an entry for a test that is not run",
     "sham.lacking",
     &manifest_lacking,
     {0, 1, 0, 1},
     "was not run",
     "0 passed, 1 failed"},
    {"an entry for no test", "sham.", &manifest_missing, {2, 11, 0, 1}, "sham.does_not_exist", "2 passed, 11 failed"},
    {"one that ends later",
     "sham.later_passes",
     NULL,
     {1, 0, 0, 0},
     "pass      sham.later_passes",
     "1 passed, 0 failed"},
    {"one that fails later", "sham.later_fails", NULL, {0, 1, 0, 0}, "!later_came", "0 passed, 1 failed"},
    {"one that fails before", "sham.fails_before", NULL, {0, 1, 0, 0}, "t->store == NULL", "0 passed, 1 failed"},
};

static struct {
    size_t run; /* The position of the current run in the list. */
    size_t failed;
    bool in_main; /* main() has not returned yet. */
    transcript_t transcript;
} self;

static void run_next(void);

/* Called by wrl_run_plan() at the end of a run. */
static void check_run(void *env, int status, const wrl_conformance_counts_t *counts)
{
    const expected_t *expected = env;
    bool held = counts->passed == expected->counts.passed && counts->failed == expected->counts.failed &&
                counts->expected_failures == expected->counts.expected_failures &&
                counts->lacking == expected->counts.lacking && status == (counts->failed ? 1 : 0) &&
                strstr(self.transcript.text, expected->line) && strcmp(self.transcript.last, expected->last) == 0;
    (void)printf("%s  %s\n", held ? "pass" : "FAIL", expected->what);
    if (!held) {
        (void)printf("%s", self.transcript.text);
        self.failed++;
    }
    self.run++;
    run_next();
}

static void run_next(void)
{
    const size_t count = sizeof(runs) / sizeof(runs[0]);
    if (self.run == count) {
        (void)printf("%zu passed, %zu failed\n", count - self.failed, self.failed);
#ifdef __EMSCRIPTEN__
        if (!self.in_main) {
            emscripten_force_exit(self.failed ? EXIT_FAILURE : EXIT_SUCCESS);
        }
#endif
        return;
    }
    const expected_t *expected = &runs[self.run];
    memset(&self.transcript, 0, sizeof(self.transcript));
    wrl_conformance_options_t options;
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.backend = "null";
    options.filter = expected->filter;
    options.print = keep_line;
    options.print_env = &self.transcript;
    static const wrl_test_group_t *const groups[] = {&wrl_test_group_sham};
    const wrl_plan_t plan = {groups, 1, expected->manifest};
    wrl_run_plan(&options, &plan, check_run, (void *)expected);
}

int main(void)
{
    self.in_main = true;
    run_next();
    /* The runtime stays alive for tests that end in the event loop. */
    self.in_main = false;
    return self.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
