#include "engine.h"

#include "alloc.h"
#include "error.h"
#include "stack.h"
#include "wrl/feature.h"

/* The native stack for finding, loading and starting an engine: paths and the dynamic linker need it. */
#define LOAD_STACK ((size_t)40960 * WRL_FRAME_SCALE)

/* The native stack for the parser of the text format. It suffices for any text, because the parser bounds its own
 * depth. */
#define TEXT_STACK ((size_t)32768)

wrl_engine_t *wrl_engine_retain(const wrl_engine_t *engine)
{
    /* The reference count is all that changes in an engine, so functions take engines as const. */
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
        wrl__free(engine);
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

wrl_error_t *wrl__engine_require(const wrl_engine_t *engine, wrl_feature_t feature, const char *what)
{
    if (wrl_engine_supports(engine, feature)) {
        return NULL;
    }
    return wrl__error_format(WRL_ERROR_UNSUPPORTED, "%s needs the feature %s, which the backend %s does not support",
                             what, wrl_feature_name(feature), engine->backend->name);
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
    if (wrl__stack_has(need)) {
        return NULL;
    }
    return wrl__error_format(WRL_ERROR_RESOURCE_LIMIT,
                             "%s needs %zu bytes of native stack, more than this thread has left", what, need);
}

wrl_error_t *wrl__engine_check_compile_stack(const wrl_engine_t *engine)
{
    return check_stack_for(engine->compile_stack, "compiling");
}

wrl_error_t *wrl__engine_check_text_stack(void)
{
    return check_stack_for(TEXT_STACK, "translating text");
}

wrl_error_t *wrl__engine_check_load_stack(const char *what)
{
    return check_stack_for(LOAD_STACK, what);
}
