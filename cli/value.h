/* Values as text: arguments in, results out. What is printed of a number reads back as the same bits. */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include <stdio.h>
#include <wrl.h>

/* The forms of values, for the help text. */
extern const char value_help[];

/* Reads a value of that type. `instance` is where the names of functions are looked up. The message of an error says
 * what is wrong with the text, without quoting it. */
WRL_NODISCARD wrl_error_t *value_parse(wrl_store_t *store, wrl_instance_t instance, wrl_valtype_t type,
                                       const char *text, wrl_val_t *value);

/* Writes a value, without a newline. */
WRL_NODISCARD wrl_error_t *value_print(FILE *out, wrl_store_t *store, const wrl_val_t *value);

#endif
