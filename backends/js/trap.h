/* What was thrown, as an error (trap.c). */
#ifndef WRL_BACKEND_JS_TRAP_H
#define WRL_BACKEND_JS_TRAP_H

#include "backend.h"

#define JS_TEXT_SIZE 512

/* Where JS writes words, and frames: each an index and an offset (UINT32_MAX if unknown). */
enum { JS_FRAME_NUMBERS = 2 };
extern char js_text[JS_TEXT_SIZE];
extern uint32_t js_frames[1024];

/* Called by JS when a call into the guest ended by an exception: the error that the call returns. */
wrl_error_t *js_on_throw(void *store, int kind, uint32_t text_size, uint32_t frames_size);
/* Called by JS before it lets an exception pass that no guest can have thrown, which ends all but so many calls. */
void js_on_pass(void *store, uint32_t calls);

#endif
