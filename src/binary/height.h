/* How instructions change the height of the operand stack (core specification 3.4). */
#ifndef WRL_SRC_BINARY_HEIGHT_H
#define WRL_SRC_BINARY_HEIGHT_H

#include "binary/instruction.h"

/*
 * By how much an instruction makes the operand stack higher, or lower: of those alone that do not depend on a type and
 * do not end or begin a block. Codes between two known ones count as known as well.
 */
int wrl_height_change(const wrl_instruction_t *instruction);

#endif
