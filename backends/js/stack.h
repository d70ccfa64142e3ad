/* The C stack, the stack of slots for calls of host functions, and what is on its way through a guest (stack.c). */
#ifndef WRL_BACKEND_JS_STACK_H
#define WRL_BACKEND_JS_STACK_H

#include <stdbool.h>
#include <stdint.h>

/* In the place of pending errors: no error, and an exception of JS, which JS keeps. */
#define JS_PENDING_NONE 0u
#define JS_PENDING_EXCEPTION 2u

/*
 * How a shim keeps exceptions that leave a host function from the guest's handlers. It ends the guest by a trap, which
 * no guest can catch, and the outermost call lets the exception out again.
 */
typedef enum js_shield {
    JS_SHIELD_NONE,   /* The engine has no handlers of exceptions. */
    JS_SHIELD_LEGACY, /* catch_all of legacy handlers, which does not show what it caught: a function of JS does. */
    JS_SHIELD_EXNREF  /* catch_all_ref of try_table. */
} js_shield_t;

uint32_t js_top_place(void); /* Where the top of the stack of slots is to be found, */
uint32_t js_end_place(void); /* and the end of its last chunk. */
/* Has the stack go on in a new chunk, with room for so many bytes; 1 if there is no memory, of which the error is
 * pending then, else 0. Without a size the stack is back at `from`. Shims call it. */
struct js_shims;
uint32_t js_move_slots(const struct js_shims *caller, uint32_t from, uint32_t size);
/* Frees the chunks that the top has left. */
void js_trim_slots(void);
/* Where the number of calls under way is to be found. */
uint32_t js_calls_place(void);
struct wrl_core;
void js_set_core(const struct wrl_core *core);
/* An error, or one of the JS_PENDING_…, that is on its way out of guests. */
uint32_t js_pending_place(void);
uint32_t js_pending(void);
void js_set_pending(uint32_t error);
uint32_t js_take_pending(void);
/* For wrl_backend_t. */
void js_calls_lost(void);

js_shield_t js_shield(void);
void js_set_shield(js_shield_t shield);
/* Where JS_SHIELD_LEGACY has an i32 that is not 0 once a module may have handlers: host functions are called by way of
 * JS from then on. */
uint32_t js_guarded_place(void);
bool js_is_guarded(void);
void js_set_guarded(void);

/* The C stack's pointer (pointer.S). */
uint32_t wrl_js_get_stack(void);
void wrl_js_set_stack(uint32_t pointer);

#endif
