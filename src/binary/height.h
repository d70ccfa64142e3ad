/* How instructions change the height of the operand stack (core specification 3.4). */
#ifndef WRL_SRC_BINARY_HEIGHT_H
#define WRL_SRC_BINARY_HEIGHT_H

#include "binary/instruction.h"

/*
 * Returns by how much an instruction changes the height of the operand stack. The change must not depend on a type, and
 * the instruction must neither begin nor end a block. Opcodes between two known ones count as known, too.
 */
int wrl__height_change(const wrl_instruction_t *instruction);

#endif
