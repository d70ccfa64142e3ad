/*
 * The guest of the example "strings": C for wasm32, without a C library. strings.c contains the build command.
 *
 * For the host, an address is an i32. Integers in a guest's memory are little-endian, regardless of the host.
 */
#include <stddef.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

#define PAGE_SIZE 65536

/* The linker places this symbol at the end of the guest's own data, at a multiple of 16. */
extern unsigned char __heap_base;

static uintptr_t heap_end = (uintptr_t)&__heap_base;

/* Allocates `size` bytes. Returns 0 on failure. There is no function that frees one block: reset() frees all. */
EXPORT(allocate) void *allocate(size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    uintptr_t start = heap_end;
    uintptr_t end = start + (size + 7) / 8 * 8;
    size_t pages = (end + PAGE_SIZE - 1) / PAGE_SIZE;
    size_t now = __builtin_wasm_memory_size(0);
    if (end < start || (pages > now && __builtin_wasm_memory_grow(0, pages - now) == SIZE_MAX)) {
        return NULL;
    }
    heap_end = end;
    return (void *)start;
}

EXPORT(reset) void reset(void)
{
    heap_end = (uintptr_t)&__heap_base;
}

/* The result of analyse(). The host reads the members by their offsets, which the assertions below fix. */
typedef struct report {
    uint32_t words;
    uint32_t longest_size;
    const char *longest; /* The longest word, which is part of the text. */
    uint32_t reserved;
    double mean_size;
} report_t;

_Static_assert(offsetof(report_t, words) == 0, "the host relies on it");
_Static_assert(offsetof(report_t, longest_size) == 4, "the host relies on it");
_Static_assert(offsetof(report_t, longest) == 8, "the host relies on it");
_Static_assert(offsetof(report_t, mean_size) == 16, "the host relies on it");
_Static_assert(sizeof(report_t) == 24, "the host relies on it");

static void add_word(report_t *report, const char *word, uint32_t size)
{
    report->words++;
    report->mean_size += size; /* The sum. analyse() divides it at the end. */
    if (size > report->longest_size) {
        report->longest_size = size;
        report->longest = word;
    }
}

EXPORT(analyse) const report_t *analyse(const char *text, uint32_t size)
{
    report_t *report = allocate(sizeof *report);
    if (!report) {
        return NULL;
    }
    *report = (report_t){0};
    uint32_t start = 0;
    for (uint32_t i = 0; i <= size; i++) {
        if (i == size || text[i] == ' ') {
            if (i > start) {
                add_word(report, text + start, i - start);
            }
            start = i + 1;
        }
    }
    if (report->words) {
        report->mean_size /= report->words;
    }
    return report;
}

/* Converts the text to upper case in place. */
EXPORT(shout) void shout(char *text, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (text[i] >= 'a' && text[i] <= 'z') {
            text[i] += 'A' - 'a';
        }
    }
}

/* Returns a false report, whose word is out of bounds. Hosts have to expect this. */
EXPORT(lie) const report_t *lie(void)
{
    static const report_t report = {.words = 1, .longest_size = 64, .longest = (const char *)0xfffffff0};
    return &report;
}
