/* Modules: internals. */
#ifndef WRL_SRC_MODULE_H
#define WRL_SRC_MODULE_H

#include "binary/module_info.h"
#include "engine.h"

struct wrl_module {
    atomic_size_t references;
    wrl_engine_t *engine;
    void *backend_module;
    wrl_module_info_t info;
};

#endif
