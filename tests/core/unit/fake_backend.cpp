#include "fake_backend.h"

#include <cstring>

std::function<wrl_error_t *(void *, const wrl_functype_t *, wrl_raw_t *)> Double::guest;
std::function<wrl_error_t *()> Double::on_instance;
std::function<wrl_error_t *()> Double::on_module;
std::function<wrl_error_t *()> Double::on_module_async;
std::function<bool(uint64_t *, wrl_backend_ref_t *)> Double::caller;
uint64_t Double::key;
wrl_backend_ref_t Double::instance;
size_t Double::import_count;
size_t Double::places_asked;
std::atomic<int> Double::engines, Double::modules, Double::stores;

static std::vector<std::function<void()>> deferred;

static const wrl_backend_t &null_backend()
{
    return *wrl_backend_null(WRL_BACKEND_ABI);
}

wrl_backend_t null_backend_as(const char *name)
{
    wrl_backend_t backend = null_backend();
    backend.name = name;
    return backend;
}

static wrl_error_t *engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    wrl_error_t *error = null_backend().engine_new(core, config, engine);
    Double::engines += !error;
    return error;
}

static void engine_delete(void *engine)
{
    Double::engines--;
    null_backend().engine_delete(engine);
}

static void engine_features(void *engine, uint64_t features[2])
{
    null_backend().engine_features(engine, features);
    features[1] |= UINT64_C(1) << (WRL_FEATURE_EXECUTION - 64) | UINT64_C(1) << (WRL_FEATURE_CALLER_EXPORTS - 64);
    features[1] &= ~(UINT64_C(1) << (WRL_FEATURE_MEMORY_DATA - 64));
}

static wrl_error_t *module_new(void *engine, const uint8_t *bytes, size_t size, void **module)
{
    wrl_error_t *error = Double::on_module ? Double::on_module() : nullptr;
    error = error ? error : null_backend().module_new(engine, bytes, size, module);
    Double::modules += !error;
    return error;
}

static wrl_error_t *module_new_async(void *engine, const uint8_t *bytes, size_t size, wrl_module_compiled_t done,
                                     void *token)
{
    if (wrl_error_t *error = Double::on_module_async ? Double::on_module_async() : nullptr) {
        return error;
    }
    deferred.push_back([=] {
        void *compiled = nullptr;
        wrl_error_t *error = module_new(engine, bytes, size, &compiled);
        done(token, error, compiled);
    });
    return nullptr;
}

size_t Double::compile_deferred()
{
    /* Finishing a compilation may start others. */
    std::vector<std::function<void()>> waiting;
    waiting.swap(deferred);
    for (const std::function<void()> &finish : waiting) {
        finish();
    }
    return waiting.size();
}

static void module_delete(void *module)
{
    Double::modules--;
    null_backend().module_delete(module);
}

static wrl_error_t *store_new(void *engine, void **store)
{
    wrl_error_t *error = null_backend().store_new(engine, store);
    Double::stores += !error;
    return error;
}

static void store_delete(void *store)
{
    Double::stores--;
    null_backend().store_delete(store);
}

static wrl_error_t *instance_new(void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count,
                                 uint64_t key, wrl_backend_ref_t *instance)
{
    Double::import_count = import_count;
    if (Double::on_instance) {
        wrl_error_t *error = Double::on_instance();
        if (error) {
            return error;
        }
    }
    wrl_error_t *error = null_backend().instance_new(store, module, imports, import_count, key, instance);
    Double::instance = *instance;
    Double::key = key;
    return error;
}

static wrl_error_t *run_guest(void *store, wrl_backend_ref_t, const wrl_functype_t *type, wrl_raw_t *slots)
{
    return Double::guest(store, type, slots);
}

static wrl_error_t *func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                               wrl_backend_entry_t *entry)
{
    wrl_error_t *error = null_backend().func_entry(store, func, type, entry);
    *entry = *entry ? *entry : run_guest;
    return error;
}

static bool caller_instance(void *, void *, uint64_t *key, wrl_backend_ref_t *instance)
{
    return Double::caller && Double::caller(key, instance);
}

static void memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size)
{
    Double::places_asked++;
    null_backend().memory_data(store, memory, data, size);
    *data = nullptr;
}

static wrl_error_t *memory_read(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size)
{
    uint8_t *data;
    uint64_t whole;
    null_backend().memory_data(store, memory, &data, &whole);
    memcpy(buffer, data + offset, size);
    return nullptr;
}

static wrl_error_t *memory_write(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                 size_t size)
{
    uint8_t *data;
    uint64_t whole;
    null_backend().memory_data(store, memory, &data, &whole);
    memcpy(data + offset, buffer, size);
    return nullptr;
}

static const wrl_backend_t *open_double(uint32_t abi)
{
    static const wrl_backend_t description = [] {
        wrl_backend_t backend = null_backend_as("double");
        backend.engine_new = engine_new;
        backend.engine_delete = engine_delete;
        backend.engine_features = engine_features;
        backend.module_new = module_new;
        backend.module_delete = module_delete;
        backend.store_new = store_new;
        backend.store_delete = store_delete;
        backend.instance_new = instance_new;
        backend.func_entry = func_entry;
        backend.caller_instance = caller_instance;
        backend.memory_data = memory_data;
        backend.memory_read = memory_read;
        backend.memory_write = memory_write;
        return backend;
    }();
    return abi == WRL_BACKEND_ABI ? &description : nullptr;
}

static const wrl_backend_t *open_deferred(uint32_t abi)
{
    static const wrl_backend_t description = [abi] {
        wrl_backend_t backend = *open_double(abi);
        backend.name = "deferred";
        backend.module_new_async = module_new_async;
        return backend;
    }();
    return abi == WRL_BACKEND_ABI ? &description : nullptr;
}

void Double::enter()
{
    wrl_error_delete(wrl_backend_register(open_double));
    wrl_error_delete(wrl_backend_register(open_deferred));
    on_module = nullptr;
    on_module_async = nullptr;
    guest = nullptr;
    on_instance = nullptr;
    caller = nullptr;
    import_count = 0;
    places_asked = 0;
}
