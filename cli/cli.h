/* What the commands of the tool share: exit statuses, reports on stderr, making an engine. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <wrl.h>

/* Exit statuses. The help texts promise them. */
enum {
    STATUS_OK = 0,
    STATUS_GUEST = 1, /* The guest trapped, or failed otherwise while it ran. */
    STATUS_USAGE = 2, /* The command line makes no sense. */
    STATUS_INPUT = 3, /* The file, the export, an argument or the backend is not what is needed. */
    STATUS_HOST = 4   /* Out of memory, or the output could not be written. */
};

/* Commands: argv[0] is the command's own name. Each returns the exit status. */
int command_run(int argc, char **argv);
int command_inspect(int argc, char **argv);
int command_backends(int argc, char **argv);

/* "wrl: MESSAGE", and where to read more. Returns STATUS_USAGE. `command` may be NULL. */
int usage_error(const char *command, const char *format, ...) WRL_PRINTF(2, 3);

/* Starts a report: "wrl: FILE: ", or "wrl: " if FILE is NULL. */
void report_prefix(const char *file);

/* "wrl: FILE: MESSAGE", or without FILE if that is NULL. Returns `status`. */
int report(int status, const char *file, const char *format, ...) WRL_PRINTF(3, 4);

/* Reports the error, a trap with its code and frames, deletes it, and returns the exit status that it stands for. */
int report_error(const char *file, wrl_error_t *error);

/* Returns STATUS_HOST after saying that memory is short. */
int report_out_of_memory(const char *file);

/* Makes an engine, reads FILE, translates it if it is text, compiles it, and gives the module to `use`. `backend` is a
 * name, a shared object (it holds a '/' or ends in ".so"), or NULL for the default. Returns the exit status: that of
 * `use`, or another after reporting what failed. */
int with_module(const char *backend, bool exact_traps, const char *file,
                int (*use)(const void *env, wrl_engine_t *engine, wrl_module_t *module), const void *env);

#endif
