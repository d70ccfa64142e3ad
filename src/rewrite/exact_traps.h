/*
 * A pass that distinguishes two traps for which an engine has only one message. Code before the instruction examines
 * the operand. For one of the two traps it calls a function that does nothing but trap. The engine's backtrace contains
 * the name of that function. The other trap is left to the instruction.
 */
#ifndef WRL_SRC_REWRITE_EXACT_TRAPS_H
#define WRL_SRC_REWRITE_EXACT_TRAPS_H

#include "rewrite/pass.h"

/* The names of these functions. A backtrace must not also contain the guest's own names. */
#define WRL_NAME_OF_NAN "wrl:nan"   /* A conversion of NaN to an integer. */
#define WRL_NAME_OF_NULL "wrl:null" /* An indirect call to null. */

typedef struct wrl_exact_traps {
    wrl_pass_t pass;
    bool conversions; /* Checks conversions of floats to integers. */
    bool calls;       /* Checks indirect calls. */
} wrl_exact_traps_t;

void wrl__exact_traps_init(wrl_exact_traps_t *traps, bool conversions, bool calls);

#endif
