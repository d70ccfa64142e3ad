/* wasmi: an interpreter. */
#include "../manifest.h"

static const wrl_manifest_lack_t lacks[] = {
    {WRL_FEATURE_THREADS, "wasmi supports neither shared memories nor atomics", NULL},
    {WRL_FEATURE_EXCEPTIONS, "wasmi does not implement the exception handling proposal", NULL},
    {WRL_FEATURE_FUNCTION_REFERENCES, "wasmi does not implement the typed function references proposal", NULL},
    {WRL_FEATURE_GC, "wasmi does not implement the garbage collection proposal", NULL},
    {WRL_FEATURE_BACKTRACE, "wasmi records no frames", NULL},
    {WRL_FEATURE_GC_REFERENCES, "wasmi supports no references but funcref and externref", NULL},
};

static const wrl_manifest_failure_t failures[] = {
    {"border.errors_legacy", "wasmi does not support exception handlers", NULL},
    {"memory.copies_between_names",
     "wasmi 1.1.0 traps when it copies between two indices of the same memory or table, which a module imported twice",
     NULL},
#if SIZE_MAX == UINT32_MAX
    {"memory.memory64", "on 32-bit hosts wasmi refuses tables whose maximum needs more than 32 bits", NULL},
    {"table.table64", "on 32-bit hosts wasmi refuses tables whose maximum needs more than 32 bits", NULL},
#endif
};

const wrl_manifest_t wrl_manifest_wasmi = {
    "wasmi", lacks, sizeof(lacks) / sizeof(lacks[0]), failures, sizeof(failures) / sizeof(failures[0]),
};
