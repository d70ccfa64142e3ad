/* The C stack, the stack of slots for calls of host functions, and the error on its way through a guest (stack.c). */
#ifndef WRL_BACKEND_JS_STACK_H
#define WRL_BACKEND_JS_STACK_H

#include <stdint.h>

/* In the place of pending errors: no error, and the end of the stack of slots. */
#define JS_PENDING_NONE 0u
#define JS_PENDING_OVERFLOW 1u

uint32_t js_top_place(void); /* Where the top of the stack of slots is to be found. */
uint32_t js_slots_end(void);
uint32_t js_pending_place(void);
uint32_t js_take_pending(void);

/* The C stack's pointer (pointer.S). */
uint32_t wrl_js_get_stack(void);
void wrl_js_set_stack(uint32_t pointer);

#endif
