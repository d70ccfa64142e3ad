#include <cstdlib>

#include "malloc_count.h"

#include <atomic>
#include <cerrno>

static std::atomic<bool> counting;
static std::atomic<size_t> count;

void malloc_count_start()
{
    count = 0;
    counting = true;
}

size_t malloc_count_stop()
{
    counting = false;
    return count;
}

#ifdef WRL_UNIT_COUNTS_MALLOC

/* The program's own malloc and its like stand before the C library's, for the shared objects that it loads, too. */
extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static void count_one()
{
    if (counting.load(std::memory_order_relaxed)) {
        count.fetch_add(1, std::memory_order_relaxed);
    }
}

void *malloc(size_t size) noexcept
{
    count_one();
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) noexcept
{
    count_one();
    return __libc_calloc(items, size);
}

void *realloc(void *memory, size_t size) noexcept
{
    count_one();
    return __libc_realloc(memory, size);
}

void free(void *memory) noexcept
{
    if (memory) {
        count_one();
    }
    __libc_free(memory);
}

void *memalign(size_t alignment, size_t size) noexcept
{
    count_one();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) noexcept
{
    count_one();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) noexcept
{
    count_one();
    void *made = __libc_memalign(alignment, size);
    if (!made) {
        return ENOMEM;
    }
    *memory = made;
    return 0;
}
}

#endif
