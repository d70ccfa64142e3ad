#include "engine.h"

#include "alloc.h"
#include "calls.h"
#include "error.h"
#include "stack.h"
#include "store.h"
#include "wrl/feature.h"

#include <string.h>

const wrl_core_t wrl_core = {
    .size = sizeof(wrl_core_t),
    .abi = WRL_BACKEND_ABI,
    .error = wrl_error_from_backend,
    .error_add_frame = wrl_error_add_frame,
    .error_frame_count = wrl_error_frame_count,
    .error_delete = wrl_error_delete,
    .alloc = wrl_alloc,
    .free = wrl_free,
#if WRL_FRAMES_VANISH
    .calls = wrl_calls_place,
    .calls_vanished = wrl_calls_vanished,
#endif
};

/* What programs have that were compiled before stack_size, before max_compile_work, and before exact_traps was there.
 */
#define FIRST_CONFIG_SIZE offsetof(wrl_engine_config_t, stack_size)
#define SECOND_CONFIG_SIZE offsetof(wrl_engine_config_t, max_compile_work)
#define THIRD_CONFIG_SIZE offsetof(wrl_engine_config_t, exact_traps)

/* Frames are larger under sanitizers. */
#ifdef __SANITIZE_ADDRESS__
#define FRAME_SCALE 4
#else
#define FRAME_SCALE 1
#endif

/* What finding, loading and starting an engine takes of the native stack: paths, and the dynamic linker. */
#define LOAD_STACK ((size_t)40960 * FRAME_SCALE)

/* What the parser of the text format takes, whatever the text: it bounds its own depth. */
#define TEXT_STACK ((size_t)32768)

static wrl_error_t *check_config(const wrl_engine_config_t *config)
{
    if (config && config->size != FIRST_CONFIG_SIZE && config->size != SECOND_CONFIG_SIZE &&
        config->size != THIRD_CONFIG_SIZE) {
        wrl_error_t *error = wrl_error_config_size(config->size, sizeof *config, "ENGINE");
        if (error) {
            return error;
        }
    }
    if (config && config->max_reentry > WRL_MAX_REENTRY) {
        return wrl_error_argument("config", "has a max_reentry of %zu, more than %d", config->max_reentry,
                                  WRL_MAX_REENTRY);
    }
    return NULL;
}

static wrl_error_t *check_stack(const wrl_engine_config_t *config, const wrl_backend_t *backend)
{
    if (config->stack_reserve &&
        (config->stack_reserve < WRL_MIN_STACK_SIZE || config->stack_reserve > WRL_MAX_STACK_SIZE)) {
        return wrl_error_argument("config", "has a stack_reserve of %zu, which is not from %d to %d",
                                  config->stack_reserve, WRL_MIN_STACK_SIZE, WRL_MAX_STACK_SIZE);
    }
    if (!config->stack_size) {
        return NULL;
    }
    if (config->stack_size < WRL_MIN_STACK_SIZE || config->stack_size > WRL_MAX_STACK_SIZE) {
        return wrl_error_argument("config", "has a stack_size of %zu, not from %d to %d", config->stack_size,
                                  WRL_MIN_STACK_SIZE, WRL_MAX_STACK_SIZE);
    }
    return backend->engine_stack
               ? NULL
               : wrl_error_format(WRL_ERROR_UNSUPPORTED,
                                  "stack_size: the backend %s does not run guests on the native stack", backend->name);
}

static wrl_error_t *check_effort(const wrl_engine_config_t *config)
{
    if (WRL_COMPILES_HERE || (!config->max_compile_work && !config->max_compile_memory)) {
        return NULL;
    }
    return wrl_error_new(WRL_ERROR_UNSUPPORTED, "max_compile_work, max_compile_memory: the host's engine compiles");
}

static wrl_error_t *check_traps(const wrl_engine_config_t *config, const wrl_backend_t *backend)
{
    if (!config->exact_traps || backend->has_exact_traps) {
        return NULL;
    }
    return wrl_error_format(WRL_ERROR_UNSUPPORTED, "exact_traps: the backend %s lacks them", backend->name);
}

static void read_effort(wrl_engine_t *engine, const wrl_engine_config_t *config)
{
    engine->effort.work = config->max_compile_work ? config->max_compile_work : WRL_DEFAULT_MAX_COMPILE_WORK;
    engine->effort.memory = config->max_compile_memory ? config->max_compile_memory : WRL_DEFAULT_MAX_COMPILE_MEMORY;
}

static void read_stack(wrl_engine_t *engine, const wrl_engine_config_t *config)
{
    size_t reserve = config->stack_reserve ? config->stack_reserve : WRL_DEFAULT_STACK_RESERVE;
    engine->stack_reserve = reserve * FRAME_SCALE;
    engine->compile_stack = (size_t)WRL_DEFAULT_STACK_RESERVE * FRAME_SCALE;
    if (engine->backend->engine_stack) {
        engine->backend->engine_stack(engine->backend_engine, &engine->call_stack, &engine->compile_stack);
    }
}

static void clear_feature(wrl_engine_t *engine, wrl_feature_t feature)
{
    engine->features[feature / 64] &= ~(UINT64_C(1) << feature % 64);
}

/* A feature whose functions are missing is not there, whatever the backend says. */
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
}

wrl_error_t *wrl_engine_new(const wrl_engine_config_t *config, wrl_engine_t **engine)
{
    if (!engine) {
        return wrl_error_null("engine");
    }
    *engine = NULL;
    wrl_engine_config_t whole = WRL_ENGINE_CONFIG_INIT; /* What was given, and the defaults of what was not. */
    wrl_error_t *error = check_config(config);
    if (error) {
        return error;
    }
    if (config) {
        memcpy(&whole, config, config->size);
        whole.size = sizeof whole;
    }
    config = &whole;
    const wrl_backend_t *backend;
    error = wrl_engine_check_load_stack("making an engine");
    error = error ? error : wrl_registry_get(config->backend, &backend);
    error = error ? error : check_stack(config, backend);
    error = error ? error : check_effort(config);
    error = error ? error : check_traps(config, backend);
    if (error) {
        return error;
    }
    wrl_engine_t *made = (wrl_engine_t *)wrl_alloc(sizeof *made);
    if (!made) {
        return wrl_error_out_of_memory();
    }
    error = backend->engine_new(&wrl_core, config, &made->backend_engine);
    if (error) {
        wrl_free(made);
        return wrl_error_prefix(error, "backend %s: ", backend->name);
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

wrl_engine_t *wrl_engine_retain(const wrl_engine_t *engine)
{
    /* Counting is the one thing that changes in an engine, so its functions take it const. */
    wrl_engine_t *counted = (wrl_engine_t *)engine;
    if (counted) {
        atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
    }
    return counted;
}

void wrl_engine_release(wrl_engine_t *engine)
{
    if (engine && atomic_fetch_sub_explicit(&engine->references, 1, memory_order_acq_rel) == 1) {
        engine->backend->engine_delete(engine->backend_engine);
        wrl_free(engine);
    }
}

const char *wrl_engine_backend_name(const wrl_engine_t *engine)
{
    return engine ? engine->backend->name : NULL;
}

const char *wrl_engine_version(const wrl_engine_t *engine)
{
    return engine ? engine->backend->engine_version : NULL;
}

bool wrl_engine_supports(const wrl_engine_t *engine, wrl_feature_t feature)
{
    if (!engine || (int)feature < 0 || !wrl_feature_name(feature)) {
        return false;
    }
    return engine->features[feature / 64] >> feature % 64 & 1;
}

wrl_error_t *wrl_engine_require(const wrl_engine_t *engine, wrl_feature_t feature, const char *what)
{
    if (wrl_engine_supports(engine, feature)) {
        return NULL;
    }
    return wrl_error_format(WRL_ERROR_UNSUPPORTED, "%s needs the feature %s, which the backend %s lacks", what,
                            wrl_feature_name(feature), engine->backend->name);
}

const char *wrl_feature_name(wrl_feature_t feature)
{
    static const char *const names[WRL_FEATURE_LIMIT] = {
#define FEATURE(feature, name) [WRL_FEATURE_##feature] = (name),
#include "features.inc"
#undef FEATURE
    };
    return (int)feature >= 0 && feature < WRL_FEATURE_LIMIT ? names[feature] : NULL;
}

static wrl_error_t *check_stack_for(size_t need, const char *what)
{
    if (wrl_stack_has(need)) {
        return NULL;
    }
    return wrl_error_format(WRL_ERROR_RESOURCE_LIMIT,
                            "less than %zu bytes of this thread's native stack are left, which %s needs", need, what);
}

wrl_error_t *wrl_engine_check_compile_stack(const wrl_engine_t *engine)
{
    return check_stack_for(engine->compile_stack, "compiling");
}

wrl_error_t *wrl_engine_check_text_stack(void)
{
    return check_stack_for(TEXT_STACK, "translating text");
}

wrl_error_t *wrl_engine_check_load_stack(const char *what)
{
    return check_stack_for(LOAD_STACK, what);
}
