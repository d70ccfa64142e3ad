/**
 * @file
 * wrl::Externref, a reference to something of the host's. See wrl/externref.h.
 */
#ifndef WRL_EXTERNREF_HPP
#define WRL_EXTERNREF_HPP

#include "base.hpp"
#include "externref.h"
#include "result.hpp"
#include "signature.hpp"
#include "store.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

/** A reference to something of the host's, or null. A handle: it lives as long as its store. */
class Externref : public Handle<wrl_externref_t> {
  public:
    using Handle::Handle;

    /** Makes a reference to something that the store deletes when it ends. wrl_externref_new(). */
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
        return Externref(store, externref);
    }
    /** What it was made with. Lent. T must be the type that it was made with: nothing checks it. Errors:
     * INVALID_ARGUMENT for null. wrl_externref_data(). */
    template <class T> Result<T *> data() const noexcept
    {
        void *data = nullptr;
        if (wrl_error_t *error = wrl_externref_data(c_store(), get(), &data)) {
            return Error::adopt(error);
        }
        return static_cast<T *>(data);
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
        return Externref(store, slot.externref);
    }
};

} // namespace detail
} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
