/* The JS side of functions (func_glue.c): calls into guests, and calls of host functions. */
#ifndef WRL_BACKEND_JS_FUNC_GLUE_H
#define WRL_BACKEND_JS_FUNC_GLUE_H

#include <stdint.h>

/* Makes an entry from the module of a call adapter, and returns its place in the program's table. */
int wrl__js_entry(int module);
/* Frees the place of an entry in the program's table. */
void wrl__js_entry_end(uint32_t entry);
/* Makes an entry that calls the C function `entry` and handles JS exceptions. Returns its place in the program's
 * table. */
int wrl__js_guard(uint32_t entry);
/* Drops the exception that was propagating through calls. */
void wrl__js_lost(void);
/* Returns an id for a function that is made later, see wrl__jsb_refer. */
int wrl__js_place(const void *store);
/* Assigns the id `func` to the shim of a set that has only one. */
void wrl__js_refer(int shims, int func);
/* Makes a set of `count` shims, one for each js_shim_t at `hosts`. `caller` identifies the calling instance. */
int wrl__js_shims(int module, const void *caller, const void *hosts, int count);
/* Returns 1 if the module of wrl__jsb_compile_check accepts the function, else 0; -1 if neither can be determined. */
int wrl__js_is_func(int func, int module);
/* Makes a tester from the module of wrl__jsb_compile_tester. Returns 0 on failure. */
int wrl__js_tester(int module);
/* Returns 1 if the function has type number `type`, else 0; -1 if neither can be determined. */
int wrl__js_test(int func, int tester, uint32_t type);
/* Returns whether some 16 KB of the engine's stack are left: enough for making an adapter. If the stack overflowed on
 * the way, the frames of that work would vanish with the memory that they own. */
int wrl__js_has_stack(void);
int wrl__js_func_index(int func);

#endif
