/* Instructions that compilers make branches and calls of. */
#ifndef WRL_SRC_DETOURS_H
#define WRL_SRC_DETOURS_H

#include "binary/instruction.h"

/* How many branches and calls of its own an instruction becomes. */
uint32_t wrl_detours_of(const wrl_instruction_t *instruction);

#endif
