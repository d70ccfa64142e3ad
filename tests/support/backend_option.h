/* Engines on the command lines of tests: a backend, as in "js", or a backend with an option of the engine, as in
 * "js+exact_traps". */
#ifndef WRL_TESTS_BACKEND_OPTION_H
#define WRL_TESTS_BACKEND_OPTION_H

#include <stdio.h>
#include <string.h>
#include <wrl/engine.h>

/* Sets the backend and the option in `config`. NULL is the default backend. The backend's name in `config` is valid
 * until the next call. */
static inline void set_backend(wrl_engine_config_t *config, const char *text)
{
    static const char option[] = "+exact_traps";
    static char name[256];
    size_t size = text ? strlen(text) : 0, rest = sizeof option - 1;
    config->backend = text;
    config->exact_traps = size > rest && strcmp(text + size - rest, option) == 0;
    if (config->exact_traps) {
        (void)snprintf(name, sizeof name, "%.*s", (int)(size - rest), text);
        config->backend = name;
    }
}

#endif
