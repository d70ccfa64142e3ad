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

/** A linear memory. A handle: good as long as its store. */
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
    /** The type that the memory was made with. wrl_memory_type(). */
    Result<MemoryType> type() const noexcept
    {
        wrl_memorytype_t type;
        if (wrl_error_t *error = wrl_memory_type(c_store(), get(), &type)) {
            return Error::adopt(error);
        }
        return MemoryType(type);
    }
    /** The size now, in pages. wrl_memory_size(). */
    Result<uint64_t> size() const noexcept
    {
        uint64_t pages = 0;
        if (wrl_error_t *error = wrl_memory_size(c_store(), get(), &pages)) {
            return Error::adopt(error);
        }
        return pages;
    }
    /** The size now, in bytes. wrl_memory_data_size(). */
    Result<uint64_t> data_size() const noexcept
    {
        uint64_t bytes = 0;
        if (wrl_error_t *error = wrl_memory_data_size(c_store(), get(), &bytes)) {
            return Error::adopt(error);
        }
        return bytes;
    }
    /** Grows by `delta` pages, and gives the size before. wrl_memory_grow(). */
    Result<uint64_t> grow(uint64_t delta) const noexcept
    {
        uint64_t previous = 0;
        if (wrl_error_t *error = wrl_memory_grow(c_store(), get(), delta, &previous)) {
            return Error::adopt(error);
        }
        return previous;
    }

    /** Copies from the memory. wrl_memory_read(). */
    Result<void> read(uint64_t offset, void *buffer, size_t size) const noexcept
    {
        return check(wrl_memory_read(c_store(), get(), offset, buffer, size));
    }
    /** Copies to the memory. wrl_memory_write(). */
    Result<void> write(uint64_t offset, const void *buffer, size_t size) const noexcept
    {
        return check(wrl_memory_write(c_store(), get(), offset, buffer, size));
    }
    /** Copies a number or struct from the memory, byte for byte: guests are little-endian. */
    template <class T> Result<T> read(uint64_t offset) const noexcept
    {
        static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>, "only plain bytes can be copied");
        T value;
        if (wrl_error_t *error = wrl_memory_read(c_store(), get(), offset, &value, sizeof value)) {
            return Error::adopt(error);
        }
        return value;
    }
    /** Copies a number or struct to the memory, byte for byte: guests are little-endian. */
    template <class T> Result<void> write(uint64_t offset, const T &value) const noexcept
    {
        static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>, "only plain bytes can be copied");
        return write(offset, std::addressof(value), sizeof value);
    }
    /** Copies text from the memory. The bounds are checked before anything is allocated. May throw std::bad_alloc. */
    Result<std::string> read_string(uint64_t offset, size_t size) const
    {
        std::string text;
        Result<uint64_t> bytes = data_size();
        if (!bytes) {
            return bytes.take_error();
        }
        if (size <= *bytes) {
            text.resize(size);
        }
        /* Too large a size is reported by this. */
        if (wrl_error_t *error = wrl_memory_read(c_store(), get(), offset, text.data(), size)) {
            return Error::adopt(error);
        }
        return text;
    }
    /**
     * Where the memory lies, for direct access: empty where the host cannot see it. Valid until the memory grows,
     * which any call into the guest may do. wrl_memory_data().
     */
    Result<Span<uint8_t>> data() const noexcept
    {
        uint8_t *data = nullptr;
        uint64_t size = 0;
        if (wrl_error_t *error = wrl_memory_data(c_store(), get(), &data, &size)) {
            return Error::adopt(error);
        }
        return Span<uint8_t>(data, data ? static_cast<size_t>(size) : 0);
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
