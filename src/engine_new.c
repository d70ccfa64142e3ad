/* Makes engines, and checks their configurations. */
#include "wrl/engine.h"

#include "alloc.h"
#include "calls.h"
#include "engine.h"
#include "error.h"
#include "registry.h"
#include "wrl/feature.h"

/* The functions of the core that every backend receives. */
const wrl_core_t wrl__core = {
    .size = sizeof(wrl_core_t),
    .abi = WRL_BACKEND_ABI,
    .error = wrl__error_from_backend,
    .error_add_frame = wrl__error_add_frame,
    .error_frame_count = wrl_error_frame_count,
    .error_delete = wrl_error_delete,
    .alloc = wrl__alloc,
    .free = wrl__free,
#if WRL_FRAMES_VANISH
    .calls = wrl__calls_place,
    .calls_vanished = wrl__calls_vanished,
#endif
};

static wrl_error_t *check_config(const wrl_engine_config_t *config)
{
    wrl_error_t *error = config ? wrl__error_config_size(config->size, sizeof *config, "ENGINE") : NULL;
    if (error) {
        return error;
    }
    if (config && config->max_reentry > WRL_MAX_REENTRY) {
        return wrl__error_argument("config", "has a max_reentry of %zu, more than %d", config->max_reentry,
                                   WRL_MAX_REENTRY);
    }
    return NULL;
}

static wrl_error_t *check_stack(const wrl_engine_config_t *config, const wrl_backend_t *backend)
{
    if (config->stack_reserve &&
        (config->stack_reserve < WRL_MIN_STACK_SIZE || config->stack_reserve > WRL_MAX_STACK_SIZE)) {
        return wrl__error_argument("config", "has a stack_reserve of %zu; the range is %d to %d", config->stack_reserve,
                                   WRL_MIN_STACK_SIZE, WRL_MAX_STACK_SIZE);
    }
    if (!config->stack_size) {
        return NULL;
    }
    if (config->stack_size < WRL_MIN_STACK_SIZE || config->stack_size > WRL_MAX_STACK_SIZE) {
        return wrl__error_argument("config", "has a stack_size of %zu; the range is %d to %d", config->stack_size,
                                   WRL_MIN_STACK_SIZE, WRL_MAX_STACK_SIZE);
    }
    return backend->engine_stack
               ? NULL
               : wrl__error_format(WRL_ERROR_UNSUPPORTED,
                                   "stack_size: the backend %s does not run guests on the native stack", backend->name);
}

static wrl_error_t *check_effort(const wrl_engine_config_t *config)
{
    if (WRL_COMPILES_HERE || (!config->max_compile_work && !config->max_compile_memory)) {
        return NULL;
    }
    return wrl_error_new(WRL_ERROR_UNSUPPORTED, "max_compile_work, max_compile_memory: not supported on JS hosts");
}

static wrl_error_t *check_traps(const wrl_engine_config_t *config, const wrl_backend_t *backend)
{
    if (!config->exact_traps || backend->has_exact_traps) {
        return NULL;
    }
    return wrl__error_format(WRL_ERROR_UNSUPPORTED, "exact_traps: not supported by the backend %s", backend->name);
}

static bool has_fuel(const wrl_backend_t *backend)
{
    return backend->store_set_fuel && backend->store_fuel;
}

static wrl_error_t *no_fuel(const wrl_backend_t *backend)
{
    return wrl__error_format(WRL_ERROR_UNSUPPORTED, "fuel: not supported by the backend %s", backend->name);
}

static void read_effort(wrl_engine_t *engine, const wrl_engine_config_t *config)
{
    engine->effort.takes_fuel = config->fuel;
    engine->effort.work = config->max_compile_work ? config->max_compile_work : WRL_DEFAULT_MAX_COMPILE_WORK;
    engine->effort.memory = config->max_compile_memory ? config->max_compile_memory : WRL_DEFAULT_MAX_COMPILE_MEMORY;
}

static void read_stack(wrl_engine_t *engine, const wrl_engine_config_t *config)
{
    size_t reserve = config->stack_reserve ? config->stack_reserve : WRL_DEFAULT_STACK_RESERVE;
    engine->stack_reserve = reserve * WRL_FRAME_SCALE;
    engine->compile_stack = (size_t)WRL_DEFAULT_STACK_RESERVE * WRL_FRAME_SCALE;
    if (engine->backend->engine_stack) {
        engine->backend->engine_stack(engine->backend_engine, &engine->call_stack, &engine->compile_stack);
    }
}

static void clear_feature(wrl_engine_t *engine, wrl_feature_t feature)
{
    engine->features[feature / 64] &= ~(UINT64_C(1) << feature % 64);
}

/* A feature whose functions are missing is not supported, whatever the backend reports. */
static void read_features(wrl_engine_t *engine)
{
    const wrl_backend_t *backend = engine->backend;
    backend->engine_features(engine->backend_engine, engine->features);
    if (!backend->caller_instance) {
        clear_feature(engine, WRL_FEATURE_CALLER_EXPORTS);
    }
    if (!backend->externref_new || !backend->func_type || !backend->table_new) {
        clear_feature(engine, WRL_FEATURE_REFERENCE_TYPES);
    }
    if (!backend->ref_heap) {
        clear_feature(engine, WRL_FEATURE_GC_REFERENCES);
    }
    if (!has_fuel(backend)) {
        clear_feature(engine, WRL_FEATURE_FUEL);
    }
}

wrl_error_t *wrl_engine_new(const wrl_engine_config_t *config, wrl_engine_t **engine)
{
    if (!engine) {
        return wrl__error_null("engine");
    }
    *engine = NULL;
    static const wrl_engine_config_t defaults = WRL_ENGINE_CONFIG_INIT;
    wrl_error_t *error = check_config(config);
    if (error) {
        return error;
    }
    config = config ? config : &defaults;
    const wrl_backend_t *backend;
    error = wrl__engine_check_load_stack("making an engine");
    error = error ? error : wrl__registry_get(config->backend, &backend);
    error = error ? error : check_stack(config, backend);
    error = error ? error : check_effort(config);
    error = error ? error : check_traps(config, backend);
    error = error || !config->fuel || has_fuel(backend) ? error : no_fuel(backend);
    if (error) {
        return error;
    }
    wrl_engine_t *made = (wrl_engine_t *)wrl__alloc(sizeof *made);
    if (!made) {
        return wrl__error_out_of_memory();
    }
    error = backend->engine_new(&wrl__core, config, &made->backend_engine);
    if (error) {
        wrl__free(made);
        return wrl__error_prefix(error, "backend %s: ", backend->name);
    }
    atomic_init(&made->references, 1);
    made->backend = backend;
    made->max_reentry = config->max_reentry ? config->max_reentry : WRL_DEFAULT_MAX_REENTRY;
    read_features(made);
    read_stack(made, config);
    read_effort(made, config);
    *engine = made;
    return NULL;
}
