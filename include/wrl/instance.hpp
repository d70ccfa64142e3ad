/**
 * @file
 * wrl::Instance, a module brought to life in a store. See wrl/instance.h.
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

/** An export of an instance. The name is lent by the module. */
struct Export {
    std::string_view name; /**< NUL-terminated. */
    Extern item;           /**< What is exported. */
};

/** An instance of a module. A handle: good as long as its store. Its exports are looked up by get_func() and the like,
 * once: keep what they give. */
class Instance : public Handle<wrl_instance_t>, public Exports<Instance> {
  public:
    using Handle::Handle;

    /** Makes an instance, and runs the module's start function. wrl_instance_new(). */
    static Result<Instance> make(StoreRef store, const Module &module, const Imports &imports) noexcept
    {
        return make(store, module, imports.get());
    }
    /** As above, of a module that imports nothing. */
    static Result<Instance> make(StoreRef store, const Module &module) noexcept
    {
        return make(store, module, nullptr);
    }

    /** The module of the instance. wrl_instance_module(). */
    Result<Module> module() const noexcept
    {
        wrl_module_t *module = nullptr;
        if (wrl_error_t *error = wrl_instance_module(c_store(), get(), &module)) {
            return Error::adopt(error);
        }
        return Module::retain(module);
    }
    /** How many exports there are. wrl_instance_export_count(). */
    Result<size_t> export_count() const noexcept
    {
        size_t count = 0;
        if (wrl_error_t *error = wrl_instance_export_count(c_store(), get(), &count)) {
            return Error::adopt(error);
        }
        return count;
    }
    /** Export `index`, in the module's order. wrl_instance_export(). */
    Result<Export> export_at(size_t index) const noexcept
    {
        wrl_export_t found;
        if (wrl_error_t *error = wrl_instance_export(c_store(), get(), index, &found)) {
            return Error::adopt(error);
        }
        return Export{detail::view(found.name, found.name_size), Extern(store(), found.item)};
    }
    /** The export of that name, of any kind. wrl_instance_get_export_n(). */
    Result<Extern> get_export(std::string_view name) const noexcept
    {
        wrl_extern_t item;
        if (wrl_error_t *error =
                wrl_instance_get_export_n(c_store(), get(), detail::name_data(name), name.size(), &item)) {
            return Error::adopt(error);
        }
        return Extern(store(), item);
    }

  private:
    static Result<Instance> make(StoreRef store, const Module &module, const wrl_imports_t *imports) noexcept
    {
        wrl_instance_t instance;
        if (wrl_error_t *error = wrl_instance_new(store.get(), module.get(), imports, &instance)) {
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
    return check(wrl_imports_define_instance(imports_, module, instance.store().get(), instance.get()));
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
