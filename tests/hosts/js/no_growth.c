/* A program linked without -sALLOW_TABLE_GROWTH, so that its table cannot grow. wrl_engine_new() returns an error that
 * says so. */
#include "../../support/backend_option.h"
#include "../../support/check.h"
#include "wrl.h"

#include <string.h>

static void check_refusal(const char *backend)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    set_backend(&config, backend);
    wrl_engine_t *engine = NULL;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    check(wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED, backend);
    check(error && strstr(wrl_error_message(error), "-sALLOW_TABLE_GROWTH"), "the error names the option");
    check(!engine, "there is no engine");
    wrl_error_delete(error);
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        check_refusal("js");
        check_refusal("js+exact_traps");
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
