/* wrl: the command line tool. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
} command_t;

static const command_t commands[] = {
    {"run", command_run},
    {"inspect", command_inspect},
    {"backends", command_backends},
};

static void print_help(void)
{
    fputs("Usage: wrl COMMAND [OPTION...] [FILE] [ARG...]\n"
          "\n"
          "Runs and examines WebAssembly modules, in the binary or the text format.\n"
          "\n"
          "Commands:\n"
          "  run       run a module and print the results\n"
          "  inspect   show imports, exports, memories, tables and sections\n"
          "  backends  list the engines and their features\n"
          "\n"
          "Options:\n"
          "  --help     print this text, or after a command, the help of that command\n"
          "  --version  print the version\n"
          "\n"
          "Exit status: 0 success; 1 the guest trapped or failed while it ran; 2 invalid\n"
          "command line; 3 bad input (file, module, export, argument, backend); 4 out of\n"
          "memory, or the output cannot be written. See also `wrl run --help`.\n",
          stdout);
}

/* Opens a file for each standard stream that the caller closed. Otherwise the next file that is opened would get the
 * stream's descriptor, and would be read or written in its place. On the files opened here, reading from stdin and
 * writing to stdout fail. */
static void occupy_standard_streams(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};
    for (int stream = 0; stream < 3; stream++) {
        if (fcntl(stream, F_GETFD) == -1 && errno == EBADF && open("/dev/null", modes[stream]) == -1) {
            return; /* There is no way to report this failure. */
        }
    }
}

static int dispatch(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (!name) {
        return usage_error(NULL, "no command given");
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_help();
        return STATUS_OK;
    }
    if (strcmp(name, "--version") == 0) {
        printf("wrl %s\n", wrl_version());
        return STATUS_OK;
    }
    if (name[0] == '-') {
        return usage_error(NULL, "unknown option '%s'", name);
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            opterr = 0; /* The commands report errors themselves. */
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return usage_error(NULL, "unknown command '%s'; the commands are run, inspect and backends", name);
}

/* Flushes and closes stdout. Buffered output may fail only here, for example on a full disk. */
static int finish_output(int status)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    failed = fflush(stdout) != 0 || failed;
    failed = fclose(stdout) != 0 || failed;
    if (!failed) {
        return status;
    }
    report(STATUS_HOST, NULL, "the output cannot be written%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
    return status == STATUS_OK ? STATUS_HOST : status;
}

int main(int argc, char **argv)
{
    occupy_standard_streams();
    return finish_output(dispatch(argc, argv));
}
