/*
 * Memories that grow between two accesses of the host: the layer caches the address and size of a memory and must
 * detect every growth, by the host or by a guest. Each test accesses the edges of the memory first, so that the cache
 * is filled.
 */
#include "harness.h"

#define PAGE UINT64_C(65536)

/*
 * Checks the size in pages with every function that reports it, and that all functions access the same bytes. Leaves
 * the size in pages in the last byte, which the guest reads.
 */
static bool has_edges(wrl_test_t *t, wrl_store_t *store, wrl_memory_t memory, uint64_t pages)
{
    const uint64_t end = pages * PAGE;
    const uint8_t mark[8] = {1, 2, 3, 4, 5, 6, 7, (uint8_t)pages};
    uint8_t back[9] = {0};
    OK(wrl_memory_write(store, memory, end - sizeof(mark), mark, sizeof(mark)));
    OK(wrl_memory_read(store, memory, end - sizeof(mark), back, sizeof(mark)));
    CHECK(memcmp(mark, back, sizeof(mark)) == 0);
    INVALID(wrl_memory_read(store, memory, end, back, 1), "offset");
    INVALID(wrl_memory_write(store, memory, end, mark, 1), "offset");
    INVALID(wrl_memory_read(store, memory, end - 8, back, 9), "offset");
    INVALID(wrl_memory_write(store, memory, end - 7, mark, 8), "offset");
    uint64_t size = wrl_memory_size(store, memory);
    EQUAL(size, pages);
    size = wrl_memory_data_size(store, memory);
    EQUAL(size, end);
    uint8_t *data = wrl_memory_data(store, memory, &size);
    EQUAL(size, end);
    if (data) {
        CHECK(memcmp(data + end - sizeof(mark), mark, sizeof(mark)) == 0);
    }
    return true;
}

/* ---- A memory of the host, and guests that import it ---- */

enum { MAX_PAGES = 40, GUESTS = 2 };

typedef struct growth {
    wrl_test_t *t;
    wrl_store_t *store;
    wrl_memory_t memory;
    wrl_imports_t *imports;
    wrl_instance_t guests[GUESTS];
    bool (*on_step)(struct growth *growth, uint64_t pages); /* An additional action of host.step. */
    int steps;
} growth_t;

static bool guest_sees(const growth_t *growth, size_t guest, uint64_t pages)
{
    wrl_test_t *t = growth->t;
    int32_t result;
    TRY(test_call_i32(t, growth->store, growth->guests[guest], "size", NULL, 0, &result));
    EQUAL(result, pages);
    /* The value that has_edges() left there. */
    const int32_t last = (int32_t)(pages * PAGE - 1);
    TRY(test_call_i32(t, growth->store, growth->guests[guest], "load8", &last, 1, &result));
    EQUAL(result, pages);
    return true;
}

/* Calls an i32 -> i32 function of a guest. */
static bool call(const growth_t *growth, size_t guest, const char *name, int32_t argument, int32_t expected)
{
    wrl_test_t *t = growth->t;
    int32_t result;
    TRY(test_call_i32(t, growth->store, growth->guests[guest], name, &argument, 1, &result));
    EQUAL(result, expected);
    return true;
}

static bool step(growth_t *growth, uint64_t pages)
{
    growth->steps++;
    return has_edges(growth->t, growth->store, growth->memory, pages) &&
           (!growth->on_step || growth->on_step(growth, pages));
}

static wrl_error_t *step_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    return step(env, (uint64_t)slots[0].i32) ? NULL : wrl_error_new(WRL_ERROR_HOST, "a check failed");
}

static wrl_error_t *step_tagged(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    (void)caller;
    (void)arg_count;
    (void)result_count;
    results[0] = args[0];
    return step(env, (uint64_t)args[0].of.i32) ? NULL : wrl_error_new(WRL_ERROR_HOST, "a check failed");
}

static bool prepare(wrl_test_t *t, bool raw, growth_t *growth)
{
    memset(growth, 0, sizeof(*growth));
    growth->t = t;
    TRY(test_store(t, t->engine, &growth->store));
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, MAX_PAGES);
    wrl_func_t host;
    if (raw) {
        OK(wrl_func_new_raw(growth->store, &type, step_raw, growth, NULL, &host));
    } else {
        OK(wrl_func_new(growth->store, &type, step_tagged, growth, NULL, &host));
    }
    OK(wrl_memory_new(growth->store, &memory_type, &growth->memory));
    TRY(test_imports(t, &growth->imports));
    OK(wrl_imports_define(growth->imports, "host", "step", wrl_extern_from_func(host)));
    OK(wrl_imports_define(growth->imports, "env", "memory", wrl_extern_from_memory(growth->memory)));
    for (size_t i = 0; i < GUESTS; i++) {
        TRY(test_instance_in(t, growth->store, guest_growth, growth->imports, &growth->guests[i]));
    }
    return has_edges(t, growth->store, growth->memory, 1);
}

/* ---- Growth by the host ---- */

static bool by_host(wrl_test_t *t)
{
    const wrl_memorytype_t type = WRL_MEMORYTYPE(1, MAX_PAGES);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    for (uint64_t pages = 1; pages < MAX_PAGES; pages++) {
        TRY(has_edges(t, t->store, memory, pages));
        OK(wrl_memory_grow(t->store, memory, 1, NULL));
    }
    TRY(has_edges(t, t->store, memory, MAX_PAGES));
    return true;
}

/* A failed growth leaves the size unchanged. */
static bool fails_by_host(wrl_test_t *t)
{
    const wrl_memorytype_t type = WRL_MEMORYTYPE(2, 3);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    TRY(has_edges(t, t->store, memory, 2));
    FAILS(wrl_memory_grow(t->store, memory, 2, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    TRY(has_edges(t, t->store, memory, 2));
    OK(wrl_memory_grow(t->store, memory, 1, NULL));
    FAILS(wrl_memory_grow(t->store, memory, 1, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    TRY(has_edges(t, t->store, memory, 3));
    return true;
}

/* The cache distinguishes several memories of one store, and the first memories of two stores, whose handles have the
 * same index. */
static bool of_many_memories(wrl_test_t *t)
{
    enum { MEMORIES = 30 };
    wrl_store_t *stores[2] = {t->store, NULL};
    TRY(test_store(t, t->engine, &stores[1]));
    wrl_memory_t memories[2][MEMORIES];
    for (uint64_t i = 0; i < MEMORIES; i++) {
        for (size_t s = 0; s < 2; s++) {
            const wrl_memorytype_t type = WRL_MEMORYTYPE(i + 1, MAX_PAGES);
            OK(wrl_memory_new(stores[s], &type, &memories[s][i]));
            TRY(has_edges(t, stores[s], memories[s][i], i + 1));
        }
    }
    for (uint64_t i = 0; i < MEMORIES; i++) {
        OK(wrl_memory_grow(stores[1], memories[1][i], 3, NULL));
        for (uint64_t j = 0; j < MEMORIES; j++) {
            TRY(has_edges(t, stores[0], memories[0][j], j + 1));
            TRY(has_edges(t, stores[1], memories[1][j], j + 1 + (j <= i ? 3 : 0)));
        }
    }
    return true;
}

/* ---- Growth by guests ---- */

static bool by_guest(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    for (int32_t pages = 1; pages < MAX_PAGES; pages++) {
        TRY(call(&growth, 0, "grow", 1, pages));
        TRY(has_edges(t, growth.store, growth.memory, (uint64_t)pages + 1));
    }
    TRY(guest_sees(&growth, 0, MAX_PAGES));
    return true;
}

static bool by_guest_called_raw(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(growth.store, growth.guests[0], "grow", &func));
    for (int32_t pages = 1; pages < 5; pages++) {
        wrl_raw_t slot = {.i32 = 1};
        OK(wrl_func_call_raw(growth.store, func, &slot, 1));
        EQUAL(slot.i32, pages);
        TRY(has_edges(t, growth.store, growth.memory, (uint64_t)pages + 1));
    }
    return true;
}

static bool by_guest_that_traps(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(growth.store, growth.guests[0], "grow_and_trap", &func));
    const wrl_val_t arg = WRL_I32(2);
    wrl_val_t result;
    TRAPS(wrl_func_call(growth.store, func, &arg, 1, &result, 1), WRL_TRAP_UNREACHABLE);
    TRY(has_edges(t, growth.store, growth.memory, 3));
    wrl_raw_t slot = {.i32 = 2};
    TRAPS(wrl_func_call_raw(growth.store, func, &slot, 1), WRL_TRAP_UNREACHABLE);
    TRY(has_edges(t, growth.store, growth.memory, 5));
    TRY(guest_sees(&growth, 0, 5));
    return true;
}

static bool fails_by_guest(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    TRY(call(&growth, 0, "grow", MAX_PAGES, -1));
    TRY(has_edges(t, growth.store, growth.memory, 1));
    TRY(call(&growth, 0, "grow", MAX_PAGES - 1, 1));
    TRY(has_edges(t, growth.store, growth.memory, MAX_PAGES));
    TRY(call(&growth, 0, "grow", 1, -1));
    TRY(has_edges(t, growth.store, growth.memory, MAX_PAGES));
    TRY(guest_sees(&growth, 0, MAX_PAGES));
    return true;
}

/* In one call, the guest grows the memory, calls the host, and grows the memory again. The host checks the size. */
static bool between_host_calls(wrl_test_t *t)
{
    for (int raw = 0; raw < 2; raw++) {
        growth_t growth;
        TRY(prepare(t, raw, &growth));
        TRY(call(&growth, 0, "grow_between", 10, 11));
        EQUAL(growth.steps, 11);
        TRY(has_edges(t, growth.store, growth.memory, 11));
    }
    return true;
}

static bool host_grows(growth_t *growth, uint64_t pages)
{
    wrl_test_t *t = growth->t;
    OK(wrl_memory_grow(growth->store, growth->memory, 2, NULL));
    return has_edges(t, growth->store, growth->memory, pages + 2);
}

/* The host grows the memory of the guest that has called it. The guest uses the new page. */
static bool by_host_under_guest(wrl_test_t *t)
{
    for (int raw = 0; raw < 2; raw++) {
        growth_t growth;
        TRY(prepare(t, raw, &growth));
        growth.on_step = host_grows;
        TRY(call(&growth, 0, "grow_between", 5, 1 + 5 + 6 * 2));
        TRY(has_edges(t, growth.store, growth.memory, 18));
        TRY(guest_sees(&growth, 0, 18));
    }
    return true;
}

static bool reenters(growth_t *growth, uint64_t pages)
{
    wrl_test_t *t = growth->t;
    TRY(call(growth, 0, "grow", 1, (int32_t)pages));
    TRY(has_edges(t, growth->store, growth->memory, pages + 1));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(growth->store, growth->guests[1], "grow_and_trap", &func));
    wrl_raw_t slot = {.i32 = 1};
    TRAPS(wrl_func_call_raw(growth->store, func, &slot, 1), WRL_TRAP_UNREACHABLE);
    return has_edges(t, growth->store, growth->memory, pages + 2);
}

/* The host function calls the guest, which grows the memory. It then calls another guest, which grows the memory and
 * traps. */
static bool by_reentered_call(wrl_test_t *t)
{
    for (int raw = 0; raw < 2; raw++) {
        growth_t growth;
        TRY(prepare(t, raw, &growth));
        growth.on_step = reenters;
        TRY(call(&growth, 0, "grow_between", 5, 1 + 5 + 6 * 2));
        TRY(has_edges(t, growth.store, growth.memory, 18));
        TRY(guest_sees(&growth, 1, 18));
    }
    return true;
}

/* One guest calls a function of the other guest, which is only reachable through the table. */
static bool through_table(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    wrl_extern_t table;
    CHECK(wrl_instance_get_export(growth.store, growth.guests[0], "table", &table));
    const char *const names[] = {"grow", "grow_between"};
    int32_t pages = 1;
    for (size_t i = 0; i < 2; i++) {
        wrl_func_t func;
        CHECK(wrl_instance_get_func(growth.store, growth.guests[1], names[i], &func));
        const wrl_val_t value = WRL_FUNCREF(func);
        OK(wrl_table_set(growth.store, table.of.table, 0, &value));
        TRY(call(&growth, 0, "grow_through_table", 3, i == 0 ? pages : pages + 3));
        pages += 3;
        TRY(has_edges(t, growth.store, growth.memory, (uint64_t)pages));
        TRY(guest_sees(&growth, 0, (uint64_t)pages));
        TRY(guest_sees(&growth, 1, (uint64_t)pages));
    }
    return true;
}

/* A memory that the host and two guests share. They grow it in turn, and each sees the whole memory. */
static bool of_a_memory_with_three_owners(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    wrl_memory_t exported[GUESTS];
    for (size_t i = 0; i < GUESTS; i++) {
        CHECK(wrl_instance_get_memory(growth.store, growth.guests[i], "memory", &exported[i]));
        EQUAL(exported[i].index, growth.memory.index);
    }
    for (int32_t pages = 1; pages < 30; pages++) {
        size_t who = (size_t)pages % 3;
        if (who < GUESTS) {
            TRY(call(&growth, who, "grow", 1, pages));
        } else {
            OK(wrl_memory_grow(growth.store, exported[pages % GUESTS], 1, NULL));
        }
        TRY(has_edges(t, growth.store, growth.memory, (uint64_t)pages + 1));
        TRY(guest_sees(&growth, 0, (uint64_t)pages + 1));
        TRY(guest_sees(&growth, 1, (uint64_t)pages + 1));
        TRY(has_edges(t, growth.store, growth.memory, (uint64_t)pages + 1));
    }
    return true;
}

/* ---- Growth during instantiation ---- */

static bool in_start_function(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    for (uint64_t pages = 1; pages < 9; pages += 2) {
        wrl_instance_t instance;
        TRY(test_instance_in(t, growth.store, guest_growth_start, growth.imports, &instance));
        TRY(has_edges(t, growth.store, growth.memory, pages + 2));
        TRY(guest_sees(&growth, 0, pages + 2));
    }
    EQUAL(growth.steps, 4);
    return true;
}

static bool makes_instance(growth_t *growth, uint64_t pages)
{
    wrl_test_t *t = growth->t;
    growth->on_step = NULL; /* The nested start function's step does nothing more. */
    wrl_instance_t instance;
    TRY(test_instance_in(t, growth->store, guest_growth_start, growth->imports, &instance));
    return has_edges(t, growth->store, growth->memory, pages + 2);
}

static bool in_start_function_under_guest(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, false, &growth));
    growth.on_step = makes_instance;
    TRY(call(&growth, 0, "grow_between", 1, 4));
    TRY(has_edges(t, growth.store, growth.memory, 4));
    return true;
}

static bool in_start_function_that_traps(wrl_test_t *t)
{
    growth_t growth;
    TRY(prepare(t, true, &growth));
    wrl_module_t *module;
    TRY(test_module(t, guest_growth_start_traps, &module));
    for (uint64_t pages = 1; pages < 4; pages++) {
        wrl_instance_t instance;
        TRAPS(wrl_instance_new(growth.store, module, growth.imports, NULL, &instance), WRL_TRAP_UNREACHABLE);
        TRY(has_edges(t, growth.store, growth.memory, pages + 1));
        TRY(guest_sees(&growth, 1, pages + 1));
    }
    return true;
}

/* ---- Shared memories ---- */

static bool of_a_shared_memory(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_growth_shared, NULL, &instance));
    wrl_memory_t memory;
    CHECK(wrl_instance_get_memory(t->store, instance, "memory", &memory));
    for (int32_t pages = 1; pages < 4; pages++) {
        TRY(has_edges(t, t->store, memory, (uint64_t)pages));
        int32_t result;
        if (pages & 1) {
            TRY(test_call_i32(t, t->store, instance, "grow", (int32_t[]){1}, 1, &result));
            EQUAL(result, pages);
        } else {
            OK(wrl_memory_grow(t->store, memory, 1, NULL));
        }
        TRY(has_edges(t, t->store, memory, (uint64_t)pages + 1));
        TRY(test_call_i32(t, t->store, instance, "load8", (int32_t[]){(pages + 1) * 65536 - 1}, 1, &result));
        EQUAL(result, pages + 1);
    }
    FAILS(wrl_memory_grow(t->store, memory, 1, NULL), WRL_ERROR_RESOURCE_LIMIT, "");
    TRY(has_edges(t, t->store, memory, 4));
    return true;
}

/* A minimum that no machine can allocate is valid. wasmi cannot represent the maximum of this memory, so the wasmi
 * backend clamps the maximum. */
static bool minimum_of_everything(wrl_test_t *t)
{
    static const uint8_t of_64_bits[] = {
        0,    'a',  's',  'm',  1,    0,    0,    0,    5,    16,   1,    5, /* 2^48 pages */
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40};
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(t->engine, of_64_bits, sizeof(of_64_bits), NULL, &module);
    if (error && strncmp(t->backend, "js", 2) == 0) {
        /* JS engines refuse minimums beyond limits of their own. */
        TRY(test_own_error(t, error));
        CHECK(wrl_error_kind(error) == WRL_ERROR_INVALID || wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT);
        return true;
    }
    OK(error);
    TRY(test_own_module(t, module));
    wrl_instance_t instance;
    if (test_has(t, WRL_FEATURE_EXECUTION)) {
        FAILS(wrl_instance_new(t->store, module, NULL, NULL, &instance), WRL_ERROR_RESOURCE_LIMIT, "");
    }
    return true;
}

static const wrl_test_case_t cases[] = {
    {"memory_growth.by_host", by_host, {NEED_NOTHING}},
    {"memory_growth.fails_by_host", fails_by_host, {NEED_NOTHING}},
    {"memory_growth.of_many_memories", of_many_memories, {NEED_NOTHING}},
    {"memory_growth.by_guest", by_guest, {NEED_EXECUTION}},
    {"memory_growth.by_guest_called_raw", by_guest_called_raw, {NEED_EXECUTION}},
    {"memory_growth.by_guest_that_traps", by_guest_that_traps, {NEED_EXECUTION}},
    {"memory_growth.fails_by_guest", fails_by_guest, {NEED_EXECUTION}},
    {"memory_growth.between_host_calls", between_host_calls, {NEED_EXECUTION}},
    {"memory_growth.by_host_under_guest", by_host_under_guest, {NEED_EXECUTION}},
    {"memory_growth.by_reentered_call", by_reentered_call, {NEED_EXECUTION}},
    {"memory_growth.through_table", through_table, {NEED_EXECUTION}},
    {"memory_growth.of_a_memory_with_three_owners", of_a_memory_with_three_owners, {NEED_EXECUTION}},
    {"memory_growth.in_start_function", in_start_function, {NEED_EXECUTION}},
    {"memory_growth.in_start_function_under_guest", in_start_function_under_guest, {NEED_EXECUTION}},
    {"memory_growth.in_start_function_that_traps", in_start_function_that_traps, {NEED_EXECUTION}},
    {"memory_growth.minimum_of_everything", minimum_of_everything, {NEED_MEMORY64}},
    {"memory_growth.of_a_shared_memory", of_a_shared_memory, {NEED_EXECUTION, NEED_THREADS}},
};
WRL_TEST_GROUP(memory_growth);
