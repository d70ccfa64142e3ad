/* Compares a value with the one that an assertion expects. */
#ifndef SPEC_MATCH_H
#define SPEC_MATCH_H

#include "value.h"

/* `type` is the declared type of the value: that of the function's result, or of the global. */
bool spec_match(spec_refs_t *refs, const spec_value_t *expected, wrl_valtype_t type, const wrl_val_t *actual);

#endif
