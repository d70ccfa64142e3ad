/**
 * @file
 * wrl::Module: compiled code, and the imports, exports, names and sections of a module's bytes. See wrl/module.h.
 */
#ifndef WRL_MODULE_HPP
#define WRL_MODULE_HPP

#include "base.hpp"
#include "engine.hpp"
#include "module.h"
#include "result.hpp"
#include "type.hpp"

#include <optional>

namespace wrl {
inline namespace WRL_CPP_MODE {

/** An import of a module. Borrowed from the module. */
struct ImportType {
    std::string_view module; /**< NUL-terminated. */
    std::string_view name;   /**< NUL-terminated. */
    ExternType type;         /**< The type that the extern has to match. */
};

/** An export of a module's instances. Borrowed from the module. */
struct ExportType {
    std::string_view name; /**< NUL-terminated. */
    ExternType type;       /**< The type of the export. */
};

/** A section of a module's bytes. Borrowed from the module. */
struct Section {
    uint8_t id = 0;           /**< 0 for custom sections. */
    std::string_view name;    /**< As in wrl_section_t. NUL-terminated. */
    uint64_t offset = 0;      /**< As in wrl_section_t. */
    uint64_t size = 0;        /**< As in wrl_section_t. */
    Span<const uint8_t> data; /**< A custom section's contents after its name, if the module keeps them. */
    size_t data_size = 0;     /**< As in wrl_section_t: the size of those contents, kept or not. */
};

/** The configuration of a module: a wrl_module_config_t that starts from the defaults. */
struct ModuleConfig : wrl_module_config_t {
    ModuleConfig() noexcept : wrl_module_config_t WRL_MODULE_CONFIG_INIT
    {
    }
};

/** A module. Reference-counted: copies share it. Never changes. Any thread. Empty after it was moved from. */
class Module {
  public:
    /** Compiles a module in the binary format. The bytes are not kept. wrl_module_new(). */
    static Result<Module> make(const Engine &engine, ByteView bytes, const ModuleConfig &config = {}) noexcept
    {
        wrl_module_t *module = nullptr;
        if (wrl_error_t *error = wrl_module_new(engine.get(), bytes.data(), bytes.size(), &config, &module)) {
            return Error::adopt(error);
        }
        return adopt(module);
    }
    /** Checks that bytes are a valid module for an engine. Keeps nothing. wrl_module_validate(). */
    static Result<void> validate(const Engine &engine, ByteView bytes) noexcept
    {
        return wrl::check(wrl_module_validate(engine.get(), bytes.data(), bytes.size()));
    }
    /**
     * Compiles a module while the calling thread continues. `callable` is moved or copied. It is called once as
     * `void(wrl::Result<wrl::Module>)`, on a thread of the library or from the host's event loop, and then destroyed.
     * If make_async() fails, `callable` is destroyed without a call. An exception that leaves `callable` ends the
     * program, as with std::thread. wrl_module_new_async().
     */
    template <class F>
    static Result<void> make_async(const Engine &engine, ByteView bytes, F &&callable, const ModuleConfig &config = {})
    {
        static_assert(std::is_invocable_v<std::decay_t<F> &, Result<Module>>, "not called with a wrl::Result<Module>");
        auto kept = detail::keep(std::forward<F>(callable));
        if (!kept) {
            return detail::out_of_memory();
        }
        if (wrl_error_t *error = wrl_module_new_async(engine.get(), bytes.data(), bytes.size(), &config,
                                                      compiled<std::decay_t<F>>, kept.get())) {
            return Error::adopt(error);
        }
        /* The library has owned the callable since the call succeeded, and may have destroyed it already. */
        static_cast<void>(kept.release());
        return {};
    }
    /** Takes ownership of a reference of the program. */
    static Module adopt(wrl_module_t *module) noexcept
    {
        return Module(module);
    }
    /** Adds a reference to a borrowed module. */
    static Module retain(const wrl_module_t *module) noexcept
    {
        return Module(wrl_module_retain(module));
    }

    /** Adds a reference to the module of `other`. */
    Module(const Module &other) noexcept : module_(wrl_module_retain(other.module_))
    {
    }
    /** Takes the reference of `other`, which is empty afterwards. */
    Module(Module &&other) noexcept : module_(other.release())
    {
    }
    /** Releases the current reference and takes that of `other`. */
    Module &operator=(Module other) noexcept
    {
        std::swap(module_, other.module_);
        return *this;
    }
    ~Module()
    {
        wrl_module_release(module_);
    }

    /** Returns the engine that the module was compiled for. wrl_module_engine(). */
    Engine engine() const noexcept
    {
        return Engine::retain(wrl_module_engine(module_));
    }
    /** Returns the module's own name, empty if it has none. Borrowed. wrl_module_name(). */
    std::string_view name() const noexcept
    {
        size_t size = 0;
        const char *name = wrl_module_name(module_, &size);
        return detail::view(name, size);
    }
    /** Returns the module's imports, in its order. Borrowed. wrl_module_import(). */
    Range<ImportType> imports() const noexcept
    {
        return Range<ImportType>(module_, wrl_module_import_count(module_), import_at);
    }
    /** Returns the module's exports, in its order. Borrowed. wrl_module_export(). */
    Range<ExportType> exports() const noexcept
    {
        return Range<ExportType>(module_, wrl_module_export_count(module_), export_at);
    }
    /** Returns the export with that name, if there is one. Borrowed. wrl_module_get_export_n(). */
    std::optional<ExportType> get_export(std::string_view name) const noexcept
    {
        wrl_exporttype_t found;
        if (!wrl_module_get_export_n(module_, detail::name_data(name), name.size(), &found)) {
            return std::nullopt;
        }
        return ExportType{detail::view(found.name, found.name_size), found.type};
    }
    /** Returns the size of the index space of a kind, imports included. wrl_module_index_space_size(). */
    size_t index_space_size(wrl_externkind_t kind) const noexcept
    {
        return wrl_module_index_space_size(module_, kind);
    }
    /**
     * Returns the type at `index` of the index space of a kind, if there is one. Borrowed.
     * wrl_module_index_space_type().
     */
    std::optional<ExternType> index_space_type(wrl_externkind_t kind, size_t index) const noexcept
    {
        wrl_externtype_t type;
        return wrl_module_index_space_type(module_, kind, index, &type) ? std::optional<ExternType>(type)
                                                                        : std::nullopt;
    }
    /** Returns the sections of the module's bytes, in their order. Borrowed. wrl_module_section(). */
    Range<Section> sections() const noexcept
    {
        return Range<Section>(module_, wrl_module_section_count(module_), section_at);
    }
    /** Returns the first custom section with that name, if there is one. Borrowed. wrl_module_custom_section(). */
    std::optional<Section> custom_section(const char *name) const noexcept
    {
        wrl_section_t found;
        return wrl_module_custom_section(module_, name, &found) ? std::optional<Section>(section(found)) : std::nullopt;
    }

    /** Returns the C module. Borrowed. */
    wrl_module_t *get() const noexcept
    {
        return module_;
    }
    /** Transfers the reference to the caller, who releases it. Empty afterwards. */
    wrl_module_t *release() noexcept
    {
        return std::exchange(module_, nullptr);
    }

  private:
    explicit Module(wrl_module_t *module) noexcept : module_(module)
    {
    }
    /** The wrl_module_done_t of make_async(). */
    template <class F> static void compiled(void *env, wrl_error_t *error, wrl_module_t *module) noexcept
    {
        std::unique_ptr<F> callable(static_cast<F *>(env));
        if (error) {
            (*callable)(Result<Module>(Error::adopt(error)));
        } else {
            (*callable)(Result<Module>(adopt(module)));
        }
    }
    static ImportType import_at(const void *module, size_t index) noexcept
    {
        wrl_importtype_t found;
        wrl_module_import(static_cast<const wrl_module_t *>(module), index, &found);
        return {detail::view(found.module, found.module_size), detail::view(found.name, found.name_size), found.type};
    }
    static ExportType export_at(const void *module, size_t index) noexcept
    {
        wrl_exporttype_t found;
        wrl_module_export(static_cast<const wrl_module_t *>(module), index, &found);
        return {detail::view(found.name, found.name_size), found.type};
    }
    static Section section_at(const void *module, size_t index) noexcept
    {
        wrl_section_t found;
        wrl_module_section(static_cast<const wrl_module_t *>(module), index, &found);
        return section(found);
    }
    static Section section(const wrl_section_t &found) noexcept
    {
        return {found.id,
                detail::view(found.name, found.name_size),
                found.offset,
                found.size,
                Span<const uint8_t>(found.data, found.data ? found.data_size : 0),
                found.data_size};
    }

    wrl_module_t *module_;
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
