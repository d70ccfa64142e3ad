/**
 * @file
 * wrl::Error, what went wrong. Owns a wrl_error_t; see wrl/error.h for kinds and trap codes.
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

/** A WebAssembly frame of a backtrace. The names are borrowed from the error; they are empty where there is none. */
struct Frame {
    uint64_t func_index = WRL_FRAME_UNKNOWN;    /**< As in wrl_frame_t. */
    uint64_t func_offset = WRL_FRAME_UNKNOWN;   /**< As in wrl_frame_t. */
    uint64_t module_offset = WRL_FRAME_UNKNOWN; /**< As in wrl_frame_t. */
    std::string_view func_name;                 /**< From the module's name section. */
    std::string_view module_name;               /**< From the module's name section. */
};

/**
 * An error. Owned: it is moved, not copied, and deleted by its destructor. Where there are exceptions, it is what
 * Result::value() throws, and what a host function may throw; catch it by reference.
 *
 * One that was moved from, or default-made, is empty: kind WRL_ERROR_INVALID_ARGUMENT, "error is NULL".
 */
class [[nodiscard]] Error final
#if WRL_CPP_EXCEPTIONS
    : public std::exception
#endif
{
  public:
    /** An empty error. */
    Error() noexcept = default;
    /** Makes an error; the message is copied. wrl_error_new(), which never fails. */
    Error(wrl_error_kind_t kind, const char *message) noexcept : error_(wrl_error_new(kind, message))
    {
    }
    /** As above. The message ends at a NUL, if it has one. */
    Error(wrl_error_kind_t kind, const std::string &message) noexcept : Error(kind, message.c_str())
    {
    }
    /** Makes an error that carries something of the program's own, see data(). wrl_error_new_with_data(). */
    template <class T>
    Error(wrl_error_kind_t kind, const char *message, std::unique_ptr<T> data) noexcept
        : error_(wrl_error_new_with_data(kind, message, data.release(), detail::delete_data<T>))
    {
    }
    /** Makes a trap; without a message, with the code's own words. wrl_error_new_trap(). */
    static Error trap(wrl_trap_code_t code, const char *message = nullptr) noexcept
    {
        return adopt(wrl_error_new_trap(code, message));
    }
    /** The guest asked the program to end. wrl_error_new_exit(). */
    static Error exit(int32_t status) noexcept
    {
        return adopt(wrl_error_new_exit(status));
    }
    /** Takes over an error of the C interface; NULL gives an empty one. */
    static Error adopt(wrl_error_t *error) noexcept
    {
        Error adopted;
        adopted.error_ = error;
        return adopted;
    }

    /** Takes the other's error. */
    Error(Error &&other) noexcept : error_(other.release())
    {
    }
    /** Deletes the own error and takes the other's. */
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

    /** Whether there is an error, that is, whether it is not empty. */
    explicit operator bool() const noexcept
    {
        return error_ != nullptr;
    }
    /** wrl_error_kind(). */
    wrl_error_kind_t kind() const noexcept
    {
        return wrl_error_kind(error_);
    }
    /** One line for people, never NULL. Lent. wrl_error_message(). */
    const char *message() const noexcept
    {
        return wrl_error_message(error_);
    }
    /** The message, under the name that std::exception gives it. */
    const char *what() const noexcept
#if WRL_CPP_EXCEPTIONS
        override
#endif
    {
        return message();
    }
    /** WRL_TRAP_NONE if the error is not a trap. wrl_error_trap_code(). */
    wrl_trap_code_t trap_code() const noexcept
    {
        return wrl_error_trap_code(error_);
    }
    /** The status of a WRL_ERROR_EXIT, otherwise 0. wrl_error_exit_status(). */
    int32_t exit_status() const noexcept
    {
        return wrl_error_exit_status(error_);
    }
    /** What the error was made with, or NULL. Lent. T must be the type that it was made with: nothing checks it. */
    template <class T> T *data() const noexcept
    {
        return static_cast<T *>(wrl_error_data(error_));
    }
    /** The frames of the guest, innermost first; none where the engine has no backtraces. Lent. */
    Range<Frame> frames() const noexcept
    {
        return Range<Frame>(error_, wrl_error_frame_count(error_), frame_at);
    }

    /** The error of the C interface. Lent. */
    const wrl_error_t *get() const noexcept
    {
        return error_;
    }
    /** Gives the error up: the caller owns it now. This one is empty afterwards. */
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
