/*
 * differential [--backends A,B] [--seeds FROM-TO] [--jobs N] [--out FOLDER] [--no-shrink] [--plant]
 * differential [--backends A,B] --read FILE | --known | --module FILE.wasm [--seed N]
 * differential [--backends A,B] [--seeds FROM-TO] --write FILE
 *
 * Random modules on several engines at once, which have to agree in all that can be seen. Each seed makes one module,
 * what the host does with it, and some broken copies. A difference is shrunk and printed as text with what differs, and
 * its module written to the folder. README.md tells more.
 */
/* MAP_ANONYMOUS and strsignal() are not in C11. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "compare.h"
#include "known.h"
#include "smith.h"
#include "trials.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __EMSCRIPTEN__
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

/* Seeds that one child tries: its engines end with it, and with them what they keep of each module. */
#define BATCH 200
#define MAX_JOBS 64
#define MAX_FAILURES 10
/* The longest that one module may take, in seconds. */
#define TRIAL_SECONDS 60
#define SHRINK_ATTEMPTS 400

typedef struct options {
    const char *backends;
    const char *out;
    const char *read;
    const char *write;
    const char *module;
    uint64_t first, last; /* Seeds, both included. */
    size_t jobs;
    bool known;
    bool no_shrink;
    bool plant; /* One engine is made to compute wrongly, as a test of the test. */
} options_t;

/* What a child tells, in memory that all see. */
typedef struct progress {
    uint64_t seed; /* The one under way. */
    unsigned number;
    uint32_t common, all; /* Proposals of all engines, and of any. */
    size_t modules, broken, accepted, known, failures;
    size_t returned, stopped; /* Calls on the first engine. */
    difference_t difference;  /* The last one. */
} progress_t;

/* How a child ends that could not begin, and one that found a difference: its parent tells it and shrinks its module,
 * since engines with threads of their own do not work in children of a process that has used them. */
enum { STATUS_NO_ENGINE = 3, STATUS_DIFFERENCE = 4 };

static bool make_choir(const options_t *options, choir_t *choir)
{
    bool made = choir_new(choir, options->backends);
    choir->plant = options->plant;
    return made;
}

/* ---- Differences in words ---- */

static void print_text(const uint8_t *data, size_t size)
{
    smith_bytes_t text = {NULL, 0};
    if (smith_print(data, size, &text)) {
        (void)printf("%.*s", (int)text.size, (const char *)text.data);
    }
    smith_free(&text);
}

static void print_difference(const difference_t *difference)
{
    (void)printf("      %s: %s\n", difference->first, difference->first_line);
    (void)printf("      %s: %s\n", difference->second, difference->second_line);
}

static void write_module(const options_t *options, const trial_t *trial, const char *suffix)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/differential-%" PRIu64 "%s.wasm", options->out, trial->guest.seed, suffix);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(trial->guest.data, 1, trial->guest.size, file) == trial->guest.size;
    if (file && fclose(file) != 0) {
        written = false;
    }
    (void)printf("      %s %s; again: differential --module %s --seed %" PRIu64 "\n",
                 written ? "written to" : "cannot be written to", path, path, trial->guest.seed);
}

/* ---- Shrinking ---- */

#ifndef __EMSCRIPTEN__
typedef struct hunt {
    const options_t *options;
    const trial_t *trial;
    const difference_t *wanted; /* What has to be seen again; one without `what` is a death. */
} hunt_t;

/* Whether the lines are alike, but for numbers: the difference must not become another one while its module shrinks. */
static bool alike(const char *a, const char *b)
{
    while (*a || *b) {
        while (*a && strchr("0123456789abcdef", *a)) {
            a++;
        }
        while (*b && strchr("0123456789abcdef", *b)) {
            b++;
        }
        if (*a != *b) {
            return false;
        }
        a += *a != '\0';
        b += *b != '\0';
    }
    return true;
}

static int try_once(const hunt_t *hunt, const uint8_t *data, size_t size)
{
    choir_t choir;
    difference_t difference;
    trial_t trial = *hunt->trial;
    trial.guest.data = data;
    trial.guest.size = size;
    trial.items = NULL;
    if (!make_choir(hunt->options, &choir)) {
        return 2;
    }
    bool agree = compare(&choir, &trial, &difference);
    bool again = !agree && hunt->wanted->what && strcmp(difference.what, hunt->wanted->what) == 0 &&
                 alike(difference.first_line, hunt->wanted->first_line) &&
                 alike(difference.second_line, hunt->wanted->second_line);
    choir_delete(&choir);
    return again ? 1 : 0;
}

/* In a process of its own: a module that was shrunk need not end. */
static bool is_interesting(void *env, const uint8_t *data, size_t size)
{
    const hunt_t *hunt = (const hunt_t *)env;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(5);
        if (!freopen("/dev/null", "w", stderr)) {
            _exit(2);
        }
        _exit(try_once(hunt, data, size));
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (child < 0) {
        return false;
    }
    bool died = WIFSIGNALED(status) && WTERMSIG(status) != SIGALRM;
    return hunt->wanted->what ? WIFEXITED(status) && WEXITSTATUS(status) == 1 : died;
}

static void shrink(const options_t *options, const trial_t *trial, const difference_t *difference)
{
    hunt_t hunt = {options, trial, difference};
    smith_bytes_t small = {NULL, 0};
    if (options->no_shrink || !trial->is_played ||
        !smith_shrink(trial->guest.data, trial->guest.size, SHRINK_ATTEMPTS, is_interesting, &hunt, &small)) {
        return;
    }
    trial_t shrunk = *trial;
    shrunk.guest.data = small.data;
    shrunk.guest.size = small.size;
    (void)printf("      shrunk from %zu to %zu bytes:\n", trial->guest.size, small.size);
    print_text(small.data, small.size);
    write_module(options, &shrunk, "-small");
    smith_free(&small);
}
#else
/* Nothing to shrink with: the module can be tried natively, where it was made. */
static void shrink(const options_t *options, const trial_t *trial, const difference_t *difference)
{
    (void)options;
    (void)trial;
    (void)difference;
}
#endif

static void report(const options_t *options, const trial_t *trial, const difference_t *difference)
{
    if (difference->what) {
        (void)printf("FAIL  seed %" PRIu64 ", %s: %s\n", trial->guest.seed,
                     trial->is_played ? "played" : "a broken copy, compiled", difference->what);
        print_difference(difference);
    }
    write_module(options, trial, "");
    shrink(options, trial, difference);
    (void)fflush(stdout);
}

/* ---- Trials ---- */

/* The lines that tell what came of calls; world_call() writes them. */
static void count_calls(const transcript_t *transcript, progress_t *progress)
{
    static const char mark[] = "\n  = ";
    const char *at = transcript->size ? transcript->data : NULL;
    while (at && (at = strstr(at, mark)) != NULL) {
        at += strlen(mark);
        progress->returned += *at == '(';
        progress->stopped += *at != '(';
    }
}

/* Whether all agree. */
static bool run_trial(choir_t *choir, const trial_t *trial, progress_t *progress)
{
    bool agree = compare(choir, trial, &progress->difference);
    progress->modules += trial->is_played;
    progress->broken += !trial->is_played;
    progress->accepted += !trial->is_played && choir->voices[0].verdict == VERDICT_ACCEPTED;
    progress->known += agree && progress->difference.known;
    progress->failures += !agree;
    if (trial->is_played) {
        count_calls(&choir->voices[0].transcript, progress);
    }
    return agree;
}

#ifndef __EMSCRIPTEN__
static void note_proposals(const choir_t *choir, progress_t *progress)
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

/* Goes on from where the progress is. */
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
    bool broken; /* The test itself could not go on. */
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
        exit(run_batch(run->options, job->last, job->progress)); /* Not _exit: leaks are looked for at the end. */
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

/* After a death or a difference another child goes on behind it. */
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

static bool run_seeds(const options_t *options, progress_t *totals)
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

static bool write_trials(const options_t *options)
{
    choir_t choir;
    progress_t progress = {0};
    FILE *file = fopen(options->write, "wb");
    bool good = file && make_choir(options, &choir);
    if (good) {
        note_proposals(&choir, &progress);
        choir_delete(&choir);
    }
    uint32_t common = progress.common & ~(uint32_t)SMITH_NATIVE_ONLY;
    for (uint64_t seed = options->first; good && seed <= options->last; seed++) {
        for (unsigned number = 0; good && number < TRIALS_PER_SEED; number++) {
            owned_trial_t trial;
            good = trial_make(seed, number, common, common, &trial) && trial_write(file, &trial.trial);
            owned_trial_free(&trial);
        }
    }
    return file && fclose(file) == 0 && good;
}

static bool read_whole(const char *path, uint8_t **data, size_t *size)
{
    FILE *file = fopen(path, "rb");
    long length = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    *size = length < 0 ? 0 : (size_t)length;
    *data = length < 0 ? NULL : (uint8_t *)malloc(*size + 1);
    bool good = *data && fseek(file, 0, SEEK_SET) == 0 && fread(*data, 1, *size, file) == *size;
    if (file) {
        (void)fclose(file);
    }
    return good;
}

/* One module: prints what each engine says. */
static int run_module(const options_t *options)
{
    choir_t choir;
    uint8_t *data = NULL;
    size_t size = 0;
    difference_t difference;
    if (!read_whole(options->module, &data, &size) || !make_choir(options, &choir)) {
        (void)fprintf(stderr, "differential: %s cannot be read\n", options->module);
        return 2;
    }
    trial_t trial = trial_of(options->first, data, size);
    bool agree = compare(&choir, &trial, &difference);
    for (size_t i = 0; i < choir.count; i++) {
        (void)printf("---- %s\n%.*s%.*s", choir.voices[i].backend, (int)choir.voices[i].items.size,
                     choir.voices[i].items.data ? choir.voices[i].items.data : "", (int)choir.voices[i].transcript.size,
                     choir.voices[i].transcript.data ? choir.voices[i].transcript.data : "");
    }
    (void)printf("---- %s\n", agree ? difference.known ? difference.known : "they agree" : difference.what);
    if (difference.what) {
        print_difference(&difference);
    }
    choir_delete(&choir);
    free(data);
    return agree ? 0 : 1;
}

/* Each known difference has to be there. */
static int run_known(void)
{
    size_t failed = 0;
    for (size_t i = 0; i < known_count; i++) {
        const known_t *known = &known_differences[i];
        choir_t choir;
        difference_t difference = {0};
        wrl_bytes_t bytes = {NULL, 0};
        wrl_error_t *error = wrl_wat_to_wasm(known->text, strlen(known->text), &bytes);
        bool ready = !error && choir_new(&choir, known->backends);
        if (ready) {
            trial_t trial = trial_of(1, bytes.data, bytes.size);
            ready =
                compare(&choir, &trial, &difference) && difference.known && strcmp(difference.known, known->name) == 0;
            choir_delete(&choir);
        }
        (void)printf("%s  %s%s\n", ready ? "ok  " : "FAIL", known->name,
                     ready   ? ""
                     : error ? ": its module is no module"
                             : ": is gone, or has become another");
        failed += !ready;
        wrl_error_delete(error);
        wrl_bytes_delete(&bytes);
    }
    (void)printf("%zu passed, %zu failed\n", known_count - failed, failed);
    return failed ? 1 : 0;
}
#endif

static bool run_file(const options_t *options, progress_t *totals)
{
    choir_t choir;
    owned_trial_t trial;
    bool broken = false;
    FILE *file = fopen(options->read, "rb");
    if (!file || !make_choir(options, &choir)) {
        (void)fprintf(stderr, "differential: %s cannot be read\n", options->read);
        return false;
    }
    size_t count = 0;
    bool good = true;
    while (good && totals->failures < MAX_FAILURES && trial_read(file, &trial, &broken)) {
        if (!run_trial(&choir, &trial.trial, totals)) {
            report(options, &trial.trial, &totals->difference);
        }
        owned_trial_free(&trial);
        good = ++count % (BATCH * TRIALS_PER_SEED) != 0 || choir_renew(&choir);
    }
    choir_delete(&choir);
    (void)fclose(file);
    return good && !broken && count > 0;
}

/* ---- Arguments ---- */

static bool parse_seeds(const char *text, options_t *options)
{
    char *end = NULL;
    options->first = strtoull(text, &end, 10);
    options->last = *end == '-' ? strtoull(end + 1, &end, 10) : options->first;
    return *end == '\0' && options->first <= options->last && options->last < UINT64_MAX - BATCH;
}

static bool parse(int argc, char **argv, options_t *options)
{
    static const struct option known[] = {
        {"backends", required_argument, NULL, 'b'}, {"seeds", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 's'},     {"jobs", required_argument, NULL, 'j'},
        {"out", required_argument, NULL, 'o'},      {"read", required_argument, NULL, 'r'},
        {"write", required_argument, NULL, 'w'},    {"module", required_argument, NULL, 'm'},
        {"known", no_argument, NULL, 'k'},          {"no-shrink", no_argument, NULL, 'n'},
        {"plant", no_argument, NULL, 'p'},          {NULL, 0, NULL, 0}};
    *options = (options_t){.backends = "wasmi,wasmtime", .out = ".", .first = 1, .last = 1000, .jobs = 1};
    for (int c = 0; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'b':
            options->backends = optarg;
            break;
        case 's':
            if (!parse_seeds(optarg, options)) {
                return false;
            }
            break;
        case 'j':
            options->jobs = strtoull(optarg, NULL, 10);
            break;
        case 'o':
            options->out = optarg;
            break;
        case 'r':
            options->read = optarg;
            break;
        case 'w':
            options->write = optarg;
            break;
        case 'm':
            options->module = optarg;
            break;
        case 'k':
            options->known = true;
            break;
        case 'n':
            options->no_shrink = true;
            break;
        case 'p':
            options->plant = true;
            break;
        default:
            return false;
        }
    }
    return optind == argc && options->jobs > 0 && options->jobs <= MAX_JOBS;
}

static int conclude(bool ran, const progress_t *totals)
{
    size_t failed = totals->failures + !ran;
    if (!ran) {
        (void)printf("FAIL  not all modules were tried\n");
    }
    (void)printf(
        "%zu modules played, of whose calls %zu returned and %zu did not; %zu broken ones compiled, of which %zu "
        "were accepted; %zu known differences\n",
        totals->modules, totals->returned, totals->stopped, totals->broken, totals->accepted, totals->known);
    size_t count = totals->modules + totals->broken;
    (void)printf("%zu passed, %zu failed\n", count > totals->failures ? count - totals->failures : 0, failed);
    return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
    options_t options;
    progress_t totals = {0};
    if (!parse(argc, argv, &options)) {
        (void)fprintf(stderr,
                      "usage: differential [--backends A,B] [--seeds FROM-TO] [--jobs N] [--out FOLDER] "
                      "[--no-shrink] [--plant] [--write FILE]\n"
                      "       differential [--backends A,B] --read FILE | --known | --module FILE [--seed N]\n");
        return 2;
    }
    if (options.read) {
        return conclude(run_file(&options, &totals), &totals);
    }
#ifndef __EMSCRIPTEN__
    if (options.known) {
        return run_known();
    }
    if (options.module) {
        return run_module(&options);
    }
    if (options.write) {
        return write_trials(&options) ? 0 : 1;
    }
    return conclude(run_seeds(&options, &totals), &totals);
#else
    return 2;
#endif
}
