/* The backend js_exact: guests are rewritten so that each trap is told from the others (exact.c, rewrite.c). */
#ifndef WRL_BACKEND_JS_EXACT_H
#define WRL_BACKEND_JS_EXACT_H

#include "backend.h"

/* What the functions are called that a rewritten module has last, in their order, towards the engine. They trap. */
#define JS_NAME_OF_NAN "wrl:nan"
#define JS_NAME_OF_NULL "wrl:null"

typedef enum js_rewritten {
    JS_REWRITTEN,
    JS_REWRITTEN_AS_IT_WAS, /* There is nothing to be told apart, and nothing was written. */
    JS_REWRITTEN_UNKNOWN    /* It has instructions that are not known. */
} js_rewritten_t;

/*
 * Writes a module that the engine finds valid, of which the backend has read what it needs, with these checks
 * (js_check_t) before instructions, and notes in `module` where its code lies now.
 */
js_rewritten_t js_rewrite_traps(js_module_t *module, uint32_t checks, const uint8_t *bytes, size_t size,
                                js_bytes_t *out);

#endif
