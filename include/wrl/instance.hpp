/**
 * @file
 * wrl::Instance, an instance of a module in a store. See wrl/instance.h.
 */
#ifndef WRL_INSTANCE_HPP
#define WRL_INSTANCE_HPP

#include "base.hpp"
#include "extern.hpp"
#include "host_func.hpp"
#include "imports.hpp"
#include "instance.h"
#include "module.hpp"
#include "result.hpp"
#include "store.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

/** An export of an instance. The name is borrowed from the module. */
struct Export {
    std::string_view name; /**< NUL-terminated. */
    Extern item;           /**< The exported item. */
};

/** The configuration of an instance: a wrl_instance_config_t that starts from the defaults. */
struct InstanceConfig : wrl_instance_config_t {
    InstanceConfig() noexcept : wrl_instance_config_t WRL_INSTANCE_CONFIG_INIT
    {
    }
};

/**
 * An instance of a module. A handle: valid as long as its store. get_func() and similar members look up its exports.
 * Look each export up once and keep the result.
 */
class Instance : public Handle<wrl_instance_t>, public Exports<Instance> {
  public:
    using Handle::Handle;

    /** Makes an instance, and runs the module's start function. wrl_instance_new(). */
    static Result<Instance> make(StoreRef store, const Module &module, const Imports &imports) noexcept
    {
        return make(store, module, imports.get(), nullptr);
    }
    /** Makes an instance as above, of a module that imports nothing. */
    static Result<Instance> make(StoreRef store, const Module &module) noexcept
    {
        return make(store, module, nullptr, nullptr);
    }

    /** Makes an instance as above, with a config, such as one with items in the order of the imports. */
    static Result<Instance> make(StoreRef store, const Module &module, const wrl_instance_config_t &config) noexcept
    {
        return make(store, module, nullptr, &config);
    }

    /** Returns the module of the instance. wrl_instance_module(). */
    Module module() const noexcept
    {
        return Module::retain(wrl_instance_module(c_store(), get()));
    }
    /** Checks the handle, and reports why it is invalid. wrl_instance_check(). */
    Result<void> check() const noexcept
    {
        return wrl::check(wrl_instance_check(c_store(), get()));
    }
    /** Returns the number of exports. wrl_instance_export_count(). */
    size_t export_count() const noexcept
    {
        return wrl_instance_export_count(c_store(), get());
    }
    /** Returns export `index`, in the module's order. wrl_instance_export(). */
    Result<Export> export_at(size_t index) const noexcept
    {
        wrl_export_t found;
        if (wrl_error_t *error = wrl_instance_export(c_store(), get(), index, &found)) {
            return Error::adopt(error);
        }
        return Export{detail::view(found.name, found.name_size), Extern(store(), found.item)};
    }
    /** Returns the export with a given name, of any kind, if there is one. wrl_instance_get_export_n(). */
    std::optional<Extern> find_export(std::string_view name) const noexcept
    {
        wrl_extern_t item;
        if (!wrl_instance_get_export_n(c_store(), get(), detail::name_data(name), name.size(), &item)) {
            return std::nullopt;
        }
        return Extern(store(), item);
    }

  private:
    friend class Exports<Instance>;
    /** For Exports: wrl_instance_require_export_n(). */
    wrl_error_t *require_export(const char *name, size_t size, wrl_externkind_t kind, wrl_extern_t *item) const noexcept
    {
        return wrl_instance_require_export_n(c_store(), get(), name, size, kind, item);
    }
    static Result<Instance> make(StoreRef store, const Module &module, const wrl_imports_t *imports,
                                 const wrl_instance_config_t *config) noexcept
    {
        wrl_instance_t instance;
        if (wrl_error_t *error = wrl_instance_new(store.get(), module.get(), imports, config, &instance)) {
            return Error::adopt(error);
        }
        return Instance(store, instance);
    }
};

inline Instance Caller::instance() const noexcept
{
    return Instance(store(), wrl_caller_instance(caller_));
}

inline Result<void> Imports::define_instance(const char *module, const Instance &instance) noexcept
{
    return wrl::check(wrl_imports_define_instance(imports_, module, instance.store().get(), instance.get()));
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
