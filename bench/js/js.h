/* What the benchmark has on JS hosts. */
#ifndef BENCH_JS_H
#define BENCH_JS_H

#include <wrl.h>

/* A file, or on a page what a URL names; without data if it cannot be read. To be freed. */
wrl_bytes_t bench_js_load(const char *path);

/* From here on the engine gives the same module for all large ones, without compiling; or no longer. */
void bench_js_skip_compiling(bool skip);

#endif
