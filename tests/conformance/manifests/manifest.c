/* The table of manifests. */
#include "../manifest.h"

#include <string.h>

extern const wrl_manifest_t wrl_manifest_null;
extern const wrl_manifest_t wrl_manifest_wasmi;
extern const wrl_manifest_t wrl_manifest_wasmtime;
extern const wrl_manifest_t wrl_manifest_meter;
/* Depends on the host. Returns NULL on hosts without the backend. */
const wrl_manifest_t *wrl_manifest_js(bool is_exact);

const wrl_manifest_t *wrl_manifest_find(const char *backend, bool exact_traps)
{
    if (strcmp(backend, "js") == 0) {
        return wrl_manifest_js(exact_traps);
    }
    static const wrl_manifest_t *const manifests[] = {&wrl_manifest_null, &wrl_manifest_wasmi, &wrl_manifest_wasmtime,
                                                      &wrl_manifest_meter};
    for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++) {
        if (strcmp(manifests[i]->backend, backend) == 0) {
            return manifests[i];
        }
    }
    return NULL;
}
