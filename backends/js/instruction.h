/* Instructions of a function's body or of a constant expression (core specification 5.4). */
#ifndef WRL_BACKEND_JS_INSTRUCTION_H
#define WRL_BACKEND_JS_INSTRUCTION_H

#include "cursor.h"

typedef struct js_instruction {
    unsigned op;     /* Its first byte, */
    uint32_t code;   /* and the number after it that tells which of those with that byte it is; else 0. */
    size_t at;       /* Where what belongs to it begins. */
    uint32_t first;  /* The first of up to two numbers, */
    uint32_t second; /* and the second. */
} js_instruction_t;

/* Goes over one instruction and all that belongs to it but the instructions inside: false if it is not known, or cut
 * off. */
bool js_next_instruction(cursor_t *cursor, js_instruction_t *instruction);
/* Goes over a constant expression and its end. */
bool js_skip_expression(cursor_t *cursor);

#endif
