#include "wrl/memory.h"

#include "compiler.h"
#include "error.h"
#include "item.h"
#include "type.h"

#include <string.h>

static wrl_error_t *bad_memory(const wrl_store_t *store, wrl_memory_t memory)
{
    return wrl__store_bad_handle(store, "memory", memory.store_id, memory.index);
}

static wrl_error_t *check_limits(const wrl_memorytype_t *type)
{
    if (type->page_size_log2 > 16) {
        return wrl__error_argument("type", "has a page size of 2^%u bytes, more than 2^16", type->page_size_log2);
    }
    wrl_error_t *error = wrl__limits_check(type->min, type->max, wrl__memorytype_page_limit(type), "pages");
    if (!error && type->is_shared && type->max == WRL_NO_MAX) {
        error = wrl__error_argument("type", "is shared, but has no maximum");
    }
    return error;
}

static wrl_error_t *require_features(const wrl_engine_t *engine, const wrl_memorytype_t *type)
{
    wrl_error_t *error = NULL;
    if (type->is_64) {
        error = wrl__engine_require(engine, WRL_FEATURE_MEMORY64, "a 64-bit memory");
    }
    if (!error && type->is_shared) {
        error = wrl__engine_require(engine, WRL_FEATURE_THREADS, "a shared memory");
    }
    if (!error && type->page_size_log2 != 16) {
        error = wrl__engine_require(engine, WRL_FEATURE_CUSTOM_PAGE_SIZES, "a memory with small pages");
    }
    return error;
}

wrl_error_t *wrl_memory_new(wrl_store_t *store, const wrl_memorytype_t *type, wrl_memory_t *memory)
{
    if (!memory) {
        return wrl__error_null("memory");
    }
    memset(memory, 0, sizeof *memory);
    if (!store || !type) {
        return wrl__error_null(store ? "type" : "store");
    }
    wrl_error_t *error = wrl__store_not_ending(store);
    error = error ? error : check_limits(type);
    error = error ? error : require_features(store->engine, type);
    if (error) {
        return error;
    }
    wrl_backend_ref_t ref = {{0, 0}};
    error = store->backend->memory_new(store->backend_store, type, &ref);
    if (error) {
        return wrl__error_prefix(error, "a memory of %llu pages cannot be made: ", (unsigned long long)type->min);
    }
    return wrl__store_enter_memory(store, ref, type, memory);
}

wrl_memorytype_t wrl_memory_type(const wrl_store_t *store, wrl_memory_t memory)
{
    const wrl_memory_record_t *record = wrl__store_memory(store, memory);
    return record ? record->type : (wrl_memorytype_t){0};
}

uint64_t wrl_memory_size(const wrl_store_t *store, wrl_memory_t memory)
{
    const wrl_memory_record_t *record = wrl__store_memory(store, memory);
    return record ? store->backend->memory_size(store->backend_store, record->ref) : 0;
}

/*
 * Asks the backend for a memory's address and size. They stay valid until guest code has run. For shared memories the
 * backend is asked each time: they grow on other threads.
 */
static WRL_RARE void look_again(const wrl_store_t *store, wrl_memory_record_t *record)
{
    store->backend->memory_data(store->backend_store, record->ref, &record->data, &record->size);
    record->seen_at = record->type.is_shared ? WRL_NEVER_SEEN : wrl__store_guest_runs(store);
}

static inline void look(const wrl_store_t *store, wrl_memory_record_t *record)
{
    if (WRL_UNLIKELY(record->seen_at != wrl__store_guest_runs(store))) {
        look_again(store, record);
    }
}

uint8_t *wrl_memory_data(wrl_store_t *store, wrl_memory_t memory, uint64_t *size)
{
    wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (record) {
        look(store, record);
    }
    if (size) {
        *size = record ? record->size : 0;
    }
    return record && record->size ? record->data : NULL;
}

uint64_t wrl_memory_data_size(const wrl_store_t *store, wrl_memory_t memory)
{
    wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (!record) {
        return 0;
    }
    look(store, record);
    return record->size;
}

uint8_t *wrl_memory_slice(wrl_store_t *store, wrl_memory_t memory, uint64_t offset, uint64_t size)
{
    wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (WRL_UNLIKELY(!record)) {
        return NULL;
    }
    look(store, record);
    bool is_inside = offset <= record->size && size <= record->size - offset;
    if (WRL_UNLIKELY(!record->data)) {
        static uint8_t nothing;
        bool is_seen = !record->size && wrl_engine_supports(store->engine, WRL_FEATURE_MEMORY_DATA);
        return is_inside && is_seen ? &nothing : NULL;
    }
    return is_inside ? record->data + offset : NULL;
}

static wrl_error_t *cannot_grow(uint64_t pages, uint64_t delta, uint64_t max)
{
    wrl_text_t text = {0};
    wrl__text_addf(&text, "a memory of %llu pages cannot grow by %llu", (unsigned long long)pages,
                   (unsigned long long)delta);
    if (max != WRL_NO_MAX) {
        wrl__text_addf(&text, ": its maximum is %llu", (unsigned long long)max);
    }
    return wrl__error_from_text(WRL_ERROR_RESOURCE_LIMIT, &text);
}

wrl_error_t *wrl_memory_grow(wrl_store_t *store, wrl_memory_t memory, uint64_t delta, uint64_t *previous_pages)
{
    if (previous_pages) {
        *previous_pages = 0;
    }
    const wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (!record) {
        return bad_memory(store, memory);
    }
    uint64_t pages = store->backend->memory_size(store->backend_store, record->ref);
    uint64_t limit = wrl__memorytype_page_limit(&record->type);
    limit = record->type.max < limit ? record->type.max : limit;
    if (pages > limit || delta > limit - pages) {
        return cannot_grow(pages, delta, record->type.max);
    }
    uint64_t previous = 0;
    wrl__store_note_run(store);
    wrl_error_t *error = store->backend->memory_grow(store->backend_store, record->ref, delta, &previous);
    if (error) {
        return wrl__error_prefix(error, "a memory of %llu pages cannot grow by %llu: ", (unsigned long long)pages,
                                 (unsigned long long)delta);
    }
    if (previous_pages) {
        *previous_pages = previous;
    }
    return NULL;
}

static wrl_error_t *out_of_bounds(uint64_t offset, size_t size, uint64_t memory_size)
{
    return wrl__error_argument("offset", "%zu bytes at %llu are out of bounds: the memory has %llu bytes", size,
                               (unsigned long long)offset, (unsigned long long)memory_size);
}

/* Whether an access is in bounds and has a buffer. Whether the host can see the memory is not checked. */
static inline bool is_allowed(wrl_store_t *store, wrl_memory_record_t *record, uint64_t offset, const void *buffer,
                              size_t size)
{
    if (!record || (!buffer && size)) {
        return false;
    }
    look(store, record);
    return offset <= record->size && size <= record->size - offset;
}

static WRL_RARE wrl_error_t *refuse(const wrl_store_t *store, wrl_memory_t memory, uint64_t offset, const void *buffer,
                                    size_t size)
{
    const wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (!record) {
        return bad_memory(store, memory);
    }
    return !buffer && size ? wrl__error_null("buffer") : out_of_bounds(offset, size, record->size);
}

/* The sizes of numbers have branches of their own: a call of memcpy() costs more than all the checks before it. */
static inline void copy_guest_bytes(void *to, const void *from, size_t size)
{
    if (size == 8) {
        memcpy(to, from, 8);
    } else if (size == 4) {
        memcpy(to, from, 4);
    } else if (size) {
        memcpy(to, from, size);
    }
}

wrl_error_t *wrl_memory_read(wrl_store_t *store, wrl_memory_t memory, uint64_t offset, void *buffer, size_t size)
{
    wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (WRL_UNLIKELY(!is_allowed(store, record, offset, buffer, size))) {
        return refuse(store, memory, offset, buffer, size);
    }
    if (WRL_UNLIKELY(!record->data)) {
        return size ? store->backend->memory_read(store->backend_store, record->ref, offset, buffer, size) : NULL;
    }
    copy_guest_bytes(buffer, record->data + offset, size);
    return NULL;
}

wrl_error_t *wrl_memory_write(wrl_store_t *store, wrl_memory_t memory, uint64_t offset, const void *buffer, size_t size)
{
    wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (WRL_UNLIKELY(!is_allowed(store, record, offset, buffer, size))) {
        return refuse(store, memory, offset, buffer, size);
    }
    if (WRL_UNLIKELY(!record->data)) {
        return size ? store->backend->memory_write(store->backend_store, record->ref, offset, buffer, size) : NULL;
    }
    copy_guest_bytes(record->data + offset, buffer, size);
    return NULL;
}

static wrl_error_t *no_end(uint64_t offset, size_t size, uint64_t memory_size)
{
    return wrl__error_argument("offset",
                               "the string at %llu has no NUL within %zu bytes or before the memory's end at %llu",
                               (unsigned long long)offset, size, (unsigned long long)memory_size);
}

wrl_error_t *wrl_memory_read_string(wrl_store_t *store, wrl_memory_t memory, uint64_t offset, char *buffer, size_t size,
                                    size_t *length)
{
    if (length) {
        *length = 0;
    }
    if (!buffer || !size) {
        return buffer ? wrl__error_argument("size", "is 0, but the NUL needs space") : wrl__error_null("buffer");
    }
    buffer[0] = 0;
    wrl_memory_record_t *record = wrl__store_memory(store, memory);
    if (!record) {
        return bad_memory(store, memory);
    }
    look(store, record);
    if (offset >= record->size) {
        return out_of_bounds(offset, 1, record->size);
    }
    uint64_t left = record->size - offset;
    size_t most = left < size ? (size_t)left : size;
    if (record->data) {
        /* Limits how much is copied. The copy is searched for the end again, since another thread may change the bytes
         * of a shared memory in between. */
        const void *end = memchr(record->data + offset, 0, most);
        most = end ? (size_t)((const uint8_t *)end - (record->data + offset)) + 1 : most;
    }
    wrl_error_t *error = wrl_memory_read(store, memory, offset, buffer, most);
    const char *end = error ? NULL : (const char *)memchr(buffer, 0, most);
    if (!end) {
        buffer[0] = 0;
        return error ? error : no_end(offset, size, record->size);
    }
    if (length) {
        *length = (size_t)(end - buffer);
    }
    return NULL;
}
