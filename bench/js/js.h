/* The parts of the benchmark that exist only on JS hosts. */
#ifndef BENCH_JS_H
#define BENCH_JS_H

#include <wrl.h>

/* Reads a file or, in a browser, a URL. Returns no data if it cannot be read. The caller frees the data. */
wrl_bytes_t bench_js_load(const char *path);

/* Enables or disables a stand-in for the engine's compiler that returns the same module for all large modules, without
 * compiling. */
void bench_js_skip_compiling(bool skip);

#endif
