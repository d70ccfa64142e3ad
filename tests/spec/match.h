/* Compares a value with the one that an assertion expects. */
#ifndef SPEC_MATCH_H
#define SPEC_MATCH_H

#include "value.h"

/* `type` is the type of the value in the function's type, or that of the global. */
bool spec_match(spec_refs_t *refs, const spec_value_t *expected, wrl_valtype_t type, const wrl_val_t *actual);

#endif
