/**
 * @file
 * The common base of wrl::Externref and wrl::Ref: each object is a hold of the program. See wrl/externref.h.
 */
#ifndef WRL_HELD_HPP
#define WRL_HELD_HPP

#include "base.hpp"
#include "externref.h"
#include "ref.h"
#include "result.hpp"
#include "store.hpp"

#include <utility>

namespace wrl {
inline namespace WRL_CPP_MODE {
namespace detail {

inline wrl_error_t *retain(wrl_store_t *store, wrl_externref_t handle) noexcept
{
    return wrl_externref_retain(store, handle);
}
inline wrl_error_t *retain(wrl_store_t *store, wrl_ref_t handle) noexcept
{
    return wrl_ref_retain(store, handle);
}
inline wrl_error_t *release(wrl_store_t *store, wrl_externref_t handle) noexcept
{
    return wrl_externref_release(store, handle);
}
inline wrl_error_t *release(wrl_store_t *store, wrl_ref_t handle) noexcept
{
    return wrl_ref_release(store, handle);
}
inline wrl_error_t *autorelease(wrl_caller_t *caller, wrl_externref_t handle) noexcept
{
    return wrl_externref_autorelease(caller, handle);
}
inline wrl_error_t *autorelease(wrl_caller_t *caller, wrl_ref_t handle) noexcept
{
    return wrl_ref_autorelease(caller, handle);
}

} // namespace detail

/**
 * A hold on a reference, or null. A copy adds a hold, and the destructor releases it. All such objects must be
 * destroyed or null before their store is deleted; the store's own finalizers may still destroy some of them. This
 * includes the arguments and results of a call during which a host function deletes the store, see wrl::Externref.
 */
template <class Derived, class C> class Held : public Handle<C> {
  public:
    /** Makes a null reference. */
    Held() noexcept = default;
    /** Adds a hold. If the handle is invalid, the copy is null. */
    Held(const Held &other) noexcept : Handle<C>(held(other))
    {
    }
    /** Takes the hold of `other`, which is null afterwards. */
    Held(Held &&other) noexcept : Handle<C>(other)
    {
        (void)other.release();
    }
    /** Releases the current hold, and takes that of `other`. */
    Held &operator=(Held other) noexcept
    {
        std::swap(static_cast<Handle<C> &>(*this), static_cast<Handle<C> &>(other));
        return *this;
    }
    ~Held()
    {
        reset();
    }

    /**
     * Takes ownership of a hold of the program, such as that of a reference that wrl::Func::call() or a C function
     * returned.
     */
    static Derived adopt(StoreRef store, C handle) noexcept
    {
        Derived made;
        static_cast<Handle<C> &>(made) = Handle<C>(store, handle);
        return made;
    }
    /** Adds a hold to a handle, which may be one that a host function borrows. Errors: those of wrl_ref_retain(). */
    static Result<Derived> retain(StoreRef store, C handle) noexcept
    {
        if (wrl_error_t *error = detail::retain(store.get(), handle)) {
            return Error::adopt(error);
        }
        return adopt(store, handle);
    }
    /** Transfers the hold to the caller, who has to release it. Null afterwards. */
    C release() noexcept
    {
        const C handle = this->get();
        static_cast<Handle<C> &>(*this) = Handle<C>();
        return handle;
    }
    /** Releases the hold now. Null afterwards. wrl_externref_release(), wrl_ref_release(). */
    void reset() noexcept
    {
        wrl_store_t *store = this->c_store();
        const C handle = release();
        if (handle.store_id) {
            wrl_error_delete(detail::release(store, handle));
        }
    }
    /**
     * Transfers the hold to the host function in progress, which releases it when it returns: for references that are
     * set as results through wrl::Func::make_untyped(). Null afterwards, unless this fails. Errors: those of
     * wrl_ref_autorelease().
     */
    Result<C> autorelease(wrl_caller_t *caller) noexcept
    {
        if (wrl_error_t *error = detail::autorelease(caller, this->get())) {
            return Error::adopt(error);
        }
        return release();
    }

  private:
    static Handle<C> held(const Held &other) noexcept
    {
        if (wrl_error_t *error = other ? detail::retain(other.c_store(), other.get()) : nullptr) {
            wrl_error_delete(error);
            return Handle<C>();
        }
        return other;
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
