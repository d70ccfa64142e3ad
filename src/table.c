#include "wrl/table.h"

#include "engine.h"
#include "error.h"
#include "item.h"
#include "refs.h"
#include "type.h"
#include "type_text.h"
#include "value.h"

#include <string.h>

static wrl_error_t *bad_table(const wrl_store_t *store, wrl_table_t table)
{
    return wrl__store_bad_handle(store, "table", table.store_id, table.index);
}

/* Returns the largest number of elements that the type's indices, of 32 or 64 bits, can address. */
static uint64_t most_elements(const wrl_tabletype_t *type)
{
    return type->is_64 ? UINT64_MAX : UINT32_MAX;
}

static wrl_error_t *check_type(const wrl_store_t *store, const wrl_tabletype_t *type)
{
    if (!type) {
        return wrl__error_null("type");
    }
    wrl_error_t *error = wrl__valtype_check(type->element, "type");
    if (error) {
        return error;
    }
    if (!wrl__valtype_is_ref(type->element)) {
        return wrl__error_argument("type", "has elements of type %s, not a reference type",
                                   wrl_valkind_name(type->element.kind));
    }
    error = wrl__limits_check(type->min, type->max, most_elements(type), "elements");
    if (error) {
        return error;
    }
    if (!store->backend->table_new) {
        return wrl__error_format(WRL_ERROR_UNSUPPORTED, "the backend %s does not support tables", store->backend->name);
    }
    if (type->is_64) {
        error = wrl__engine_require(store->engine, WRL_FEATURE_MEMORY64, "a 64-bit table");
    }
    return error ? error : wrl__valtype_require(store->engine, type->element, "the table's type");
}

/* Whether an error of the backend is about the table, not about the value of its new elements. */
static bool is_about_table(const wrl_error_t *error)
{
    return error && wrl_error_kind(error) != WRL_ERROR_INVALID_ARGUMENT;
}

wrl_error_t *wrl_table_new(wrl_store_t *store, const wrl_tabletype_t *type, const wrl_val_t *initial,
                           wrl_table_t *table)
{
    if (!table) {
        return wrl__error_null("table");
    }
    memset(table, 0, sizeof *table);
    if (!store) {
        return wrl__error_null("store");
    }
    wrl_error_t *error = wrl__store_not_ending(store);
    error = error ? error : check_type(store, type);
    wrl_raw_t slot;
    error = error ? error : wrl__store_lower_one(store, type->element, initial, "initial", &slot);
    if (error) {
        return error;
    }
    wrl__store_note_keeper(store, type->element);
    wrl_backend_ref_t ref = {{0, 0}};
    /* Engines may have to compile a module to make such a table. */
    bool compiles = type->is_64 || (type->max != WRL_NO_MAX && type->max >= UINT32_MAX);
    error = compiles ? wrl__engine_check_compile_stack(store->engine) : NULL;
    error = error ? error : store->backend->table_new(store->backend_store, type, &slot, &ref);
    error = wrl__store_blame_value(error, type->element, "initial");
    if (is_about_table(error)) {
        return wrl__error_prefix(error, "a table of %llu elements cannot be made: ", (unsigned long long)type->min);
    }
    return error ? error : wrl__store_enter_table(store, ref, type, table);
}

wrl_tabletype_t wrl_table_type(const wrl_store_t *store, wrl_table_t table)
{
    const wrl_table_record_t *record = wrl__store_table(store, table);
    return record ? record->type : (wrl_tabletype_t){0};
}

uint64_t wrl_table_size(const wrl_store_t *store, wrl_table_t table)
{
    const wrl_table_record_t *record = wrl__store_table(store, table);
    return record ? store->backend->table_size(store->backend_store, record->ref) : 0;
}

static wrl_error_t *cannot_grow(const wrl_tabletype_t *type, uint64_t size, uint64_t delta)
{
    wrl_text_t text = {0};
    wrl__text_addf(&text, "a table of %llu elements cannot grow by %llu", (unsigned long long)size,
                   (unsigned long long)delta);
    if (type->max != WRL_NO_MAX) {
        wrl__text_addf(&text, ": its maximum is %llu", (unsigned long long)type->max);
    }
    return wrl__error_from_text(WRL_ERROR_RESOURCE_LIMIT, &text);
}

wrl_error_t *wrl_table_grow(wrl_store_t *store, wrl_table_t table, uint64_t delta, const wrl_val_t *initial,
                            uint64_t *previous_size)
{
    if (previous_size) {
        *previous_size = 0;
    }
    const wrl_table_record_t *record = wrl__store_table(store, table);
    if (!record) {
        return bad_table(store, table);
    }
    wrl_raw_t slot;
    wrl_error_t *error = wrl__store_lower_one(store, record->type.element, initial, "initial", &slot);
    if (error) {
        return error;
    }
    uint64_t size = store->backend->table_size(store->backend_store, record->ref);
    uint64_t limit = most_elements(&record->type);
    limit = record->type.max < limit ? record->type.max : limit;
    if (size > limit || delta > limit - size) {
        return cannot_grow(&record->type, size, delta);
    }
    uint64_t previous = 0;
    error = store->backend->table_grow(store->backend_store, record->ref, &record->type, delta, &slot, &previous);
    error = wrl__store_blame_value(error, record->type.element, "initial");
    if (is_about_table(error)) {
        return wrl__error_prefix(error, "a table of %llu elements cannot grow by %llu: ", (unsigned long long)size,
                                 (unsigned long long)delta);
    }
    if (previous_size && !error) {
        *previous_size = previous;
    }
    return error;
}

static wrl_error_t *check_index(wrl_store_t *store, const wrl_table_record_t *record, uint64_t index)
{
    uint64_t size = store->backend->table_size(store->backend_store, record->ref);
    if (index < size) {
        return NULL;
    }
    return wrl__error_argument("index", "is %llu, but the table has %llu elements", (unsigned long long)index,
                               (unsigned long long)size);
}

wrl_error_t *wrl_table_get(wrl_store_t *store, wrl_table_t table, uint64_t index, wrl_val_t *value)
{
    if (!value) {
        return wrl__error_null("value");
    }
    value->kind = WRL_VALKIND_NONE;
    const wrl_table_record_t *record = wrl__store_table(store, table);
    if (!record) {
        return bad_table(store, table);
    }
    wrl_error_t *error = check_index(store, record, index);
    error = error ? error : wrl__valtype_require(store->engine, record->type.element, "the table's element");
    wrl_raw_t slot;
    error = error ? error : store->backend->table_get(store->backend_store, record->ref, &record->type, index, &slot);
    return error ? error : wrl__store_lift(store, record->type.element, WRL_HOLD, &slot, value);
}

static wrl_error_t *set_element(wrl_store_t *store, const wrl_table_record_t *record, uint64_t index,
                                const wrl_raw_t *slot)
{
    wrl_error_t *error = store->backend->table_set(store->backend_store, record->ref, &record->type, index, slot);
    return wrl__store_blame_value(error, record->type.element, "value");
}

wrl_error_t *wrl_table_set(wrl_store_t *store, wrl_table_t table, uint64_t index, const wrl_val_t *value)
{
    const wrl_table_record_t *record = wrl__store_table(store, table);
    if (!record) {
        return bad_table(store, table);
    }
    wrl_raw_t slot;
    wrl_error_t *error = check_index(store, record, index);
    error = error ? error : wrl__store_lower_one(store, record->type.element, value, "value", &slot);
    return error ? error : set_element(store, record, index, &slot);
}

/* `name` is the name of the parameter that holds the index. */
static wrl_error_t *check_range(const wrl_store_t *store, const wrl_table_record_t *record, const char *name,
                                uint64_t index, uint64_t count)
{
    uint64_t size = store->backend->table_size(store->backend_store, record->ref);
    if (index <= size && count <= size - index) {
        return NULL;
    }
    return wrl__error_argument(name, "%llu elements at %llu are out of bounds: the table has %llu elements",
                               (unsigned long long)count, (unsigned long long)index, (unsigned long long)size);
}

wrl_error_t *wrl_table_fill(wrl_store_t *store, wrl_table_t table, uint64_t index, uint64_t count,
                            const wrl_val_t *value)
{
    const wrl_table_record_t *record = wrl__store_table(store, table);
    if (!record) {
        return bad_table(store, table);
    }
    wrl_raw_t slot;
    wrl_error_t *error = check_range(store, record, "index", index, count);
    error = error ? error : wrl__store_lower_one(store, record->type.element, value, "value", &slot);
    for (uint64_t i = 0; !error && i < count; i++) {
        error = set_element(store, record, index + i, &slot);
    }
    return error;
}

/* Checks whether elements of one table may be elements of the other. The engine checks their exact types when they are
 * set. */
static wrl_error_t *check_elements(wrl_valtype_t from, wrl_valtype_t to)
{
    if (wrl_valtype_value_kind(from) == wrl_valtype_value_kind(to)) {
        return NULL;
    }
    wrl_text_t text = {0};
    wrl__text_add(&text, "source: has elements of type ");
    wrl__text_add_valtype(&text, from);
    wrl__text_add(&text, ", but the target has ");
    wrl__text_add_valtype(&text, to);
    return wrl__error_from_text(WRL_ERROR_INVALID_ARGUMENT, &text);
}

/* Copies an element. Drops the hold on the copied value without running finalizers: one of them could delete the
 * store. */
static wrl_error_t *copy_element(wrl_store_t *store, wrl_table_t target, uint64_t target_index, wrl_table_t source,
                                 uint64_t source_index)
{
    wrl_val_t value;
    wrl_error_t *error = wrl_table_get(store, source, source_index, &value);
    if (error) {
        return error;
    }
    error = wrl_table_set(store, target, target_index, &value);
    wrl__store_drop_value(store, wrl__store_table(store, source)->type.element, &(wrl_raw_t){.ref = value.of.ref});
    return error;
}

wrl_error_t *wrl_table_copy(wrl_store_t *store, wrl_table_t target, uint64_t target_index, wrl_table_t source,
                            uint64_t source_index, uint64_t count)
{
    const wrl_table_record_t *to = wrl__store_table(store, target), *from = wrl__store_table(store, source);
    if (!to || !from) {
        return wrl__store_bad_handle(store, to ? "source" : "target", to ? source.store_id : target.store_id,
                                     to ? source.index : target.index);
    }
    wrl_error_t *error = check_elements(from->type.element, to->type.element);
    error = error ? error : check_range(store, to, "target_index", target_index, count);
    error = error ? error : check_range(store, from, "source_index", source_index, count);
    /* Within one table, a range that moves to higher indices may overlap its target, and is copied from its end. */
    bool from_end = wrl_table_equal(target, source) && target_index > source_index;
    for (uint64_t i = 0; !error && i < count; i++) {
        uint64_t place = from_end ? count - 1 - i : i;
        error = copy_element(store, target, target_index + place, source, source_index + place);
        if (error) {
            unsigned long long at = source_index + place;
            return wrl__error_prefix(error, "source: element %llu cannot be copied: ", at);
        }
    }
    return error;
}
