/**
 * @file
 * What wrl::Externref and wrl::Ref have in common: each object is a hold of the program's. See wrl/externref.h.
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
 * A hold on a reference, or null. Copies add a hold, the destructor releases it. All such objects have to be gone, or
 * null, before their store is deleted; those that the store's own finalizers delete end with it in good order. This
 * includes the arguments and results of a call during which a host function deletes the store, see wrl::Externref.
 */
template <class Derived, class C> class Held : public Handle<C> {
  public:
    /** Null. */
    Held() noexcept = default;
    /** Adds a hold. A handle that is not good becomes null. */
    Held(const Held &other) noexcept : Handle<C>(held(other))
    {
    }
    /** Takes the other's hold; the other is null afterwards. */
    Held(Held &&other) noexcept : Handle<C>(other)
    {
        (void)other.release();
    }
    /** Releases the own hold, and takes the other's. */
    Held &operator=(Held other) noexcept
    {
        std::swap(static_cast<Handle<C> &>(*this), static_cast<Handle<C> &>(other));
        return *this;
    }
    ~Held()
    {
        reset();
    }

    /** Takes over a hold of the program's: of what wrl::Func::call() and C functions return. */
    static Derived adopt(StoreRef store, C handle) noexcept
    {
        Derived made;
        static_cast<Handle<C> &>(made) = Handle<C>(store, handle);
        return made;
    }
    /** Adds a hold to a handle, which may be borrowed by a host function. Errors: those of wrl_ref_retain(). */
    static Result<Derived> retain(StoreRef store, C handle) noexcept
    {
        if (wrl_error_t *error = detail::retain(store.get(), handle)) {
            return Error::adopt(error);
        }
        return adopt(store, handle);
    }
    /** Gives the hold up to the caller, who is to release it. Null afterwards. */
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
     * Leaves the hold to the host function that is under way, which releases it when it returns: for references that
     * are set as results through wrl::Func::make_untyped(). Null afterwards, unless it fails. Errors: those of
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
