/* Memories. The program cannot access them directly, so bytes are copied. */
#include "backend.h"
#include "store_glue.h"

enum { PAGE_LOG2 = 16 };

wrl_error_t *wrl__jsb_memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory)
{
    /* -1 stands for no maximum, because the JS API does not accept a number as large as WRL_NO_MAX. */
    double max = type->max == WRL_NO_MAX ? -1 : (double)type->max;
    int made = wrl__js_memory_new(store, (double)type->min, max, type->is_64, type->is_shared);
    *memory = (wrl_backend_ref_t){{(uint32_t)made, 0}};
    return made ? NULL : wrl__jsb_last_error(((js_store_t *)store)->core, WRL_ERROR_RESOURCE_LIMIT);
}

uint64_t wrl__jsb_memory_size(void *store, wrl_backend_ref_t memory)
{
    (void)store;
    return (uint64_t)wrl__js_memory_size((int)memory.words[0]) >> PAGE_LOG2;
}

wrl_error_t *wrl__jsb_memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages)
{
    double previous = wrl__js_memory_grow((int)memory.words[0], (double)delta);
    if (previous < 0) {
        return wrl__jsb_last_error(((js_store_t *)store)->core, WRL_ERROR_RESOURCE_LIMIT);
    }
    *previous_pages = (uint64_t)previous;
    return NULL;
}

void wrl__jsb_memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size)
{
    (void)store;
    *data = NULL;
    *size = (uint64_t)wrl__js_memory_size((int)memory.words[0]);
}

wrl_error_t *wrl__jsb_memory_read(void *store, wrl_backend_ref_t memory, uint64_t offset, void *buffer, size_t size)
{
    (void)store;
    wrl__js_memory_copy((int)memory.words[0], (double)offset, buffer, (int)size, 0);
    return NULL;
}

wrl_error_t *wrl__jsb_memory_write(void *store, wrl_backend_ref_t memory, uint64_t offset, const void *buffer,
                                   size_t size)
{
    (void)store;
    wrl__js_memory_copy((int)memory.words[0], (double)offset, (void *)(uintptr_t)buffer, (int)size, 1);
    return NULL;
}
