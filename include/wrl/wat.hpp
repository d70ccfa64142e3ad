/**
 * @file
 * The WebAssembly text format in C++, and wrl::Bytes. See wrl/wat.h.
 */
#ifndef WRL_WAT_HPP
#define WRL_WAT_HPP

#include "base.hpp"
#include "result.hpp"
#include "wat.h"

namespace wrl {
inline namespace WRL_CPP_MODE {

/** Bytes that the library allocated. Owned: moved, not copied. Converts to a ByteView. */
class Bytes {
  public:
    /** Takes ownership of C bytes. */
    static Bytes adopt(wrl_bytes_t bytes) noexcept
    {
        return Bytes(bytes);
    }
    /** Takes the bytes of `other`, which is empty afterwards. */
    Bytes(Bytes &&other) noexcept : bytes_(other.release())
    {
    }
    /** Deletes the current bytes and takes those of `other`. */
    Bytes &operator=(Bytes &&other) noexcept
    {
        wrl_bytes_t taken = other.release();
        wrl_bytes_delete(&bytes_);
        bytes_ = taken;
        return *this;
    }
    Bytes(const Bytes &) = delete;
    Bytes &operator=(const Bytes &) = delete;
    ~Bytes()
    {
        wrl_bytes_delete(&bytes_);
    }

    /** Returns the address of the first byte, or NULL if there are none. */
    const uint8_t *data() const noexcept
    {
        return bytes_.data;
    }
    /** Returns the size in bytes. */
    size_t size() const noexcept
    {
        return bytes_.size;
    }
    /** Transfers ownership of the bytes to the caller, who deletes them. Empty afterwards. */
    wrl_bytes_t release() noexcept
    {
        return std::exchange(bytes_, wrl_bytes_t{nullptr, 0});
    }

  private:
    explicit Bytes(wrl_bytes_t bytes) noexcept : bytes_(bytes)
    {
    }
    wrl_bytes_t bytes_;
};

/** Returns whether this build of the library supports the text format. wrl_wat_supported(). */
inline bool wat_supported() noexcept
{
    return wrl_wat_supported();
}

/** Translates text to the binary format. wrl_wat_to_wasm(). */
inline Result<Bytes> wat_to_wasm(std::string_view text) noexcept
{
    wrl_bytes_t bytes;
    if (wrl_error_t *error = wrl_wat_to_wasm(detail::name_data(text), text.size(), &bytes)) {
        return Error::adopt(error);
    }
    return Bytes::adopt(bytes);
}

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
