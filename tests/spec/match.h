/* Whether a value is what an assertion expects. */
#ifndef SPEC_MATCH_H
#define SPEC_MATCH_H

#include "value.h"

/* `type` is the one that the function's type, or the global's, gives the value.
 */
bool spec_match(spec_refs_t *refs, const spec_value_t *expected, wrl_valtype_t type, const wrl_val_t *actual);

#endif
