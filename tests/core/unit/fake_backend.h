/* Backends for tests: the null backend's description with parts removed or replaced. */
#ifndef WRL_TESTS_UNIT_FAKE_BACKEND_H
#define WRL_TESTS_UNIT_FAKE_BACKEND_H

#include "core.h"

#include <atomic>
#include <functional>
#include <vector>

/* Returns a copy of the null backend's description with another name. `name` must outlive the backend. */
wrl_backend_t null_backend_as(const char *name);

/* A test double called "double": the null backend, but
 * - guest functions run `guest`,
 * - instance_new first runs `on_instance` if it is set,
 * - the host cannot access memories directly, so that memory_read and memory_write are used,
 * - module_new first runs `on_module` if it is set, on any thread,
 * - the backend reports EXECUTION and CALLER_EXPORTS, and `caller` sets the calling instance.
 * "deferred" is the same backend with a module_new_async. That function first runs `on_module_async` if it is set. Its
 * compilations wait for compile_deferred(). */
struct Double {
    static void enter();
    static std::function<wrl_error_t *(void *store, const wrl_functype_t *type, wrl_raw_t *slots)> guest;
    static std::function<wrl_error_t *()> on_instance;
    static std::function<wrl_error_t *()> on_module;
    static std::function<wrl_error_t *()> on_module_async;
    /* Finishes the deferred compilations and returns their number. */
    static size_t compile_deferred();
    /* Sets the calling instance. If not set, there is none. */
    static std::function<bool(uint64_t *key, wrl_backend_ref_t *instance)> caller;
    static uint64_t key; /* The key of the last instance. */
    /* The instance that the last instance_new made, and the number of its imports. */
    static wrl_backend_ref_t instance;
    static size_t import_count;
    /* How often memory_data was called. */
    static size_t places_asked;
    /* The numbers of engines, modules and stores that exist. */
    static std::atomic<int> engines, modules, stores;
};

#endif
