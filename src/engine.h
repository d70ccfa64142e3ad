/* Engines, modules: private parts. */
#ifndef WRL_SRC_ENGINE_H
#define WRL_SRC_ENGINE_H

#include "effort.h"
#include "wrl/engine.h"
#include "wrl/sys/backend.h"

#include <stdatomic.h>

struct wrl_engine {
    atomic_size_t references;
    const wrl_backend_t *backend;
    void *backend_engine;
    uint64_t features[2];
    size_t max_reentry;
    size_t stack_reserve; /* Native stack that has to be left for every call into a guest, */
    size_t call_stack;    /* in addition for an outermost call of a store, */
    size_t compile_stack; /* and for compiling. */
    wrl_effort_limits_t effort;
};

/* An error if the engine lacks the feature; `what` names what needs it. */
wrl_error_t *wrl_engine_require(const wrl_engine_t *engine, wrl_feature_t feature, const char *what);

/* RESOURCE_LIMIT if the thread has not the native stack that compiling takes. */
wrl_error_t *wrl_engine_check_compile_stack(const wrl_engine_t *engine);

/* The same for translating text. */
wrl_error_t *wrl_engine_check_text_stack(void);

/* The same for what finds, loads and starts an engine; `what` names it. */
wrl_error_t *wrl_engine_check_load_stack(const char *what);

/* What every backend is given. */
extern const wrl_core_t wrl_core;

/* The description of a backend by name, or of the default one. */
wrl_error_t *wrl_registry_get(const char *name, const wrl_backend_t **backend);

#endif
