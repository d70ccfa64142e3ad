/* Whether a value is what an assertion expects. */
#ifndef SPEC_MATCH_H
#define SPEC_MATCH_H

#include "script.h"
#include "wrl.h"

bool spec_match(const wrl_store_t *store, const spec_value_t *expected, const wrl_val_t *actual);

#endif
