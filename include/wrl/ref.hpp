/**
 * @file
 * wrl::Ref, a reference to what only the guest sees into. See wrl/ref.h.
 */
#ifndef WRL_REF_HPP
#define WRL_REF_HPP

#include "base.hpp"
#include "ref.h"
#include "result.hpp"
#include "store.hpp"
#include "type.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

/**
 * A reference to what only the guest sees into, or null: `wrl::Ref(store, val.of.ref)` of a value of kind
 * WRL_VALKIND_REF, and back again by val(). A handle: it lives as long as its store, or until it is
 * released.
 */
class Ref : public Handle<wrl_ref_t> {
  public:
    using Handle::Handle;

    /** The reference as a value. */
    wrl_val_t val() const noexcept
    {
        return wrl_val_ref(get());
    }
    /** What it is. Errors: INVALID_ARGUMENT for null. wrl_ref_type(). */
    Result<ValType> type() const noexcept
    {
        wrl_valtype_t type;
        if (wrl_error_t *error = wrl_ref_type(c_store(), get(), &type)) {
            return Error::adopt(error);
        }
        return ValType(type);
    }
    /** Lets go of it before its store ends. wrl_ref_release(). */
    Result<void> release() const noexcept
    {
        return check(wrl_ref_release(c_store(), get()));
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
