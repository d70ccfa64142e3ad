/* popen() is not in C11. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "shrink.h"

#include "report.h"
#include "smith.h"
#include "trials.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHRINK_ATTEMPTS 400

static void print_text(const uint8_t *data, size_t size)
{
    smith_bytes_t text = {NULL, 0};
    if (smith_print(data, size, &text)) {
        (void)printf("%.*s", (int)text.size, (const char *)text.data);
    }
    smith_free(&text);
}

typedef struct hunt {
    const options_t *options;
    const trial_t *trial;
    const difference_t *wanted; /* The difference to reproduce. If its `what` is NULL, a crash of the process. */
} hunt_t;

/* Returns whether the lines are equal except for numbers, so that another difference does not replace the original one
 * during shrinking. */
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

/* Runs in a process of its own, because a shrunk module may never end. */
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

static void tell(const options_t *options, const trial_t *trial, smith_bytes_t *small)
{
    trial_t shrunk = *trial;
    shrunk.guest.data = small->data;
    shrunk.guest.size = small->size;
    (void)printf("      shrunk from %zu to %zu bytes:\n", trial->guest.size, small->size);
    print_text(small->data, small->size);
    write_module(options, &shrunk, "-small");
    smith_free(small);
}

void shrink(const options_t *options, const trial_t *trial, const difference_t *difference)
{
    hunt_t hunt = {options, trial, difference};
    smith_bytes_t small = {NULL, 0};
    if (!options->no_shrink && trial->is_played &&
        smith_shrink(trial->guest.data, trial->guest.size, SHRINK_ATTEMPTS, is_interesting, &hunt, &small)) {
        tell(options, trial, &small);
    }
}

/* ---- With engines of another program ---- */

/* A reader's result for a trial: its exit status and the lines of the first difference. */
typedef struct outcome {
    int status;
    char lines[3][512];
} outcome_t;

typedef struct reader_hunt {
    const options_t *options;
    const trial_t *trial;
    char path[4096]; /* The path of the file to read. */
    outcome_t wanted;
} reader_hunt_t;

static bool write_recorded(const reader_hunt_t *hunt, const uint8_t *data, size_t size)
{
    choir_t choir;
    difference_t difference;
    trial_t trial = *hunt->trial;
    trial.guest.data = data;
    trial.guest.size = size;
    if (!make_choir(hunt->options, &choir) || !compare(&choir, &trial, &difference)) {
        return false;
    }
    trial.recorder = choir.voices[0].backend;
    trial.transcript = choir.voices[0].transcript.data;
    trial.transcript_size = choir.voices[0].transcript.size;
    FILE *file = fopen(hunt->path, "wb");
    bool good = file && trial_write(file, &trial, 0);
    return file && fclose(file) == 0 && good;
}

/* Runs in a process of its own, because a shrunk module may never end. */
static bool record(const reader_hunt_t *hunt, const uint8_t *data, size_t size)
{
    int status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(5);
        _exit(write_recorded(hunt, data, size) ? 0 : 1);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && status == 0;
}

static bool ask_reader(const reader_hunt_t *hunt, outcome_t *outcome)
{
    char command[8192];
    char line[sizeof(outcome->lines[0])];
    size_t count = 0;
    memset(outcome, 0, sizeof(*outcome));
    (void)snprintf(command, sizeof(command), "timeout 30 %s --read '%s' --out '%s' 2>/dev/null", hunt->options->reader,
                   hunt->path, hunt->options->out);
    FILE *output = popen(command, "r");
    while (output && fgets(line, sizeof(line), output)) {
        if (count < 3 && (count > 0 || strncmp(line, "FAIL", 4) == 0)) {
            memcpy(outcome->lines[count++], line, sizeof(line));
        }
    }
    outcome->status = output ? pclose(output) : 0;
    return outcome->status != 0;
}

static bool is_interesting_to_reader(void *env, const uint8_t *data, size_t size)
{
    const reader_hunt_t *hunt = (const reader_hunt_t *)env;
    outcome_t outcome;
    bool again = record(hunt, data, size) && ask_reader(hunt, &outcome) && outcome.status == hunt->wanted.status;
    for (size_t i = 0; again && i < 3; i++) {
        again = alike(outcome.lines[i], hunt->wanted.lines[i]);
    }
    return again;
}

bool shrink_for_reader(const options_t *options, const trial_t *trial)
{
    reader_hunt_t hunt = {.options = options, .trial = trial};
    smith_bytes_t small = {NULL, 0};
    (void)snprintf(hunt.path, sizeof(hunt.path), "%s/differential-shrinking.bin", options->out);
    if (!record(&hunt, trial->guest.data, trial->guest.size)) {
        (void)printf("FAIL  the backend cannot play this module\n");
        return false;
    }
    if (!ask_reader(&hunt, &hunt.wanted)) {
        (void)printf("they agree\n");
        return true;
    }
    (void)printf("status %d\n%s%s%s", hunt.wanted.status, hunt.wanted.lines[0], hunt.wanted.lines[1],
                 hunt.wanted.lines[2]);
    if (smith_shrink(trial->guest.data, trial->guest.size, SHRINK_ATTEMPTS, is_interesting_to_reader, &hunt, &small)) {
        tell(options, trial, &small);
    }
    (void)remove(hunt.path);
    return false;
}
