/* Instructions of a function's body or of a constant expression (core specification 5.4). */
#ifndef WRL_SRC_BINARY_INSTRUCTION_H
#define WRL_SRC_BINARY_INSTRUCTION_H

#include "binary/cursor.h"

typedef struct wrl_instruction {
    unsigned op;     /* Its first byte, */
    uint32_t code;   /* and the number after it that tells which of those with that byte it is; else 0. */
    size_t at;       /* Where what belongs to it begins. */
    uint32_t first;  /* The first of up to two numbers, */
    uint32_t second; /* and the second. */
} wrl_instruction_t;

/* Goes over one instruction and all that belongs to it but the instructions inside: false if it is not known, or cut
 * off. */
bool wrl_next_instruction(cursor_t *cursor, wrl_instruction_t *instruction);
/* Goes over a constant expression and its end. */
bool wrl_skip_expression(cursor_t *cursor);

#endif
