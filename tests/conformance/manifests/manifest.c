/* The table of manifests. */
#include "../manifest.h"

#include <string.h>

extern const wrl_manifest_t wrl_manifest_null;
extern const wrl_manifest_t wrl_manifest_wasmi;
extern const wrl_manifest_t wrl_manifest_wasmtime;
/* Depends on the host. NULL where there is no such backend. */
const wrl_manifest_t *wrl_manifest_js(void);

const wrl_manifest_t *wrl_manifest_find(const char *backend)
{
    const wrl_manifest_t *const manifests[] = {
        &wrl_manifest_null,
        &wrl_manifest_wasmi,
        &wrl_manifest_wasmtime,
        wrl_manifest_js(),
    };
    for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++) {
        if (manifests[i] && strcmp(manifests[i]->backend, backend) == 0) {
            return manifests[i];
        }
    }
    return NULL;
}
