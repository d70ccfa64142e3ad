/* Maps the suite's messages for traps to the layer's codes. */
#ifndef SPEC_TRAP_H
#define SPEC_TRAP_H

#include "message.h"
#include "script.h"
#include "wrl.h"

/* Returns whether the message stands for the code. If not, `why` has the reason, also for a message that is not in the
 * table. */
bool spec_trap_match(spec_bytes_t message, wrl_trap_code_t code, spec_message_t *why);

/* Version 1 checked all segments before it wrote any and called a module with one that does not fit unlinkable. Since
 * the bulk memory proposal, which is part of version 2, such a segment traps. Returns the trap's code, or WRL_TRAP_NONE
 * for other messages. */
wrl_trap_code_t spec_trap_of_segment(spec_bytes_t message);

#endif
