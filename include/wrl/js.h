/**
 * @file
 * What programs on JS hosts give to their JS.
 *
 * It is no part of wrl.h: what it declares is there where the program was compiled by Emscripten, on every backend, and
 * cannot be linked elsewhere. A program that does not use it does not grow by it.
 */
#ifndef WRL_JS_H
#define WRL_JS_H

#include "module.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Gives Emscripten's Module object, the program as its JS sees it, a function that compiles:
 *
 *     const module = await program.wrlModuleNewAsync(engine, bytes);
 *
 * It is wrl_module_new_async() with a promise in place of the callback. `engine` is a pointer to an engine, a number as
 * all pointers are in JS; `bytes` is an ArrayBuffer, or a view such as a Uint8Array, and is copied before the function
 * returns. The promise is fulfilled with a pointer to the module, with one reference that the program gives to
 * wrl_module_release(). It is rejected with an Error whose `message` is wrl_error_message() and whose `kind` is
 * wrl_error_kind_name(); or with a TypeError if `bytes` is neither of both.
 *
 * In an extension module of Python in Pyodide it is not Module, which all of them share, that is given the function,
 * but what the module exports to JS: docs/pyodide.md tells where that is.
 *
 * The program's runtime has to stay alive after main(), as it does unless it was linked with -sEXIT_RUNTIME=1. Called
 * again it does nothing. On the thread of the engine.
 */
void wrl_js_install(void);

#ifdef __cplusplus
}
#endif

#endif
