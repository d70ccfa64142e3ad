/* Declarations that the tool's commands share: exit statuses, reports on stderr, loading of engines and modules. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <wrl.h>

/* Exit statuses. The help texts document them. */
enum {
    STATUS_OK = 0,
    STATUS_GUEST = 1, /* The guest trapped, or failed otherwise while it ran. */
    STATUS_USAGE = 2, /* The command line is invalid. */
    STATUS_INPUT = 3, /* The file, the export, an argument or the backend is missing or invalid. */
    STATUS_HOST = 4   /* Out of memory, or the output could not be written. */
};

/* Commands: argv[0] is the command's own name. Each returns the exit status. */
int command_run(int argc, char **argv);
int command_inspect(int argc, char **argv);
int command_backends(int argc, char **argv);

/* Reports "wrl: MESSAGE", and which --help to read. Returns STATUS_USAGE. `command` may be NULL. */
int usage_error(const char *command, const char *format, ...) WRL_PRINTF(2, 3);

/* Writes the start of a report: "wrl: FILE: ", or "wrl: " if FILE is NULL. */
void report_prefix(const char *file);

/* Reports "wrl: FILE: MESSAGE", or "wrl: MESSAGE" if FILE is NULL. Returns `status`. */
int report(int status, const char *file, const char *format, ...) WRL_PRINTF(3, 4);

/* Reports the error, a trap with its code and frames. Deletes the error, and returns its exit status. */
int report_error(const char *file, wrl_error_t *error);

/* Reports that the host is out of memory. Returns STATUS_HOST. */
int report_out_of_memory(const char *file);

/* Makes an engine, reads FILE, translates it if it is text, compiles it, and passes the module to `use`. The
 * backend of `config` is a name, a shared object (a text that contains '/' or ends in ".so"), or NULL for the default.
 * Returns the exit status of `use`. On failure, reports it and returns another exit status. */
int with_module(wrl_engine_config_t config, const char *file,
                int (*use)(const void *env, wrl_engine_t *engine, wrl_module_t *module), const void *env);

#endif
