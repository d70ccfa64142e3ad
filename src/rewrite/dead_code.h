/* A pass that validates code that cannot be reached, which JavaScriptCore does not do (WebKit bug 220278). */
#ifndef WRL_SRC_REWRITE_DEAD_CODE_H
#define WRL_SRC_REWRITE_DEAD_CODE_H

#include "rewrite/pass.h"

typedef struct wrl_dead_code {
    wrl_pass_t pass;
    const wrl_module_info_t *info;
    wrl_writer_t locals;   /* The types of the current function's locals. */
    wrl_writer_t stack;    /* The types of the operands. */
    wrl_writer_t controls; /* The enclosing blocks (control_t). */
    bool is_dead;          /* The current code cannot be reached. */
    bool unknown;          /* The body has something unknown, and counts as valid from there on. */
    bool is_left_out;      /* The module has 64-bit indices: no code is checked. */
} wrl_dead_code_t;

/* Initializes the pass, for a module that the engine accepts as valid. */
void wrl__dead_code_init(wrl_dead_code_t *check, const wrl_core_t *core, const wrl_module_info_t *info);
void wrl__dead_code_end(wrl_dead_code_t *check);

#endif
