/**
 * @file
 * wrl::Val, a value with its kind: for calls whose types are known only at run time, for globals and for tables.
 */
#ifndef WRL_VALUE_HPP
#define WRL_VALUE_HPP

#include "base.hpp"
#include "externref.h"
#include "ref.h"
#include "result.hpp"
#include "signature.hpp"
#include "store.hpp"
#include "value.h"

namespace wrl {
inline namespace WRL_CPP_MODE {

/**
 * A value with its kind: a wrl_val_t. Converts from and to it. Any type in the table in wrl/signature.hpp converts to
 * it: `global.set(42)`. A reference in it is only a handle, without its store.
 */
struct Val : wrl_val_t {
    /** No value (WRL_VALKIND_NONE): space for a result. */
    Val() noexcept
    {
        kind = WRL_VALKIND_NONE;
    }
    /** Converts a C value. */
    Val(const wrl_val_t &value) noexcept : wrl_val_t(value)
    {
    }
    /** Converts a number, a vector or a reference. */
    template <class T, class = std::enable_if_t<detail::is_value<T>>> Val(const T &value) noexcept
    {
        kind = detail::ValueOf<T>::kind;
        detail::ValueOf<T>::put(of, value);
    }
    /** Returns the null reference of a kind: WRL_VALKIND_FUNCREF, WRL_VALKIND_EXTERNREF or WRL_VALKIND_REF. */
    static Val null(wrl_valkind_t reference_kind) noexcept
    {
        Val val;
        val.kind = reference_kind;
        val.of.func = wrl_func_null();
        return val;
    }

    /** Returns whether the value is of the kind that T stands for. */
    template <class T> bool is() const noexcept
    {
        static_assert(detail::is_value<T>, "not a WebAssembly type: see the table in wrl/signature.hpp");
        return kind == detail::ValueOf<T>::kind;
    }
    /** Returns the value as T. Errors: INVALID_ARGUMENT, naming both kinds, if is<T>() is false. */
    template <class T> Result<T> get() const noexcept
    {
        static_assert(!detail::ValueOf<T>::needs_store, "pass the store: get<T>(store)");
        return get_from<T>(nullptr);
    }
    /**
     * Returns the value as above, for a T that includes its store: wrl::Func or wrl::Externref. `store` is the store
     * that the value came from. An Externref adds a hold; Externref::adopt() takes over the hold that a result of
     * wrl::Func::call() has.
     */
    template <class T> Result<T> get(StoreRef store) const noexcept
    {
        return get_from<T>(store.get());
    }

  private:
    template <class T> Result<T> get_from(wrl_store_t *store) const noexcept
    {
        if (!is<T>()) {
            return Error::adopt(wrl_error_newf(WRL_ERROR_INVALID_ARGUMENT, "the value's kind is %s, not %s",
                                               wrl_valkind_name(kind), wrl_valkind_name(detail::ValueOf<T>::kind)));
        }
        return detail::share<T>(store, of);
    }
};
static_assert(sizeof(Val) == sizeof(wrl_val_t), "arrays of either have the same form");

namespace detail {

/**
 * Converts a value that a global or a table returned to T. The result takes over the value's hold, or the hold is
 * released.
 */
template <class T> Result<T> take_value(StoreRef store, const Val &val) noexcept
{
    if constexpr (is_held<T>) {
        if (val.is<T>()) {
            return ValueOf<T>::take(store.get(), val.of);
        }
    }
    Result<T> taken = val.get<T>(store);
    if (val.kind == WRL_VALKIND_EXTERNREF) {
        wrl_error_delete(wrl_externref_release(store.get(), val.of.externref));
    } else if (val.kind == WRL_VALKIND_REF) {
        wrl_error_delete(wrl_ref_release(store.get(), val.of.ref));
    }
    return taken;
}

} // namespace detail

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
