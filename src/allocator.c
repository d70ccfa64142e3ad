#include "wrl/allocator.h"

#include "alloc.h"
#include "error.h"

wrl_error_t *wrl_allocator_set(const wrl_allocator_t *allocator)
{
    if (!allocator) {
        return wrl__error_null("allocator");
    }
    if (allocator->size != sizeof *allocator || !allocator->allocate || !allocator->reallocate ||
        !allocator->deallocate) {
        return wrl__error_argument("allocator", "a function is NULL, or the size is %zu, not %zu", allocator->size,
                                   sizeof *allocator);
    }
    if (!wrl__alloc_set_functions(allocator)) {
        return wrl__error_argument("allocator", "set too late: the library has already allocated memory");
    }
    return NULL;
}
