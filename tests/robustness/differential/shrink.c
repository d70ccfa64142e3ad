#include "shrink.h"

#include "report.h"
#include "smith.h"

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

void shrink(const options_t *options, const trial_t *trial, const difference_t *difference)
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
