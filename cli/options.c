/* Parses the options of commands. */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "cli.h"

enum { MOST_OPTIONS = 5, HELP = 'h' };

/* Reports an option for which getopt_long() returned '?' or ':'. Returns STATUS_USAGE. */
static int bad_option(const char *command, int answer, char **argv)
{
    const char *option = argv[optind - 1];
    if (answer == ':') {
        return usage_error(command, "the option '%s' needs a value", option);
    }
    if (optopt == 0) {
        return usage_error(command, "unknown option '%s'", option);
    }
    /* Either a known long option with a value that it does not take, or an unknown letter. */
    if (strncmp(option, "--", 2) == 0 && strchr(option, '=')) {
        return usage_error(command, "the option in '%s' takes no value", option);
    }
    return usage_error(command, "unknown option '-%c'", optopt);
}

/* Lists the command's options and --help for getopt_long(). The value of an option is its position, from 1 on. */
static void list_options(const command_options_t *command, struct option *list)
{
    size_t count = 0;
    for (; count < MOST_OPTIONS && command->options[count].name; count++) {
        const command_option_t *option = &command->options[count];
        list[count] =
            (struct option){option->name, option->value ? required_argument : no_argument, NULL, (int)count + 1};
    }
    list[count] = (struct option){"help", no_argument, NULL, HELP};
    list[count + 1] = (struct option){NULL, 0, NULL, 0};
}

bool options_parse(const command_options_t *command, int argc, char **argv, int *status)
{
    struct option list[MOST_OPTIONS + 2];
    int answer;
    list_options(command, list);
    *status = STATUS_OK;
    while ((answer = getopt_long(argc, argv, command->come_first ? "+:h" : ":h", list, NULL)) != -1) {
        if (answer == HELP) {
            command->print_help();
            return false;
        }
        if (answer == '?' || answer == ':') {
            *status = bad_option(command->name, answer, argv);
            return false;
        }
        const command_option_t *option = &command->options[answer - 1];
        if (option->value) {
            *option->value = optarg;
        } else {
            *option->flag = true;
        }
    }
    return true;
}
