/**
 * @file
 * wrl::Table, a table of references. See wrl/table.h.
 */
#ifndef WRL_TABLE_HPP
#define WRL_TABLE_HPP

#include "base.hpp"
#include "result.hpp"
#include "store.hpp"
#include "table.h"
#include "type.hpp"
#include "value.hpp"

namespace wrl {
inline namespace WRL_CPP_MODE {

/** A table of references. A handle: valid as long as its store. */
class Table : public Handle<wrl_table_t> {
  public:
    using Handle::Handle;

    /** Makes a table whose elements are all `initial`. wrl_table_new(). */
    static Result<Table> make(StoreRef store, const wrl_tabletype_t &type, const Val &initial) noexcept
    {
        wrl_table_t table;
        if (wrl_error_t *error = wrl_table_new(store.get(), &type, &initial, &table)) {
            return Error::adopt(error);
        }
        return Table(store, table);
    }
    /** Returns the type that the table was made with. wrl_table_type(). */
    TableType type() const noexcept
    {
        return wrl_table_type(c_store(), get());
    }
    /** Returns the current size, in elements. wrl_table_size(). */
    uint64_t size() const noexcept
    {
        return wrl_table_size(c_store(), get());
    }
    /** Grows the table by `delta` elements, each `initial`, and returns the previous size. wrl_table_grow(). */
    Result<uint64_t> grow(uint64_t delta, const Val &initial) const noexcept
    {
        uint64_t previous = 0;
        if (wrl_error_t *error = wrl_table_grow(c_store(), get(), delta, &initial, &previous)) {
            return Error::adopt(error);
        }
        return previous;
    }
    /** Returns element `index`. wrl_table_get(). */
    Result<Val> at(uint64_t index) const noexcept
    {
        Val value;
        if (wrl_error_t *error = wrl_table_get(c_store(), get(), index, &value)) {
            return Error::adopt(error);
        }
        return value;
    }
    /**
     * Returns element `index` as T: wrl::Func or wrl::Externref. Errors: also INVALID_ARGUMENT if it is of another
     * kind.
     */
    template <class T> Result<T> at(uint64_t index) const noexcept
    {
        Result<Val> found = at(index);
        if (!found) {
            return found.take_error();
        }
        return detail::take_value<T>(store(), *found);
    }
    /** Sets element `index`. wrl_table_set(). */
    Result<void> set(uint64_t index, const Val &value) const noexcept
    {
        return check(wrl_table_set(c_store(), get(), index, &value));
    }
    /** Sets `count` elements, starting at `index`. wrl_table_fill(). */
    Result<void> fill(uint64_t index, uint64_t count, const Val &value) const noexcept
    {
        return check(wrl_table_fill(c_store(), get(), index, count, &value));
    }
    /** Copies `count` elements of `source`, which may be this table, to `index`. wrl_table_copy(). */
    Result<void> copy(uint64_t index, const Table &source, uint64_t source_index, uint64_t count) const noexcept
    {
        return check(wrl_table_copy(c_store(), get(), index, source.get(), source_index, count));
    }
};

} // namespace WRL_CPP_MODE
} // namespace wrl

#endif
