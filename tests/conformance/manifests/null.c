/* null: the template, an engine without code. */
#include "../manifest.h"

static const wrl_manifest_lack_t lacks[] = {
    {WRL_FEATURE_EXECUTION, "null has no code that it could run", NULL},
    {WRL_FEATURE_CALLER_EXPORTS, "no guest ever calls", NULL},
    {WRL_FEATURE_BACKTRACE, "no guest ever traps", NULL},
    {WRL_FEATURE_GC_REFERENCES, "no guest ever makes a reference", NULL},
};

const wrl_manifest_t wrl_manifest_null = {
    "null", lacks, sizeof(lacks) / sizeof(lacks[0]), NULL, 0,
};
