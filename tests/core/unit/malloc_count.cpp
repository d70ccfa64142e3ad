#include <cstdlib>

#include "malloc_count.h"

#include <atomic>
#include <cerrno>
#ifdef WRL_UNIT_COUNTS_MALLOC
#include <malloc.h>
#endif

static std::atomic<bool> counting;
static std::atomic<size_t> count;
static std::atomic<bool> weighing;
static std::atomic<size_t> held;
static std::atomic<size_t> peak;

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

void malloc_peak_start()
{
    held = peak = 0;
    weighing = true;
}

size_t malloc_peak_stop()
{
    weighing = false;
    return peak;
}

#ifdef WRL_UNIT_COUNTS_MALLOC

/* The program's malloc takes precedence over the C library's, also in the shared objects that it loads. */
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

static void *weigh(void *memory)
{
    if (weighing.load(std::memory_order_relaxed) && memory) {
        size_t now = held += malloc_usable_size(memory);
        peak = now > peak ? now : peak.load();
    }
    return memory;
}

static void unweigh(size_t size)
{
    if (weighing.load(std::memory_order_relaxed)) {
        held -= size;
    }
}

void *malloc(size_t size) noexcept
{
    count_one();
    return weigh(__libc_malloc(size));
}

void *calloc(size_t items, size_t size) noexcept
{
    count_one();
    return weigh(__libc_calloc(items, size));
}

/* Counts as if the old and the new memory existed at the same time. */
void *realloc(void *memory, size_t size) noexcept
{
    count_one();
    size_t old = memory ? malloc_usable_size(memory) : 0;
    void *moved = weigh(__libc_realloc(memory, size));
    if (moved) {
        unweigh(old);
    }
    return moved;
}

void free(void *memory) noexcept
{
    if (memory) {
        count_one();
        unweigh(malloc_usable_size(memory));
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
