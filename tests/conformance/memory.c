/* Memories of the host and of guests, up to their limits. */
#include "harness.h"

#include <stdio.h>

#define PAGE UINT64_C(65536)

static bool make(wrl_test_t *t, uint64_t min, uint64_t max, wrl_memory_t *memory)
{
    const wrl_memorytype_t type = WRL_MEMORYTYPE(min, max);
    OK(wrl_memory_new(t->store, &type, memory));
    return true;
}

/* Checks the size with every function that reports it. */
static bool has_pages(wrl_test_t *t, wrl_memory_t memory, uint64_t pages)
{
    uint64_t size = wrl_memory_size(t->store, memory);
    EQUAL(size, pages);
    size = wrl_memory_data_size(t->store, memory);
    EQUAL(size, pages * PAGE);
    uint8_t *data = NULL;
    data = wrl_memory_data(t->store, memory, &size);
    EQUAL(size, pages * PAGE);
    CHECK((data != NULL) == (pages > 0 && test_has(t, WRL_FEATURE_MEMORY_DATA)));
    return true;
}

static bool new_is_zero(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 2, 3, &memory));
    TRY(has_pages(t, memory, 2));
    for (uint64_t offset = 0; offset < 2 * PAGE; offset += 4096) {
        uint8_t block[4096];
        memset(block, 1, sizeof(block));
        OK(wrl_memory_read(t->store, memory, offset, block, sizeof(block)));
        for (size_t i = 0; i < sizeof(block); i++) {
            CHECK(block[i] == 0);
        }
    }
    return true;
}

static bool type(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 1, 4, &memory));
    OK(wrl_memory_grow(t->store, memory, 2, NULL));
    /* The type is the type with which the memory was made, and does not depend on the current size. */
    wrl_memorytype_t type = wrl_memory_type(t->store, memory);
    EQUAL(type.min, 1);
    EQUAL(type.max, 4);
    CHECK(!type.is_64 && !type.is_shared);
    EQUAL(type.page_size_log2, 16);
    const wrl_extern_t item = wrl_extern_from_memory(memory);
    wrl_externtype_t extern_type = wrl_extern_type(t->store, item);
    CHECK(extern_type.kind == WRL_EXTERN_MEMORY);
    EQUAL(extern_type.of.memory.min, 1);
    EQUAL(extern_type.of.memory.max, 4);
    TRY(make(t, 0, WRL_NO_MAX, &memory));
    type = wrl_memory_type(t->store, memory);
    CHECK(type.max == WRL_NO_MAX);
    TRY(has_pages(t, memory, 0));
    return true;
}

static bool read_write(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 1, 1, &memory));
    const uint64_t offsets[] = {0, 1, 4095, 32768, PAGE - 5};
    for (size_t i = 0; i < 5; i++) {
        OK(wrl_memory_write(t->store, memory, offsets[i], "hello", 5));
        char text[] = "?????";
        OK(wrl_memory_read(t->store, memory, offsets[i], text, 5));
        CHECK(memcmp(text, "hello", 5) == 0);
    }
    static uint8_t whole[65536];
    memset(whole, 0x3c, sizeof(whole));
    OK(wrl_memory_write(t->store, memory, 0, whole, sizeof(whole)));
    memset(whole, 0, sizeof(whole));
    OK(wrl_memory_read(t->store, memory, 0, whole, sizeof(whole)));
    CHECK(whole[0] == 0x3c && whole[65535] == 0x3c);
    return true;
}

/* Every kind of access beyond the end of a memory, also with an offset that wraps at 2^64. */
static bool out_of_bounds(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 1, 2, &memory));
    const struct {
        uint64_t offset;
        size_t size;
    } bad[] = {
        {PAGE, 1},
        {PAGE - 1, 2},
        {0, (size_t)PAGE + 1},
        {UINT64_MAX, 1},
        {UINT64_MAX, 2},
        {UINT64_MAX - 7, 8},
        {UINT64_MAX - 7, 9},
        {1, SIZE_MAX},
        {PAGE - 1, SIZE_MAX},
        {UINT64_MAX, SIZE_MAX},
        {PAGE + 1, 0},
        {UINT64_MAX, 0},
        {UINT64_C(1) << 32, 1},
        {UINT64_C(1) << 63, 1},
        {0, SIZE_MAX},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t buffer[2] = {0x11, 0x22};
        char offset[32];
        char size[32];
        (void)snprintf(offset, sizeof(offset), "%llu", (unsigned long long)bad[i].offset);
        (void)snprintf(size, sizeof(size), "%llu", (unsigned long long)bad[i].size);
        INVALID(wrl_memory_read(t->store, memory, bad[i].offset, buffer, bad[i].size), "offset", offset, size, "65536");
        CHECK(buffer[0] == 0x11 && buffer[1] == 0x22);
        INVALID(wrl_memory_write(t->store, memory, bad[i].offset, buffer, bad[i].size), "offset", offset, size,
                "65536");
    }
    uint8_t byte = 1;
    OK(wrl_memory_read(t->store, memory, PAGE - 1, &byte, 1));
    EQUAL(byte, 0);
    return true;
}

static bool zero_length(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 1, 1, &memory));
    const uint64_t offsets[] = {0, 1, PAGE - 1, PAGE};
    for (size_t i = 0; i < 4; i++) {
        OK(wrl_memory_read(t->store, memory, offsets[i], NULL, 0));
        OK(wrl_memory_write(t->store, memory, offsets[i], NULL, 0));
    }
    INVALID(wrl_memory_read(t->store, memory, PAGE + 1, NULL, 0), "offset");
    INVALID(wrl_memory_write(t->store, memory, PAGE + 1, NULL, 0), "offset");
    /* A memory without pages. */
    TRY(make(t, 0, 1, &memory));
    TRY(has_pages(t, memory, 0));
    OK(wrl_memory_read(t->store, memory, 0, NULL, 0));
    OK(wrl_memory_write(t->store, memory, 0, NULL, 0));
    uint8_t byte = 0;
    INVALID(wrl_memory_read(t->store, memory, 0, &byte, 1), "offset");
    INVALID(wrl_memory_write(t->store, memory, 0, &byte, 1), "offset");
    return true;
}

static bool grow(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 1, 3, &memory));
    OK(wrl_memory_write(t->store, memory, PAGE - 2, "ab", 2));
    uint64_t previous;
    OK(wrl_memory_grow(t->store, memory, 0, &previous));
    EQUAL(previous, 1);
    OK(wrl_memory_grow(t->store, memory, 1, &previous));
    EQUAL(previous, 1);
    TRY(has_pages(t, memory, 2));
    /* The old contents stay, the new page contains zeros, and accesses across the old end succeed. */
    char text[] = "????";
    OK(wrl_memory_read(t->store, memory, PAGE - 2, text, 4));
    CHECK(memcmp(text, "ab\0\0", 4) == 0);
    OK(wrl_memory_write(t->store, memory, 2 * PAGE - 1, "z", 1));
    INVALID(wrl_memory_write(t->store, memory, 2 * PAGE, "z", 1), "offset", "131072");
    OK(wrl_memory_grow(t->store, memory, 1, NULL));
    TRY(has_pages(t, memory, 3));
    return true;
}

static bool grow_beyond(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 1, 3, &memory));
    const uint64_t deltas[] = {3, 4, 65536, UINT64_C(1) << 32, UINT64_C(1) << 48, UINT64_MAX - 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof(deltas) / sizeof(deltas[0]); i++) {
        uint64_t previous = 77;
        FAILS(wrl_memory_grow(t->store, memory, deltas[i], &previous), WRL_ERROR_RESOURCE_LIMIT, "");
        EQUAL(previous, 0);
        TRY(has_pages(t, memory, 1));
    }
    /* Without a maximum, the address space is the limit. */
    TRY(make(t, 1, WRL_NO_MAX, &memory));
    const uint64_t too_far[] = {65536, UINT64_C(1) << 32, UINT64_MAX};
    for (size_t i = 0; i < 3; i++) {
        FAILS(wrl_memory_grow(t->store, memory, too_far[i], NULL), WRL_ERROR_RESOURCE_LIMIT, "");
        TRY(has_pages(t, memory, 1));
    }
    OK(wrl_memory_grow(t->store, memory, 1, NULL));
    return true;
}

static bool data(wrl_test_t *t)
{
    wrl_memory_t memory;
    TRY(make(t, 1, 4, &memory));
    uint8_t *address;
    uint64_t size;
    address = wrl_memory_data(t->store, memory, &size);
    address[10] = 99;
    uint8_t byte;
    OK(wrl_memory_read(t->store, memory, 10, &byte, 1));
    EQUAL(byte, 99);
    OK(wrl_memory_grow(t->store, memory, 3, NULL));
    address = wrl_memory_data(t->store, memory, &size);
    EQUAL(size, 4 * PAGE);
    EQUAL(address[10], 99);
    address[4 * PAGE - 1] = 5;
    OK(wrl_memory_read(t->store, memory, 4 * PAGE - 1, &byte, 1));
    EQUAL(byte, 5);
    return true;
}

static bool bad_types(wrl_test_t *t)
{
    wrl_memorytype_t bad[] = {WRL_MEMORYTYPE(2, 1), WRL_MEMORYTYPE(65537, WRL_NO_MAX), WRL_MEMORYTYPE(0, 65537),
                              WRL_MEMORYTYPE(UINT64_C(1) << 32, WRL_NO_MAX), WRL_MEMORYTYPE(1, 1)};
    bad[4].page_size_log2 = 200;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        wrl_memory_t memory = {1, 1};
        INVALID(wrl_memory_new(t->store, &bad[i], &memory), "type");
        CHECK(memory.store_id == 0 && memory.index == 0);
    }
    return true;
}

/* Kinds of memory that the engine may not support. */
static bool lacking_kinds(wrl_test_t *t)
{
    wrl_memorytype_t types[] = {WRL_MEMORYTYPE(1, 1), WRL_MEMORYTYPE(1, 1)};
    types[0].is_64 = true;
    types[1].page_size_log2 = 0;
    const wrl_feature_t features[] = {WRL_FEATURE_MEMORY64, WRL_FEATURE_CUSTOM_PAGE_SIZES};
    for (size_t i = 0; i < 2; i++) {
        wrl_memory_t memory;
        if (test_has(t, features[i])) {
            OK(wrl_memory_new(t->store, &types[i], &memory));
            uint64_t bytes = wrl_memory_data_size(t->store, memory);
            EQUAL(bytes, i == 0 ? PAGE : 1);
        } else {
            FAILS(wrl_memory_new(t->store, &types[i], &memory), WRL_ERROR_UNSUPPORTED, "");
        }
    }
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    const wrl_memorytype_t type = WRL_MEMORYTYPE(1, 1);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    wrl_memory_t out = {1, 1};
    INVALID(wrl_memory_new(NULL, &type, &out), "store");
    CHECK(out.store_id == 0);
    INVALID(wrl_memory_new(t->store, NULL, &out), "type");
    INVALID(wrl_memory_new(t->store, &type, NULL), "memory");
    INVALID(wrl_extern_check(NULL, wrl_extern_from_memory(memory)), "store");
    CHECK(wrl_memory_type(NULL, memory).page_size_log2 == 0);
    uint64_t number = 7;
    CHECK(wrl_memory_size(NULL, memory) == 0);
    CHECK(wrl_memory_data_size(NULL, memory) == 0);
    INVALID(wrl_memory_grow(NULL, memory, 0, &number), "store");
    uint8_t byte = 0;
    INVALID(wrl_memory_read(NULL, memory, 0, &byte, 1), "store");
    INVALID(wrl_memory_read(t->store, memory, 0, NULL, 1), "buffer");
    INVALID(wrl_memory_write(NULL, memory, 0, &byte, 1), "store");
    INVALID(wrl_memory_write(t->store, memory, 0, NULL, 1), "buffer");
    number = 7;
    CHECK(wrl_memory_data(NULL, memory, &number) == NULL);
    EQUAL(number, 0);
    return true;
}

/* Makes an instance of a guest without imports that exports a memory. */
static bool instance_and_memory(wrl_test_t *t, wrl_guest_t guest, wrl_instance_t *instance, wrl_memory_t *memory)
{
    TRY(test_instance(t, guest, NULL, instance));
    CHECK(wrl_instance_get_memory(t->store, *instance, "memory", memory));
    return true;
}

/* Host and guest access the same bytes. */
static bool of_a_guest(wrl_test_t *t)
{
    wrl_instance_t instance;
    wrl_memory_t memory;
    TRY(instance_and_memory(t, guest_memory, &instance, &memory));
    char text[11];
    OK(wrl_memory_read(t->store, memory, 8, text, sizeof(text)));
    CHECK(memcmp(text, "guest bytes", sizeof(text)) == 0);
    OK(wrl_memory_write(t->store, memory, 100, "\x78\x56\x34\x12", 4));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "load32", (int32_t[]){100}, 1, &result));
    EQUAL(result, 0x12345678);
    wrl_func_t store8;
    CHECK(wrl_instance_get_func(t->store, instance, "store8", &store8));
    const wrl_val_t args[] = {WRL_I32(65535), WRL_I32(0xfe)};
    OK(wrl_func_call(t->store, store8, args, 2, NULL, 0));
    uint8_t byte;
    OK(wrl_memory_read(t->store, memory, 65535, &byte, 1));
    EQUAL(byte, 0xfe);
    return true;
}

static bool grown_by_either(wrl_test_t *t)
{
    wrl_instance_t instance;
    wrl_memory_t memory;
    TRY(instance_and_memory(t, guest_memory, &instance, &memory));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "grow", (int32_t[]){1}, 1, &result));
    EQUAL(result, 1);
    TRY(has_pages(t, memory, 2));
    uint64_t previous;
    OK(wrl_memory_grow(t->store, memory, 1, &previous));
    EQUAL(previous, 2);
    TRY(test_call_i32(t, t->store, instance, "size", NULL, 0, &result));
    EQUAL(result, 3);
    OK(wrl_memory_write(t->store, memory, 3 * PAGE - 1, "\x2a", 1));
    TRY(test_call_i32(t, t->store, instance, "load8", (int32_t[]){3 * 65536 - 1}, 1, &result));
    EQUAL(result, 42);
    FAILS(wrl_memory_grow(t->store, memory, 1, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    TRY(test_call_i32(t, t->store, instance, "grow", (int32_t[]){1}, 1, &result));
    CHECK(result == -1);
    return true;
}

/* Reads the size and type of a guest's memory, without running the guest. */
static bool of_an_instance(wrl_test_t *t)
{
    wrl_instance_t instance;
    wrl_memory_t memory;
    TRY(instance_and_memory(t, guest_memory, &instance, &memory));
    TRY(has_pages(t, memory, 1));
    wrl_memorytype_t type = wrl_memory_type(t->store, memory);
    EQUAL(type.min, 1);
    EQUAL(type.max, 3);
    OK(wrl_memory_grow(t->store, memory, 2, NULL));
    TRY(has_pages(t, memory, 3));
    FAILS(wrl_memory_grow(t->store, memory, 1, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    return true;
}

static bool memory64(wrl_test_t *t)
{
    wrl_instance_t instance;
    wrl_memory_t memory;
    TRY(instance_and_memory(t, guest_memory64, &instance, &memory));
    TRY(has_pages(t, memory, 1));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "store8", &func));
    const wrl_val_t args[] = {WRL_I64(65535), WRL_I32(7)};
    OK(wrl_func_call(t->store, func, args, 2, NULL, 0));
    uint8_t byte;
    OK(wrl_memory_read(t->store, memory, 65535, &byte, 1));
    EQUAL(byte, 7);
    CHECK(wrl_instance_get_func(t->store, instance, "load8", &func));
    const int64_t far_off[] = {65536, INT64_C(1) << 32, INT64_MAX, -1};
    for (size_t i = 0; i < 4; i++) {
        const wrl_val_t arg = WRL_I64(far_off[i]);
        wrl_val_t result;
        TRAPS(wrl_func_call(t->store, func, &arg, 1, &result, 1), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    }
    wrl_val_t result;
    CHECK(wrl_instance_get_func(t->store, instance, "size", &func));
    OK(wrl_func_call(t->store, func, NULL, 0, &result, 1));
    CHECK(result.kind == WRL_VALKIND_I64 && result.of.i64 == 1);
    FAILS(wrl_memory_grow(t->store, memory, UINT64_MAX, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    OK(wrl_memory_grow(t->store, memory, 1, NULL));
    TRY(has_pages(t, memory, 2));
    return true;
}

/* Growth by amounts beyond 32 bits fails. Some of the amounts would be acceptable if they were truncated. */
static bool memory64_limits(wrl_test_t *t)
{
    wrl_memorytype_t type = WRL_MEMORYTYPE(1, WRL_NO_MAX);
    type.is_64 = true;
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    const uint64_t deltas[] = {UINT64_C(1) << 32, (UINT64_C(1) << 32) + 5, UINT64_C(1) << 47, UINT64_MAX};
    for (size_t i = 0; i < sizeof(deltas) / sizeof(deltas[0]); i++) {
        uint64_t previous = 77;
        FAILS(wrl_memory_grow(t->store, memory, deltas[i], &previous), WRL_ERROR_RESOURCE_LIMIT, "");
        EQUAL(previous, 0);
        TRY(has_pages(t, memory, 1));
    }
    uint64_t previous;
    OK(wrl_memory_grow(t->store, memory, 1, &previous));
    EQUAL(previous, 1);
    TRY(has_pages(t, memory, 2));
    type.min = (UINT64_C(1) << 32) + 1;
    FAILS(wrl_memory_new(t->store, &type, &memory), WRL_ERROR_RESOURCE_LIMIT, "");
    return true;
}

static bool several_memories(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_multi_memory, NULL, &instance));
    wrl_memory_t a;
    wrl_memory_t b;
    CHECK(wrl_instance_get_memory(t->store, instance, "a", &a));
    CHECK(wrl_instance_get_memory(t->store, instance, "b", &b));
    TRY(has_pages(t, a, 1));
    TRY(has_pages(t, b, 2));
    OK(wrl_memory_write(t->store, b, 3, "\x21", 1));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "load_b", (int32_t[]){3}, 1, &result));
    EQUAL(result, 0x21);
    TRY(test_call_i32(t, t->store, instance, "load_a", (int32_t[]){3}, 1, &result));
    EQUAL(result, 0);
    return true;
}

/* One memory and one table, each imported twice. */
static bool copies_between_names(wrl_test_t *t)
{
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 1);
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 4, 4);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_memory_t memory;
    wrl_table_t table;
    wrl_imports_t *imports;
    wrl_instance_t instance;
    int32_t result;
    OK(wrl_memory_new(t->store, &memory_type, &memory));
    OK(wrl_table_new(t->store, &table_type, &null, &table));
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "host", "memory", wrl_extern_from_memory(memory)));
    OK(wrl_imports_define(imports, "host", "table", wrl_extern_from_table(table)));
    TRY(test_instance(t, guest_copy_names, imports, &instance));
    TRY(test_call_i32(t, t->store, instance, "copy_memory", NULL, 0, &result));
    EQUAL(result, 7);
    TRY(test_call_i32(t, t->store, instance, "copy_table", NULL, 0, &result));
    EQUAL(result, 1);
    return true;
}

static bool page_sizes(wrl_test_t *t)
{
    wrl_instance_t instance;
    wrl_memory_t memory;
    TRY(instance_and_memory(t, guest_page_sizes, &instance, &memory));
    uint64_t number = wrl_memory_size(t->store, memory);
    EQUAL(number, 5);
    number = wrl_memory_data_size(t->store, memory);
    EQUAL(number, 5);
    OK(wrl_memory_grow(t->store, memory, 4, &number));
    EQUAL(number, 5);
    FAILS(wrl_memory_grow(t->store, memory, 1, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    uint8_t byte = 3;
    OK(wrl_memory_write(t->store, memory, 8, &byte, 1));
    INVALID(wrl_memory_write(t->store, memory, 9, &byte, 1), "offset");
    return true;
}

/* The size in bytes of a memory with 32-bit addresses must fit 32 bits, also with pages of one byte. */
static bool one_page_too_many(wrl_test_t *t)
{
    wrl_instance_t instance;
    int32_t result;
    TRY(test_instance(t, guest_page_sizes_no_max, NULL, &instance));
    TRY(test_call_i32(t, t->store, instance, "grow", (int32_t[]){-1}, 1, &result));
    EQUAL(result, -1);
    TRY(test_call_i32(t, t->store, instance, "grow_second", (int32_t[]){2}, 1, &result));
    EQUAL(result, 3);
    wrl_memory_t memory;
    uint64_t number;
    CHECK(wrl_instance_get_memory(t->store, instance, "memory", &memory));
    number = wrl_memory_size(t->store, memory);
    EQUAL(number, 1);
    OK(wrl_memory_grow(t->store, memory, 1, &number));
    EQUAL(number, 1);
    FAILS(wrl_memory_grow(t->store, memory, UINT32_MAX - 1, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    return true;
}

static bool slices(wrl_test_t *t)
{
    const wrl_memorytype_t type = WRL_MEMORYTYPE(1, 2);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    uint8_t *data = wrl_memory_data(t->store, memory, NULL);
    CHECK(data != NULL);
    CHECK(wrl_memory_slice(t->store, memory, 0, PAGE) == data);
    CHECK(wrl_memory_slice(t->store, memory, 10, 1) == data + 10);
    CHECK(wrl_memory_slice(t->store, memory, PAGE - 1, 1) == data + PAGE - 1);
    CHECK(wrl_memory_slice(t->store, memory, PAGE, 0) == data + PAGE);
    CHECK(!wrl_memory_slice(t->store, memory, PAGE, 1));
    CHECK(!wrl_memory_slice(t->store, memory, PAGE + 1, 0));
    CHECK(!wrl_memory_slice(t->store, memory, 0, PAGE + 1));
    CHECK(!wrl_memory_slice(t->store, memory, 1, UINT64_MAX));
    CHECK(!wrl_memory_slice(t->store, memory, UINT64_MAX, 2));
    OK(wrl_memory_grow(t->store, memory, 1, NULL));
    CHECK(wrl_memory_slice(t->store, memory, PAGE, PAGE) == wrl_memory_data(t->store, memory, NULL) + PAGE);
    return true;
}

static bool read_strings(wrl_test_t *t)
{
    const wrl_memorytype_t type = WRL_MEMORYTYPE(1, 1);
    wrl_memory_t memory;
    char text[8];
    size_t length = 7;
    OK(wrl_memory_new(t->store, &type, &memory));
    OK(wrl_memory_write(t->store, memory, 100, "abcdefg", 8));
    OK(wrl_memory_write(t->store, memory, PAGE - 3, "xyz", 3));
    OK(wrl_memory_read_string(t->store, memory, 100, text, sizeof(text), &length));
    EQUAL(length, 7);
    EQUAL_TEXT(text, "abcdefg");
    OK(wrl_memory_read_string(t->store, memory, 104, text, 4, NULL));
    EQUAL_TEXT(text, "efg");
    OK(wrl_memory_read_string(t->store, memory, 0, text, 1, &length));
    EQUAL(length, 0);
    EQUAL_TEXT(text, "");
    /* A buffer without space for the NUL, a string without NUL before the end of the memory, and an offset beyond the
     * end. */
    memset(text, 'x', sizeof(text));
    INVALID(wrl_memory_read_string(t->store, memory, 100, text, 7, &length), "offset", "within 7 bytes");
    EQUAL_TEXT(text, "");
    EQUAL(length, 0);
    INVALID(wrl_memory_read_string(t->store, memory, PAGE - 3, text, sizeof(text), &length), "offset");
    INVALID(wrl_memory_read_string(t->store, memory, PAGE, text, sizeof(text), &length), "offset");
    INVALID(wrl_memory_read_string(t->store, memory, UINT64_MAX, text, sizeof(text), &length), "offset");
    INVALID(wrl_memory_read_string(t->store, memory, 100, text, 0, &length), "size");
    INVALID(wrl_memory_read_string(t->store, memory, 100, NULL, 8, &length), "buffer");
    return true;
}

static const wrl_test_case_t cases[] = {
    {"memory.new_is_zero", new_is_zero, {NEED_NOTHING}},
    {"memory.type", type, {NEED_NOTHING}},
    {"memory.read_write", read_write, {NEED_NOTHING}},
    {"memory.out_of_bounds", out_of_bounds, {NEED_NOTHING}},
    {"memory.zero_length", zero_length, {NEED_NOTHING}},
    {"memory.grow", grow, {NEED_NOTHING}},
    {"memory.grow_beyond", grow_beyond, {NEED_NOTHING}},
    {"memory.data", data, {NEED_MEMORY_DATA}},
    {"memory.slices", slices, {NEED_MEMORY_DATA}},
    {"memory.read_strings", read_strings, {NEED_NOTHING}},
    {"memory.bad_types", bad_types, {NEED_NOTHING}},
    {"memory.lacking_kinds", lacking_kinds, {NEED_NOTHING}},
    {"memory.null_arguments", null_arguments, {NEED_NOTHING}},
    {"memory.of_an_instance", of_an_instance, {NEED_NOTHING}},
    {"memory.of_a_guest", of_a_guest, {NEED_EXECUTION}},
    {"memory.grown_by_either", grown_by_either, {NEED_EXECUTION}},
    {"memory.memory64", memory64, {NEED_EXECUTION, NEED_MEMORY64}},
    {"memory.memory64_limits", memory64_limits, {NEED_EXECUTION, NEED_MEMORY64}},
    {"memory.several_memories", several_memories, {NEED_EXECUTION, NEED_MULTI_MEMORY}},
    {"memory.copies_between_names",
     copies_between_names,
     {NEED_EXECUTION, NEED_MULTI_MEMORY, NEED_BULK_MEMORY, NEED_REFERENCE_TYPES}},
    {"memory.page_sizes", page_sizes, {NEED_EXECUTION, NEED_CUSTOM_PAGE_SIZES}},
    {"memory.one_page_too_many", one_page_too_many, {NEED_EXECUTION, NEED_CUSTOM_PAGE_SIZES, NEED_MULTI_MEMORY}},
};
WRL_TEST_GROUP(memory);
