/**
 * @file
 * wrl::Extern, which is imported and exported, and wrl::Tag. See wrl/extern.h.
 */
#ifndef WRL_EXTERN_HPP
#define WRL_EXTERN_HPP

#include "base.hpp"
#include "extern.h"
#include "func.hpp"
#include "global.hpp"
#include "memory.hpp"
#include "result.hpp"
#include "store.hpp"
#include "table.hpp"
#include "type.hpp"

#include <optional>

namespace wrl {
inline namespace WRL_CPP_MODE {

/** An exception tag, which one instance exports and another imports. A handle: valid as long as its store. */
class Tag : public Handle<wrl_tag_t> {
  public:
    using Handle::Handle;
};

namespace detail {

/** The kind of extern that a handle is, and its member in wrl_extern_t. */
template <class T> struct ExternOf;
template <> struct ExternOf<Func> {
    static constexpr wrl_externkind_t kind = WRL_EXTERN_FUNC;
    static wrl_func_t handle(const wrl_extern_t &item) noexcept
    {
        return item.of.func;
    }
};
template <> struct ExternOf<Global> {
    static constexpr wrl_externkind_t kind = WRL_EXTERN_GLOBAL;
    static wrl_global_t handle(const wrl_extern_t &item) noexcept
    {
        return item.of.global;
    }
};
template <> struct ExternOf<Memory> {
    static constexpr wrl_externkind_t kind = WRL_EXTERN_MEMORY;
    static wrl_memory_t handle(const wrl_extern_t &item) noexcept
    {
        return item.of.memory;
    }
};
template <> struct ExternOf<Table> {
    static constexpr wrl_externkind_t kind = WRL_EXTERN_TABLE;
    static wrl_table_t handle(const wrl_extern_t &item) noexcept
    {
        return item.of.table;
    }
};
template <> struct ExternOf<Tag> {
    static constexpr wrl_externkind_t kind = WRL_EXTERN_TAG;
    static wrl_tag_t handle(const wrl_extern_t &item) noexcept
    {
        return item.of.tag;
    }
};

} // namespace detail

/** A function, global, memory, table or tag. A handle: valid as long as its store. */
class Extern {
  public:
    /** Makes an extern of kind WRL_EXTERN_NONE. */
    Extern() noexcept : store_(nullptr), item_{}
    {
    }
    /** Converts a C extern of a store. */
    Extern(StoreRef store, const wrl_extern_t &item) noexcept : store_(store.get()), item_(item)
    {
    }
    /** Converts a function. */
    Extern(const Func &func) noexcept : Extern(func.store(), wrl_extern_from_func(func.get()))
    {
    }
    /** Converts a function. */
    template <class Sig> Extern(const TypedFunc<Sig> &func) noexcept : Extern(func.untyped())
    {
    }
    /** Converts a global. */
    Extern(const Global &global) noexcept : Extern(global.store(), wrl_extern_from_global(global.get()))
    {
    }
    /** Converts a memory. */
    Extern(const Memory &memory) noexcept : Extern(memory.store(), wrl_extern_from_memory(memory.get()))
    {
    }
    /** Converts a table. */
    Extern(const Table &table) noexcept : Extern(table.store(), wrl_extern_from_table(table.get()))
    {
    }
    /** Converts a tag. */
    Extern(const Tag &tag) noexcept : Extern(tag.store(), wrl_extern_from_tag(tag.get()))
    {
    }

    /** Returns the kind. */
    wrl_externkind_t kind() const noexcept
    {
        return item_.kind;
    }
    /** Returns the type, borrowed from the store. wrl_extern_type(). */
    ExternType type() const noexcept
    {
        return ExternType(wrl_extern_type(store_, item_));
    }
    /** Checks the handle, and reports why it is invalid. wrl_extern_check(). */
    Result<void> check() const noexcept
    {
        return wrl::check(wrl_extern_check(store_, item_));
    }
    /**
     * Returns the extern as wrl::Func, wrl::Global, wrl::Memory, wrl::Table or wrl::Tag. Errors: INVALID_ARGUMENT,
     * naming both kinds, if it is of another kind.
     */
    template <class T> Result<T> as() const noexcept
    {
        if (item_.kind != detail::ExternOf<T>::kind) {
            return Error::adopt(wrl_error_newf(WRL_ERROR_INVALID_ARGUMENT, "the extern is a %s, not a %s",
                                               wrl_externkind_name(item_.kind),
                                               wrl_externkind_name(detail::ExternOf<T>::kind)));
        }
        return T(store_, detail::ExternOf<T>::handle(item_));
    }

    /** Returns the store. Borrowed. */
    StoreRef store() const noexcept
    {
        return store_;
    }
    /** Returns the C extern. */
    const wrl_extern_t &get() const noexcept
    {
        return item_;
    }

  private:
    wrl_store_t *store_;
    wrl_extern_t item_;
};

/**
 * Looks up exports by name, for an instance and for a caller. `Derived` has require_export(), which takes the required
 * kind. The functions here are for exports that the program cannot do without; find_export() is for others.
 */
template <class Derived> class Exports {
  public:
    /** Returns the export with a given name, of any kind. Errors: LINK, naming the export, if there is none. */
    Result<Extern> get_export(std::string_view name) const noexcept
    {
        return require(name, WRL_EXTERN_NONE);
    }
    /**
     * Returns an exported function. Errors, also of the members below: LINK, naming the export, if there is none; LINK,
     * naming both kinds, if it is of another kind; and what wrl_instance_require_export() reports for an invalid
     * handle.
     */
    Result<Func> get_func(std::string_view name) const noexcept
    {
        return find<Func>(name);
    }
    /**
     * Returns an exported function as one with a C++ signature, see Func::typed(). Errors: also INVALID_ARGUMENT, with
     * both types, if the function has another type.
     */
    template <class Sig> Result<TypedFunc<Sig>> get_func(std::string_view name) const noexcept
    {
        Result<Func> func = find<Func>(name);
        if (!func) {
            return func.take_error();
        }
        return func->template typed<Sig>(name);
    }
    /** Returns an exported global. */
    Result<Global> get_global(std::string_view name) const noexcept
    {
        return find<Global>(name);
    }
    /** Returns an exported memory. */
    Result<Memory> get_memory(std::string_view name) const noexcept
    {
        return find<Memory>(name);
    }
    /** Returns an exported table. */
    Result<Table> get_table(std::string_view name) const noexcept
    {
        return find<Table>(name);
    }
    /** Returns an exported tag. */
    Result<Tag> get_tag(std::string_view name) const noexcept
    {
        return find<Tag>(name);
    }

  private:
    Result<Extern> require(std::string_view name, wrl_externkind_t kind) const noexcept
    {
        const Derived &self = *static_cast<const Derived *>(this);
        wrl_extern_t item;
        if (wrl_error_t *error = self.require_export(detail::name_data(name), name.size(), kind, &item)) {
            return Error::adopt(error);
        }
        return Extern(self.store(), item);
    }
    template <class T> Result<T> find(std::string_view name) const noexcept
    {
        Result<Extern> item = require(name, detail::ExternOf<T>::kind);
        if (!item) {
            return item.take_error();
        }
        return T(item->store(), detail::ExternOf<T>::handle(item->get()));
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
