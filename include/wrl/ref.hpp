/**
 * @file
 * wrl::Ref, a reference to an object that only the guest can access. See wrl/ref.h.
 */
#ifndef WRL_REF_HPP
#define WRL_REF_HPP

#include "base.hpp"
#include "held.hpp"
#include "ref.h"
#include "result.hpp"
#include "store.hpp"
#include "type.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

/**
 * A reference to an object that only the guest can access, or null. Each object is a hold, see wrl/held.hpp.
 * `wrl::Ref::adopt(store, val.of.ref)` makes one from a result of kind WRL_VALKIND_REF, wrl::Ref::retain() one from an
 * argument of a host function. val() converts it back to a value.
 */
class Ref : public Held<Ref, wrl_ref_t> {
  public:
    /** Returns the reference as a value. */
    wrl_val_t val() const noexcept
    {
        return wrl_val_ref(get());
    }
    /** Returns the type of the object, of kind WRL_VALKIND_NONE for the null reference. wrl_ref_type(). */
    ValType type() const noexcept
    {
        return wrl_ref_type(c_store(), get());
    }
    /** Checks the handle, and reports why it is invalid. wrl_ref_check(). */
    Result<void> check() const noexcept
    {
        return wrl::check(wrl_ref_check(c_store(), get()));
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
