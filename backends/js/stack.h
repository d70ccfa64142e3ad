/* The C stack, the slot stack for calls of host functions, and the pending error (stack.c). */
#ifndef WRL_BACKEND_JS_STACK_H
#define WRL_BACKEND_JS_STACK_H

#include <stdbool.h>
#include <stdint.h>

/* Values of the pending error that are not pointers: no error, and a JS exception, which JS keeps. */
#define JS_PENDING_NONE 0u
#define JS_PENDING_EXCEPTION 2u

/* How a shim keeps exceptions that leave a host function away from the guest's handlers. The shim ends the guest by a
 * trap, which no guest can catch, and the outermost call rethrows the exception. */
typedef enum wrl__jsb_shield {
    JS_SHIELD_NONE,   /* The engine has no exception handlers. */
    JS_SHIELD_LEGACY, /* catch_all of the legacy handlers, and a JS function that receives the exception. */
    JS_SHIELD_EXNREF  /* catch_all_ref of try_table. */
} js_shield_t;

uint32_t wrl__jsb_top_place(void); /* Returns the address of the top of the slot stack. */
uint32_t wrl__jsb_end_place(void); /* Returns the address of the end of the slot stack's last chunk. */
/* Continues the slot stack in a new chunk with space for `size` bytes or, if `size` is 0, goes back to `from`. Shims
 * call this function. Returns 0, or 1 with a pending error if memory runs out. */
struct js_shims;
uint32_t wrl__jsb_move_slots(const struct js_shims *caller, uint32_t from, uint32_t size);
/* Frees the chunks after the one that contains the top. */
void wrl__jsb_trim_slots(void);
/* Returns the address of the number of calls in progress. */
uint32_t wrl__jsb_calls_place(void);
struct wrl_core;
void wrl__jsb_set_core(const struct wrl_core *core);
/* The pending error: an error to report once the guest has ended, or one of JS_PENDING_…. wrl__jsb_pending_place
 * returns the address of this value. */
uint32_t wrl__jsb_pending_place(void);
uint32_t wrl__jsb_pending(void);
void wrl__jsb_set_pending(uint32_t error);
uint32_t wrl__jsb_take_pending(void);
/* Implements wrl_backend_t::calls_lost. */
void wrl__jsb_calls_lost(void);

js_shield_t wrl__jsb_shield(void);
void wrl__jsb_set_shield(js_shield_t shield);
/* For JS_SHIELD_LEGACY: returns the address of an i32. If that i32 is not 0, a module may have handlers, and shims call
 * host functions through a JS function. */
uint32_t wrl__jsb_guarded_place(void);
bool wrl__jsb_is_guarded(void);
void wrl__jsb_set_guarded(void);

/* The C stack pointer (pointer.S). */
uint32_t wrl__js_get_stack(void);
void wrl__js_set_stack(uint32_t pointer);

#endif
