/* Engines on the command lines of tests: a backend, as in "js", or a backend with an option of the engine, as in
 * "js+exact_traps" or "wasmi+fuel". */
#ifndef WRL_TESTS_BACKEND_OPTION_H
#define WRL_TESTS_BACKEND_OPTION_H

#include <stdio.h>
#include <string.h>
#include <wrl/engine.h>

/* Sets the backend and the option in `config`. NULL is the default backend. The backend's name in `config` is valid
 * until the next call. */
static inline void set_backend(wrl_engine_config_t *config, const char *text)
{
    static char name[256];
    const char *option = text ? strchr(text, '+') : NULL;
    config->backend = text;
    config->exact_traps = option && strcmp(option, "+exact_traps") == 0;
    config->fuel = option && strcmp(option, "+fuel") == 0;
    if (config->exact_traps || config->fuel) {
        (void)snprintf(name, sizeof name, "%.*s", (int)(option - text), text);
        config->backend = name;
    }
}

#endif
