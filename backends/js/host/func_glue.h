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
int wrl__js_is_func(int func, int module);
int wrl__js_func_index(int func);

#endif
