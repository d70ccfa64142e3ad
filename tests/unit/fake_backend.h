/* Backends made for tests: the null backend's description with parts taken out or replaced. */
#ifndef WRL_TESTS_UNIT_FAKE_BACKEND_H
#define WRL_TESTS_UNIT_FAKE_BACKEND_H

#include "core.h"

#include <atomic>
#include <functional>
#include <vector>

/* A copy of the null backend's description under another name, which must stay. */
wrl_backend_t null_backend_as(const char *name);

/* A test double called "double": the null backend, but
 * - guest functions run `guest`,
 * - instance_new first runs `on_instance` where it is set,
 * - the host cannot see memories, so memory_read and memory_write are used,
 * - module_new first runs `on_module` where it is set, on whatever thread,
 * - it claims EXECUTION and CALLER_EXPORTS; the calling instance is what `caller` says.
 * "deferred" is the same with a module_new_async, which first runs `on_module_async` where it is set, and whose
 * compilations wait for compile_deferred(). */
struct Double {
    static void enter();
    static std::function<wrl_error_t *(void *store, const wrl_functype_t *type, wrl_raw_t *slots)> guest;
    static std::function<wrl_error_t *()> on_instance;
    static std::function<wrl_error_t *()> on_module;
    static std::function<wrl_error_t *()> on_module_async;
    /* Finishes what waits, and returns how many it was. */
    static size_t compile_deferred();
    /* What a caller's export is; none if this is not set. */
    static std::function<bool(uint64_t *key, wrl_backend_ref_t *instance)> caller;
    static uint64_t key; /* Of the instance made last. */
    /* What the last instance_new made, and was given. */
    static wrl_backend_ref_t instance;
    static size_t import_count;
    /* How often memory_data was asked. */
    static size_t places_asked;
    /* Engines, modules, stores that were made and not deleted. */
    static std::atomic<int> engines, modules, stores;
};

#endif
