/**
 * @file
 * wrl::Externref, a reference to something of the host's. See wrl/externref.h.
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
 * A reference to something of the host's, or null: a hold, see wrl/held.hpp.
 *
 * A call through wrl::TypedFunc holds its arguments until it has returned, temporary ones as well, and its result is a
 * hold of the same store. So no host function inside a call with Externrefs may delete the store: the store ends with
 * the outermost call, which is before the arguments are released. A program that has to delete it there calls
 * wrl::Func::call(), whose values are no holds, and resets its own Externrefs before it deletes the store.
 */
class Externref : public Held<Externref, wrl_externref_t> {
  public:
    /** Makes a reference to something that is deleted when neither program nor guest refers to it, at the latest with
     * the store. wrl_externref_new(). */
    template <class T> static Result<Externref> make(StoreRef store, std::unique_ptr<T> data) noexcept
    {
        return make(store, data.release(), detail::delete_data<T>);
    }
    /** As above, for data that `finalizer`, where it is not NULL, ends: also if this fails. */
    static Result<Externref> make(StoreRef store, void *data, wrl_finalizer_t finalizer = nullptr) noexcept
    {
        wrl_externref_t externref;
        if (wrl_error_t *error = wrl_externref_new(store.get(), data, finalizer, &externref)) {
            return Error::adopt(error);
        }
        return adopt(store, externref);
    }
    /** The pointer that it was made with, borrowed; nullptr for the null reference. T must be the type that it was made
     * with: nothing checks it. wrl_externref_data(). */
    template <class T> T *data() const noexcept
    {
        return static_cast<T *>(wrl_externref_data(c_store(), get()));
    }
    /** The same, or why there is no pointer: the null reference, a bad handle, or an externref of the guest's own.
     * wrl_externref_get(). */
    template <class T> Result<T *> checked_data() const noexcept
    {
        void *data;
        if (wrl_error_t *error = wrl_externref_get(c_store(), get(), &data)) {
            return Error::adopt(error);
        }
        return static_cast<T *>(data);
    }
    /** Why there is no pointer, if there is none. wrl_externref_get(). */
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
