/* wasmtime: a compiler. */
#include "../manifest.h"

const wrl_manifest_t wrl_manifest_wasmtime = {
    "wasmtime", NULL, 0, NULL, 0,
};
