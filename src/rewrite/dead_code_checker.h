/* What the two files of the pass on dead code share: the state of the check, and the operand stack. */
#ifndef WRL_SRC_REWRITE_DEAD_CODE_CHECKER_H
#define WRL_SRC_REWRITE_DEAD_CODE_CHECKER_H

#include "rewrite/dead_code.h"

/* A type on the operand stack that may be any. */
enum { ANY = 0 };

/* The type of a block, or of a function's body: none, one result, or that of a function. */
typedef struct block_type {
    uint8_t result; /* Of one that has but this; else 0. */
    bool has_func;
    uint32_t func; /* Its type's index. */
} block_type_t;

typedef struct control {
    block_type_t type;
    uint32_t height; /* Of the operand stack where it begins. */
    bool is_loop;
    bool is_if;
    bool is_dead;   /* What is on the stack above that may be anything. */
    bool was_alive; /* It began in code that can be reached. */
} control_t;

/* Gives the types of parameters or results one after the other. */
typedef struct types {
    const wrl_valtype_t *next;
    uint32_t left;
    uint8_t single; /* One type, instead of what is read. */
} types_t;

/* The code of a type; CODE_REF for all references but funcref and externref. */
uint8_t wrl_dead_code_of(const wrl_valtype_t *type);
uint8_t wrl_dead_read_type(cursor_t *cursor);
types_t wrl_dead_types_of_func(const wrl_module_info_t *info, uint32_t type, bool results);
/* Whether there is a function type of that index. The engine may not have looked. */
bool wrl_dead_has_func_type(wrl_dead_code_t *checker, uint32_t type);

void wrl_dead_push(wrl_dead_code_t *checker, uint8_t type);
/* Returns what was there. */
uint8_t wrl_dead_pop(wrl_dead_code_t *checker, uint8_t expected);
void wrl_dead_push_all(wrl_dead_code_t *checker, types_t types);
/* The last of them is on top. */
void wrl_dead_pop_all(wrl_dead_code_t *checker, types_t types);
void wrl_dead_branch_if(wrl_dead_code_t *checker, uint32_t label);

/* An instruction in dead code that neither begins nor ends a block, nor leaves one; and calls. */
void wrl_dead_plain(wrl_dead_code_t *checker, const wrl_body_t *body, const wrl_instruction_t *instruction);
void wrl_dead_call(wrl_dead_code_t *checker, uint32_t func, bool returns);
void wrl_dead_indirect_call(wrl_dead_code_t *checker, const wrl_instruction_t *instruction, bool returns);

#endif
