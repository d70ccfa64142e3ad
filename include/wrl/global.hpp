/**
 * @file
 * wrl::Global, a global variable. See wrl/global.h.
 */
#ifndef WRL_GLOBAL_HPP
#define WRL_GLOBAL_HPP

#include "base.hpp"
#include "global.h"
#include "result.hpp"
#include "store.hpp"
#include "type.hpp"
#include "value.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

/** A global variable. A handle: valid as long as its store. */
class Global : public Handle<wrl_global_t> {
  public:
    using Handle::Handle;

    /** Makes a global. wrl_global_new(). */
    static Result<Global> make(StoreRef store, const wrl_globaltype_t &type, const Val &initial) noexcept
    {
        wrl_global_t global;
        if (wrl_error_t *error = wrl_global_new(store.get(), &type, &initial, &global)) {
            return Error::adopt(error);
        }
        return Global(store, global);
    }
    /** Returns the global's type. wrl_global_type(). */
    GlobalType type() const noexcept
    {
        return wrl_global_type(c_store(), get());
    }
    /** Returns the current value. wrl_global_get(). */
    Result<Val> value() const noexcept
    {
        Val value;
        if (wrl_error_t *error = wrl_global_get(c_store(), get(), &value)) {
            return Error::adopt(error);
        }
        return value;
    }
    /** Returns the current value as T. Errors: INVALID_ARGUMENT, naming both kinds, if it is of another kind. */
    template <class T> Result<T> value() const noexcept
    {
        Result<Val> found = value();
        if (!found) {
            return found.take_error();
        }
        return detail::take_value<T>(store(), *found);
    }
    /** Sets the value. wrl_global_set(). */
    Result<void> set(const Val &value) const noexcept
    {
        return check(wrl_global_set(c_store(), get(), &value));
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
