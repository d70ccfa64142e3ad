/**
 * @file
 * Definitions that all other C++ headers use: whether there are exceptions, and views of memory and of lists.
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
 * 1 if errors can be thrown, 0 if not. Follows the compiler (-fno-exceptions). A program may define it as 0 before it
 * includes this header, so that nothing is thrown in any case; its host functions must not throw then.
 */
#ifndef WRL_CPP_EXCEPTIONS
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define WRL_CPP_EXCEPTIONS 1
#else
#define WRL_CPP_EXCEPTIONS 0
#endif
#endif

/** The inline namespace that separates the two modes, so that one program may contain object files of both. */
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
    /** All elements of an array. */
    template <size_t count> constexpr Span(T (&array)[count]) noexcept : data_(array), size_(count)
    {
    }
    /** All elements of a contiguous container: std::vector, std::array, std::string, another span. */
    template <class C, class = std::enable_if_t<std::is_convertible_v<decltype(std::declval<C &>().data()), T *> &&
                                                std::is_convertible_v<decltype(std::declval<C &>().size()), size_t> &&
                                                sizeof(*std::declval<C &>().data()) == sizeof(T)>>
    constexpr Span(C &&container) noexcept : data_(container.data()), size_(container.size())
    {
    }
    /** Returns the address of the first element. May be NULL if there are none. */
    constexpr T *data() const noexcept
    {
        return data_;
    }
    /** Returns the number of elements. */
    constexpr size_t size() const noexcept
    {
        return size_;
    }
    /** Returns whether there are no elements. */
    constexpr bool empty() const noexcept
    {
        return size_ == 0;
    }
    /** Returns element `index`, which must be below size(). */
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

/** Borrowed bytes for reading: made from a pointer and a size, or from any container of single bytes. */
class ByteView {
  public:
    /** No bytes. */
    constexpr ByteView() noexcept = default;
    /** `size` bytes from `data` on, which may be NULL if there are none. */
    constexpr ByteView(const void *data, size_t size) noexcept : data_(data), size_(size)
    {
    }
    /**
     * All bytes of an array. Does not take char: a string literal would include its terminator; use std::string_view
     * for it.
     */
    template <size_t count> constexpr ByteView(const uint8_t (&array)[count]) noexcept : data_(array), size_(count)
    {
    }
    /**
     * All bytes of a container: std::vector<uint8_t>, std::string, std::string_view, Span<const std::byte> and similar.
     */
    template <class C,
              class = std::enable_if_t<sizeof(*std::declval<const C &>().data()) == 1 &&
                                       std::is_convertible_v<decltype(std::declval<const C &>().size()), size_t>>>
    constexpr ByteView(const C &container) noexcept : data_(container.data()), size_(container.size())
    {
    }

    /** Returns the address of the first byte. May be NULL if there are none. */
    constexpr const void *data() const noexcept
    {
        return data_;
    }
    /** Returns the size in bytes. */
    constexpr size_t size() const noexcept
    {
        return size_;
    }

  private:
    const void *data_ = nullptr;
    size_t size_ = 0;
};

/**
 * A list that is read by index, for range-based for: `for (wrl::ExportType item : module.exports())`. Elements are made
 * when they are read. They are borrowed from the object that the range came from, which must outlive the range.
 */
template <class T> class Range {
  public:
    /** Returns element `index` of `source`. */
    using At = T (*)(const void *source, size_t index);

    /** A position in the range. */
    class Iterator {
      public:
        using value_type = T;                              /**< For the standard library. */
        using reference = T;                               /**< Elements are made when they are read, */
        using pointer = void;                              /**< so they have no address. */
        using difference_type = std::ptrdiff_t;            /**< For the standard library. */
        using iterator_category = std::input_iterator_tag; /**< For the standard library. */

        /** Makes a position in no range. */
        Iterator() noexcept = default;
        /** Returns the element at this position. */
        T operator*() const
        {
            return at_(source_, index_);
        }
        /** Moves to the next position. */
        Iterator &operator++() noexcept
        {
            ++index_;
            return *this;
        }
        /** Moves to the next position. */
        Iterator operator++(int) noexcept
        {
            Iterator before = *this;
            ++index_;
            return before;
        }
        /** Returns whether both are the same position. Both have to be positions in the same range. */
        friend bool operator==(const Iterator &a, const Iterator &b) noexcept
        {
            return a.index_ == b.index_;
        }
        /** Returns the opposite of ==. */
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

    /** A range of `size` elements, which `at` returns. */
    Range(const void *source, size_t size, At at) noexcept : source_(source), size_(size), at_(at)
    {
    }
    /** Returns the number of elements. */
    size_t size() const noexcept
    {
        return size_;
    }
    /** Returns element `index`, or the empty element if `index` is not below size(). */
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

/** Internals of the headers. Not for programs. */
namespace detail {

/** Returns a view of a C string with a size, or an empty view for NULL. */
inline std::string_view view(const char *text, size_t size) noexcept
{
    return text ? std::string_view(text, size) : std::string_view();
}

/** Returns the address of a name for C. An empty view may have none. */
inline const char *name_data(std::string_view name) noexcept
{
    return name.data() ? name.data() : "";
}

/** The finalizer of an object that a std::unique_ptr<T> owned. */
template <class T> void delete_data(void *data) noexcept
{
    delete static_cast<T *>(data);
}

} // namespace detail
} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
