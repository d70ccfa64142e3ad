/* Detours: the branches and calls that a compiler generates for an instruction. */
#ifndef WRL_SRC_DETOURS_H
#define WRL_SRC_DETOURS_H

#include "binary/instruction.h"

/* Returns how many detours a compiler generates for an instruction. */
uint32_t wrl__detours_of(const wrl_instruction_t *instruction);

#endif
