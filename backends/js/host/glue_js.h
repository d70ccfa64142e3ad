/* For the files that hold what JS does (glue.c, ref_glue.c). */
#ifndef WRL_BACKEND_JS_GLUE_JS_H
#define WRL_BACKEND_JS_GLUE_JS_H

#include <emscripten.h>

/* The object of this program, or of this module of a program. */
#ifdef WRL_JS_SIDE_MODULE
#define WRL_JS (typeof moduleExports == "object" ? moduleExports : Module).wrlJs
#else
#define WRL_JS Module.wrlJs
#endif
/* EM_JS takes its text as it is; here macros in it are expanded before. */
#define JS_FUNCTION(type, name, params, ...) EM_JS(type, name, params, __VA_ARGS__)

#endif
