/* The options of commands. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

/* An option with a value, which is put into *value, or one without, which sets *flag. */
typedef struct command_option {
    const char *name;
    const char **value;
    bool *flag;
} command_option_t;

/* What a command takes, besides --help. */
typedef struct command_options {
    const char *name;                /* The command's. */
    const command_option_t *options; /* At most four, and one without a name at the end. */
    void (*print_help)(void);
    bool come_first; /* They end where the first argument is that is none. */
} command_options_t;

/* Reads the options. Returns true to go on, with the other arguments at argv[optind]; otherwise the command is to end
 * with *status: it was asked for help, or what is wrong has been reported. */
bool options_parse(const command_options_t *command, int argc, char **argv, int *status);

#endif
