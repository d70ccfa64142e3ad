/* What the suite's words for traps mean in the layer's codes. */
#ifndef SPEC_TRAP_H
#define SPEC_TRAP_H

#include "message.h"
#include "script.h"
#include "wrl.h"

/* Whether the code is one of those that the message stands for. If not, `why` says so, also of a message that is not in
 * the table. */
bool spec_trap_match(spec_bytes_t message, wrl_trap_code_t code, spec_message_t *why);

/* Version 1 checked all segments before it wrote any, and called one that does not fit unlinkable; since the bulk
 * memory proposal, which is in version 2, it is a trap. Returns the trap's code, or WRL_TRAP_NONE for other messages.
 */
wrl_trap_code_t spec_trap_of_segment(spec_bytes_t message);

#endif
