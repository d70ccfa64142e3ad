/* All groups of tests, and the entry points for hosts. */
#include "runner.h"

#include "../support/backend_option.h"

#define EACH_GROUP(group)                                                                                              \
    group(engine) group(backend) group(feature) group(type) group(error) group(wat) group(bad_input) group(module)     \
        group(async) group(names) group(store) group(imports) group(instance) group(link) group(func) group(many)      \
            group(host_func) group(caller) group(global) group(memory) group(memory_growth) group(table)               \
                group(externref) group(funcref) group(ref) group(lifetime) group(trap) group(border) group(reentry)    \
                    group(repeat) group(compute) group(fuel) group(interleave) group(misuse_base) group(misuse_error)  \
                        group(misuse_type) group(misuse_module) group(misuse_store) group(misuse_item)

#define DECLARE(name) extern const wrl_test_group_t wrl_test_group_##name;
EACH_GROUP(DECLARE)

#define POINTER(name) &wrl_test_group_##name,
static const wrl_test_group_t *const groups[] = {EACH_GROUP(POINTER)};

static wrl_plan_t make_plan(const char *backend)
{
    wrl_plan_t plan = {groups, sizeof(groups) / sizeof(groups[0]), NULL};
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_backend_info_t info;
    set_backend(&config, backend);
    if (wrl_backend_find(config.backend, &info)) {
        plan.manifest = wrl_manifest_find(info.name, config.exact_traps);
    }
    return plan;
}

void wrl_conformance_run(const wrl_conformance_options_t *options, wrl_conformance_end_t end, void *env)
{
    const wrl_plan_t plan = make_plan(options->backend);
    wrl_run_plan(options, &plan, end, env);
}

void wrl_conformance_list(const wrl_conformance_options_t *options)
{
    const wrl_plan_t plan = make_plan(options->backend);
    wrl_list_plan(options, &plan);
}
