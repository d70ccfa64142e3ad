/* Parses the options of commands. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

/* An option. One with a value stores it in *value, one without a value sets *flag. */
typedef struct command_option {
    const char *name;
    const char **value;
    bool *flag;
} command_option_t;

/* The options of a command, besides --help. */
typedef struct command_options {
    const char *name;                /* The command's name. */
    const command_option_t *options; /* At most four. The list ends with one without a name. */
    void (*print_help)(void);
    bool come_first; /* Options end at the first other argument. */
} command_options_t;

/* Parses the options. Returns true to continue; the other arguments start at argv[optind]. Otherwise it has printed the
 * help or reported an error, and the command returns *status. */
bool options_parse(const command_options_t *command, int argc, char **argv, int *status);

#endif
