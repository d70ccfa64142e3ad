/**
 * @file
 * wrl::Result, which every member that can fail returns: a value or an error.
 *
 * With exceptions, a program calls `.value()` (or `*`) where an error should be thrown, as wrl::Error:
 *
 *     int32_t sum = add_one(42).value();
 *
 * Without exceptions, or where an error is expected, it tests the result first, and returns the error:
 *
 *     wrl::Result<int32_t> sum = add_one(42);
 *     if (!sum) {
 *         return sum.take_error();
 *     }
 *     use(*sum);
 *
 * Without exceptions, value() of an error prints the message and aborts.
 */
#ifndef WRL_RESULT_HPP
#define WRL_RESULT_HPP

#include "error.hpp"

#include <cstdio>
#include <new>

namespace wrl {
inline namespace WRL_CPP_MODE {
namespace detail {

/** Throws the error; without exceptions, prints its message and aborts. */
[[noreturn]] inline void fail(Error error)
{
#if WRL_CPP_EXCEPTIONS
    throw Error(std::move(error));
#else
    std::fprintf(stderr, "wrl: %s\n", error.message());
    std::abort();
#endif
}

/**
 * Fails as fail() does, but leaves the error where it is. The thrown error is a copy with the same kind, trap code and
 * message.
 */
[[noreturn]] inline void fail_with_copy(const Error &error)
{
    fail(error.kind() == WRL_ERROR_TRAP ? Error::trap(error.trap_code(), error.message())
                                        : Error(error.kind(), error.message()));
}

[[noreturn]] inline void fail_without_error()
{
    fail(Error(WRL_ERROR_INVALID_ARGUMENT, "error() was asked of a result that has a value"));
}

/** Moves or copies a callable to the heap, for the library to call. Returns NULL if memory runs out. */
template <class F> std::unique_ptr<std::decay_t<F>> keep(F &&callable)
{
    return std::unique_ptr<std::decay_t<F>>(new (std::nothrow) std::decay_t<F>(std::forward<F>(callable)));
}

inline Error out_of_memory() noexcept
{
    return Error(WRL_ERROR_OUT_OF_MEMORY, nullptr);
}

} // namespace detail

/**
 * A value or an error. Moved, not copied. A Result that is dropped deletes its error; the compiler warns about it. T is
 * any type that can be moved, except a reference. After a move the Result still has a value or an error, in the
 * moved-from state.
 */
template <class T> class [[nodiscard]] Result {
  public:
    /** The type of the value. */
    using value_type = T;

    /** Success. */
    template <class U = T,
              class = std::enable_if_t<std::is_constructible_v<T, U &&> && !std::is_same_v<std::decay_t<U>, Result> &&
                                       !std::is_same_v<std::decay_t<U>, Error>>>
    Result(U &&value) noexcept(std::is_nothrow_constructible_v<T, U &&>) : value_(std::forward<U>(value)), ok_(true)
    {
    }
    /** Failure. */
    Result(Error &&error) noexcept : error_(std::move(error)), ok_(false)
    {
    }
    /** Takes the value or the error of `other`. */
    Result(Result &&other) noexcept(std::is_nothrow_move_constructible_v<T>) : ok_(other.ok_)
    {
        take(other);
    }
    /** Destroys the current value or error, and takes that of `other`. */
    Result &operator=(Result &&other) noexcept(std::is_nothrow_move_constructible_v<T>)
    {
        static_assert(std::is_nothrow_move_constructible_v<T>, "only what moves without exceptions can be assigned");
        if (this != &other) {
            end();
            ok_ = other.ok_;
            take(other);
        }
        return *this;
    }
    Result(const Result &) = delete;
    Result &operator=(const Result &) = delete;
    ~Result()
    {
        end();
    }

    /** Returns whether there is a value. */
    bool ok() const noexcept
    {
        return ok_;
    }
    /** Returns whether there is a value. */
    explicit operator bool() const noexcept
    {
        return ok_;
    }

    /**
     * Returns the value. If there is an error, throws it and leaves an empty error here; without exceptions, aborts
     * with the error's message.
     */
    T &value() &
    {
        if (!ok_) {
            detail::fail(std::move(error_));
        }
        return value_;
    }
    /** Returns the value as above. If there is an error, throws a copy with the same kind, trap code and message. */
    const T &value() const &
    {
        if (!ok_) {
            detail::fail_with_copy(error_);
        }
        return value_;
    }
    /**
     * Returns the value as above. Returns the value itself, not a reference, because the Result is about to be
     * destroyed.
     */
    T value() &&
    {
        return std::move(value());
    }
    /** Returns the value as value() does, with the same check. */
    T &operator*() &
    {
        return value();
    }
    /** Returns the value as value() does, with the same check. */
    const T &operator*() const &
    {
        return value();
    }
    /** Returns the value as value() does, with the same check. */
    T operator*() &&
    {
        return std::move(value());
    }
    /** Accesses a member of the value, with the same check as value(). */
    T *operator->()
    {
        return std::addressof(value());
    }
    /** Accesses a member of the value, with the same check as value(). */
    const T *operator->() const
    {
        return std::addressof(value());
    }
    /** Returns the value, or `other` if there is an error. */
    template <class U> T value_or(U &&other) &&
    {
        return ok_ ? std::move(value_) : static_cast<T>(std::forward<U>(other));
    }

    /** Returns the error, borrowed. Only if there is one: otherwise fails as value() does. */
    const Error &error() const &
    {
        if (ok_) {
            detail::fail_without_error();
        }
        return error_;
    }
    /** Takes the error out of the Result: `return result.take_error();`. Only if there is one, as above. */
    Error take_error()
    {
        if (ok_) {
            detail::fail_without_error();
        }
        return std::move(error_);
    }

  private:
    void take(Result &other)
    {
        if (ok_) {
            ::new (static_cast<void *>(std::addressof(value_))) T(std::move(other.value_));
        } else {
            ::new (static_cast<void *>(std::addressof(error_))) Error(std::move(other.error_));
        }
    }
    void end() noexcept
    {
        if (ok_) {
            value_.~T();
        } else {
            error_.~Error();
        }
    }

    union {
        T value_;
        Error error_;
    };
    bool ok_;
};

/** Success without a value, or an error. Members are as those of Result<T>. */
template <> class [[nodiscard]] Result<void> {
  public:
    /** The type of the value. */
    using value_type = void;

    /** Success. */
    Result() noexcept = default;
    /** Failure. */
    Result(Error &&error) noexcept : error_(std::move(error)), ok_(false)
    {
    }
    /** Takes the value or the error of `other`. */
    Result(Result &&other) noexcept = default;
    /** Destroys the current value or error, and takes that of `other`. */
    Result &operator=(Result &&other) noexcept = default;

    /** Returns whether there is no error. */
    bool ok() const noexcept
    {
        return ok_;
    }
    /** Returns whether there is no error. */
    explicit operator bool() const noexcept
    {
        return ok_;
    }
    /**
     * Returns nothing. If there is an error, throws it and leaves an empty error here; without exceptions, aborts with
     * the error's message.
     */
    void value()
    {
        if (!ok_) {
            detail::fail(std::move(error_));
        }
    }
    /** Returns the error, borrowed. Only if there is one: otherwise fails as value() does. */
    const Error &error() const &
    {
        if (ok_) {
            detail::fail_without_error();
        }
        return error_;
    }
    /** Takes the error out of the Result. Only if there is one, as above. */
    Error take_error()
    {
        if (ok_) {
            detail::fail_without_error();
        }
        return std::move(error_);
    }

  private:
    Error error_;
    bool ok_ = true;
};

/** Converts the result of a C function: `wrl::check(wrl_memory_grow(…)).value();`. Takes ownership of the error. */
inline Result<void> check(wrl_error_t *error) noexcept
{
    if (error) {
        return Error::adopt(error);
    }
    return {};
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
