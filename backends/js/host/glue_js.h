/* For the files that contain JS functions: glue.c and those whose names end in _glue.c. */
#ifndef WRL_BACKEND_JS_GLUE_JS_H
#define WRL_BACKEND_JS_GLUE_JS_H

#include <emscripten.h>

/* The JS object of this program or of this side module. */
#ifdef WRL_JS_SIDE_MODULE
#define WRL_JS (typeof moduleExports == "object" ? moduleExports : Module).wrlJs
#else
#define WRL_JS Module.wrlJs
#endif
/* EM_JS does not expand macros in its text; this macro does. */
#define JS_FUNCTION(type, name, params, ...) EM_JS(type, name, params, __VA_ARGS__)

/*
 * A linker takes an object from an archive only if the object defines a needed symbol, and JS functions define no
 * symbols. Each file that every program with this backend needs therefore defines one of these variables, and glue.c
 * refers to the variables. No linked program contains them.
 */
extern const char wrl__js_module_glue, wrl__js_func_glue, wrl__js_store_glue;

#endif
