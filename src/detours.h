/* Detours: branches and calls of the compiler's own that an instruction becomes. */
#ifndef WRL_SRC_DETOURS_H
#define WRL_SRC_DETOURS_H

#include "binary/instruction.h"

/* Returns how many detours an instruction becomes. */
uint32_t wrl__detours_of(const wrl_instruction_t *instruction);

#endif
