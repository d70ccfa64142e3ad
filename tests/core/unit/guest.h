/* An engine, a store and a module of one backend, deleted together. */
#ifndef WRL_TESTS_UNIT_GUEST_H
#define WRL_TESTS_UNIT_GUEST_H

#include "core.h"
#include "wasm_bytes.h"

#include <gtest/gtest.h>

struct Guest {
    wrl_engine_t *engine = nullptr;
    wrl_store_t *store = nullptr;
    wrl_module_t *module = nullptr;
    wrl_imports_t *imports = nullptr;
    wrl_instance_t instance = {0, 0};

    explicit Guest(const char *backend, size_t max_reentry = 0)
    {
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        config.backend = backend;
        config.max_reentry = max_reentry;
        EXPECT_OK(wrl_engine_new(&config, &engine));
        EXPECT_OK(wrl_store_new(engine, nullptr, &store));
        EXPECT_OK(wrl_imports_new(&imports));
    }
    ~Guest()
    {
        wrl_imports_delete(imports);
        wrl_store_delete(store);
        wrl_module_release(module);
        wrl_engine_release(engine);
    }
    Guest(const Guest &) = delete;
    Guest &operator=(const Guest &) = delete;

    wrl_error_t *compile(const Bytes &bytes)
    {
        wrl_module_release(module);
        return wrl_module_new(engine, bytes.data(), bytes.size(), NULL, &module);
    }
    wrl_error_t *compile(const std::string &wat)
    {
        wrl_bytes_t wasm;
        wrl_error_t *error = wrl_wat_to_wasm(wat.data(), wat.size(), &wasm);
        if (error) {
            return error;
        }
        wrl_module_release(module);
        error = wrl_module_new(engine, wasm.data, wasm.size, NULL, &module);
        wrl_bytes_delete(&wasm);
        return error;
    }
    wrl_error_t *instantiate()
    {
        return wrl_instance_new(store, module, imports, NULL, &instance);
    }
    wrl_func_t func(const char *name)
    {
        wrl_func_t found;
        EXPECT_TRUE(wrl_instance_get_func(store, instance, name, &found));
        return found;
    }
};

#endif
