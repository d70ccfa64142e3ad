/**
 * @file
 * Functions that programs on JS hosts provide to their own JS.
 *
 * wrl.h does not include this header. Its function is available in programs that Emscripten compiled, on every backend,
 * and cannot be linked elsewhere. It adds nothing to a program that does not use it.
 */
#ifndef WRL_JS_H
#define WRL_JS_H

#include "module.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Adds a function that compiles modules to Emscripten's Module object, which is the program as its JS sees it:
 *
 *     const module = await program.wrlModuleNewAsync(engine, bytes);
 *
 * The function is wrl_module_new_async() with a promise instead of the callback. `engine` is a pointer to an engine,
 * which is a number, as all pointers are in JS. `bytes` is an ArrayBuffer or a view such as a Uint8Array, and is copied
 * before the function returns. The promise is fulfilled with a pointer to the module, with one reference that the
 * program releases with wrl_module_release(). It is rejected with an Error whose `message` is wrl_error_message() and
 * whose `kind` is wrl_error_kind_name(), or with a TypeError if `bytes` is neither an ArrayBuffer nor a view.
 *
 * In a Python extension module in Pyodide the function is not added to Module, which all extension modules share, but
 * to the extension module's exports to JS; docs/pyodide.md describes where they are.
 *
 * The program's runtime has to stay alive after main(), as it does unless it was linked with -sEXIT_RUNTIME=1. Further
 * calls do nothing. Call it on the engine's thread.
 */
void wrl_js_install(void);

#ifdef __cplusplus
}
#endif

#endif
