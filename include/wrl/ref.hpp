/**
 * @file
 * wrl::Ref, a reference to what only the guest sees into. See wrl/ref.h.
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
 * A reference to what only the guest sees into, or null: a hold, see wrl/held.hpp. `wrl::Ref::adopt(store, val.of.ref)`
 * makes one of a result of kind WRL_VALKIND_REF, wrl::Ref::retain() one of an argument of a host function, and val() a
 * value again.
 */
class Ref : public Held<Ref, wrl_ref_t> {
  public:
    /** The reference as a value. */
    wrl_val_t val() const noexcept
    {
        return wrl_val_ref(get());
    }
    /** The type of what it refers to; of kind WRL_VALKIND_NONE for the null reference. wrl_ref_type(). */
    ValType type() const noexcept
    {
        return wrl_ref_type(c_store(), get());
    }
    /** Why the handle is bad, if it is. wrl_ref_check(). */
    Result<void> check() const noexcept
    {
        return wrl::check(wrl_ref_check(c_store(), get()));
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
