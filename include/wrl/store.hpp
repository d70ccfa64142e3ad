/**
 * @file
 * wrl::Store, the owner of everything inside it, and wrl::StoreRef, a store that is lent. See wrl/store.h.
 */
#ifndef WRL_STORE_HPP
#define WRL_STORE_HPP

#include "base.hpp"
#include "engine.hpp"
#include "result.hpp"
#include "store.h"

namespace wrl {
inline namespace WRL_CPP_MODE {

/** What an owned store and a lent one have in common. */
template <class Derived> class StoreMembers {
  public:
    /** The engine of the store. wrl_store_engine(). */
    Engine engine() const noexcept
    {
        return Engine::retain(wrl_store_engine(store()));
    }
    /** Collects what guests do not refer to any more. wrl_store_collect(). */
    void collect() const noexcept
    {
        wrl_store_collect(store());
    }
    /** The program's data, or NULL. Lent. T must be the type that it was given with: nothing checks it. */
    template <class T> T *data() const noexcept
    {
        return static_cast<T *>(wrl_store_data(store()));
    }
    /** Replaces the program's data, and deletes the former before it returns. wrl_store_set_data(). */
    template <class T> Result<void> set_data(std::unique_ptr<T> data) const noexcept
    {
        return check(wrl_store_set_data(store(), data.release(), detail::delete_data<T>));
    }
    /** As above, for data that the program only lends. */
    Result<void> set_data(void *data, wrl_finalizer_t finalizer = nullptr) const noexcept
    {
        return check(wrl_store_set_data(store(), data, finalizer));
    }
    /** Takes the program's data back: the caller owns it. T as for data(). wrl_store_take_data(). */
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

/** A store that is lent: an owned one, that of a C program, or that of a caller. Good as long as that store. */
class StoreRef : public StoreMembers<StoreRef> {
  public:
    /** Lends a store of the C interface. */
    StoreRef(wrl_store_t *store) noexcept : store_(store)
    {
    }
    /** The store of the C interface. Lent. */
    wrl_store_t *get() const noexcept
    {
        return store_;
    }

  private:
    wrl_store_t *store_;
};

/** A store. Owned: moved, not copied. One thread at a time. Handles stay good when it is moved. */
class Store : public StoreMembers<Store> {
  public:
    /** Makes a store. wrl_store_new(). */
    static Result<Store> make(const Engine &engine) noexcept
    {
        return make(engine, nullptr, nullptr);
    }
    /** Makes a store with data of the program's own, which it deletes when it ends. */
    template <class T> static Result<Store> make(const Engine &engine, std::unique_ptr<T> data) noexcept
    {
        return make(engine, data.release(), detail::delete_data<T>);
    }
    /** Makes a store with data that `finalizer`, where it is not NULL, ends: also if this fails. */
    static Result<Store> make(const Engine &engine, void *data, wrl_finalizer_t finalizer) noexcept
    {
        const wrl_store_config_t config = {sizeof(wrl_store_config_t), data, finalizer};
        wrl_store_t *store = nullptr;
        if (wrl_error_t *error = wrl_store_new(engine.get(), &config, &store)) {
            return Error::adopt(error);
        }
        return adopt(store);
    }
    /** Takes a store of the C interface over. */
    static Store adopt(wrl_store_t *store) noexcept
    {
        return Store(store);
    }

    /** Takes the other's store; the other is empty afterwards. */
    Store(Store &&other) noexcept : store_(other.release())
    {
    }
    /** Deletes the own store and takes the other's. */
    Store &operator=(Store &&other) noexcept
    {
        wrl_store_t *taken = other.release();
        wrl_store_delete(store_);
        store_ = taken;
        return *this;
    }
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;
    /** Ends all that is in the store, and runs the finalizers. wrl_store_delete(). */
    ~Store()
    {
        wrl_store_delete(store_);
    }

    /** Lends the store. */
    operator StoreRef() &noexcept
    {
        return StoreRef(store_);
    }
    /** A store that is about to end cannot be lent. */
    operator StoreRef() && = delete;

    /** The store of the C interface. Lent. */
    wrl_store_t *get() const noexcept
    {
        return store_;
    }
    /** Gives the store up: the caller deletes it. This one is empty afterwards. */
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

/** A handle and its store: the common part of all handles. */
template <class C> class Handle {
  public:
    /** The null handle, of no store. */
    Handle() noexcept : store_(nullptr), handle_{0, 0}
    {
    }
    /** A handle of the C interface and its store. */
    Handle(StoreRef store, C handle) noexcept : store_(store.get()), handle_(handle)
    {
    }
    /** Whether it is not null. Functions and externrefs may be, as references. */
    explicit operator bool() const noexcept
    {
        return handle_.store_id != 0;
    }
    /** The store. Lent. */
    StoreRef store() const noexcept
    {
        return store_;
    }
    /** The handle of the C interface. */
    C get() const noexcept
    {
        return handle_;
    }
    /** Whether both are the same object. */
    friend bool operator==(const Handle &a, const Handle &b) noexcept
    {
        return a.handle_.store_id == b.handle_.store_id && a.handle_.index == b.handle_.index;
    }
    /** The opposite. */
    friend bool operator!=(const Handle &a, const Handle &b) noexcept
    {
        return !(a == b);
    }

  protected:
    /** The store of the C interface. */
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
