/**
 * @file
 * wrl::Error, which owns a wrl_error_t. See wrl/error.h for kinds and trap codes.
 */
#ifndef WRL_ERROR_HPP
#define WRL_ERROR_HPP

#include "base.hpp"
#include "error.h"

#if WRL_CPP_EXCEPTIONS
#include <exception>
#endif
#include <string>

namespace wrl {
inline namespace WRL_CPP_MODE {

/** A WebAssembly frame of a backtrace. The names are borrowed from the error, and empty where there is none. */
struct Frame {
    uint64_t func_index = WRL_FRAME_UNKNOWN;    /**< As in wrl_frame_t. */
    uint64_t func_offset = WRL_FRAME_UNKNOWN;   /**< As in wrl_frame_t. */
    uint64_t module_offset = WRL_FRAME_UNKNOWN; /**< As in wrl_frame_t. */
    std::string_view func_name;                 /**< From the module's name section. */
    std::string_view module_name;               /**< From the module's name section. */
};

/**
 * An error. Owned: it is moved, not copied, and its destructor deletes it. With exceptions, Result::value() throws it,
 * and a host function may throw it. Catch it by reference.
 *
 * A default-constructed or moved-from error is empty: its kind is WRL_ERROR_INVALID_ARGUMENT, its message "error is
 * NULL".
 */
class [[nodiscard]] Error final
#if WRL_CPP_EXCEPTIONS
    : public std::exception
#endif
{
  public:
    /** Makes an empty error. */
    Error() noexcept = default;
    /** Makes an error. Copies the message. wrl_error_new(), which never fails. */
    Error(wrl_error_kind_t kind, const char *message) noexcept : error_(wrl_error_new(kind, message))
    {
    }
    /** Makes an error as above. If the message holds a NUL, it ends there. */
    Error(wrl_error_kind_t kind, const std::string &message) noexcept : Error(kind, message.c_str())
    {
    }
    /** Makes an error that carries an object of the program, see data(). wrl_error_new_with_data(). */
    template <class T>
    Error(wrl_error_kind_t kind, const char *message, std::unique_ptr<T> data) noexcept
        : error_(wrl_error_new_with_data(kind, message, data.release(), detail::delete_data<T>))
    {
    }
    /** Makes a trap. A NULL message becomes the code's name. wrl_error_new_trap(). */
    static Error trap(wrl_trap_code_t code, const char *message = nullptr) noexcept
    {
        return adopt(wrl_error_new_trap(code, message));
    }
    /** Makes an error by which the guest asks to end the program. wrl_error_new_exit(). */
    static Error exit(int32_t status) noexcept
    {
        return adopt(wrl_error_new_exit(status));
    }
    /** Takes ownership of a C error. NULL becomes an empty error. */
    static Error adopt(wrl_error_t *error) noexcept
    {
        Error adopted;
        adopted.error_ = error;
        return adopted;
    }

    /** Takes the error of `other`. */
    Error(Error &&other) noexcept : error_(other.release())
    {
    }
    /** Deletes the current error and takes that of `other`. */
    Error &operator=(Error &&other) noexcept
    {
        wrl_error_t *taken = other.release();
        wrl_error_delete(error_);
        error_ = taken;
        return *this;
    }
    Error(const Error &) = delete;
    Error &operator=(const Error &) = delete;
    ~Error()
    {
        wrl_error_delete(error_);
    }

    /** Returns whether the error is not empty. */
    explicit operator bool() const noexcept
    {
        return error_ != nullptr;
    }
    /** Returns the kind. wrl_error_kind(). */
    wrl_error_kind_t kind() const noexcept
    {
        return wrl_error_kind(error_);
    }
    /** Returns one line for people, never NULL. Borrowed. wrl_error_message(). */
    const char *message() const noexcept
    {
        return wrl_error_message(error_);
    }
    /** Returns the message. For std::exception. */
    const char *what() const noexcept
#if WRL_CPP_EXCEPTIONS
        override
#endif
    {
        return message();
    }
    /** Returns the trap code, or WRL_TRAP_NONE if the error is not a trap. wrl_error_trap_code(). */
    wrl_trap_code_t trap_code() const noexcept
    {
        return wrl_error_trap_code(error_);
    }
    /** Returns the status of a WRL_ERROR_EXIT, otherwise 0. wrl_error_exit_status(). */
    int32_t exit_status() const noexcept
    {
        return wrl_error_exit_status(error_);
    }
    /**
     * Returns the object that the error was made with, or NULL. Borrowed. T must be the type of that object, which is
     * not checked. wrl_error_data().
     */
    template <class T> T *data() const noexcept
    {
        return static_cast<T *>(wrl_error_data(error_));
    }
    /**
     * Returns the frames of the guest, innermost first. Empty where the engine has no backtraces. Borrowed.
     * wrl_error_frame().
     */
    Range<Frame> frames() const noexcept
    {
        return Range<Frame>(error_, wrl_error_frame_count(error_), frame_at);
    }

    /** Returns the C error. Borrowed. */
    const wrl_error_t *get() const noexcept
    {
        return error_;
    }
    /** Transfers ownership of the C error to the caller. Leaves an empty error here. */
    wrl_error_t *release() noexcept
    {
        return std::exchange(error_, nullptr);
    }

  private:
    static Frame frame_at(const void *error, size_t index) noexcept
    {
        wrl_frame_t found;
        Frame frame;
        if (wrl_error_frame(static_cast<const wrl_error_t *>(error), index, &found)) {
            frame.func_index = found.func_index;
            frame.func_offset = found.func_offset;
            frame.module_offset = found.module_offset;
            frame.func_name = detail::view(found.func_name, found.func_name_size);
            frame.module_name = detail::view(found.module_name, found.module_name_size);
        }
        return frame;
    }

    wrl_error_t *error_ = nullptr;
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
