/**
 * @file
 * Host functions made from C++ callables, and wrl::Caller. wrl/func.h describes what a host function may do.
 *
 *     wrl::Func::make(store, [](int32_t a, int32_t b) { return a + b; });
 *     wrl::Func::make(store, [](wrl::Caller &caller, uint32_t address, uint32_t size) -> wrl::Result<void> {
 *         auto memory = caller.get_memory("memory");
 *         if (!memory) {
 *             return memory.take_error();
 *         }
 *         …
 *     });
 *
 * The table in wrl/signature.hpp determines the function's type from the C++ signature. The first parameter may be a
 * wrl::Caller (by value or by reference), which describes the calling side. The callable may return
 * - nothing, a value, or a std::tuple of values;
 * - a wrl::Result of one of these: its error stops the guest, and the call into the guest returns the same error.
 *
 * Calls go through wrl_func_new_raw(): they check no kinds and allocate nothing. The callable is moved or copied into
 * the store. It is destroyed once: when the store is deleted, or if making the function fails.
 *
 * No exception passes through C frames or the guest. An exception that leaves the callable stops the guest. The call
 * into the guest then returns a thrown wrl::Error as the same error, std::bad_alloc as WRL_ERROR_OUT_OF_MEMORY, and any
 * other exception as WRL_ERROR_HOST with the text of what().
 */
#ifndef WRL_HOST_FUNC_HPP
#define WRL_HOST_FUNC_HPP

#include "base.hpp"
#include "extern.hpp"
#include "fuel.h"
#include "func.hpp"
#include "result.hpp"
#include "signature.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

class Instance;

/** The calling side of a call to a host function. Borrowed: valid until the host function returns. */
class Caller : public Exports<Caller> {
  public:
    /** Borrows a C caller. */
    explicit Caller(wrl_caller_t *caller) noexcept : caller_(caller)
    {
    }
    /** Returns the store in which the host function was called. Borrowed. wrl_caller_store(). */
    StoreRef store() const noexcept
    {
        return wrl_caller_store(caller_);
    }
    /**
     * Returns the instance whose code made the call; null if the host made it. wrl_caller_instance(). Needs
     * wrl/instance.hpp.
     */
    Instance instance() const noexcept;
    /** Returns an export of the calling instance, of any kind, if there is one. wrl_caller_get_export_n(). */
    std::optional<Extern> find_export(std::string_view name) const noexcept
    {
        wrl_extern_t item;
        if (!wrl_caller_get_export_n(caller_, detail::name_data(name), name.size(), &item)) {
            return std::nullopt;
        }
        return Extern(store(), item);
    }
    /** Takes fuel for the work of the host function, or fails if the store has too little. wrl_caller_use_fuel(). */
    Result<void> use_fuel(uint64_t fuel) const noexcept
    {
        return check(wrl_caller_use_fuel(caller_, fuel));
    }
    /** Returns the C caller. Borrowed. */
    wrl_caller_t *get() const noexcept
    {
        return caller_;
    }

  private:
    friend class Exports<Caller>;
    /** For Exports: wrl_caller_require_export_n(). */
    wrl_error_t *require_export(const char *name, size_t size, wrl_externkind_t kind, wrl_extern_t *item) const noexcept
    {
        return wrl_caller_require_export_n(caller_, name, size, kind, item);
    }

    wrl_caller_t *caller_;
};

namespace detail {

/** Transfers an error to C. An empty error becomes a failure as well. */
inline wrl_error_t *hand_over(Error &&error) noexcept
{
    wrl_error_t *handed = error.release();
    return handed ? handed : wrl_error_new(WRL_ERROR_HOST, "the host function failed with an empty wrl::Error");
}

#if WRL_CPP_EXCEPTIONS
/** Converts the exception that is being handled to an error. */
inline wrl_error_t *error_of_exception() noexcept
{
    try {
        throw;
    } catch (Error &error) {
        return hand_over(std::move(error));
    } catch (const std::bad_alloc &) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, nullptr);
    } catch (const std::exception &exception) {
        return wrl_error_new(WRL_ERROR_HOST, exception.what());
    } catch (...) {
        return wrl_error_new(WRL_ERROR_HOST, "the host function threw an exception that is not a std::exception");
    }
}
#endif

/** Runs code that may throw, where C is the caller. */
template <class Body> wrl_error_t *without_exceptions(const Body &body) noexcept
{
#if WRL_CPP_EXCEPTIONS
    try {
        return body();
    } catch (...) {
        return error_of_exception();
    }
#else
    return body();
#endif
}

/** Converts the return value of a host function to slots or to an error. */
template <class R> struct Returned : ResultsOf<R> {
    static wrl_error_t *give(wrl_caller_t *caller, wrl_raw_t *slots, const R &value) noexcept
    {
        ResultsOf<R>::put(slots, value);
        return ResultsOf<R>::leave(caller, value);
    }
};

template <class R> struct Returned<Result<R>> : ResultsOf<R> {
    static wrl_error_t *give(wrl_caller_t *caller, wrl_raw_t *slots, Result<R> &&result) noexcept
    {
        if (!result) {
            return hand_over(result.take_error());
        }
        static_cast<void>(caller);
        static_cast<void>(slots);
        if constexpr (!std::is_void_v<R>) {
            ResultsOf<R>::put(slots, *result);
            return ResultsOf<R>::leave(caller, *result);
        } else {
            return nullptr;
        }
    }
};

/** The return type without its wrl::Result, for the function's type. */
template <class R> struct PlainResult {
    using type = R;
};
template <class R> struct PlainResult<Result<R>> {
    using type = R;
};

/** The parts of a host function's signature: whether it takes the caller, its parameters, what it returns. */
template <class R, bool has_caller, class... P> struct HostParts {
    using Sig = typename PlainResult<R>::type(P...);

    /** The callback for the C interface. */
    template <class F> static wrl_error_t *call(void *env, wrl_caller_t *c_caller, wrl_raw_t *slots) noexcept
    {
        return without_exceptions([env, c_caller, slots]() -> wrl_error_t * {
            return call_with<F>(*static_cast<F *>(env), c_caller, slots, std::index_sequence_for<P...>());
        });
    }

  private:
    template <class F, size_t... index>
    static wrl_error_t *call_with(F &callable, wrl_caller_t *c_caller, wrl_raw_t *slots, std::index_sequence<index...>)
    {
        wrl_store_t *store = (ValueOf<P>::needs_store || ... || false) ? wrl_caller_store(c_caller) : nullptr;
        Caller caller(c_caller);
        auto run = [&]() -> R {
            if constexpr (has_caller) {
                return callable(caller, share<P>(store, slots[index])...);
            } else {
                return callable(share<P>(store, slots[index])...);
            }
        };
        static_cast<void>(store);
        static_cast<void>(slots);
        if constexpr (std::is_void_v<R>) {
            run();
            return nullptr;
        } else {
            return Returned<R>::give(c_caller, slots, run());
        }
    }
};

template <class Sig> struct HostSignature {
    static_assert(!sizeof(Sig *), "not a signature such as int32_t(wrl::Caller &, int32_t)");
};
template <class R, class... P> struct HostSignature<R(P...)> : HostParts<R, false, std::decay_t<P>...> {
};
template <class R, class... P> struct HostSignature<R(Caller, P...)> : HostParts<R, true, std::decay_t<P>...> {
};
template <class R, class... P> struct HostSignature<R(Caller &, P...)> : HostParts<R, true, std::decay_t<P>...> {
};
template <class R, class... P> struct HostSignature<R(const Caller &, P...)> : HostParts<R, true, std::decay_t<P>...> {
};

/** The signature of a callable. */
template <class F, class = void> struct SignatureOf {
    static_assert(!sizeof(F *),
                  "the signature cannot be deduced (overloaded or generic): use make<int32_t(int32_t)>()");
};
template <class R, class... P> struct SignatureOf<R (*)(P...)> {
    using type = R(P...);
};
template <class R, class... P> struct SignatureOf<R (*)(P...) noexcept> {
    using type = R(P...);
};
template <class M> struct SignatureOfMember;
template <class C, class R, class... P> struct SignatureOfMember<R (C::*)(P...)> {
    using type = R(P...);
};
template <class C, class R, class... P> struct SignatureOfMember<R (C::*)(P...) const> {
    using type = R(P...);
};
template <class C, class R, class... P> struct SignatureOfMember<R (C::*)(P...) noexcept> {
    using type = R(P...);
};
template <class C, class R, class... P> struct SignatureOfMember<R (C::*)(P...) const noexcept> {
    using type = R(P...);
};
template <class F> struct SignatureOf<F, std::void_t<decltype(&F::operator())>> {
    using type = typename SignatureOfMember<decltype(&F::operator())>::type;
};

/** The callback for the C interface, for a host function whose type is known only at run time. */
template <class F>
wrl_error_t *call_untyped(void *env, wrl_caller_t *c_caller, const wrl_val_t *args, size_t arg_count,
                          wrl_val_t *results, size_t result_count) noexcept
{
    return without_exceptions([=]() -> wrl_error_t * {
        Caller caller(c_caller);
        Result<void> result = (*static_cast<F *>(env))(caller, Span<const wrl_val_t>(args, arg_count),
                                                       Span<wrl_val_t>(results, result_count));
        return result ? nullptr : hand_over(result.take_error());
    });
}

} // namespace detail

template <class Sig, class F> Result<Func> Func::make(StoreRef store, F &&callable, const char *name)
{
    using Host = detail::HostSignature<Sig>;
    auto kept = detail::keep(std::forward<F>(callable));
    if (!kept) {
        return detail::out_of_memory();
    }
    wrl_functype_t type = detail::Signature<typename Host::Sig>::type(name);
    wrl_func_t func;
    /* The finalizer also runs if this fails, so the store owns the callable in any case. */
    if (wrl_error_t *error = wrl_func_new_raw(store.get(), &type, Host::template call<std::decay_t<F>>, kept.release(),
                                              detail::delete_data<std::decay_t<F>>, &func)) {
        return Error::adopt(error);
    }
    return Func(store, func);
}

template <class F> Result<Func> Func::make(StoreRef store, F &&callable, const char *name)
{
    return make<typename detail::SignatureOf<std::decay_t<F>>::type>(store, std::forward<F>(callable), name);
}

/**
 * Makes a host function of a type that is known only at run time. `callable` is called as
 * `wrl::Result<void>(wrl::Caller &, wrl::Span<const wrl_val_t> args, wrl::Span<wrl_val_t> results)`. It has to set each
 * result to a value of the kind that the type states: `results[0] = wrl::Val(1.5)`. wrl_func_new().
 */
template <class F> Result<Func> Func::make_untyped(StoreRef store, const FuncType &type, F &&callable)
{
    auto kept = detail::keep(std::forward<F>(callable));
    if (!kept) {
        return detail::out_of_memory();
    }
    wrl_func_t func;
    if (wrl_error_t *error = wrl_func_new(store.get(), type.get(), detail::call_untyped<std::decay_t<F>>,
                                          kept.release(), detail::delete_data<std::decay_t<F>>, &func)) {
        return Error::adopt(error);
    }
    return Func(store, func);
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
