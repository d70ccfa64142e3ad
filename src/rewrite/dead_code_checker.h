/* Declarations for the files of the dead code pass: the state of the check, and the operand stack. */
#ifndef WRL_SRC_REWRITE_DEAD_CODE_CHECKER_H
#define WRL_SRC_REWRITE_DEAD_CODE_CHECKER_H

#include "rewrite/dead_code.h"

/* An operand on the stack that may be of any type. */
enum { ANY = 0 };

/* The type of a block or of a function's body: empty, one result, or a function type. */
typedef struct block_type {
    uint8_t result; /* The result, if the type is one result; else 0. */
    bool has_func;
    uint32_t func; /* The index of the function type. */
} block_type_t;

typedef struct control {
    block_type_t type;
    uint32_t height; /* Of the operand stack where the block begins. */
    bool is_loop;
    bool is_if;
    bool is_dead;   /* The rest of the block cannot be reached: the stack above `height` may be anything. */
    bool was_alive; /* The block began in code that can be reached. */
} control_t;

/* Iterates over the types of parameters or results. */
typedef struct types {
    const wrl_valtype_t *next;
    uint32_t left;
    uint8_t single; /* One type, instead of those at `next`; else 0. */
} types_t;

/* Returns the code of a type; CODE_REF for all references but funcref and externref. */
uint8_t wrl__dead_code_of(const wrl_valtype_t *type);
uint8_t wrl__dead_read_type(cursor_t *cursor);
types_t wrl__dead_types_of_func(const wrl_module_info_t *info, uint32_t type, bool results);
/* Whether there is a function type with that index. The engine may not have checked this. If there is no such type, the
 * module is invalid. */
bool wrl__dead_has_func_type(wrl_dead_code_t *checker, uint32_t type);

types_t wrl__dead_types_of_block(const wrl_dead_code_t *checker, const block_type_t *block, bool results);
/* Returns the next type. There must be one. */
uint8_t wrl__dead_next_type(types_t *types);

/* The blocks around the current code, outermost first. */
static inline control_t *wrl__dead_controls(const wrl_dead_code_t *checker)
{
    return (control_t *)(void *)checker->controls.data;
}

static inline uint32_t wrl__dead_depth(const wrl_dead_code_t *checker)
{
    return (uint32_t)(checker->controls.size / sizeof(control_t));
}

static inline control_t *wrl__dead_top(const wrl_dead_code_t *checker)
{
    return &wrl__dead_controls(checker)[wrl__dead_depth(checker) - 1];
}

void wrl__dead_push(wrl_dead_code_t *checker, uint8_t type);
/* Pops an operand. Returns its type. */
uint8_t wrl__dead_pop(wrl_dead_code_t *checker, uint8_t expected);
void wrl__dead_push_all(wrl_dead_code_t *checker, types_t types);
/* Pops operands. The last of the types is on top of the stack. */
void wrl__dead_pop_all(wrl_dead_code_t *checker, types_t types);
/* Returns the types of the operands that a branch to the label takes. The label must exist. */
types_t wrl__dead_types_of_label(const wrl_dead_code_t *checker, uint32_t label);
/* Whether there is such a label. The engine may not have checked this. */
bool wrl__dead_has_label(wrl_dead_code_t *checker, uint32_t label);
void wrl__dead_branch_if(wrl_dead_code_t *checker, uint32_t label);

/* Checks an instruction in dead code that neither begins, ends nor leaves a block; or a call. */
void wrl__dead_plain(wrl_dead_code_t *checker, const wrl_body_t *body, const wrl_instruction_t *instruction);
void wrl__dead_call(wrl_dead_code_t *checker, uint32_t func, bool returns);
void wrl__dead_indirect_call(wrl_dead_code_t *checker, const wrl_instruction_t *instruction, bool returns);

#endif
