/* wasmtime: a compiler. */
#include "../manifest.h"

static const wrl_manifest_failure_t failures[] = {
    {"instance.failed_element_before_data", "wasmtime maps a memory with its data before it initialises tables", NULL},
    {"border.errors_legacy", "try_table is the only exception handler that wasmtime supports", NULL},
};

const wrl_manifest_t wrl_manifest_wasmtime = {
    "wasmtime", NULL, 0, failures, sizeof(failures) / sizeof(failures[0]),
};

/* The backend of examples/backend, tested on top of wasmtime. */
static const wrl_manifest_lack_t meter_lacks[] = {
    {WRL_FEATURE_GC_REFERENCES, "the example does not forward the functions for GC references", NULL},
    {WRL_FEATURE_FUEL, "the example does not forward the functions for fuel", NULL},
};

const wrl_manifest_t wrl_manifest_meter = {
    "meter",
    meter_lacks,
    sizeof(meter_lacks) / sizeof(meter_lacks[0]),
    failures,
    sizeof(failures) / sizeof(failures[0]),
};
