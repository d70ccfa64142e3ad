/* The program's own table of backends with only the small js backend, which does not search modules for handlers. */
#include <wrl/backend.h>

const wrl_backend_t *wrl_backend_js_lean(uint32_t abi);

extern const wrl_backend_open_t wrl_builtin_backends[];
extern const char wrl_builtin_default[];

const wrl_backend_open_t wrl_builtin_backends[] = {wrl_backend_js_lean, NULL};
const char wrl_builtin_default[] = "js";
