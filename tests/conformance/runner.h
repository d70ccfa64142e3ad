/**
 * @file
 * Runs any list of tests with any manifest. The suite runs all its groups, the self-test runs sham tests.
 */
#ifndef WRL_CONFORMANCE_RUNNER_H
#define WRL_CONFORMANCE_RUNNER_H

#include "harness.h"

/** What to run. */
typedef struct wrl_plan {
    const wrl_test_group_t *const *groups;
    size_t group_count;
    const wrl_manifest_t
        *manifest; /**< If NULL, the features are those that the engine reports, and no test may fail. */
} wrl_plan_t;

/** Runs the plan, which is copied. See wrl_conformance_run(). */
void wrl_run_plan(const wrl_conformance_options_t *options, const wrl_plan_t *plan, wrl_conformance_end_t end,
                  void *env);

/** Lists the plan. See wrl_conformance_list(). */
void wrl_list_plan(const wrl_conformance_options_t *options, const wrl_plan_t *plan);

#endif
