/*
 * hostile TARGET [--seed N] [--mutations N] [--out FOLDER] [FILE.wasm…]
 * hostile TARGET --case FILE.wasm
 *
 * Tests thousands of broken modules: cuts each file and each guest of the conformance suite at every byte, flips bits,
 * and mutates at random. TARGET is "reader" (the core's reader alone), a backend (through wrl_module_new()), or "text"
 * (the text format, for files of text). Each case must be rejected with a good error or accepted as a consistent
 * module.
 *
 * The cases are numbered and made from the seed, so that a number always makes the same bytes. They run in a child
 * process. If the child dies, the parent knows the number, writes the bytes to a file, and continues with the next
 * case.
 */
/* MAP_ANONYMOUS and strsignal() are not in C11. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "../../support/backend_option.h"
#include "corpus.h"
#include "module_check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The time limit for one case, in seconds. */
#define CASE_SECONDS 120
#define MAX_FAILURES 20

typedef struct options {
    const char *target;
    const char *out;
    const char *one_case;
    uint64_t seed;
    size_t mutations;
} options_t;

/* The child's progress, in shared memory. */
typedef struct progress {
    size_t current; /* The running case. */
    size_t failures;
    size_t accepted;
    bool finished;
} progress_t;

typedef struct run {
    options_t options;
    corpus_t corpus;
    plan_t plan;
    progress_t *progress;
    wrl_engine_t *engine; /* The child's. NULL for the reader. */
} run_t;

/* ---- One case ---- */

static bool write_case(const run_t *run, size_t number, const bytes_t *bytes)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/hostile-%s-%zu.wasm", run->options.out, run->options.target, number);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes->data, 1, bytes->size, file) == bytes->size;
    if (file && fclose(file) != 0) {
        written = false;
    }
    (void)printf("      %s %s; again: hostile %s --case %s\n", written ? "written to" : "cannot be written to", path,
                 run->options.target, path);
    return written;
}

static void report_failure(const run_t *run, size_t number, const char *why)
{
    char title[256];
    bytes_t bytes = {NULL, 0, NULL, 0};
    plan_describe(&run->plan, number, title, sizeof(title));
    (void)printf("FAIL  case %zu, %s: %s\n", number, title, why);
    if (plan_make(&run->plan, number, &bytes)) {
        (void)write_case(run, number, &bytes);
    }
    free(bytes.copy);
    (void)fflush(stdout);
}

static bool is_text(const run_t *run)
{
    return strcmp(run->options.target, "text") == 0;
}

/* Returns NULL if the result is good, otherwise a description of the problem. */
static const char *try_bytes(const run_t *run, const bytes_t *bytes, bool in_place, bool *accepted)
{
    if (is_text(run)) {
        return check_text(bytes->data, bytes->size, accepted);
    }
    if (run->engine) {
        return check_module(run->engine, bytes->data, bytes->size, accepted);
    }
    return in_place ? check_reader_in_place(bytes->data, bytes->size, accepted)
                    : check_reader(bytes->data, bytes->size, accepted);
}

/* ---- The child ---- */

static bool make_engine(run_t *run)
{
    run->engine = NULL;
    if (strcmp(run->options.target, "reader") == 0 || is_text(run)) {
        return true;
    }
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    set_backend(&config, run->options.target);
    wrl_error_t *error = wrl_engine_new(&config, &run->engine);
    if (error) {
        (void)printf("FAIL  no engine: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    return run->engine != NULL;
}

static int run_child(run_t *run)
{
    bytes_t bytes = {NULL, 0, NULL, 0};
    progress_t *progress = run->progress;
    if (!make_engine(run)) {
        return 3;
    }
    for (; progress->current < run->plan.count && progress->failures < MAX_FAILURES; progress->current++) {
        bool accepted = false;
        (void)alarm(CASE_SECONDS);
        const char *why = "out of memory for the test itself";
        if (plan_make(&run->plan, progress->current, &bytes)) {
            why = try_bytes(run, &bytes, plan_in_place(&run->plan, progress->current), &accepted);
        }
        progress->accepted += accepted;
        if (why) {
            progress->failures++;
            plan_fail(&run->plan, progress->current);
            report_failure(run, progress->current, why);
        }
    }
    (void)alarm(0);
    free(bytes.copy);
    wrl_engine_release(run->engine);
    progress->finished = true;
    return 0;
}

/* ---- The parent ---- */

#ifndef __EMSCRIPTEN__
static void report_death(run_t *run, int status)
{
    char why[128];
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        (void)snprintf(why, sizeof(why), "took more than %d s", CASE_SECONDS);
    } else if (WIFSIGNALED(status)) {
        (void)snprintf(why, sizeof(why), "ended the process: signal %d, %s", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    } else {
        (void)snprintf(why, sizeof(why), "ended the process with status %d", WEXITSTATUS(status));
    }
    run->progress->failures++;
    if (run->progress->finished || run->progress->current >= run->plan.count) {
        (void)printf("FAIL  after the last case: %s (a leak?)\n", why);
        plan_fail(&run->plan, run->plan.count - 1);
        return;
    }
    plan_fail(&run->plan, run->progress->current);
    report_failure(run, run->progress->current, why);
    run->progress->current++;
}

/* Runs all cases, in as many children as needed. */
static bool run_all(run_t *run)
{
    while (!run->progress->finished && run->progress->failures < MAX_FAILURES) {
        (void)fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            exit(run_child(run)); /* Not _exit(), which would skip leak detection. */
        }
        int status = 0;
        while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        if (child < 0) {
            (void)printf("FAIL  cannot fork: %s\n", strerror(errno));
            return false;
        }
        if (status != 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 3)) {
            report_death(run, status);
        } else if (status != 0) {
            return false;
        }
    }
    return true;
}
#else
/* This host has no child processes, so a case that ends the program ends the test. */
static bool run_all(run_t *run)
{
    return run_child(run) == 0;
}
#endif

/* Returns a description of the cases that a group contains. */
static const char *which(const group_t *group)
{
    if (group->treatment == MUTATE) {
        return "";
    }
    bool is_cut = group->treatment == CUT;
    return !group->sampled ? (is_cut ? ", one at every byte" : ", every bit")
                           : (is_cut ? ", sampled, and all ends of sections" : ", sampled");
}

/* The last line counts groups: the cases of one module with one kind of change. */
static int report(const run_t *run, bool ran)
{
    size_t failed = 0;
    for (size_t g = 0; g < run->plan.group_count; g++) {
        const group_t *group = &run->plan.groups[g];
        failed += *group->failed;
        (void)printf("%s  %s of %s: %zu cases%s%s\n", *group->failed ? "FAIL" : "ok  ",
                     treatment_name(group->treatment), group->seed->name, group->count, which(group),
                     group->in_place ? ", in place" : "");
    }
    if (!ran || run->progress->failures >= MAX_FAILURES) {
        (void)printf("FAIL  not all cases were run\n");
        failed++;
    }
    (void)printf("%s: %zu cases, of which %zu made a module; seed %llu\n", run->options.target, run->progress->current,
                 run->progress->accepted, (unsigned long long)run->options.seed);
    (void)printf("%zu passed, %zu failed\n", run->plan.group_count - (failed < run->plan.group_count ? failed : 0),
                 failed);
    return failed ? 1 : 0;
}

static int run_one(run_t *run)
{
    seed_t seed;
    if (!seed_read(run->options.one_case, &seed) || !make_engine(run)) {
        return 2;
    }
    bytes_t bytes = {seed.data, seed.size, NULL, 0};
    bool accepted = false;
    const char *why = try_bytes(run, &bytes, false, &accepted);
    (void)printf("%s: %s\n", run->options.one_case, why ? why : accepted ? "accepted" : "refused");
    wrl_engine_release(run->engine);
    free(seed.data);
    return why ? 1 : 0;
}

static bool parse(int argc, char **argv, run_t *run)
{
    run->options = (options_t){NULL, ".", NULL, 1, 0};
    const char *seed = getenv("WRL_HOSTILE_SEED");
    run->options.seed = seed ? strtoull(seed, NULL, 10) : run->options.seed;
    run->options.target = argc > 1 ? argv[1] : NULL;
    for (int i = 2; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strncmp(argv[i], "--", 2) != 0) {
            if (!corpus_add_file(&run->corpus, argv[i])) {
                return false;
            }
            continue;
        }
        if (!value) {
            return false;
        }
        i++;
        if (strcmp(argv[i - 1], "--seed") == 0) {
            run->options.seed = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i - 1], "--mutations") == 0) {
            run->options.mutations = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i - 1], "--out") == 0) {
            run->options.out = value;
        } else if (strcmp(argv[i - 1], "--case") == 0) {
            run->options.one_case = value;
        } else {
            return false;
        }
    }
    return run->options.target != NULL;
}

int main(int argc, char **argv)
{
    run_t run;
    memset(&run, 0, sizeof(run));
    if (!parse(argc, argv, &run)) {
        (void)fprintf(stderr,
                      "usage: hostile reader|text|BACKEND [--seed N] [--mutations N] [--out FOLDER] [FILE.wasm...]\n"
                      "       hostile reader|text|BACKEND --case FILE.wasm\n");
        return 2;
    }
    if (run.options.one_case) {
        return run_one(&run);
    }
    if (run.options.mutations == 0) {
        run.options.mutations = corpus_mutations(&run.corpus);
    }
    run.progress = mmap(NULL, sizeof(*run.progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run.progress == MAP_FAILED || (!is_text(&run) && !corpus_add_guests(&run.corpus)) ||
        !plan_set(&run.plan, &run.corpus, run.options.target, run.options.seed, run.options.mutations)) {
        (void)fprintf(stderr, "hostile: out of memory\n");
        return 2;
    }
    int status = report(&run, run_all(&run));
    plan_free(&run.plan);
    corpus_free(&run.corpus);
    (void)munmap(run.progress, sizeof(*run.progress));
    return status;
}
