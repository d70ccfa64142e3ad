/* Features: their names, and whether the engine's answers are true. */
#include "harness.h"

static bool names(wrl_test_t *t)
{
    size_t named = 0;
    for (int i = 0; i < WRL_FEATURE_LIMIT; i++) {
        const char *name = wrl_feature_name((wrl_feature_t)i);
        if (!name) {
            CHECK(!test_has(t, (wrl_feature_t)i));
            continue;
        }
        named++;
        CHECK(name[0] != '\0');
        for (int j = 0; j < i; j++) {
            const char *other = wrl_feature_name((wrl_feature_t)j);
            CHECK(!other || strcmp(name, other) != 0);
        }
    }
    EQUAL(named, 23);
    EQUAL_TEXT(wrl_feature_name(WRL_FEATURE_MULTI_VALUE), "multi-value");
    EQUAL_TEXT(wrl_feature_name(WRL_FEATURE_CALLER_EXPORTS), "caller-exports");
    return true;
}

static bool unknown(wrl_test_t *t)
{
    const int numbers[] = {-1, 18, 63, WRL_FEATURE_LIMIT, 127, 128, 1000000};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        CHECK(!wrl_engine_supports(t->engine, (wrl_feature_t)numbers[i]));
        CHECK(wrl_feature_name((wrl_feature_t)numbers[i]) == NULL);
    }
    return true;
}

/* A guest that uses a proposal. Its run() gives 42. */
typedef struct proposal {
    wrl_feature_t feature;
    const wrl_guest_t *guest;
} proposal_t;

static const proposal_t proposals[] = {
    {WRL_FEATURE_MUTABLE_GLOBALS, &guest_proposal_mutable_globals},
    {WRL_FEATURE_SIGN_EXTENSION, &guest_proposal_sign_extension},
    {WRL_FEATURE_SATURATING_FLOAT, &guest_proposal_saturating_float},
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
enum { PROPOSAL_COUNT = sizeof(proposals) / sizeof(proposals[0]) };

/* The engine accepts a module exactly if it says that it has the proposal. */
static bool proposals_accepted(wrl_test_t *t)
{
    for (size_t i = 0; i < PROPOSAL_COUNT; i++) {
        const char *name = wrl_feature_name(proposals[i].feature);
        const wrl_guest_t *guest = proposals[i].guest;
        wrl_module_t *module;
        wrl_error_t *error = wrl_module_new(t->engine, guest->bytes, guest->size, &module);
        wrl_module_release(module);
        bool has = test_has(t, proposals[i].feature);
        if (has && error) {
            (void)test_fail(t, __FILE__, __LINE__, "reports %s, but: %s", name, wrl_error_message(error));
            wrl_error_delete(error);
            return false;
        }
        if (!has && !error) {
            return test_fail(t, __FILE__, __LINE__, "does not report %s, but accepts it", name);
        }
        wrl_error_kind_t kind = error ? wrl_error_kind(error) : WRL_ERROR_INVALID;
        wrl_error_delete(error);
        if (kind != WRL_ERROR_INVALID && kind != WRL_ERROR_UNSUPPORTED) {
            return test_fail(t, __FILE__, __LINE__, "refuses %s as \"%s\"", name, wrl_error_kind_name(kind));
        }
    }
    return true;
}

static bool proposals_run(wrl_test_t *t)
{
    for (size_t i = 0; i < PROPOSAL_COUNT; i++) {
        if (!test_has(t, proposals[i].feature)) {
            continue;
        }
        wrl_func_t run;
        TRY(test_guest_func(t, *proposals[i].guest, "run", &run));
        wrl_val_t result;
        OK(wrl_func_call(t->store, run, NULL, 0, &result, 1));
        if (result.kind != WRL_VALKIND_I32 || result.of.i32 != 42) {
            return test_fail(t, __FILE__, __LINE__, "%s: run() gives %d", wrl_feature_name(proposals[i].feature),
                             (int)result.of.i32);
        }
    }
    return true;
}

static bool listed_lack(const wrl_manifest_t *manifest, wrl_feature_t feature)
{
    for (size_t i = 0; i < manifest->lack_count; i++) {
        if (manifest->lacks[i].feature == feature) {
            return true;
        }
    }
    return false;
}

/* Without this, a backend that forgets to report a feature would only shorten the list of tests. */
static bool as_in_manifest(wrl_test_t *t)
{
    for (int i = 0; t->manifest && i < WRL_FEATURE_LIMIT; i++) {
        const char *name = wrl_feature_name((wrl_feature_t)i);
        if (!name) {
            continue;
        }
        bool has = test_has(t, (wrl_feature_t)i);
        bool listed = listed_lack(t->manifest, (wrl_feature_t)i);
        if (has && listed) {
            return test_fail(t, __FILE__, __LINE__, "has %s, which the manifest says it lacks", name);
        }
        if (!has && !listed) {
            return test_fail(t, __FILE__, __LINE__, "lacks %s, and the manifest does not say why", name);
        }
    }
    return true;
}

static const wrl_test_case_t cases[] = {
    {"feature.names", names, {NEED_NOTHING}},
    {"feature.unknown", unknown, {NEED_NOTHING}},
    {"feature.as_in_manifest", as_in_manifest, {NEED_NOTHING}},
    {"feature.proposals_accepted", proposals_accepted, {NEED_NOTHING}},
    {"feature.proposals_run", proposals_run, {NEED_EXECUTION}},
};
WRL_TEST_GROUP(feature);
