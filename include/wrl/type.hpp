/**
 * @file
 * Types in C++: of values, functions, globals, memories, tables, and of what is imported and exported. See wrl/type.h.
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

/** The type of a value: a wrl_valtype_t, from which it is made and to which it converts. */
struct ValType : wrl_valtype_t {
    /** `i32`. */
    constexpr ValType() noexcept : ValType(WRL_VALKIND_I32)
    {
    }
    /** One of the kinds up to WRL_VALKIND_EXTERNREF. */
    constexpr ValType(wrl_valkind_t plain_kind) noexcept : wrl_valtype_t{plain_kind, 0, 0, 0}
    {
    }
    /** The same type. */
    constexpr ValType(wrl_valtype_t type) noexcept : wrl_valtype_t(type)
    {
    }
    /** The kind that values of this type have. wrl_valtype_value_kind(). */
    wrl_valkind_t value_kind() const noexcept
    {
        return wrl_valtype_value_kind(*this);
    }
    /** In the text format's words, such as "i32". wrl_valtype_print(). */
    std::string to_string() const
    {
        std::string text(wrl_valtype_print(*this, nullptr, 0), '\0');
        wrl_valtype_print(*this, text.data(), text.size() + 1);
        return text;
    }
    /** wrl_valtype_equal(). */
    friend bool operator==(const ValType &a, const ValType &b) noexcept
    {
        return wrl_valtype_equal(a, b);
    }
    /** The opposite. */
    friend bool operator!=(const ValType &a, const ValType &b) noexcept
    {
        return !(a == b);
    }
};
static_assert(sizeof(ValType) == sizeof(wrl_valtype_t), "arrays of either have the same form");

/** The type of a global: a wrl_globaltype_t. */
struct GlobalType : wrl_globaltype_t {
    /** Immutable, unless said otherwise. */
    explicit constexpr GlobalType(ValType content_type, bool can_change = false) noexcept
        : wrl_globaltype_t{content_type, can_change}
    {
    }
    /** The same type. */
    constexpr GlobalType(const wrl_globaltype_t &type) noexcept : wrl_globaltype_t(type)
    {
    }
};

/** The type of a memory: a wrl_memorytype_t, whose further fields may be set. */
struct MemoryType : wrl_memorytype_t {
    /** In pages of 64 KiB. */
    explicit constexpr MemoryType(uint64_t min_pages, uint64_t max_pages = WRL_NO_MAX) noexcept
        : wrl_memorytype_t WRL_MEMORYTYPE(min_pages, max_pages)
    {
    }
    /** The same type. */
    constexpr MemoryType(const wrl_memorytype_t &type) noexcept : wrl_memorytype_t(type)
    {
    }
};

/** The type of a table: a wrl_tabletype_t, whose further fields may be set. */
struct TableType : wrl_tabletype_t {
    /** In elements. */
    explicit constexpr TableType(ValType element_type, uint64_t min_size, uint64_t max_size = WRL_NO_MAX) noexcept
        : wrl_tabletype_t{element_type, min_size, max_size, false}
    {
    }
    /** The same type. */
    constexpr TableType(const wrl_tabletype_t &type) noexcept : wrl_tabletype_t(type)
    {
    }
};

/** The type of a function. Borrows its arrays and its name. */
class FuncType {
  public:
    /** From arrays that stay where they are as long as the type is used. */
    FuncType(Span<const ValType> params, Span<const ValType> results, const char *name = nullptr) noexcept
        : type_{params.data(), params.size(), results.data(), results.size(), name}
    {
    }
    /** Borrows what the C type borrows. */
    FuncType(const wrl_functype_t &type) noexcept : type_(type)
    {
    }
    /** The type of a C++ signature: `wrl::FuncType::of<int32_t(int32_t, float)>()`. Borrows nothing but the name. */
    template <class Sig> static FuncType of(const char *name = nullptr) noexcept;

    /** How many parameters there are. */
    size_t param_count() const noexcept
    {
        return type_.param_count;
    }
    /** How many results there are. */
    size_t result_count() const noexcept
    {
        return type_.result_count;
    }
    /** Parameter `index`, which must be below param_count(). */
    ValType param(size_t index) const noexcept
    {
        return type_.params[index];
    }
    /** Result `index`, which must be below result_count(). */
    ValType result(size_t index) const noexcept
    {
        return type_.results[index];
    }
    /** What error messages call the function, or NULL. */
    const char *name() const noexcept
    {
        return type_.name;
    }
    /** The type of the C interface. */
    const wrl_functype_t *get() const noexcept
    {
        return &type_;
    }
    /** Such as "(i32, f32) -> (i32)". wrl_externtype_print(). */
    std::string to_string() const;

    /** Whether parameters and results are the same. wrl_functype_equal(). */
    friend bool operator==(const FuncType &a, const FuncType &b) noexcept
    {
        return wrl_functype_equal(&a.type_, &b.type_);
    }
    /** The opposite. */
    friend bool operator!=(const FuncType &a, const FuncType &b) noexcept
    {
        return !(a == b);
    }

  private:
    wrl_functype_t type_;
};

/** The type of an import or export. Borrows what a function's type borrows. */
class ExternType {
  public:
    /** None. */
    ExternType() noexcept : type_{}
    {
    }
    /** Borrows what the C type borrows. */
    ExternType(const wrl_externtype_t &type) noexcept : type_(type)
    {
    }
    /** The type of a function. Borrows what it borrows. */
    ExternType(const FuncType &type) noexcept : type_{}
    {
        type_.kind = WRL_EXTERN_FUNC;
        type_.of.func = *type.get();
    }

    /** What it is: look at it before the members below. */
    wrl_externkind_t kind() const noexcept
    {
        return type_.kind;
    }
    /** The function's type; only if kind() is WRL_EXTERN_FUNC. */
    FuncType func() const noexcept
    {
        return type_.of.func;
    }
    /** The global's type; only if kind() is WRL_EXTERN_GLOBAL. */
    GlobalType global() const noexcept
    {
        return type_.of.global;
    }
    /** The memory's type; only if kind() is WRL_EXTERN_MEMORY. */
    MemoryType memory() const noexcept
    {
        return type_.of.memory;
    }
    /** The table's type; only if kind() is WRL_EXTERN_TABLE. */
    TableType table() const noexcept
    {
        return type_.of.table;
    }
    /** The tag's type, whose parameters are what the exception carries; only if kind() is WRL_EXTERN_TAG. */
    FuncType tag() const noexcept
    {
        return type_.of.tag;
    }
    /** The type of the C interface. */
    const wrl_externtype_t *get() const noexcept
    {
        return &type_;
    }
    /** In the text format's words, such as "(i32) -> (i32)", "mut i32", "1..2 pages". wrl_externtype_print(). */
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
