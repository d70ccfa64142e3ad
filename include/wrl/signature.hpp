/**
 * @file
 * The C++ types that correspond to WebAssembly types, and the function types of C++ signatures.
 *
 * | C++                                        | WebAssembly |
 * |--------------------------------------------|-------------|
 * | int32_t, uint32_t, any integer of 4 bytes  | i32         |
 * | int64_t, uint64_t, any integer of 8 bytes  | i64         |
 * | float                                      | f32         |
 * | double                                     | f64         |
 * | wrl_v128_t                                 | v128        |
 * | wrl::Func, wrl_func_t                      | funcref     |
 * | wrl::Externref, wrl_externref_t            | externref   |
 *
 * A wrl_externref_t is borrowed as a parameter of a host function. As a result of a call it comes with a hold, which
 * the program has to release. A wrl::Externref handles both cases itself.
 *
 * A signature has parameters of these types, and the result `void`, one of these types, or a std::tuple of them:
 * `void(int32_t)`, `double()`, `std::tuple<int32_t, float>(int64_t)`. bool, characters and smaller integers are left
 * out on purpose: the guest may pass any 32 bits.
 */
#ifndef WRL_SIGNATURE_HPP
#define WRL_SIGNATURE_HPP

#include "base.hpp"
#include "type.hpp"
#include "value.h"

#include <tuple>

namespace wrl {
inline namespace WRL_CPP_MODE {
namespace detail {

template <class T>
inline constexpr bool is_character =
    std::is_same_v<T, bool> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;

template <class T, size_t size>
inline constexpr bool is_integer_of = std::is_integral_v<T> && sizeof(T) == size && !is_character<T>;

/**
 * How a C++ type is stored in a slot (wrl_raw_t) or in a value (the union of wrl_val_t): `put` writes it, `take` reads
 * it. Only references use the store. The primary template is for types that cannot be stored.
 */
template <class T, class = void> struct ValueOf {
    static constexpr bool is_value = false;
};

/** The common part of all types that can be stored. */
template <wrl_valkind_t value_kind> struct ValueBase {
    static constexpr bool is_value = true;
    static constexpr bool needs_store = false;
    static constexpr wrl_valkind_t kind = value_kind;
};

/**
 * Whether T is a hold on a reference. If so, `take` takes over a hold, `share` reads a borrowed reference and adds a
 * hold, and `leave` transfers the hold of a result to the host function in progress.
 */
template <class T, class = void> inline constexpr bool is_held = false;
template <class T> inline constexpr bool is_held<T, std::void_t<decltype(&ValueOf<T>::leave)>> = true;

/** Reads a value without taking over its hold, if it has one. */
template <class T, class Slot> T share(wrl_store_t *store, const Slot &slot) noexcept
{
    if constexpr (is_held<T>) {
        return ValueOf<T>::share(store, slot);
    } else {
        return ValueOf<T>::take(store, slot);
    }
}

/** Keeps a result of a host function alive until the engine has read it. */
template <class T> wrl_error_t *leave(wrl_caller_t *caller, const T &value) noexcept
{
    if constexpr (is_held<T>) {
        return ValueOf<T>::leave(caller, value);
    } else {
        static_cast<void>(caller);
        static_cast<void>(value);
        return nullptr;
    }
}

template <class T> struct ValueOf<T, std::enable_if_t<is_integer_of<T, 4>>> : ValueBase<WRL_VALKIND_I32> {
    template <class Slot> static void put(Slot &slot, T value) noexcept
    {
        slot.i32 = static_cast<int32_t>(value);
    }
    template <class Slot> static T take(wrl_store_t *, const Slot &slot) noexcept
    {
        return static_cast<T>(slot.i32);
    }
};

template <class T> struct ValueOf<T, std::enable_if_t<is_integer_of<T, 8>>> : ValueBase<WRL_VALKIND_I64> {
    template <class Slot> static void put(Slot &slot, T value) noexcept
    {
        slot.i64 = static_cast<int64_t>(value);
    }
    template <class Slot> static T take(wrl_store_t *, const Slot &slot) noexcept
    {
        return static_cast<T>(slot.i64);
    }
};

template <> struct ValueOf<float> : ValueBase<WRL_VALKIND_F32> {
    template <class Slot> static void put(Slot &slot, float value) noexcept
    {
        slot.f32 = value;
    }
    template <class Slot> static float take(wrl_store_t *, const Slot &slot) noexcept
    {
        return slot.f32;
    }
};

template <> struct ValueOf<double> : ValueBase<WRL_VALKIND_F64> {
    template <class Slot> static void put(Slot &slot, double value) noexcept
    {
        slot.f64 = value;
    }
    template <class Slot> static double take(wrl_store_t *, const Slot &slot) noexcept
    {
        return slot.f64;
    }
};

template <> struct ValueOf<wrl_v128_t> : ValueBase<WRL_VALKIND_V128> {
    template <class Slot> static void put(Slot &slot, const wrl_v128_t &value) noexcept
    {
        slot.v128 = value;
    }
    template <class Slot> static wrl_v128_t take(wrl_store_t *, const Slot &slot) noexcept
    {
        return slot.v128;
    }
};

template <> struct ValueOf<wrl_func_t> : ValueBase<WRL_VALKIND_FUNCREF> {
    template <class Slot> static void put(Slot &slot, wrl_func_t value) noexcept
    {
        slot.func = value;
    }
    template <class Slot> static wrl_func_t take(wrl_store_t *, const Slot &slot) noexcept
    {
        return slot.func;
    }
};

template <> struct ValueOf<wrl_externref_t> : ValueBase<WRL_VALKIND_EXTERNREF> {
    template <class Slot> static void put(Slot &slot, wrl_externref_t value) noexcept
    {
        slot.externref = value;
    }
    template <class Slot> static wrl_externref_t take(wrl_store_t *, const Slot &slot) noexcept
    {
        return slot.externref;
    }
};

template <class T> inline constexpr bool is_value = ValueOf<T>::is_value;

/** A list of values, each in a slot. The array has one element more, because C++ has no empty arrays. */
template <class... T> struct Values {
    static_assert((is_value<T> && ...), "not a WebAssembly type: see the table in wrl/signature.hpp");
    static constexpr size_t count = sizeof...(T);
    static constexpr wrl_valtype_t types[count + 1] = {{ValueOf<T>::kind, 0, 0, 0}..., {}};

    static void put(wrl_raw_t *slots, const T &...values) noexcept
    {
        size_t index = 0;
        (ValueOf<T>::put(slots[index++], values), ...);
        static_cast<void>(index);
        static_cast<void>(slots);
    }
};

/** The results of a function, from its C++ return type. */
template <class R> struct ResultsOf : Values<R> {
    static R take(wrl_store_t *store, const wrl_raw_t *slots) noexcept
    {
        return ValueOf<R>::take(store, slots[0]);
    }
    static void put(wrl_raw_t *slots, const R &value) noexcept
    {
        ValueOf<R>::put(slots[0], value);
    }
    static wrl_error_t *leave(wrl_caller_t *caller, const R &value) noexcept
    {
        return detail::leave(caller, value);
    }
};

template <> struct ResultsOf<void> : Values<> {
};

template <class... T> struct ResultsOf<std::tuple<T...>> : Values<T...> {
    static std::tuple<T...> take(wrl_store_t *store, const wrl_raw_t *slots) noexcept
    {
        return take_each(store, slots, std::index_sequence_for<T...>());
    }
    static void put(wrl_raw_t *slots, const std::tuple<T...> &values) noexcept
    {
        std::apply([slots](const T &...each) noexcept { Values<T...>::put(slots, each...); }, values);
    }
    static wrl_error_t *leave(wrl_caller_t *caller, const std::tuple<T...> &values) noexcept
    {
        wrl_error_t *error = nullptr;
        std::apply(
            [&](const T &...each) noexcept {
                static_cast<void>(((error = error ? error : detail::leave(caller, each)), ...));
            },
            values);
        static_cast<void>(caller);
        return error;
    }

  private:
    template <size_t... index>
    static std::tuple<T...> take_each(wrl_store_t *store, const wrl_raw_t *slots,
                                      std::index_sequence<index...>) noexcept
    {
        static_cast<void>(store);
        static_cast<void>(slots);
        return std::tuple<T...>(ValueOf<T>::take(store, slots[index])...);
    }
};

/** The function type of a signature. */
template <class Sig> struct Signature {
    static_assert(!sizeof(Sig *), "not a signature such as int32_t(int32_t, float)");
};

template <class R, class... P> struct Signature<R(P...)> {
    using Params = Values<std::decay_t<P>...>;
    using Results = ResultsOf<R>;
    static constexpr size_t slot_count = Params::count > Results::count ? Params::count : Results::count;

    static wrl_functype_t type(const char *name) noexcept
    {
        return {Params::types, Params::count, Results::types, Results::count, name};
    }
};

} // namespace detail

template <class Sig> FuncType FuncType::of(const char *name) noexcept
{
    return detail::Signature<Sig>::type(name);
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
