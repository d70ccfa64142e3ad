/* Parses arguments, and prints results. A printed number reads back as the same bits. */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include <stdio.h>
#include <wrl.h>

/* The part of the help text that describes the forms of values. */
extern const char value_help[];

/* Parses a value of that type. Names of functions are looked up in `instance`. The message of an error describes the
 * problem without quoting the text. */
WRL_NODISCARD wrl_error_t *value_parse(wrl_store_t *store, wrl_instance_t instance, wrl_valtype_t type,
                                       const char *text, wrl_val_t *value);

/* Writes a value, without a newline. */
WRL_NODISCARD wrl_error_t *value_print(FILE *out, wrl_store_t *store, const wrl_val_t *value);

#endif
