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

/** The configuration of an engine: a wrl_engine_config_t that starts from the defaults. */
struct EngineConfig : wrl_engine_config_t {
    EngineConfig() noexcept : wrl_engine_config_t WRL_ENGINE_CONFIG_INIT
    {
    }
};

/** An engine. Reference-counted: copies share it. Any thread. Empty after it was moved from. */
class Engine {
  public:
    /** Makes an engine of a backend. NULL means the default one. wrl_engine_new(). */
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
    /** Takes ownership of a reference of the program. */
    static Engine adopt(wrl_engine_t *engine) noexcept
    {
        return Engine(engine);
    }
    /** Adds a reference to a borrowed engine. */
    static Engine retain(const wrl_engine_t *engine) noexcept
    {
        return Engine(wrl_engine_retain(engine));
    }

    /** Adds a reference to the engine of `other`. */
    Engine(const Engine &other) noexcept : engine_(wrl_engine_retain(other.engine_))
    {
    }
    /** Takes the reference of `other`, which is empty afterwards. */
    Engine(Engine &&other) noexcept : engine_(other.release())
    {
    }
    /** Releases the current reference and takes that of `other`. */
    Engine &operator=(Engine other) noexcept
    {
        std::swap(engine_, other.engine_);
        return *this;
    }
    ~Engine()
    {
        wrl_engine_release(engine_);
    }

    /** Returns whether the engine supports a feature. wrl_engine_supports(). */
    bool supports(wrl_feature_t feature) const noexcept
    {
        return wrl_engine_supports(engine_, feature);
    }
    /** Returns the name of the backend, such as "wasmi". Static storage. wrl_engine_backend_name(). */
    const char *backend_name() const noexcept
    {
        return wrl_engine_backend_name(engine_);
    }
    /** Returns the version of the engine, such as "1.1.0". Static storage. wrl_engine_version(). */
    const char *version() const noexcept
    {
        return wrl_engine_version(engine_);
    }

    /** Returns the C engine. Borrowed. */
    wrl_engine_t *get() const noexcept
    {
        return engine_;
    }
    /** Transfers the reference to the caller, who releases it. Empty afterwards. */
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

/** A description of a backend, available without an engine. */
using BackendInfo = wrl_backend_info_t;

/**
 * Returns all known backends, installed ones included. Loads none: installed backends that were not loaded have an
 * empty engine_name and engine_version. wrl_backend_count(), wrl_backend_get().
 */
inline Range<BackendInfo> backends() noexcept
{
    return Range<BackendInfo>(nullptr, wrl_backend_count(), [](const void *, size_t index) {
        BackendInfo info;
        wrl_backend_get(index, &info);
        return info;
    });
}

/** Returns the backend with a given name, if there is one. NULL means the default one. wrl_backend_find(). */
inline std::optional<BackendInfo> find_backend(const char *name) noexcept
{
    BackendInfo info;
    return wrl_backend_find(name, &info) ? std::optional<BackendInfo>(info) : std::nullopt;
}

/** Loads a backend from a shared object and returns its name. wrl_backend_load(). */
inline Result<const char *> load_backend(const char *path) noexcept
{
    const char *name = nullptr;
    if (wrl_error_t *error = wrl_backend_load(path, &name)) {
        return Error::adopt(error);
    }
    return name;
}

/** Registers a backend of the program's own. wrl_backend_register(). */
inline Result<void> register_backend(wrl_backend_open_t open) noexcept
{
    return check(wrl_backend_register(open));
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
