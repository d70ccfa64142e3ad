/* Features: their names, and whether the engine reports them correctly. */
#include "harness.h"
#include "proposals.h"

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
    EQUAL(named, 25);
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

/* The engine accepts a proposal's module if and only if it reports the proposal. */
static bool proposals_accepted(wrl_test_t *t)
{
    for (size_t i = 0; i < wrl_proposal_count; i++) {
        const char *name = wrl_feature_name(wrl_proposals[i].feature);
        const wrl_guest_t *guest = wrl_proposals[i].guest;
        wrl_module_t *module;
        wrl_error_t *error = wrl_module_new(t->engine, guest->bytes, guest->size, NULL, &module);
        wrl_module_release(module);
        bool has = test_has(t, wrl_proposals[i].feature);
        if (has && error) {
            (void)test_fail(t, __FILE__, __LINE__, "reports %s but rejects its module: %s", name,
                            wrl_error_message(error));
            wrl_error_delete(error);
            return false;
        }
        if (!has && !error) {
            return test_fail(t, __FILE__, __LINE__, "does not report %s but accepts its module", name);
        }
        wrl_error_kind_t kind = error ? wrl_error_kind(error) : WRL_ERROR_INVALID;
        wrl_error_delete(error);
        if (kind != WRL_ERROR_INVALID && kind != WRL_ERROR_UNSUPPORTED) {
            return test_fail(t, __FILE__, __LINE__, "rejects the module of %s as \"%s\"", name,
                             wrl_error_kind_name(kind));
        }
    }
    return true;
}

static bool proposals_run(wrl_test_t *t)
{
    for (size_t i = 0; i < wrl_proposal_count; i++) {
        if (!test_has(t, wrl_proposals[i].feature)) {
            continue;
        }
        wrl_func_t run;
        TRY(test_guest_func(t, *wrl_proposals[i].guest, "run", &run));
        wrl_val_t result;
        OK(wrl_func_call(t->store, run, NULL, 0, &result, 1));
        if (result.kind != WRL_VALKIND_I32 || result.of.i32 != 42) {
            return test_fail(t, __FILE__, __LINE__, "%s: run() returns %d", wrl_feature_name(wrl_proposals[i].feature),
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

/* Without this test, a backend that forgets to report a feature would silently skip tests. */
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
            return test_fail(t, __FILE__, __LINE__, "supports %s, which the manifest lists as not supported", name);
        }
        if (!has && !listed) {
            return test_fail(t, __FILE__, __LINE__, "does not support %s, and the manifest does not list it", name);
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
