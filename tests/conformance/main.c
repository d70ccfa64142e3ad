/* The command line of the conformance suite. */
#include "conformance.h"
#include "wrl.h"

#include <stdio.h>
#include <string.h>

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

static const char usage[] =
    "usage: wrl_conformance [--backend NAME|FILE.so] [--filter SUBSTRING] [--list] [--quiet]\n"
    "                       [--alone] [--not-a-backend FILE.so]\n"
    "\n"
    "  --backend NAME|FILE.so  The backend to test: a known one, or a shared object to load. Default: the library's.\n"
    "                          NAME+exact_traps makes engines with that option.\n"
    "  --filter SUBSTRING      Run only tests whose name contains this.\n"
    "  --list                  Print the names of the tests and what each needs, and run none.\n"
    "  --quiet                 Do not list the tests that pass.\n"
    "  --alone                 Leave out the tests that need a second backend.\n"
    "  --not-a-backend FILE    A shared object that holds no backend, for the tests of loading.\n"
    "\n"
    "The exit status is 0 if no test failed, 1 if one did, and 2 for bad usage.\n";

/* The parsed command line. */
typedef struct arguments {
    wrl_conformance_options_t options;
    const char *backend;
    bool list;
    bool help;
} arguments_t;

/* Returns the value of an option. Prints a message and returns NULL if the value is missing. */
static const char *option_value(int argc, char **argv, int *index)
{
    if (*index + 1 >= argc) {
        (void)fprintf(stderr, "wrl_conformance: %s needs a value\n", argv[*index]);
        return NULL;
    }
    return argv[++*index];
}

static bool parse(int argc, char **argv, arguments_t *arguments)
{
    for (int i = 1; i < argc; i++) {
        const char **value = NULL;
        if (strcmp(argv[i], "--backend") == 0) {
            value = &arguments->backend;
        } else if (strcmp(argv[i], "--filter") == 0) {
            value = &arguments->options.filter;
        } else if (strcmp(argv[i], "--not-a-backend") == 0) {
            value = &arguments->options.not_a_backend;
        } else if (strcmp(argv[i], "--list") == 0) {
            arguments->list = true;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            arguments->options.quiet = true;
        } else if (strcmp(argv[i], "--alone") == 0) {
            arguments->options.alone = true;
        } else if (strcmp(argv[i], "--help") == 0) {
            arguments->help = true;
        } else {
            (void)fprintf(stderr, "wrl_conformance: unknown argument \"%s\"\n%s", argv[i], usage);
            return false;
        }
        if (value) {
            *value = option_value(argc, argv, &i);
            if (!*value) {
                return false;
            }
        }
    }
    return true;
}

/* Ids of backends consist of lower-case letters, digits and "_". Anything else is a file. */
static bool is_file(const char *backend)
{
    return strchr(backend, '.') != NULL || strchr(backend, '/') != NULL;
}

/* The exit status and what determines it. */
typedef struct outcome {
    int status;
    bool in_main; /* main() has not returned yet. */
} outcome_t;

static void end(void *env, int status, const wrl_conformance_counts_t *counts)
{
    outcome_t *outcome = env;
    (void)counts;
    outcome->status = status;
#ifdef __EMSCRIPTEN__
    if (!outcome->in_main) {
        emscripten_force_exit(status);
    }
#endif
}

int main(int argc, char **argv)
{
    arguments_t arguments;
    memset(&arguments, 0, sizeof(arguments));
    arguments.options.size = sizeof(arguments.options);
#ifdef WRL_CONFORMANCE_NOT_A_BACKEND
    arguments.options.not_a_backend = WRL_CONFORMANCE_NOT_A_BACKEND;
#endif
    if (!parse(argc, argv, &arguments)) {
        return 2;
    }
    if (arguments.help) {
        (void)fputs(usage, stdout);
        return 0;
    }
    if (arguments.list) {
        wrl_conformance_list(&arguments.options);
        return 0;
    }
    arguments.options.backend = arguments.backend;
    if (arguments.backend && is_file(arguments.backend)) {
        wrl_error_t *error = wrl_backend_load(arguments.backend, &arguments.options.backend);
        if (error) {
            (void)fprintf(stderr, "wrl_conformance: %s\n", wrl_error_message(error));
            wrl_error_delete(error);
            return 2;
        }
    }
    static outcome_t outcome = {0, true};
    wrl_conformance_run(&arguments.options, end, &outcome);
    /* The runtime stays alive for tests that end in the event loop. */
    outcome.in_main = false;
    return outcome.status;
}
