/* The C stack, the slot stack for calls of host functions, and errors that are on their way out of guests (stack.c). */
#ifndef WRL_BACKEND_JS_STACK_H
#define WRL_BACKEND_JS_STACK_H

#include <stdbool.h>
#include <stdint.h>

/* Values that stand in place of a pending error: none, and a JS exception, which JS keeps. */
#define JS_PENDING_NONE 0u
#define JS_PENDING_EXCEPTION 2u

/* How a shim hides exceptions that leave a host function from the guest's handlers. It ends the guest by a trap, which
 * no guest can catch, and the outermost call throws the exception again. */
typedef enum wrl__jsb_shield {
    JS_SHIELD_NONE,   /* The engine has no exception handlers. */
    JS_SHIELD_LEGACY, /* catch_all of the legacy handlers, and a JS function that gets the exception. */
    JS_SHIELD_EXNREF  /* catch_all_ref of try_table. */
} js_shield_t;

uint32_t wrl__jsb_top_place(void); /* Returns where the top of the slot stack is stored, */
uint32_t wrl__jsb_end_place(void); /* and the end of its last chunk. */
/* Continues the slot stack in a new chunk with space for `size` bytes or, if `size` is 0, goes back to `from`. Shims
 * call this function. Returns 1 if memory is short, and the error is then pending; else 0. */
struct js_shims;
uint32_t wrl__jsb_move_slots(const struct js_shims *caller, uint32_t from, uint32_t size);
/* Frees the chunks that the top is no longer in. */
void wrl__jsb_trim_slots(void);
/* Returns where the number of calls in progress is stored. */
uint32_t wrl__jsb_calls_place(void);
struct wrl_core;
void wrl__jsb_set_core(const struct wrl_core *core);
/* The error, or one of JS_PENDING_…, that is on its way out of guests, and where it is stored. */
uint32_t wrl__jsb_pending_place(void);
uint32_t wrl__jsb_pending(void);
void wrl__jsb_set_pending(uint32_t error);
uint32_t wrl__jsb_take_pending(void);
/* For wrl_backend_t. */
void wrl__jsb_calls_lost(void);

js_shield_t wrl__jsb_shield(void);
void wrl__jsb_set_shield(js_shield_t shield);
/* Returns the address of an i32, for JS_SHIELD_LEGACY. When it is not 0, a module may have handlers, and a JS function
 * calls the host functions. */
uint32_t wrl__jsb_guarded_place(void);
bool wrl__jsb_is_guarded(void);
void wrl__jsb_set_guarded(void);

/* The C stack pointer (pointer.S). */
uint32_t wrl__js_get_stack(void);
void wrl__js_set_stack(uint32_t pointer);

#endif
