/* MAP_ANONYMOUS and strsignal() are not in C11. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "seeds.h"

#include "report.h"
#include "trials.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The time limit for one module, in seconds. */
#define TRIAL_SECONDS 60

/* The exit status of a child that could not start, and of one that found a difference. The parent reports the
 * difference and shrinks the module. A child could not do so: engines with their own threads do not work in a child of
 * a process that has used them. */
enum { STATUS_NO_ENGINE = 3, STATUS_DIFFERENCE = 4 };

void note_proposals(const choir_t *choir, progress_t *progress)
{
    progress->common = UINT32_MAX;
    progress->all = 0;
    for (size_t i = 0; i < choir->count; i++) {
        progress->common &= choir->voices[i].proposals;
        progress->all |= choir->voices[i].proposals;
    }
}

static bool make_trial(const progress_t *progress, owned_trial_t *trial)
{
    bool made = trial_make(progress->seed, progress->number, progress->common, progress->all, trial);
    if (!made) {
        (void)printf("FAIL  seed %" PRIu64 " makes no module\n", progress->seed);
    }
    return made;
}

/* Continues from the current progress. */
static int run_batch(const options_t *options, uint64_t last, progress_t *progress)
{
    choir_t choir;
    if (!make_choir(options, &choir)) {
        return STATUS_NO_ENGINE;
    }
    note_proposals(&choir, progress);
    bool agree = true;
    for (; agree && progress->seed <= last; progress->seed++, progress->number = 0) {
        for (; agree && progress->number < TRIALS_PER_SEED; progress->number++) {
            owned_trial_t trial;
            (void)alarm(TRIAL_SECONDS);
            if (!make_trial(progress, &trial)) {
                return STATUS_NO_ENGINE;
            }
            agree = run_trial(&choir, &trial.trial, progress);
            owned_trial_free(&trial);
            if (!agree) {
                break;
            }
        }
        if (!agree) {
            break;
        }
    }
    (void)alarm(0);
    choir_delete(&choir);
    return agree ? 0 : STATUS_DIFFERENCE;
}

/* ---- The parent ---- */

typedef struct job {
    pid_t child; /* 0 for none. */
    uint64_t last;
    progress_t *progress;
} job_t;

typedef struct run {
    const options_t *options;
    job_t jobs[MAX_JOBS];
    progress_t totals;
    uint64_t next;
    bool broken; /* Whether the test itself cannot go on. */
} run_t;

static void add(progress_t *totals, progress_t *part)
{
    totals->modules += part->modules;
    totals->broken += part->broken;
    totals->accepted += part->accepted;
    totals->known += part->known;
    totals->failures += part->failures;
    totals->returned += part->returned;
    totals->stopped += part->stopped;
    part->modules = part->broken = part->accepted = part->known = part->failures = part->returned = part->stopped = 0;
}

static void start(run_t *run, job_t *job)
{
    (void)fflush(stdout);
    job->child = fork();
    if (job->child == 0) {
        exit(run_batch(run->options, job->last, job->progress)); /* Not _exit(), which would skip leak detection. */
    }
    if (job->child < 0) {
        (void)printf("FAIL  cannot fork: %s\n", strerror(errno));
        run->broken = true;
        job->child = 0;
    }
}

static void start_next(run_t *run, job_t *job)
{
    const options_t *options = run->options;
    if (run->next > options->last || run->next < options->first || run->totals.failures >= MAX_FAILURES ||
        run->broken) {
        return;
    }
    job->progress->seed = run->next;
    job->progress->number = 0;
    job->last = options->last - run->next < BATCH ? options->last : run->next + BATCH - 1;
    run->next = job->last + 1;
    start(run, job);
}

static void describe_death(int status, char *why, size_t size)
{
    if (WIFSIGNALED(status)) {
        (void)snprintf(why, size, "signal %d, %s", WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else {
        (void)snprintf(why, size, "status %d", WEXITSTATUS(status));
    }
}

static void report_end(const run_t *run, const progress_t *progress, int status)
{
    static const difference_t death = {0};
    bool is_death = !WIFEXITED(status) || WEXITSTATUS(status) != STATUS_DIFFERENCE;
    owned_trial_t trial;
    if (is_death) {
        char why[128];
        describe_death(status, why, sizeof(why));
        (void)printf("FAIL  seed %" PRIu64 ", trial %u: the process ended: %s\n", progress->seed, progress->number,
                     why);
    }
    if (make_trial(progress, &trial)) {
        report(run->options, &trial.trial, is_death ? &death : &progress->difference);
        owned_trial_free(&trial);
    }
}

/* After a death or a difference, another child continues with the next seed. */
static void finish(run_t *run, job_t *job, int status)
{
    job->child = 0;
    add(&run->totals, job->progress);
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NO_ENGINE) {
        run->broken = true;
        return;
    }
    if (status == 0) {
        return;
    }
    run->totals.failures += !WIFEXITED(status) || WEXITSTATUS(status) != STATUS_DIFFERENCE;
    if (job->progress->seed > job->last) {
        (void)printf("FAIL  after the last module the process ended (a leak?)\n");
        return;
    }
    report_end(run, job->progress, status);
    job->progress->number++;
    if (run->totals.failures < MAX_FAILURES) {
        start(run, job);
    }
}

bool run_seeds(const options_t *options, progress_t *totals)
{
    run_t run = {.options = options, .next = options->first};
    progress_t *shared =
        mmap(NULL, sizeof(progress_t) * MAX_JOBS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        return false;
    }
    for (size_t i = 0; i < options->jobs; i++) {
        run.jobs[i].progress = &shared[i];
        start_next(&run, &run.jobs[i]);
    }
    int status = 0;
    for (pid_t child = wait(&status); child > 0 || errno == EINTR; child = wait(&status)) {
        for (size_t i = 0; child > 0 && i < options->jobs; i++) {
            job_t *job = &run.jobs[i];
            if (job->child == child) {
                finish(&run, job, status);
                if (!job->child) {
                    start_next(&run, job);
                }
            }
        }
    }
    *totals = run.totals;
    (void)munmap(shared, sizeof(progress_t) * MAX_JOBS);
    return !run.broken && run.next > options->last;
}
