/**
 * @file
 * wrl::Imports, a map from names to the externs that fill a module's imports. See wrl/imports.h.
 */
#ifndef WRL_IMPORTS_HPP
#define WRL_IMPORTS_HPP

#include "base.hpp"
#include "extern.hpp"
#include "host_func.hpp"
#include "imports.h"
#include "result.hpp"

#include <initializer_list>
#include <optional>

namespace wrl {
inline namespace WRL_CPP_MODE {

class Instance;

/** An entry of the map. Borrowed from the map until the map is next changed or deleted. */
struct Import {
    std::string_view module; /**< NUL-terminated. */
    std::string_view name;   /**< NUL-terminated. */
    wrl_extern_t item;       /**< To make a wrl::Extern, add its store: `wrl::Extern(store, import.item)`. */
};

/** A name and an item, for Imports::define_module(): a wrl_named_extern_t. */
struct NamedExtern : wrl_named_extern_t {
    /** Borrows the name. */
    NamedExtern(const char *item_name, const Extern &named_item) noexcept
        : wrl_named_extern_t{item_name, named_item.get()}
    {
    }
};
static_assert(sizeof(NamedExtern) == sizeof(wrl_named_extern_t), "arrays of either have the same form");

/**
 * A map of imports. Owned: moved, not copied. It holds only handles, so it may outlive their stores. One thread at a
 * time.
 */
class Imports {
  public:
    /** Makes an empty map. wrl_imports_new(). */
    static Result<Imports> make() noexcept
    {
        wrl_imports_t *imports = nullptr;
        if (wrl_error_t *error = wrl_imports_new(&imports)) {
            return Error::adopt(error);
        }
        return adopt(imports);
    }
    /** Takes ownership of a C map. */
    static Imports adopt(wrl_imports_t *imports) noexcept
    {
        return Imports(imports);
    }

    /** Takes the map of `other`, which is empty afterwards. */
    Imports(Imports &&other) noexcept : imports_(other.release())
    {
    }
    /** Deletes the current map and takes that of `other`. */
    Imports &operator=(Imports &&other) noexcept
    {
        wrl_imports_t *taken = other.release();
        wrl_imports_delete(imports_);
        imports_ = taken;
        return *this;
    }
    Imports(const Imports &) = delete;
    Imports &operator=(const Imports &) = delete;
    ~Imports()
    {
        wrl_imports_delete(imports_);
    }

    /** Adds an item under a name, or replaces the item that is already under that name. wrl_imports_define_n(). */
    Result<void> define(std::string_view module, std::string_view name, const Extern &item) noexcept
    {
        return check(wrl_imports_define_n(imports_, detail::name_data(module), module.size(), detail::name_data(name),
                                          name.size(), item.get()));
    }
    /**
     * Makes a host function from a callable and adds it under a name, which error messages also use:
     * `imports.define_func(store, "host", "now", [] { return clock(); })`. See wrl/host_func.hpp.
     */
    template <class F> Result<void> define_func(StoreRef store, const char *module, const char *name, F &&callable)
    {
        if (!name) {
            return Error(WRL_ERROR_INVALID_ARGUMENT, "name: is NULL");
        }
        Result<Func> func = Func::make(store, std::forward<F>(callable), name);
        if (!func) {
            return func.take_error();
        }
        return check(wrl_imports_define(imports_, module, name, wrl_extern_from_func(func->get())));
    }
    /**
     * Adds several items under one module name, or none if it fails: `define_module("host", {{"log", log}})`.
     * wrl_imports_define_module().
     */
    Result<void> define_module(const char *module, std::initializer_list<NamedExtern> items) noexcept
    {
        return define_module(module, Span<const NamedExtern>(items.begin(), items.size()));
    }
    /** Adds several items as above, from an array. */
    Result<void> define_module(const char *module, Span<const NamedExtern> items) noexcept
    {
        return check(wrl_imports_define_module(imports_, module, items.data(), items.size()));
    }
    /** Adds all exports of an instance under one module name, or none if it fails. wrl_imports_define_instance(). */
    Result<void> define_instance(const char *module, const Instance &instance) noexcept;

    /** Returns the item under a name, if there is one. wrl_imports_get_n(). */
    std::optional<wrl_extern_t> find(std::string_view module, std::string_view name) const noexcept
    {
        wrl_extern_t item;
        bool found = wrl_imports_get_n(imports_, detail::name_data(module), module.size(), detail::name_data(name),
                                       name.size(), &item);
        return found ? std::optional<wrl_extern_t>(item) : std::nullopt;
    }
    /** Removes the item under a name. Returns whether there was one. wrl_imports_remove_n(). */
    bool remove(std::string_view module, std::string_view name) noexcept
    {
        return wrl_imports_remove_n(imports_, detail::name_data(module), module.size(), detail::name_data(name),
                                    name.size());
    }
    /** Returns whether there is any item under a module name. wrl_imports_has_module(). */
    bool has_module(const char *module) const noexcept
    {
        return wrl_imports_has_module(imports_, module);
    }
    /** Returns the entries, in the order in which names were first added. Borrowed. wrl_imports_entry(). */
    Range<Import> entries() const noexcept
    {
        return Range<Import>(imports_, wrl_imports_count(imports_), entry_at);
    }

    /** Returns the C map. Borrowed. */
    wrl_imports_t *get() const noexcept
    {
        return imports_;
    }
    /** Transfers ownership of the C map to the caller, who deletes it. Empty afterwards. */
    wrl_imports_t *release() noexcept
    {
        return std::exchange(imports_, nullptr);
    }

  private:
    explicit Imports(wrl_imports_t *imports) noexcept : imports_(imports)
    {
    }
    static Import entry_at(const void *imports, size_t index) noexcept
    {
        wrl_import_t found;
        wrl_imports_entry(static_cast<const wrl_imports_t *>(imports), index, &found);
        return {detail::view(found.module, found.module_size), detail::view(found.name, found.name_size), found.item};
    }

    wrl_imports_t *imports_;
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
