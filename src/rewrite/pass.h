/*
 * Passes over a guest's code. rewrite.h goes over all bodies once; each pass sees every instruction, and may put code
 * of its own before it. There are two today: exact_traps.h and dead_code.h.
 *
 * A body is gone over twice if a pass changes it: all passes look at it first, so that what it needs is known before
 * anything of it is written. A pass whose code depends on what comes later, as the costs of a block do, notes that when
 * it looks. A pass that has to put code behind instructions needs a function like `put` for that.
 */
#ifndef WRL_SRC_REWRITE_PASS_H
#define WRL_SRC_REWRITE_PASS_H

#include "binary/instruction.h"
#include "binary/module_info.h"
#include "binary/writer.h"

/* Locals that passes may use from one instruction of the guest's to the next; all passes share them. */
typedef enum wrl_scratch {
    WRL_SCRATCH_F32,
    WRL_SCRATCH_F64,
    WRL_SCRATCH_I32,
    WRL_SCRATCH_I64,
    WRL_SCRATCH_COUNT
} wrl_scratch_t;

/* The function at hand. */
typedef struct wrl_body {
    const wrl_module_info_t *info;
    uint32_t func;                       /* Its index. */
    uint32_t type;                       /* The index of its type. */
    cursor_t locals;                     /* Its groups of locals, */
    cursor_t code;                       /* and the instructions after them. */
    bool changes;                        /* Set by a pass that looks: it will put something. */
    unsigned needs;                      /* Set likewise: which scratch it uses, 1 << wrl_scratch_t. */
    uint32_t scratch[WRL_SCRATCH_COUNT]; /* The locals, when passes put code. */
} wrl_body_t;

typedef struct wrl_pass wrl_pass_t;

/* A pass is a struct of its own that begins with this one. */
struct wrl_pass {
    /* Begins with a body. NULL if there is nothing to do. */
    void (*begin)(wrl_pass_t *pass, const wrl_body_t *body);
    /* Looks at the next instruction of the body. */
    void (*look)(wrl_pass_t *pass, wrl_body_t *body, const wrl_instruction_t *instruction);
    /* Writes what is to come before the instruction. NULL for a pass that only looks. Locals aside, the code finds the
     * operand stack as it leaves it. */
    void (*put)(wrl_pass_t *pass, const wrl_body_t *body, const wrl_instruction_t *instruction, wrl_writer_t *out);
    /* Functions that the module gets for this pass, [] -> [], which do nothing but trap. Engines tell of them by name.
     */
    const char *const *helpers;
    uint32_t helper_count;
    uint32_t first_helper; /* Set by the walk: the index of the first. */
    bool is_invalid;       /* Set by the pass: the module is not valid. */
    bool failed;           /* Set by the pass: out of memory. */
};

#endif
