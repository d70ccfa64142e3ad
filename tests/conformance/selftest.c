/*
 * The harness itself: that a failing check fails the run, that nothing is skipped silently, and that a manifest cannot
 * say what is not so. Runs sham tests and holds the counts and lines of the report against what must come out.
 */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>

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

/* A failure in a callback counts even if the test itself goes on. */
static bool sham_noted_failure(wrl_test_t *t)
{
    (void)test_fail(t, __FILE__, __LINE__, "noted");
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
};
WRL_TEST_GROUP(sham);

/* The report, as far as it is looked at. */
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

/* What must come out of a run of the shams. */
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
    {"all", NULL, NULL, {1, 8, 0, 1}, "lacks feature: 1 (sham.lacking)", "1 passed, 8 failed"},
    {"a filter that fits nothing", "no such", NULL, {0, 1, 0, 0}, "no such", "0 passed, 1 failed"},
    {"an expected failure", "sham.check_fails", &manifest_fail, {0, 0, 1, 0}, "sham reason", "0 passed, 0 failed"},
    {"an unexpected pass", "sham.passes", &manifest_pass, {0, 1, 0, 0}, "sham reason", "0 passed, 1 failed"},
    {"an entry for a test that is not run",
     "sham.lacking",
     &manifest_lacking,
     {0, 1, 0, 1},
     "was not run",
     "0 passed, 1 failed"},
    {"an entry for no test", "sham.", &manifest_missing, {1, 9, 0, 1}, "sham.does_not_exist", "1 passed, 9 failed"},
};

static bool as_expected(const expected_t *expected)
{
    static transcript_t transcript;
    memset(&transcript, 0, sizeof(transcript));
    wrl_conformance_options_t options;
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.backend = "null";
    options.filter = expected->filter;
    options.print = keep_line;
    options.print_env = &transcript;
    static const wrl_test_group_t *const groups[] = {&wrl_test_group_sham};
    const wrl_plan_t plan = {groups, 1, expected->manifest};
    wrl_conformance_counts_t counts;
    int status = wrl_run_plan(&options, &plan, &counts);
    bool held = counts.passed == expected->counts.passed && counts.failed == expected->counts.failed &&
                counts.expected_failures == expected->counts.expected_failures &&
                counts.lacking == expected->counts.lacking && status == (counts.failed ? 1 : 0) &&
                strstr(transcript.text, expected->line) && strcmp(transcript.last, expected->last) == 0;
    (void)printf("%s  %s\n", held ? "pass" : "FAIL", expected->what);
    if (!held) {
        (void)printf("%s", transcript.text);
    }
    return held;
}

int main(void)
{
    size_t failed = 0;
    const size_t count = sizeof(runs) / sizeof(runs[0]);
    for (size_t i = 0; i < count; i++) {
        failed += as_expected(&runs[i]) ? 0 : 1;
    }
    (void)printf("%zu passed, %zu failed\n", count - failed, failed);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
