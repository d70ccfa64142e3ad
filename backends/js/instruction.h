/* Instructions of a function's body or of a constant expression (core specification 5.4). */
#ifndef WRL_BACKEND_JS_INSTRUCTION_H
#define WRL_BACKEND_JS_INSTRUCTION_H

#include "cursor.h"

typedef struct js_instruction {
    unsigned op;     /* Its first byte. */
    uint32_t second; /* The second of two numbers after it. */
} js_instruction_t;

/* Goes over one instruction and all that belongs to it but the instructions inside: false if it is not known, or cut
 * off. */
bool js_next_instruction(cursor_t *cursor, js_instruction_t *instruction);
/* Goes over a constant expression and its end. */
bool js_skip_expression(cursor_t *cursor);

#endif
