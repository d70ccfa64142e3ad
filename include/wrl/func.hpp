/**
 * @file
 * wrl::Func and wrl::TypedFunc, for calling functions. wrl/host_func.hpp makes functions from C++ callables. See
 * wrl/func.h.
 *
 *     auto power = instance.get_func<double(double, int32_t)>("power").value(); // The type is checked here, once.
 *     double result = power(2.0, 10).value();
 */
#ifndef WRL_FUNC_HPP
#define WRL_FUNC_HPP

#include "base.hpp"
#include "func.h"
#include "hidden.h"
#include "result.hpp"
#include "signature.hpp"
#include "store.hpp"
#include "value.hpp"

#include <initializer_list>

namespace wrl {
inline namespace WRL_CPP_MODE {

template <class Sig> class TypedFunc;

/** A function of the guest or of the host. As a reference it may be null. A handle: valid as long as its store. */
class Func : public Handle<wrl_func_t> {
  public:
    using Handle::Handle;

    /** Makes a host function from a callable. Its type is that of the C++ signature. See wrl/host_func.hpp. */
    template <class F> static Result<Func> make(StoreRef store, F &&callable, const char *name = nullptr);
    /**
     * Makes a host function as above, with an explicit signature: `wrl::Func::make<int32_t(int32_t)>(store,
     * generic_lambda)`. For callables whose signature cannot be deduced.
     */
    template <class Sig, class F> static Result<Func> make(StoreRef store, F &&callable, const char *name = nullptr);
    /** Makes a host function of a type that is known only at run time. See wrl/host_func.hpp. */
    template <class F> static Result<Func> make_untyped(StoreRef store, const FuncType &type, F &&callable);

    /** Returns the function's type, borrowed from the store. wrl_func_type(). */
    FuncType type() const noexcept
    {
        return wrl_func_type(c_store(), get());
    }

    /**
     * Returns the function as one with a C++ signature. The type is checked once, here, and not at each call. Errors:
     * INVALID_ARGUMENT, with both types, if the function has another type or is null.
     *
     * @param name  The function's name in the error. By default the name of its type, if there is one.
     */
    template <class Sig> Result<TypedFunc<Sig>> typed(std::string_view name = {}) const noexcept;

    /**
     * Calls the function with values whose kinds are checked. wrl_func_call().
     *
     * @param args     The arguments, in the number and of the kinds that the type states.
     * @param results  Receives the results. Unchanged on an error.
     */
    Result<void> call(Span<const Val> args, Span<Val> results = {}) const noexcept
    {
        return check(wrl_func_call(c_store(), get(), args.data(), args.size(), results.data(), results.size()));
    }
    /** Calls the function as above, with the arguments in braces: `func.call({1, 2.5}, results)`. */
    Result<void> call(std::initializer_list<Val> args, Span<Val> results = {}) const noexcept
    {
        return call(Span<const Val>(args.begin(), args.size()), results);
    }
};

/**
 * A function whose type was checked against a C++ signature when the object was made, see Func::typed(). A call puts
 * the arguments in slots on the stack and calls wrl_func_call_raw(). It checks no kinds and allocates nothing.
 */
template <class R, class... P> class TypedFunc<R(P...)> : public Handle<wrl_func_t> {
    using Signature = detail::Signature<R(P...)>;

  public:
    /** Makes a null function. */
    TypedFunc() noexcept = default;

    /**
     * Calls the function. If arguments or results are wrl::Externref or wrl::Ref, nothing inside the call may delete
     * the store. Errors: those of wrl_func_call_raw().
     */
    Result<R> operator()(P... args) const noexcept
    {
        /* C++ has no empty arrays. */
        wrl_raw_t slots[Signature::slot_count + (Signature::slot_count == 0)];
        Signature::Params::put(slots, args...);
        if (wrl_error_t *error = wrl_func_call_raw(c_store(), get(), slots, Signature::slot_count)) {
            return Error::adopt(error);
        }
        if constexpr (std::is_void_v<R>) {
            return {};
        } else {
            return Signature::Results::take(c_store(), slots);
        }
    }
    /** Returns the same function without its signature. */
    Func untyped() const noexcept
    {
        return Func(store(), get());
    }
    /** Converts to the same function without its signature. */
    operator Func() const noexcept
    {
        return untyped();
    }

  private:
    friend class Func;
    explicit TypedFunc(const Func &func) noexcept : Handle(func.store(), func.get())
    {
    }
};

namespace detail {

template <> struct ValueOf<Func> : ValueBase<WRL_VALKIND_FUNCREF> {
    static constexpr bool needs_store = true;
    template <class Slot> static void put(Slot &slot, const Func &value) noexcept
    {
        slot.func = value.get();
    }
    template <class Slot> static Func take(wrl_store_t *store, const Slot &slot) noexcept
    {
        return Func(store, slot.func);
    }
};

/** A buffer for the text of a type or a name in an error message. Longer text is truncated. */
class Words {
  public:
    /** Writes a function's type. */
    explicit Words(const wrl_functype_t &type) noexcept
    {
        wrl_externtype_t item = {};
        item.kind = WRL_EXTERN_FUNC;
        item.of.func = type;
        if (wrl_externtype_print(&item, text_, limit + 1) > limit) {
            cut(limit);
        }
    }
    /** Writes a name in quotes, as the library does, with escapes for bytes that shown() rejects. */
    explicit Words(std::string_view name) noexcept
    {
        size_t size = 0;
        text_[size++] = '"';
        while (!name.empty()) {
            if (size + 4 > limit) {
                cut(size);
                return;
            }
            size_t length = shown(name);
            if (length == 0) {
                unsigned byte = static_cast<unsigned char>(name.front());
                size += static_cast<size_t>(std::snprintf(text_ + size, 4, "\\%02x", byte));
                length = 1;
            } else {
                if (name.front() == '"' || name.front() == '\\') {
                    text_[size++] = '\\';
                }
                size += name.copy(text_ + size, length);
            }
            name.remove_prefix(length);
        }
        text_[size++] = '"';
        text_[size] = '\0';
    }
    const char *text() const noexcept
    {
        return text_;
    }

  private:
    static constexpr size_t limit = 200;
    void cut(size_t at) noexcept
    {
        std::snprintf(text_ + at, sizeof text_ - at, "...");
    }
    /** Returns the length of the first character of a text, or 0 if it is hidden or not valid UTF-8. */
    static size_t shown(std::string_view text) noexcept
    {
        const auto byte = [text](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i])); };
        uint32_t c = byte(0);
        const size_t length = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
        if (length == 0 || length > text.size()) {
            return 0;
        }
        c = length == 1 ? c : c & 0x7FU >> length;
        for (size_t i = 1; i < length; i++) {
            if ((byte(i) & 0xC0U) != 0x80U) {
                return 0;
            }
            c = c << 6 | (byte(i) & 0x3FU);
        }
        const bool is_sound =
            c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF) && (length < 3 || c >= (length == 3 ? 0x800U : 0x10000U));
        return is_sound && !wrl_is_hidden(c) ? length : 0;
    }
    char text_[limit + 4];
};

/** Checks that a function has the type of a signature. `name` is an export's name, or has no address. */
inline wrl_error_t *check_type(const Func &func, const wrl_functype_t &wanted, std::string_view name) noexcept
{
    const wrl_functype_t found = wrl_func_type(func.store().get(), func.get());
    wrl_error_t *error = wrl_extern_check(func.store().get(), wrl_extern_from_func(func.get()));
    if (error || wrl_functype_equal(&found, &wanted)) {
        return error;
    }
    if (!name.data() && found.name) {
        name = found.name;
    }
    return wrl_error_newf(WRL_ERROR_INVALID_ARGUMENT, "the function %s%shas the type %s, not %s",
                          name.data() ? Words(name).text() : "", name.data() ? " " : "", Words(found).text(),
                          Words(wanted).text());
}

} // namespace detail

template <class Sig> Result<TypedFunc<Sig>> Func::typed(std::string_view name) const noexcept
{
    if (wrl_error_t *error = detail::check_type(*this, detail::Signature<Sig>::type(nullptr), name)) {
        return Error::adopt(error);
    }
    return TypedFunc<Sig>(*this);
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
