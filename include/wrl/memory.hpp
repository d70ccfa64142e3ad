/**
 * @file
 * wrl::Memory, a linear memory. See wrl/memory.h.
 */
#ifndef WRL_MEMORY_HPP
#define WRL_MEMORY_HPP

#include "base.hpp"
#include "memory.h"
#include "result.hpp"
#include "store.hpp"
#include "type.hpp"

#include <string>

namespace wrl {
inline namespace WRL_CPP_MODE {

/** A linear memory. A handle: valid as long as its store. */
class Memory : public Handle<wrl_memory_t> {
  public:
    using Handle::Handle;

    /** Makes a memory, filled with zeros. wrl_memory_new(). */
    static Result<Memory> make(StoreRef store, const wrl_memorytype_t &type) noexcept
    {
        wrl_memory_t memory;
        if (wrl_error_t *error = wrl_memory_new(store.get(), &type, &memory)) {
            return Error::adopt(error);
        }
        return Memory(store, memory);
    }
    /** Returns the type that the memory was made with. wrl_memory_type(). */
    MemoryType type() const noexcept
    {
        return wrl_memory_type(c_store(), get());
    }
    /** Returns the current size, in pages. wrl_memory_size(). */
    uint64_t size() const noexcept
    {
        return wrl_memory_size(c_store(), get());
    }
    /** Returns the current size, in bytes. wrl_memory_data_size(). */
    uint64_t data_size() const noexcept
    {
        return wrl_memory_data_size(c_store(), get());
    }
    /** Grows the memory by `delta` pages, and returns the previous size. wrl_memory_grow(). */
    Result<uint64_t> grow(uint64_t delta) const noexcept
    {
        uint64_t previous = 0;
        if (wrl_error_t *error = wrl_memory_grow(c_store(), get(), delta, &previous)) {
            return Error::adopt(error);
        }
        return previous;
    }

    /** Copies bytes from the memory. wrl_memory_read(). */
    Result<void> read(uint64_t offset, void *buffer, size_t size) const noexcept
    {
        return check(wrl_memory_read(c_store(), get(), offset, buffer, size));
    }
    /** Copies bytes to the memory. wrl_memory_write(). */
    Result<void> write(uint64_t offset, const void *buffer, size_t size) const noexcept
    {
        return check(wrl_memory_write(c_store(), get(), offset, buffer, size));
    }
    /** Copies a number or struct from the memory, byte for byte. Guests are little-endian. */
    template <class T> Result<T> read(uint64_t offset) const noexcept
    {
        static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>, "only plain bytes can be copied");
        T value;
        if (wrl_error_t *error = wrl_memory_read(c_store(), get(), offset, &value, sizeof value)) {
            return Error::adopt(error);
        }
        return value;
    }
    /** Copies a number or struct to the memory, byte for byte. Guests are little-endian. */
    template <class T> Result<void> write(uint64_t offset, const T &value) const noexcept
    {
        static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>, "only plain bytes can be copied");
        return write(offset, std::addressof(value), sizeof value);
    }
    /** Copies text from the memory. Checks the bounds before it allocates. May throw std::bad_alloc. */
    Result<std::string> read_string(uint64_t offset, size_t size) const
    {
        std::string text;
        if (size <= data_size()) {
            text.resize(size);
        }
        /* If the size is out of bounds, this call reports it. */
        if (wrl_error_t *error = wrl_memory_read(c_store(), get(), offset, text.data(), size)) {
            return Error::adopt(error);
        }
        return text;
    }
    /**
     * Copies a NUL-terminated string of at most `max_size` bytes from the memory, without the NUL. May throw
     * std::bad_alloc. wrl_memory_read_string().
     */
    Result<std::string> read_c_string(uint64_t offset, size_t max_size) const
    {
        const uint64_t bytes = data_size();
        const uint64_t left = offset < bytes ? bytes - offset : 0;
        std::string text(static_cast<size_t>(left < max_size ? left : max_size), '\0');
        size_t length = 0;
        /* A std::string has space for a NUL after its end. */
        if (wrl_error_t *error =
                wrl_memory_read_string(c_store(), get(), offset, text.data(), text.size() + 1, &length)) {
            return Error::adopt(error);
        }
        text.resize(length);
        return text;
    }
    /**
     * Returns the bytes of a range, for direct access. The span is empty, and its data() is nullptr, if the range is
     * out of bounds or if the host cannot access the memory directly. Valid until the memory grows, which any call into
     * the guest may do. wrl_memory_slice().
     */
    Span<uint8_t> slice(uint64_t offset, uint64_t size) const noexcept
    {
        uint8_t *data = wrl_memory_slice(c_store(), get(), offset, size);
        return Span<uint8_t>(data, data ? static_cast<size_t>(size) : 0);
    }
    /** Returns all bytes of the memory, under the conditions of slice(). wrl_memory_data(). */
    Span<uint8_t> data() const noexcept
    {
        uint64_t size = 0;
        uint8_t *data = wrl_memory_data(c_store(), get(), &size);
        return Span<uint8_t>(data, data ? static_cast<size_t>(size) : 0);
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
