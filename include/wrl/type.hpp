/**
 * @file
 * Types in C++: of values, functions, globals, memories and tables, and of imports and exports. See wrl/type.h.
 *
 * FuncType and ExternType borrow the arrays that they point to, as the C types do. The others are plain values.
 */
#ifndef WRL_TYPE_HPP
#define WRL_TYPE_HPP

#include "base.hpp"
#include "type.h"

#include <string>

namespace wrl {
inline namespace WRL_CPP_MODE {

/** The type of a value: a wrl_valtype_t. Converts from and to it. */
struct ValType : wrl_valtype_t {
    /** Makes the type `i32`. */
    constexpr ValType() noexcept : ValType(WRL_VALKIND_I32)
    {
    }
    /** Makes the type of a kind up to WRL_VALKIND_EXTERNREF. */
    constexpr ValType(wrl_valkind_t plain_kind) noexcept : wrl_valtype_t{plain_kind, 0, 0, 0}
    {
    }
    /** Converts a C type. */
    constexpr ValType(wrl_valtype_t type) noexcept : wrl_valtype_t(type)
    {
    }
    /** Returns the kind of the values of this type. wrl_valtype_value_kind(). */
    wrl_valkind_t value_kind() const noexcept
    {
        return wrl_valtype_value_kind(*this);
    }
    /** Returns the type in the notation of the text format, such as "i32". wrl_valtype_print(). */
    std::string to_string() const
    {
        std::string text(wrl_valtype_print(*this, nullptr, 0), '\0');
        wrl_valtype_print(*this, text.data(), text.size() + 1);
        return text;
    }
    /** Returns whether two types are the same. wrl_valtype_equal(). */
    friend bool operator==(const ValType &a, const ValType &b) noexcept
    {
        return wrl_valtype_equal(a, b);
    }
    /** Returns the opposite of ==. */
    friend bool operator!=(const ValType &a, const ValType &b) noexcept
    {
        return !(a == b);
    }
};
static_assert(sizeof(ValType) == sizeof(wrl_valtype_t), "arrays of either have the same form");

/** The type of a global: a wrl_globaltype_t. */
struct GlobalType : wrl_globaltype_t {
    /** Makes the type of a global, immutable by default. */
    explicit constexpr GlobalType(ValType content_type, bool can_change = false) noexcept
        : wrl_globaltype_t{content_type, can_change}
    {
    }
    /** Converts a C type. */
    constexpr GlobalType(const wrl_globaltype_t &type) noexcept : wrl_globaltype_t(type)
    {
    }
};

/** The type of a memory: a wrl_memorytype_t. Its other fields may be set. */
struct MemoryType : wrl_memorytype_t {
    /** Makes the type of a memory. Limits are in pages of 64 KiB. */
    explicit constexpr MemoryType(uint64_t min_pages, uint64_t max_pages = WRL_NO_MAX) noexcept
        : wrl_memorytype_t WRL_MEMORYTYPE(min_pages, max_pages)
    {
    }
    /** Converts a C type. */
    constexpr MemoryType(const wrl_memorytype_t &type) noexcept : wrl_memorytype_t(type)
    {
    }
};

/** The type of a table: a wrl_tabletype_t. Its other fields may be set. */
struct TableType : wrl_tabletype_t {
    /** Makes the type of a table. Limits are in elements. */
    explicit constexpr TableType(ValType element_type, uint64_t min_size, uint64_t max_size = WRL_NO_MAX) noexcept
        : wrl_tabletype_t{element_type, min_size, max_size, false}
    {
    }
    /** Converts a C type. */
    constexpr TableType(const wrl_tabletype_t &type) noexcept : wrl_tabletype_t(type)
    {
    }
};

/** The type of a function. Borrows its arrays and its name. */
class FuncType {
  public:
    /** Makes a type from arrays, which must stay valid as long as the type is used. */
    FuncType(Span<const ValType> params, Span<const ValType> results, const char *name = nullptr) noexcept
        : type_{params.data(), params.size(), results.data(), results.size(), name}
    {
    }
    /** Converts a C type. Borrows the same arrays and name as the C type. */
    FuncType(const wrl_functype_t &type) noexcept : type_(type)
    {
    }
    /** Returns the type of a C++ signature: `wrl::FuncType::of<int32_t(int32_t, float)>()`. Borrows only the name. */
    template <class Sig> static FuncType of(const char *name = nullptr) noexcept;

    /** Returns the number of parameters. */
    size_t param_count() const noexcept
    {
        return type_.param_count;
    }
    /** Returns the number of results. */
    size_t result_count() const noexcept
    {
        return type_.result_count;
    }
    /** Returns the type of parameter `index`, which must be below param_count(). */
    ValType param(size_t index) const noexcept
    {
        return type_.params[index];
    }
    /** Returns the type of result `index`, which must be below result_count(). */
    ValType result(size_t index) const noexcept
    {
        return type_.results[index];
    }
    /** Returns the function's name in error messages, or NULL. */
    const char *name() const noexcept
    {
        return type_.name;
    }
    /** Returns the C type, borrowed. */
    const wrl_functype_t *get() const noexcept
    {
        return &type_;
    }
    /** Returns the type as text, such as "(i32, f32) -> (i32)". wrl_externtype_print(). */
    std::string to_string() const;

    /** Returns whether parameters and results are the same. wrl_functype_equal(). */
    friend bool operator==(const FuncType &a, const FuncType &b) noexcept
    {
        return wrl_functype_equal(&a.type_, &b.type_);
    }
    /** Returns the opposite of ==. */
    friend bool operator!=(const FuncType &a, const FuncType &b) noexcept
    {
        return !(a == b);
    }

  private:
    wrl_functype_t type_;
};

/** The type of an import or export. A function's type borrows as FuncType does. */
class ExternType {
  public:
    /** Makes a type of kind WRL_EXTERN_NONE. */
    ExternType() noexcept : type_{}
    {
    }
    /** Converts a C type. Borrows the same arrays and names as the C type. */
    ExternType(const wrl_externtype_t &type) noexcept : type_(type)
    {
    }
    /** Converts the type of a function. Borrows the same arrays and name as that type. */
    ExternType(const FuncType &type) noexcept : type_{}
    {
        type_.kind = WRL_EXTERN_FUNC;
        type_.of.func = *type.get();
    }

    /** Returns the kind, which determines which of the members below may be called. */
    wrl_externkind_t kind() const noexcept
    {
        return type_.kind;
    }
    /** Returns the type of a function. Only if kind() is WRL_EXTERN_FUNC. */
    FuncType func() const noexcept
    {
        return type_.of.func;
    }
    /** Returns the type of a global. Only if kind() is WRL_EXTERN_GLOBAL. */
    GlobalType global() const noexcept
    {
        return type_.of.global;
    }
    /** Returns the type of a memory. Only if kind() is WRL_EXTERN_MEMORY. */
    MemoryType memory() const noexcept
    {
        return type_.of.memory;
    }
    /** Returns the type of a table. Only if kind() is WRL_EXTERN_TABLE. */
    TableType table() const noexcept
    {
        return type_.of.table;
    }
    /**
     * Returns the type of a tag, whose parameters are the values that the exception carries. Only if kind() is
     * WRL_EXTERN_TAG.
     */
    FuncType tag() const noexcept
    {
        return type_.of.tag;
    }
    /** Returns the C type, borrowed. */
    const wrl_externtype_t *get() const noexcept
    {
        return &type_;
    }
    /**
     * Returns the type in the notation of the text format, such as "(i32) -> (i32)", "mut i32", "1..2 pages".
     * wrl_externtype_print().
     */
    std::string to_string() const
    {
        std::string text(wrl_externtype_print(&type_, nullptr, 0), '\0');
        wrl_externtype_print(&type_, text.data(), text.size() + 1);
        return text;
    }

  private:
    wrl_externtype_t type_;
};

inline std::string FuncType::to_string() const
{
    return ExternType(*this).to_string();
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
