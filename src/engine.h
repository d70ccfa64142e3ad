/* Engines: internals. */
#ifndef WRL_SRC_ENGINE_H
#define WRL_SRC_ENGINE_H

#include "effort.h"
#include "wrl/engine.h"
#include "wrl/sys/backend.h"

#include <stdatomic.h>

/* Frames are larger under sanitizers. */
#ifdef __SANITIZE_ADDRESS__
#define WRL_FRAME_SCALE 4
#else
#define WRL_FRAME_SCALE 1
#endif

struct wrl_engine {
    atomic_size_t references;
    const wrl_backend_t *backend;
    void *backend_engine;
    uint64_t features[2];
    size_t max_reentry;
    size_t stack_reserve; /* In bytes: the native stack that must be left for every call into a guest. */
    size_t call_stack;    /* The native stack that must be left in addition for an outermost call of a store. */
    size_t compile_stack; /* The native stack that must be left for compiling. */
    wrl_effort_limits_t effort;
};

/* Returns an error if the engine does not support the feature. `what` names what needs it, for the message. */
wrl_error_t *wrl__engine_require(const wrl_engine_t *engine, wrl_feature_t feature, const char *what);

/* Returns RESOURCE_LIMIT if too little of the thread's native stack is left for compiling. */
wrl_error_t *wrl__engine_check_compile_stack(const wrl_engine_t *engine);

/* Returns RESOURCE_LIMIT if too little of the thread's native stack is left for translating text. */
wrl_error_t *wrl__engine_check_text_stack(void);

/* Returns RESOURCE_LIMIT if too little of the thread's native stack is left for finding, loading and starting an
 * engine. `what` names the operation, for the message. */
wrl_error_t *wrl__engine_check_load_stack(const char *what);

/* The functions that every backend receives. Defined in engine_new.c. */
extern const wrl_core_t wrl__core;

#endif
