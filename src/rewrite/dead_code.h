/* A pass that looks whether code that cannot be reached is valid, which JavaScriptCore does not (WebKit bug 220278). */
#ifndef WRL_SRC_REWRITE_DEAD_CODE_H
#define WRL_SRC_REWRITE_DEAD_CODE_H

#include "rewrite/pass.h"

typedef struct wrl_dead_code {
    wrl_pass_t pass;
    const wrl_module_info_t *info;
    wrl_writer_t locals;   /* Their types, of the function at hand. */
    wrl_writer_t stack;    /* The operands' types, */
    wrl_writer_t controls; /* and the blocks around (control_t). */
    bool is_dead;          /* The code at hand is. */
    bool unknown;          /* It has something that is not known here, and counts as valid from there on. */
    bool is_left_out;      /* The module has indices of 64 bits. */
} wrl_dead_code_t;

/* Of a module that the engine takes for valid. */
void wrl_dead_code_init(wrl_dead_code_t *check, const wrl_core_t *core, const wrl_module_info_t *info);
void wrl_dead_code_end(wrl_dead_code_t *check);

#endif
