/* Instructions of a function's body or of a constant expression (core specification 5.4). */
#ifndef WRL_SRC_BINARY_INSTRUCTION_H
#define WRL_SRC_BINARY_INSTRUCTION_H

#include "binary/cursor.h"

typedef struct wrl_instruction {
    unsigned op;     /* The first byte. */
    uint32_t code;   /* The number after a prefix, which selects the instruction; else 0. */
    size_t at;       /* The position of its immediates. */
    uint32_t first;  /* The first of up to two immediates. */
    uint32_t second; /* The second immediate. */
} wrl_instruction_t;

/* Reads one instruction and its immediates, and moves the cursor past them. The instructions inside a block come next.
 * Returns false if the instruction is unknown or cut off. */
bool wrl__next_instruction(cursor_t *cursor, wrl_instruction_t *instruction);
/* Moves the cursor past a constant expression and its end. Returns false if an instruction is unknown or cut off. */
bool wrl__skip_expression(cursor_t *cursor);

#endif
