/* Errors for exceptions that JS threw (trap.c). */
#ifndef WRL_BACKEND_JS_TRAP_H
#define WRL_BACKEND_JS_TRAP_H

#include "backend.h"

#define JS_TEXT_SIZE 512

/* JS writes messages to wrl__jsb_text. It writes frames to wrl__jsb_frames: for each frame the function's index and an
 * offset (UINT32_MAX if unknown). */
enum { JS_FRAME_NUMBERS = 2 };
extern char wrl__jsb_text[JS_TEXT_SIZE];
extern uint32_t wrl__jsb_frames[1024];

/* Called by JS after an exception has ended a call into the guest. Returns the error for that call. */
wrl_error_t *wrl__jsb_on_throw(void *store, int kind, uint32_t text_size, uint32_t frames_size);
/* Called by JS before it rethrows an exception that is not from a guest. The exception ends all but the first `calls`
 * calls. */
void wrl__jsb_on_pass(void *store, uint32_t calls);

#endif
