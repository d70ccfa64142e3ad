/*
 * Looks up backends by name, for places.py. For each name prints whether an engine can be made, or the error.
 *     places [--chdir FOLDER] [--list] NAME…
 */
#include <wrl.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void list(void)
{
    wrl_backend_info_t info;
    size_t count = wrl_backend_count();
    for (size_t i = 0; i < count && wrl_backend_get(i, &info); i++) {
        printf("listed %s\n", info.name);
    }
}

static void ask(const char *name)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = name;
    wrl_engine_t *engine;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    printf("%s: %s\n", name, error ? wrl_error_message(error) : "found");
    wrl_error_delete(error);
    wrl_engine_release(engine);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--chdir") == 0 && i + 1 < argc) {
            if (chdir(argv[++i]) != 0) {
                perror(argv[i]);
                return 1;
            }
        } else if (strcmp(argv[i], "--list") == 0) {
            list();
        } else {
            ask(argv[i]);
        }
    }
    return 0;
}
