/**
 * @file
 * wrl::Extern, what is imported and exported, and wrl::Tag. See wrl/extern.h.
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

/** An exception tag: it can be taken from one instance and given to another. A handle: good as long as its store. */
class Tag : public Handle<wrl_tag_t> {
  public:
    using Handle::Handle;
};

namespace detail {

/** Which kind of extern a handle is, and where an extern holds it. */
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

/** A function, global, memory, table or tag. A handle: good as long as its store. */
class Extern {
  public:
    /** None. */
    Extern() noexcept : store_(nullptr), item_{}
    {
    }
    /** An item of the C interface and its store. */
    Extern(StoreRef store, const wrl_extern_t &item) noexcept : store_(store.get()), item_(item)
    {
    }
    /** A function. */
    Extern(const Func &func) noexcept : Extern(func.store(), wrl_extern_from_func(func.get()))
    {
    }
    /** A function. */
    template <class Sig> Extern(const TypedFunc<Sig> &func) noexcept : Extern(func.untyped())
    {
    }
    /** A global. */
    Extern(const Global &global) noexcept : Extern(global.store(), wrl_extern_from_global(global.get()))
    {
    }
    /** A memory. */
    Extern(const Memory &memory) noexcept : Extern(memory.store(), wrl_extern_from_memory(memory.get()))
    {
    }
    /** A table. */
    Extern(const Table &table) noexcept : Extern(table.store(), wrl_extern_from_table(table.get()))
    {
    }
    /** A tag. */
    Extern(const Tag &tag) noexcept : Extern(tag.store(), wrl_extern_from_tag(tag.get()))
    {
    }

    /** What it is. */
    wrl_externkind_t kind() const noexcept
    {
        return item_.kind;
    }
    /** Its type, borrowed from the store. wrl_extern_type(). */
    ExternType type() const noexcept
    {
        return ExternType(wrl_extern_type(store_, item_));
    }
    /** Why the handle is bad, if it is. wrl_extern_check(). */
    Result<void> check() const noexcept
    {
        return wrl::check(wrl_extern_check(store_, item_));
    }
    /**
     * The item as wrl::Func, wrl::Global, wrl::Memory, wrl::Table or wrl::Tag.
     * Errors: INVALID_ARGUMENT, naming both kinds, if it is of another kind.
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

    /** The store. Lent. */
    StoreRef store() const noexcept
    {
        return store_;
    }
    /** The item of the C interface. */
    const wrl_extern_t &get() const noexcept
    {
        return item_;
    }

  private:
    wrl_store_t *store_;
    wrl_extern_t item_;
};

/**
 * Look-ups of exports by name, the same for an instance and for a caller: `Derived` has require_export(), of which one
 * is told the kind. The functions here are for exports that the program relies on; find_export() is for others.
 */
template <class Derived> class Exports {
  public:
    /** The export of that name, of any kind. Errors: LINK, naming the export, if there is none. */
    Result<Extern> get_export(std::string_view name) const noexcept
    {
        return require(name, WRL_EXTERN_NONE);
    }
    /**
     * The exported function. Errors, here and below: LINK, naming the export, if there is none, or, naming both kinds,
     * if it is of another kind; what wrl_instance_require_export() reports of a bad handle.
     */
    Result<Func> get_func(std::string_view name) const noexcept
    {
        return find<Func>(name);
    }
    /**
     * The exported function as one of a C++ signature: see Func::typed().
     * Errors: also INVALID_ARGUMENT, with both types, if the function has another type.
     */
    template <class Sig> Result<TypedFunc<Sig>> get_func(std::string_view name) const noexcept
    {
        Result<Func> func = find<Func>(name);
        if (!func) {
            return func.take_error();
        }
        return func->template typed<Sig>(name);
    }
    /** The exported global. */
    Result<Global> get_global(std::string_view name) const noexcept
    {
        return find<Global>(name);
    }
    /** The exported memory. */
    Result<Memory> get_memory(std::string_view name) const noexcept
    {
        return find<Memory>(name);
    }
    /** The exported table. */
    Result<Table> get_table(std::string_view name) const noexcept
    {
        return find<Table>(name);
    }
    /** The exported tag. */
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
