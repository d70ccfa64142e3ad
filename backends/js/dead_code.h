/* Whether code that cannot be reached is valid, which JavaScriptCore does not look at in full (WebKit bug 220278). */
#ifndef WRL_BACKEND_JS_DEAD_CODE_H
#define WRL_BACKEND_JS_DEAD_CODE_H

#include "backend.h"

typedef enum js_dead_code {
    JS_DEAD_CODE_VALID, /* Or it has something that is not known here. */
    JS_DEAD_CODE_INVALID,
    JS_DEAD_CODE_NO_MEMORY
} js_dead_code_t;

/* Of a module that the engine takes for valid, and of which the backend has read what it needs. */
js_dead_code_t js_check_dead_code(const js_module_t *module, const uint8_t *bytes, size_t size);

#endif
