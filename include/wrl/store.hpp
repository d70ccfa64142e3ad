/**
 * @file
 * wrl::Store, the owner of everything inside it, and wrl::StoreRef, a borrowed store. See wrl/store.h.
 */
#ifndef WRL_STORE_HPP
#define WRL_STORE_HPP

#include "base.hpp"
#include "engine.hpp"
#include "fuel.h"
#include "result.hpp"
#include "store.h"

namespace wrl {
inline namespace WRL_CPP_MODE {

/** The common members of an owned and a borrowed store. */
template <class Derived> class StoreMembers {
  public:
    /** Returns the engine of the store. wrl_store_engine(). */
    Engine engine() const noexcept
    {
        return Engine::retain(wrl_store_engine(store()));
    }
    /** Sets the fuel that is left. wrl_store_set_fuel(). */
    Result<void> set_fuel(uint64_t fuel) const noexcept
    {
        return check(wrl_store_set_fuel(store(), fuel));
    }
    /** Adds fuel to what is left. wrl_store_add_fuel(). */
    Result<void> add_fuel(uint64_t fuel) const noexcept
    {
        return check(wrl_store_add_fuel(store(), fuel));
    }
    /** Returns the fuel that is left. wrl_store_fuel(). */
    uint64_t fuel() const noexcept
    {
        return wrl_store_fuel(store());
    }
    /** Collects objects that guests no longer refer to. wrl_store_collect(). */
    void collect() const noexcept
    {
        wrl_store_collect(store());
    }
    /**
     * Returns the program's data, or NULL. Borrowed. T must be the type that the data was passed with, which is not
     * checked. wrl_store_data().
     */
    template <class T> T *data() const noexcept
    {
        return static_cast<T *>(wrl_store_data(store()));
    }
    /** Replaces the program's data, and deletes the former data before it returns. wrl_store_set_data(). */
    template <class T> Result<void> set_data(std::unique_ptr<T> data) const noexcept
    {
        return check(wrl_store_set_data(store(), data.release(), detail::delete_data<T>));
    }
    /**
     * Replaces the program's data as above, with data that the store does not own. `finalizer` (may be NULL) receives
     * the data.
     */
    Result<void> set_data(void *data, wrl_finalizer_t finalizer = nullptr) const noexcept
    {
        return check(wrl_store_set_data(store(), data, finalizer));
    }
    /**
     * Removes the program's data from the store and returns it. The caller owns it. T as for data().
     * wrl_store_take_data().
     */
    template <class T> std::unique_ptr<T> take_data() const noexcept
    {
        return std::unique_ptr<T>(static_cast<T *>(wrl_store_take_data(store())));
    }

  private:
    wrl_store_t *store() const noexcept
    {
        return static_cast<const Derived *>(this)->get();
    }
};

/** A store that is borrowed from a Store, from a C program or from a caller. Valid as long as that store. */
class StoreRef : public StoreMembers<StoreRef> {
  public:
    /** Borrows a C store. */
    StoreRef(wrl_store_t *store) noexcept : store_(store)
    {
    }
    /** Returns the C store. Borrowed. */
    wrl_store_t *get() const noexcept
    {
        return store_;
    }

  private:
    wrl_store_t *store_;
};

/** A store. Owned: moved, not copied. One thread at a time. Handles stay valid when it is moved. */
class Store : public StoreMembers<Store> {
  public:
    /** Makes a store. wrl_store_new(). */
    static Result<Store> make(const Engine &engine) noexcept
    {
        return make(engine, nullptr, nullptr);
    }
    /** Makes a store with data of the program's own. The data is deleted together with the store. */
    template <class T> static Result<Store> make(const Engine &engine, std::unique_ptr<T> data) noexcept
    {
        return make(engine, data.release(), detail::delete_data<T>);
    }
    /** Makes a store with data that `finalizer` (may be NULL) receives, even if this function fails. */
    static Result<Store> make(const Engine &engine, void *data, wrl_finalizer_t finalizer) noexcept
    {
        const wrl_store_config_t config = {sizeof(wrl_store_config_t), data, finalizer};
        wrl_store_t *store = nullptr;
        if (wrl_error_t *error = wrl_store_new(engine.get(), &config, &store)) {
            return Error::adopt(error);
        }
        return adopt(store);
    }
    /** Takes ownership of a C store. */
    static Store adopt(wrl_store_t *store) noexcept
    {
        return Store(store);
    }

    /** Takes the store of `other`, which is empty afterwards. */
    Store(Store &&other) noexcept : store_(other.release())
    {
    }
    /** Deletes the current store and takes that of `other`. */
    Store &operator=(Store &&other) noexcept
    {
        wrl_store_t *taken = other.release();
        wrl_store_delete(store_);
        store_ = taken;
        return *this;
    }
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;
    /** Deletes the store with all that is in it, and runs the finalizers. wrl_store_delete(). */
    ~Store()
    {
        wrl_store_delete(store_);
    }

    /** Borrows the store. */
    operator StoreRef() &noexcept
    {
        return StoreRef(store_);
    }
    /** A temporary store cannot be borrowed. */
    operator StoreRef() && = delete;

    /** Returns the C store. Borrowed. */
    wrl_store_t *get() const noexcept
    {
        return store_;
    }
    /** Transfers ownership of the C store to the caller, who deletes it. Empty afterwards. */
    wrl_store_t *release() noexcept
    {
        return std::exchange(store_, nullptr);
    }

  private:
    explicit Store(wrl_store_t *store) noexcept : store_(store)
    {
    }
    wrl_store_t *store_;
};

/** A handle and its store: the common base of all handles. */
template <class C> class Handle {
  public:
    /** Makes the null handle, of no store. */
    Handle() noexcept : store_(nullptr), handle_{0, 0}
    {
    }
    /** Converts a C handle of a store. */
    Handle(StoreRef store, C handle) noexcept : store_(store.get()), handle_(handle)
    {
    }
    /** Returns whether the handle is not null. Functions and externrefs may be null, as references. */
    explicit operator bool() const noexcept
    {
        return handle_.store_id != 0;
    }
    /** Returns the store. Borrowed. */
    StoreRef store() const noexcept
    {
        return store_;
    }
    /** Returns the C handle. */
    C get() const noexcept
    {
        return handle_;
    }
    /** Returns whether both refer to the same object. */
    friend bool operator==(const Handle &a, const Handle &b) noexcept
    {
        return a.handle_.store_id == b.handle_.store_id && a.handle_.index == b.handle_.index;
    }
    /** Returns the opposite of ==. */
    friend bool operator!=(const Handle &a, const Handle &b) noexcept
    {
        return !(a == b);
    }

  protected:
    /** Returns the C store. */
    wrl_store_t *c_store() const noexcept
    {
        return store_;
    }

  private:
    wrl_store_t *store_;
    C handle_;
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
