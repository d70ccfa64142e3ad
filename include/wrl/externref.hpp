/**
 * @file
 * wrl::Externref, a reference to an object of the host. See wrl/externref.h.
 */
#ifndef WRL_EXTERNREF_HPP
#define WRL_EXTERNREF_HPP

#include "base.hpp"
#include "externref.h"
#include "held.hpp"
#include "result.hpp"
#include "signature.hpp"
#include "store.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

/**
 * A reference to an object of the host, or null. Each object is a hold, see wrl/held.hpp.
 *
 * A call through wrl::TypedFunc keeps its arguments, temporaries included, until it has returned, and its result is a
 * hold of the same store. Therefore no host function inside a call with Externrefs may delete the store: the store
 * would be deleted at the end of the outermost call, before the arguments are released. A program that has to delete
 * the store during a call uses wrl::Func::call(), whose values are not holds, and resets its own Externrefs before it
 * deletes the store.
 */
class Externref : public Held<Externref, wrl_externref_t> {
  public:
    /**
     * Makes a reference to an object. The object is deleted when neither the program nor a guest refers to it, at the
     * latest with the store. wrl_externref_new().
     */
    template <class T> static Result<Externref> make(StoreRef store, std::unique_ptr<T> data) noexcept
    {
        return make(store, data.release(), detail::delete_data<T>);
    }
    /** Makes a reference as above, to data that `finalizer` (may be NULL) receives, even if this function fails. */
    static Result<Externref> make(StoreRef store, void *data, wrl_finalizer_t finalizer = nullptr) noexcept
    {
        wrl_externref_t externref;
        if (wrl_error_t *error = wrl_externref_new(store.get(), data, finalizer, &externref)) {
            return Error::adopt(error);
        }
        return adopt(store, externref);
    }
    /**
     * Returns the pointer that the reference was made with, borrowed, or nullptr for the null reference. T must be the
     * type that it was made with, which is not checked. wrl_externref_data().
     */
    template <class T> T *data() const noexcept
    {
        return static_cast<T *>(wrl_externref_data(c_store(), get()));
    }
    /**
     * Returns the same pointer, or an error if there is none: for the null reference, an invalid handle, or an
     * externref that the guest made. wrl_externref_get().
     */
    template <class T> Result<T *> checked_data() const noexcept
    {
        void *data;
        if (wrl_error_t *error = wrl_externref_get(c_store(), get(), &data)) {
            return Error::adopt(error);
        }
        return static_cast<T *>(data);
    }
    /** Checks that there is a pointer, and reports why there is none. wrl_externref_get(). */
    Result<void> check() const noexcept
    {
        return wrl::check(wrl_externref_get(c_store(), get(), nullptr));
    }
};

namespace detail {

template <> struct ValueOf<Externref> : ValueBase<WRL_VALKIND_EXTERNREF> {
    static constexpr bool needs_store = true;
    template <class Slot> static void put(Slot &slot, const Externref &value) noexcept
    {
        slot.externref = value.get();
    }
    template <class Slot> static Externref take(wrl_store_t *store, const Slot &slot) noexcept
    {
        return Externref::adopt(store, slot.externref);
    }
    template <class Slot> static Externref share(wrl_store_t *store, const Slot &slot) noexcept
    {
        Result<Externref> shared = Externref::retain(store, slot.externref);
        return shared ? *std::move(shared) : Externref();
    }
    static wrl_error_t *leave(wrl_caller_t *caller, Externref value) noexcept
    {
        Result<wrl_externref_t> left = value.autorelease(caller);
        return left ? nullptr : left.take_error().release();
    }
};

} // namespace detail
} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
