/*
 * libFuzzer: passes any bytes to the core's reader alone. Also passes them to wrl_module_new() on null, which covers
 * the functions with which a module reports about itself. libFuzzer passes the bytes in memory of exactly their size.
 */
#include "module_check.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wrl_engine_t *engine;

static void end(void)
{
    wrl_engine_release(engine);
}

static void make_engine(void)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "null";
    if (wrl_engine_new(&config, &engine) || atexit(end) != 0) {
        abort();
    }
}

static void expect_sound(const char *why)
{
    if (why) {
        (void)fprintf(stderr, "reader_fuzzer: %s\n", why);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool read = false;
    bool made = false;
    if (!engine) {
        make_engine();
    }
    expect_sound(check_reader_in_place(data, size, &read));
    expect_sound(check_module(engine, data, size, &made));
    if (made && !read) {
        expect_sound("null accepts a module that the reader rejects");
    }
    return 0;
}
