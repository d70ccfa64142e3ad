/**
 * @file
 * What every other C++ header needs: whether there are exceptions, and views of memory and of lists.
 */
#ifndef WRL_BASE_HPP
#define WRL_BASE_HPP

#include "base.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

/**
 * 1 where errors can be thrown, 0 where they cannot. Follows the compiler (-fno-exceptions); a program may define it as
 * 0 before including this header to have nothing thrown all the same; its host functions may not throw then.
 */
#ifndef WRL_CPP_EXCEPTIONS
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define WRL_CPP_EXCEPTIONS 1
#else
#define WRL_CPP_EXCEPTIONS 0
#endif
#endif

/** The inline namespace that keeps both ways apart, so that a program may hold object files of either. */
#if WRL_CPP_EXCEPTIONS
#define WRL_CPP_MODE throwing
#else
#define WRL_CPP_MODE aborting
#endif

/** The C++ interface. */
namespace wrl {
inline namespace WRL_CPP_MODE {

/** A borrowed array: a pointer and a size, as std::span is in C++20. */
template <class T> class Span {
  public:
    /** No elements. */
    constexpr Span() noexcept = default;
    /** `size` elements from `data` on, which may be NULL if there are none. */
    constexpr Span(T *data, size_t size) noexcept : data_(data), size_(size)
    {
    }
    /** A whole array. */
    template <size_t count> constexpr Span(T (&array)[count]) noexcept : data_(array), size_(count)
    {
    }
    /** Anything contiguous: std::vector, std::array, std::string, another span. */
    template <class C, class = std::enable_if_t<std::is_convertible_v<decltype(std::declval<C &>().data()), T *> &&
                                                std::is_convertible_v<decltype(std::declval<C &>().size()), size_t> &&
                                                sizeof(*std::declval<C &>().data()) == sizeof(T)>>
    constexpr Span(C &&container) noexcept : data_(container.data()), size_(container.size())
    {
    }
    /** The first element; may be NULL if there are none. */
    constexpr T *data() const noexcept
    {
        return data_;
    }
    /** In elements. */
    constexpr size_t size() const noexcept
    {
        return size_;
    }
    /** Whether there are no elements. */
    constexpr bool empty() const noexcept
    {
        return size_ == 0;
    }
    /** Element `index`, which must be below size(). */
    constexpr T &operator[](size_t index) const noexcept
    {
        return data_[index];
    }
    /** For range-based for. */
    constexpr T *begin() const noexcept
    {
        return data_;
    }
    /** For range-based for. */
    constexpr T *end() const noexcept
    {
        return data_ + size_;
    }

  private:
    T *data_ = nullptr;
    size_t size_ = 0;
};

/** Borrowed bytes to be read: made from a pointer and a size, or from any container of single bytes. */
class ByteView {
  public:
    /** No bytes. */
    constexpr ByteView() noexcept = default;
    /** `size` bytes from `data` on, which may be NULL if there are none. */
    constexpr ByteView(const void *data, size_t size) noexcept : data_(data), size_(size)
    {
    }
    /** An array of bytes. Not of char: a literal would bring its terminator; say std::string_view then. */
    template <size_t count> constexpr ByteView(const uint8_t (&array)[count]) noexcept : data_(array), size_(count)
    {
    }
    /** std::vector<uint8_t>, std::string, std::string_view, Span<const std::byte> and their like. */
    template <class C,
              class = std::enable_if_t<sizeof(*std::declval<const C &>().data()) == 1 &&
                                       std::is_convertible_v<decltype(std::declval<const C &>().size()), size_t>>>
    constexpr ByteView(const C &container) noexcept : data_(container.data()), size_(container.size())
    {
    }

    /** The first byte; may be NULL if there are none. */
    constexpr const void *data() const noexcept
    {
        return data_;
    }
    /** In bytes. */
    constexpr size_t size() const noexcept
    {
        return size_;
    }

  private:
    const void *data_ = nullptr;
    size_t size_ = 0;
};

/**
 * What can be counted and asked for by index, for range-based for: `for (wrl::ExportType item : module.exports())`.
 * Elements are made as they are asked for, and borrowed from what the range came from, which must outlive it.
 */
template <class T> class Range {
  public:
    /** Gives element `index` of `source`. */
    using At = T (*)(const void *source, size_t index);

    /** A position in the range. */
    class Iterator {
      public:
        using value_type = T;                              /**< For the standard library. */
        using reference = T;                               /**< Elements are made, not referred to. */
        using pointer = void;                              /**< So they have no address. */
        using difference_type = std::ptrdiff_t;            /**< For the standard library. */
        using iterator_category = std::input_iterator_tag; /**< For the standard library. */

        /** Of no range. */
        Iterator() noexcept = default;
        /** The element here. */
        T operator*() const
        {
            return at_(source_, index_);
        }
        /** On to the next. */
        Iterator &operator++() noexcept
        {
            ++index_;
            return *this;
        }
        /** On to the next. */
        Iterator operator++(int) noexcept
        {
            Iterator before = *this;
            ++index_;
            return before;
        }
        /** Whether both are at one place of the same range. */
        friend bool operator==(const Iterator &a, const Iterator &b) noexcept
        {
            return a.index_ == b.index_;
        }
        /** The opposite. */
        friend bool operator!=(const Iterator &a, const Iterator &b) noexcept
        {
            return a.index_ != b.index_;
        }

      private:
        friend class Range;
        Iterator(const void *source, At at, size_t index) noexcept : source_(source), at_(at), index_(index)
        {
        }
        const void *source_ = nullptr;
        At at_ = nullptr;
        size_t index_ = 0;
    };

    /** `size` elements, which `at` gives. */
    Range(const void *source, size_t size, At at) noexcept : source_(source), size_(size), at_(at)
    {
    }
    /** How many elements there are. */
    size_t size() const noexcept
    {
        return size_;
    }
    /** Element `index`; the empty element from size() on. */
    T operator[](size_t index) const
    {
        return at_(source_, index);
    }
    /** For range-based for. */
    Iterator begin() const noexcept
    {
        return Iterator(source_, at_, 0);
    }
    /** For range-based for. */
    Iterator end() const noexcept
    {
        return Iterator(source_, at_, size_);
    }

  private:
    const void *source_;
    size_t size_;
    At at_;
};

/** What the headers themselves use; not for programs. */
namespace detail {

/** A view of a C string and its size; none of NULL. */
inline std::string_view view(const char *text, size_t size) noexcept
{
    return text ? std::string_view(text, size) : std::string_view();
}

/** The address of a name for C: the empty view may have none. */
inline const char *name_data(std::string_view name) noexcept
{
    return name.data() ? name.data() : "";
}

/** The finalizer of what std::unique_ptr<T> held. */
template <class T> void delete_data(void *data) noexcept
{
    delete static_cast<T *>(data);
}

} // namespace detail
} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
