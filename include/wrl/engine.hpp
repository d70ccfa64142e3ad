/**
 * @file
 * wrl::Engine, a runtime chosen by name, and the list of backends. See wrl/engine.h and wrl/backend.h.
 */
#ifndef WRL_ENGINE_HPP
#define WRL_ENGINE_HPP

#include "backend.h"
#include "base.hpp"
#include "engine.h"
#include "feature.h"
#include "result.hpp"

#include <optional>

namespace wrl {
inline namespace WRL_CPP_MODE {

/** How an engine is to be made: a wrl_engine_config_t that is set to the defaults. */
struct EngineConfig : wrl_engine_config_t {
    EngineConfig() noexcept : wrl_engine_config_t WRL_ENGINE_CONFIG_INIT
    {
    }
};

/** An engine. Counted: copies share it. Any thread. Empty after it was moved from. */
class Engine {
  public:
    /** Makes an engine of that backend; NULL means the default one. wrl_engine_new(). */
    static Result<Engine> make(const char *backend = nullptr) noexcept
    {
        EngineConfig config;
        config.backend = backend;
        return make(config);
    }
    /** Makes an engine. wrl_engine_new(). */
    static Result<Engine> make(const wrl_engine_config_t &config) noexcept
    {
        wrl_engine_t *engine = nullptr;
        if (wrl_error_t *error = wrl_engine_new(&config, &engine)) {
            return Error::adopt(error);
        }
        return adopt(engine);
    }
    /** Takes over a reference of the program's. */
    static Engine adopt(wrl_engine_t *engine) noexcept
    {
        return Engine(engine);
    }
    /** Adds a reference to an engine that is lent. */
    static Engine retain(const wrl_engine_t *engine) noexcept
    {
        return Engine(wrl_engine_retain(engine));
    }

    /** Shares the other's engine: adds a reference. */
    Engine(const Engine &other) noexcept : engine_(wrl_engine_retain(other.engine_))
    {
    }
    /** Takes the other's reference; the other is empty afterwards. */
    Engine(Engine &&other) noexcept : engine_(other.release())
    {
    }
    /** Gives the own reference back and takes one of the other's. */
    Engine &operator=(Engine other) noexcept
    {
        std::swap(engine_, other.engine_);
        return *this;
    }
    ~Engine()
    {
        wrl_engine_release(engine_);
    }

    /** wrl_engine_supports(). */
    bool supports(wrl_feature_t feature) const noexcept
    {
        return wrl_engine_supports(engine_, feature);
    }
    /** Such as "wasmi". Lent. wrl_engine_backend_name(). */
    const char *backend_name() const noexcept
    {
        return wrl_engine_backend_name(engine_);
    }
    /** Such as "1.1.0". Lent. wrl_engine_version(). */
    const char *version() const noexcept
    {
        return wrl_engine_version(engine_);
    }

    /** The engine of the C interface. Lent. */
    wrl_engine_t *get() const noexcept
    {
        return engine_;
    }
    /** Gives the reference up: the caller releases it. This one is empty afterwards. */
    wrl_engine_t *release() noexcept
    {
        return std::exchange(engine_, nullptr);
    }

  private:
    explicit Engine(wrl_engine_t *engine) noexcept : engine_(engine)
    {
    }
    wrl_engine_t *engine_;
};

/** What can be told of a backend without making an engine. */
using BackendInfo = wrl_backend_info_t;

/** All backends that are known, installed ones included. Loads none: those that are installed and were not loaded have
 * no engine_name and engine_version yet. wrl_backend_count(), wrl_backend_get(). */
inline Range<BackendInfo> backends() noexcept
{
    return Range<BackendInfo>(nullptr, wrl_backend_count(), [](const void *, size_t index) {
        BackendInfo info;
        wrl_backend_get(index, &info);
        return info;
    });
}

/** The backend of that name, if there is one; NULL means the default one. wrl_backend_find(). */
inline std::optional<BackendInfo> find_backend(const char *name) noexcept
{
    BackendInfo info;
    return wrl_backend_find(name, &info) ? std::optional<BackendInfo>(info) : std::nullopt;
}

/** Loads a backend from a shared object, and gives its name. wrl_backend_load(). */
inline Result<const char *> load_backend(const char *path) noexcept
{
    const char *name = nullptr;
    if (wrl_error_t *error = wrl_backend_load(path, &name)) {
        return Error::adopt(error);
    }
    return name;
}

/** Makes a backend of the program's own known. wrl_backend_register(). */
inline Result<void> register_backend(wrl_backend_open_t open) noexcept
{
    return check(wrl_backend_register(open));
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
