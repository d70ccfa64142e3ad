/**
 * @file
 * wrl::Result, what every member that can fail returns: a value or an error.
 *
 * With exceptions, a program writes `.value()` (or `*`) where it wants errors thrown, as wrl::Error:
 *
 *     int32_t sum = add_one(42).value();
 *
 * Without exceptions, or where an error is an expected answer, it asks first, and hands the error on:
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

/** As fail(), where the error has to stay: what is thrown has its kind, trap code and message. */
[[noreturn]] inline void fail_with_copy(const Error &error)
{
    fail(error.kind() == WRL_ERROR_TRAP ? Error::trap(error.trap_code(), error.message())
                                        : Error(error.kind(), error.message()));
}

[[noreturn]] inline void fail_without_error()
{
    fail(Error(WRL_ERROR_INVALID_ARGUMENT, "error() was asked of a result that has a value"));
}

/** Puts a callable on the heap, for the library to call. NULL if memory is short. */
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
 * A value or an error. Moved, not copied. A Result that is dropped deletes its error; the compiler warns of it.
 * T is any type that can be moved, but not a reference. After a move the value or the error is one that was moved from.
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
    /** Takes what the other has. */
    Result(Result &&other) noexcept(std::is_nothrow_move_constructible_v<T>) : ok_(other.ok_)
    {
        take(other);
    }
    /** Ends what is here and takes what the other has. */
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

    /** Whether there is a value. */
    bool ok() const noexcept
    {
        return ok_;
    }
    /** Whether there is a value. */
    explicit operator bool() const noexcept
    {
        return ok_;
    }

    /** The value. Of an error: throws it, and leaves it empty here; without exceptions, aborts with its message. */
    T &value() &
    {
        if (!ok_) {
            detail::fail(std::move(error_));
        }
        return value_;
    }
    /** As above; of a const Result, what is thrown is another error with the same kind, trap code and message. */
    const T &value() const &
    {
        if (!ok_) {
            detail::fail_with_copy(error_);
        }
        return value_;
    }
    /** As above. Of a Result that is about to end, the value itself is returned, not a reference into it. */
    T value() &&
    {
        return std::move(value());
    }
    /** The same as value(), checked like it. */
    T &operator*() &
    {
        return value();
    }
    /** The same as value(), checked like it. */
    const T &operator*() const &
    {
        return value();
    }
    /** The same as value(), checked like it. */
    T operator*() &&
    {
        return std::move(value());
    }
    /** A member of the value, checked like value(). */
    T *operator->()
    {
        return std::addressof(value());
    }
    /** A member of the value, checked like value(). */
    const T *operator->() const
    {
        return std::addressof(value());
    }
    /** The value, or `other` if there is an error. */
    template <class U> T value_or(U &&other) &&
    {
        return ok_ ? std::move(value_) : static_cast<T>(std::forward<U>(other));
    }

    /** The error. Lent. Only if there is one: otherwise it fails as value() does. */
    const Error &error() const &
    {
        if (ok_) {
            detail::fail_without_error();
        }
        return error_;
    }
    /** Takes the error, to hand it on: `return result.take_error();`. Only if there is one, as above. */
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

/** Success without a value, or an error. Members as those of Result<T>. */
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
    /** Takes what the other has. */
    Result(Result &&other) noexcept = default;
    /** Ends what is here and takes what the other has. */
    Result &operator=(Result &&other) noexcept = default;

    /** Whether there is no error. */
    bool ok() const noexcept
    {
        return ok_;
    }
    /** Whether there is no error. */
    explicit operator bool() const noexcept
    {
        return ok_;
    }
    /** Nothing. Of an error: throws it, and leaves it empty here; without exceptions, aborts with its message. */
    void value()
    {
        if (!ok_) {
            detail::fail(std::move(error_));
        }
    }
    /** The error. Lent. Only if there is one: otherwise it fails as value() does. */
    const Error &error() const &
    {
        if (ok_) {
            detail::fail_without_error();
        }
        return error_;
    }
    /** Takes the error, to hand it on. Only if there is one, as above. */
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

/** The outcome of a function of the C interface: `wrl::check(wrl_memory_grow(…)).value();`. Takes the error over. */
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
