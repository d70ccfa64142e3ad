/* null: the template for backends, an engine without code. */
#include "../manifest.h"

static const wrl_manifest_lack_t lacks[] = {
    {WRL_FEATURE_EXECUTION, "null runs no guest code", NULL},
    {WRL_FEATURE_CALLER_EXPORTS, "guests never call the host", NULL},
    {WRL_FEATURE_BACKTRACE, "guests never trap", NULL},
    {WRL_FEATURE_GC_REFERENCES, "guests never make references", NULL},
    {WRL_FEATURE_FUEL, "guests never take fuel", NULL},
};

const wrl_manifest_t wrl_manifest_null = {
    "null", lacks, sizeof(lacks) / sizeof(lacks[0]), NULL, 0,
};
