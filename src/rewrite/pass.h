/*
 * Passes over a guest's code. The walk of rewrite.h goes over all bodies. Each pass sees every instruction, and may
 * insert code before it. There are two passes today: exact_traps.h and dead_code.h.
 *
 * The walk goes over a body twice if a pass changes it: all passes look at it first, so that their needs are known
 * before any of it is written. A pass whose code depends on later code, for example on the cost of a block, records
 * this when it looks. A pass that has to insert code after instructions needs another function like `put`.
 */
#ifndef WRL_SRC_REWRITE_PASS_H
#define WRL_SRC_REWRITE_PASS_H

#include "binary/instruction.h"
#include "binary/module_info.h"
#include "binary/writer.h"

/* Locals that passes may use between one guest instruction and the next. All passes share them. */
typedef enum wrl_scratch {
    WRL_SCRATCH_F32,
    WRL_SCRATCH_F64,
    WRL_SCRATCH_I32,
    WRL_SCRATCH_I64,
    WRL_SCRATCH_COUNT
} wrl_scratch_t;

/* The current function. */
typedef struct wrl_body {
    const wrl_module_info_t *info;
    uint32_t func;   /* Its index. */
    uint32_t type;   /* The index of its type. */
    cursor_t locals; /* Its groups of locals. */
    cursor_t code;   /* The instructions after them. */
    bool changes;    /* Set by a pass when it looks: it will insert code. */
    unsigned needs;  /* Set by a pass when it looks: which scratch locals it uses, 1 << wrl_scratch_t. */
    uint32_t scratch[WRL_SCRATCH_COUNT]; /* The indices of the scratch locals, when passes insert code. */
} wrl_body_t;

typedef struct wrl_pass wrl_pass_t;

/* A pass is a struct that begins with this one. */
struct wrl_pass {
    /* Begins a body. NULL if there is nothing to do. */
    void (*begin)(wrl_pass_t *pass, const wrl_body_t *body);
    /* Looks at the next instruction of the body. */
    void (*look)(wrl_pass_t *pass, wrl_body_t *body, const wrl_instruction_t *instruction);
    /* Writes the code to insert before the instruction. The code must leave the operand stack as it finds it. NULL for
     * a pass that only looks. */
    void (*put)(wrl_pass_t *pass, const wrl_body_t *body, const wrl_instruction_t *instruction, wrl_writer_t *out);
    /* The names of functions that the walk adds for this pass. They have the type [] -> [], and do nothing but trap.
     * Engines report them by name. */
    const char *const *helpers;
    uint32_t helper_count;
    uint32_t first_helper; /* Set by the walk: the index of the first of these functions. */
    bool is_invalid;       /* Set by the pass: the module is not valid. */
    bool failed;           /* Set by the pass: out of memory. */
};

#endif
