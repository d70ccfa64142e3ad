#include "proposals.h"

const wrl_proposal_t wrl_proposals[] = {
    {WRL_FEATURE_MUTABLE_GLOBALS, &guest_proposal_mutable_globals},
    {WRL_FEATURE_SIGN_EXTENSION, &guest_proposal_sign_extension},
    {WRL_FEATURE_SATURATING_FLOAT_TO_INT, &guest_proposal_saturating_float},
    {WRL_FEATURE_MULTI_VALUE, &guest_proposal_multi_value},
    {WRL_FEATURE_BULK_MEMORY, &guest_proposal_bulk_memory},
    {WRL_FEATURE_REFERENCE_TYPES, &guest_proposal_reference_types},
    {WRL_FEATURE_SIMD, &guest_proposal_simd},
    {WRL_FEATURE_RELAXED_SIMD, &guest_proposal_relaxed_simd},
    {WRL_FEATURE_EXTENDED_CONST, &guest_proposal_extended_const},
    {WRL_FEATURE_TAIL_CALL, &guest_proposal_tail_call},
    {WRL_FEATURE_MULTI_MEMORY, &guest_proposal_multi_memory},
    {WRL_FEATURE_MEMORY64, &guest_proposal_memory64},
    {WRL_FEATURE_THREADS, &guest_proposal_threads},
    {WRL_FEATURE_EXCEPTIONS, &guest_proposal_exceptions},
    {WRL_FEATURE_FUNCTION_REFERENCES, &guest_proposal_function_references},
    {WRL_FEATURE_GC, &guest_proposal_gc},
    {WRL_FEATURE_CUSTOM_PAGE_SIZES, &guest_proposal_custom_page_sizes},
    {WRL_FEATURE_WIDE_ARITHMETIC, &guest_proposal_wide_arithmetic},
};
const size_t wrl_proposal_count = sizeof(wrl_proposals) / sizeof(wrl_proposals[0]);
