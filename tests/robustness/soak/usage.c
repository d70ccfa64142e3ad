#include "usage.h"

#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define USAGE_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define USAGE_SANITIZED
#endif
#endif

/* ---- Memory ---- */

#if defined(USAGE_SANITIZED)

/* From sanitizer/allocator_interface.h, which is not part of every gcc. */
size_t __sanitizer_get_current_allocated_bytes(void);

/* The sanitizer's malloc counts bytes, but not blocks. */
static void measure_malloc(usage_t *usage)
{
    usage->bytes = (long long)__sanitizer_get_current_allocated_bytes();
}

bool usage_counts_malloc(void)
{
    return true;
}

#elif defined(__GLIBC__)

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

/* The program's malloc takes precedence over the C library's, also in the shared objects that it loads. */
#pragma GCC visibility push(default)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static atomic_llong blocks;
static atomic_llong bytes;

static void *count_in(void *memory)
{
    if (memory) {
        atomic_fetch_add_explicit(&blocks, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&bytes, (long long)malloc_usable_size(memory), memory_order_relaxed);
    }
    return memory;
}

static void count_out(void *memory)
{
    if (memory) {
        atomic_fetch_sub_explicit(&blocks, 1, memory_order_relaxed);
        atomic_fetch_sub_explicit(&bytes, (long long)malloc_usable_size(memory), memory_order_relaxed);
    }
}

void *malloc(size_t size)
{
    return count_in(__libc_malloc(size));
}

void *calloc(size_t items, size_t size)
{
    return count_in(__libc_calloc(items, size));
}

void *realloc(void *memory, size_t size)
{
    count_out(memory);
    void *moved = __libc_realloc(memory, size);
    /* After a failure the block still exists. A size of 0 frees it. */
    count_in(moved || size == 0 ? moved : memory);
    return moved;
}

void free(void *memory)
{
    count_out(memory);
    __libc_free(memory);
}

void *memalign(size_t alignment, size_t size)
{
    return count_in(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *made = memalign(alignment, size);
    if (!made) {
        return ENOMEM;
    }
    *memory = made;
    return 0;
}

#pragma GCC visibility pop

static void measure_malloc(usage_t *usage)
{
    usage->blocks = atomic_load(&blocks);
    usage->bytes = atomic_load(&bytes);
}

bool usage_counts_malloc(void)
{
    return true;
}

#else

static void measure_malloc(usage_t *usage)
{
    (void)usage;
}

bool usage_counts_malloc(void)
{
    return false;
}

#endif

/* ---- Other resources, from Linux's /proc ---- */

#ifdef __linux__

#include <dirent.h>
#include <unistd.h>

static long long count_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    long long lines = 0;
    if (file) {
        for (int c = getc(file); c != EOF; c = getc(file)) {
            lines += c == '\n';
        }
        (void)fclose(file);
    }
    return lines;
}

static long long count_entries(const char *path)
{
    DIR *folder = opendir(path);
    long long entries = 0;
    if (folder) {
        while (readdir(folder)) {
            entries++;
        }
        (void)closedir(folder);
    }
    return entries;
}

static void measure_process(usage_t *usage)
{
    usage->mappings = count_lines("/proc/self/maps");
    usage->descriptors = count_entries("/proc/self/fd");
    FILE *file = fopen("/proc/self/statm", "r");
    long long address = 0;
    long long resident = 0;
    if (file) {
        if (fscanf(file, "%lld %lld", &address, &resident) != 2) {
            address = resident = 0;
        }
        (void)fclose(file);
    }
    long long page_kib = sysconf(_SC_PAGESIZE) / 1024;
    usage->address_kib = address * page_kib;
    usage->resident_kib = resident * page_kib;
}

#else

static void measure_process(usage_t *usage)
{
    (void)usage;
}

#endif

usage_t usage_now(void)
{
    usage_t usage;
    memset(&usage, 0, sizeof usage);
    measure_process(&usage);
    measure_malloc(&usage);
    return usage;
}
