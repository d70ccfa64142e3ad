/* real_compile BACKEND FILE: prints "ok" (status 0) if the engine compiles the module, or "refused: " and the reason
 * (status 3) if the engine rejects it. Any other failure is status 1. */
#include <stdio.h>
#include <stdlib.h>

#include "../../support/backend_option.h"
#include "guest.h"

static int tell(wrl_error_t *error)
{
    if (!error) {
        puts("ok");
        return EXIT_SUCCESS;
    }
    wrl_error_kind_t kind = wrl_error_kind(error);
    bool refused = kind == WRL_ERROR_INVALID || kind == WRL_ERROR_UNSUPPORTED;
    printf("%s: %s: %s\n", refused ? "refused" : "failed", wrl_error_kind_name(kind), wrl_error_message(error));
    wrl_error_delete(error);
    return refused ? 3 : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fail("usage", "real_compile BACKEND FILE");
    }
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_engine_t *engine;
    wrl_module_t *module;
    size_t size;
    set_backend(&config, argv[1]);
    must(wrl_engine_new(&config, &engine), argv[1]);
    uint8_t *bytes = read_file(argv[2], &size);
    int status = tell(wrl_module_new(engine, bytes, size, NULL, &module));
    free(bytes);
    wrl_module_release(module);
    wrl_engine_release(engine);
    return status;
}
