/**
 * @file
 * Running any list of tests against any manifest. The suite runs all its groups; the self-test runs shams.
 */
#ifndef WRL_CONFORMANCE_RUNNER_H
#define WRL_CONFORMANCE_RUNNER_H

#include "harness.h"

/** What is run. */
typedef struct wrl_plan {
    const wrl_test_group_t *const *groups;
    size_t group_count;
    const wrl_manifest_t *manifest; /**< NULL: features are taken as reported, no failure is expected. */
} wrl_plan_t;

/** Runs the plan, which is copied; see wrl_conformance_run(). */
void wrl_run_plan(const wrl_conformance_options_t *options, const wrl_plan_t *plan, wrl_conformance_end_t end,
                  void *env);

/** Lists the plan; see wrl_conformance_list(). */
void wrl_list_plan(const wrl_conformance_options_t *options, const wrl_plan_t *plan);

#endif
