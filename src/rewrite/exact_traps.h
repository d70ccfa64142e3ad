/*
 * A pass that tells traps apart for which an engine has one message. Before the instruction the operand is looked at:
 * for one of the two traps a function is called that does nothing but trap, and whose name the engine tells in its
 * backtrace; the other one is left to the instruction.
 */
#ifndef WRL_SRC_REWRITE_EXACT_TRAPS_H
#define WRL_SRC_REWRITE_EXACT_TRAPS_H

#include "rewrite/pass.h"

/* What the functions are called. No name of the guest's may be in a backtrace beside them. */
#define WRL_NAME_OF_NAN "wrl:nan"   /* A NaN was to become an integer. */
#define WRL_NAME_OF_NULL "wrl:null" /* An indirect call went to null. */

typedef struct wrl_exact_traps {
    wrl_pass_t pass;
    bool conversions; /* Looks before conversions of floats to integers, */
    bool calls;       /* and before indirect calls. */
} wrl_exact_traps_t;

void wrl_exact_traps_init(wrl_exact_traps_t *traps, bool conversions, bool calls);

#endif
