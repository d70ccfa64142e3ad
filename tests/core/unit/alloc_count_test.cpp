/*
 * Calls into the guest and calls of the host do not allocate, by either interface. The counters cover the whole
 * process, engines included. With sanitizers and without glibc, only the layer's own allocations are counted.
 */
#include "guest.h"
#include "malloc_count.h"

#ifdef WRL_UNIT_WAT

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

const int ROUNDS = 1000;

size_t layer_allocations;

bool count_in_layer(size_t)
{
    layer_allocations++;
    return true;
}

enum class Counted { PROCESS, LAYER };

/* Returns the number of allocations in 1,000 rounds after ten rounds of warm-up. */
size_t allocations(Counted counted, const std::function<void()> &round)
{
    for (int i = 0; i < 10; i++) {
        round();
    }
#ifndef WRL_UNIT_COUNTS_MALLOC
    counted = Counted::LAYER;
#endif
    layer_allocations = 0;
    wrl__alloc_set_hook(count_in_layer);
    if (counted == Counted::PROCESS) {
        malloc_count_start();
    }
    for (int i = 0; i < ROUNDS; i++) {
        round();
    }
    size_t in_process = counted == Counted::PROCESS ? malloc_count_stop() : 0;
    wrl__alloc_set_hook(nullptr);
    return in_process + layer_allocations;
}

/* Aborts on an error. An assertion would allocate on failure. */
void must(wrl_error_t *error)
{
    if (error) {
        fprintf(stderr, "%s\n", wrl_error_message(error));
        abort();
    }
}

void must_be(int64_t found, int64_t wanted)
{
    if (found != wanted) {
        fprintf(stderr, "%lld instead of %lld\n", static_cast<long long>(found), static_cast<long long>(wanted));
        abort();
    }
}

std::string repeated(const std::string &words, int times)
{
    std::string all;
    for (int i = 0; i < times; i++) {
        all += words + " ";
    }
    return all;
}

/* A function that adds one, a function with 40 parameters and 30 results, and functions that call the host. */
std::string guest_text()
{
    return R"((module
  (import "host" "tagged" (func $tagged (param i32) (result i32)))
  (import "host" "raw" (func $raw (param i32) (result i32)))
  (import "host" "wide_tagged" (func $wide_tagged (param )" +
           repeated("i64", 40) + R"() (result i64)))
  (import "host" "wide_raw" (func $wide_raw (param )" +
           repeated("i64", 40) + R"() (result i64)))
  (memory (export "memory") 1)
  (global (export "number") (mut i64) (i64.const 5))
  (func (export "add_one") (param i32) (result i32) local.get 0 i32.const 1 i32.add)
  (func (export "wide") (param )" +
           repeated("i64", 40) + ") (result " + repeated("i64", 30) + ")" + repeated("local.get 39", 30) + R"()
  (func (export "call_tagged") (param i32) (result i32) local.get 0 call $tagged)
  (func (export "call_raw") (param i32) (result i32) local.get 0 call $raw)
  (func (export "call_wide_tagged") (param i64) (result i64) )" +
           repeated("local.get 0", 40) + R"( call $wide_tagged)
  (func (export "call_wide_raw") (param i64) (result i64) )" +
           repeated("local.get 0", 40) + R"( call $wide_raw)
  (func (export "trap") unreachable)))";
}

wrl_error_t *tagged(void *, wrl_caller_t *, const wrl_val_t *args, size_t, wrl_val_t *results, size_t)
{
    results[0] = WRL_I32(args[0].of.i32 + 1);
    return nullptr;
}

wrl_error_t *raw(void *, wrl_caller_t *, wrl_raw_t *slots)
{
    slots[0].i32++;
    return nullptr;
}

wrl_error_t *wide_tagged(void *, wrl_caller_t *, const wrl_val_t *args, size_t count, wrl_val_t *results, size_t)
{
    results[0] = WRL_I64(args[count - 1].of.i64 + 1);
    return nullptr;
}

wrl_error_t *wide_raw(void *, wrl_caller_t *, wrl_raw_t *slots)
{
    slots[0].i64 = slots[39].i64 + 1;
    return nullptr;
}

class CallPath : public ::testing::TestWithParam<const char *> {
  protected:
    void SetUp() override
    {
#ifdef WRL_UNIT_WASMTIME
        if (std::string(GetParam()) == "wasmtime") {
            ASSERT_OK(wrl_backend_load(WRL_UNIT_WASMTIME, nullptr));
        }
#endif
        guest = std::make_unique<Guest>(GetParam());
        ASSERT_OK(guest->compile(guest_text()));
        const wrl_valtype_t i32[] = {WRL_TYPE_I32};
        const wrl_functype_t narrow = WRL_FUNCTYPE(WRL_TYPES_IN(i32), WRL_TYPES_IN(i32));
        const std::vector<wrl_valtype_t> many(40, wrl_valtype_t WRL_TYPE_I64);
        const wrl_functype_t wide = WRL_FUNCTYPE(WRL_TYPES_N(many.data(), many.size()), WRL_TYPES_N(many.data(), 1));
        wrl_func_t func;
        ASSERT_OK(wrl_func_new(guest->store, &narrow, tagged, nullptr, nullptr, &func));
        define("tagged", func);
        ASSERT_OK(wrl_func_new_raw(guest->store, &narrow, raw, nullptr, nullptr, &func));
        define("raw", func);
        ASSERT_OK(wrl_func_new(guest->store, &wide, wide_tagged, nullptr, nullptr, &func));
        define("wide_tagged", func);
        ASSERT_OK(wrl_func_new_raw(guest->store, &wide, wide_raw, nullptr, nullptr, &func));
        define("wide_raw", func);
        ASSERT_OK(guest->instantiate());
    }

    void define(const char *name, wrl_func_t func)
    {
        EXPECT_OK(wrl_imports_define(guest->imports, "host", name, wrl_extern_from_func(func)));
    }

    size_t calls(Counted counted, const char *name)
    {
        wrl_func_t func = guest->func(name);
        wrl_store_t *store = guest->store;
        return allocations(counted, [store, func] {
            wrl_val_t arg = WRL_I32(41), result;
            must(wrl_func_call(store, func, &arg, 1, &result, 1));
            must_be(result.of.i32, 42);
        });
    }

    size_t raw_calls(Counted counted, const char *name)
    {
        wrl_func_t func = guest->func(name);
        wrl_store_t *store = guest->store;
        return allocations(counted, [store, func] {
            wrl_raw_t slot;
            slot.i32 = 41;
            must(wrl_func_call_raw(store, func, &slot, 1));
            must_be(slot.i32, 42);
        });
    }

    /*
     * wasmi has a fast path for host functions of common types. For other types wasmi allocates arrays of values, which
     * the layer cannot prevent, so that only the layer's allocations are counted.
     */
    Counted by_engine() const
    {
        return std::string(GetParam()) == "wasmi" ? Counted::LAYER : Counted::PROCESS;
    }

    std::unique_ptr<Guest> guest;
};

} // namespace

TEST_P(CallPath, GuestCalls)
{
    EXPECT_EQ(calls(Counted::PROCESS, "add_one"), 0u);
}

TEST_P(CallPath, RawGuestCalls)
{
    EXPECT_EQ(raw_calls(Counted::PROCESS, "add_one"), 0u);
}

TEST_P(CallPath, WideGuestCalls)
{
    wrl_func_t func = guest->func("wide");
    wrl_store_t *store = guest->store;
    std::vector<wrl_val_t> args(40, WRL_I64(7)), results(30);
    EXPECT_EQ(allocations(Counted::PROCESS,
                          [&] {
                              must(
                                  wrl_func_call(store, func, args.data(), args.size(), results.data(), results.size()));
                              must_be(results[29].of.i64, 7);
                          }),
              0u);
}

TEST_P(CallPath, WideRawGuestCalls)
{
    wrl_func_t func = guest->func("wide");
    wrl_store_t *store = guest->store;
    std::vector<wrl_raw_t> slots(40);
    EXPECT_EQ(allocations(Counted::PROCESS,
                          [&] {
                              slots[39].i64 = 9;
                              must(wrl_func_call_raw(store, func, slots.data(), slots.size()));
                              must_be(slots[29].i64, 9);
                          }),
              0u);
}

TEST_P(CallPath, HostCalls)
{
    EXPECT_EQ(calls(Counted::PROCESS, "call_tagged"), 0u);
    EXPECT_EQ(raw_calls(Counted::PROCESS, "call_tagged"), 0u);
}

TEST_P(CallPath, RawHostCalls)
{
    EXPECT_EQ(calls(Counted::PROCESS, "call_raw"), 0u);
    EXPECT_EQ(raw_calls(Counted::PROCESS, "call_raw"), 0u);
}

TEST_P(CallPath, WideHostCalls)
{
    wrl_store_t *store = guest->store;
    for (const char *name : {"call_wide_tagged", "call_wide_raw"}) {
        wrl_func_t func = guest->func(name);
        EXPECT_EQ(allocations(by_engine(),
                              [store, func] {
                                  wrl_raw_t slot;
                                  slot.i64 = 41;
                                  must(wrl_func_call_raw(store, func, &slot, 1));
                                  must_be(slot.i64, 42);
                              }),
                  0u)
            << name;
    }
}

TEST_P(CallPath, MemoryReadsAndWrites)
{
    wrl_memory_t memory;
    ASSERT_TRUE(wrl_instance_get_memory(guest->store, guest->instance, "memory", &memory));
    wrl_store_t *store = guest->store;
    EXPECT_EQ(allocations(Counted::PROCESS,
                          [store, memory] {
                              char bytes[64] = "written", back[64];
                              must(wrl_memory_write(store, memory, 100, bytes, sizeof bytes));
                              must(wrl_memory_read(store, memory, 100, back, sizeof back));
                              must_be(back[6], 'n');
                              uint64_t size;
                              must_be(wrl_memory_data(store, memory, &size)[100], 'w');
                              must_be(wrl_memory_slice(store, memory, 100, 64)[6], 'n');
                          }),
              0u);
}

TEST_P(CallPath, GlobalGetsAndSets)
{
    wrl_global_t global;
    ASSERT_TRUE(wrl_instance_get_global(guest->store, guest->instance, "number", &global));
    wrl_store_t *store = guest->store;
    EXPECT_EQ(allocations(Counted::PROCESS,
                          [store, global] {
                              wrl_val_t value = WRL_I64(77);
                              must(wrl_global_set(store, global, &value));
                              must(wrl_global_get(store, global, &value));
                              must_be(value.of.i64, 77);
                          }),
              0u);
}

/* Shows that the counters work: a trap makes an error, and engines allocate memory of their own. */
TEST_P(CallPath, TrapsAreSeenByBothCounters)
{
    wrl_func_t func = guest->func("trap");
    wrl_store_t *store = guest->store;
    auto round = [store, func] { wrl_error_delete(wrl_func_call(store, func, nullptr, 0, nullptr, 0)); };
    EXPECT_GE(allocations(Counted::LAYER, round), static_cast<size_t>(ROUNDS));
#ifdef WRL_UNIT_COUNTS_MALLOC
    EXPECT_GE(allocations(Counted::PROCESS, round), static_cast<size_t>(3 * ROUNDS));
    /* malloc counts an engine's own allocation, and the layer's hook does not. */
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = GetParam();
    layer_allocations = 0;
    wrl__alloc_set_hook(count_in_layer);
    malloc_count_start();
    wrl_engine_t *engine;
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    wrl_engine_release(engine);
    size_t in_process = malloc_count_stop();
    wrl__alloc_set_hook(nullptr);
    EXPECT_OK(error);
    EXPECT_GT(in_process, 2 * layer_allocations);
#endif
}

#ifdef WRL_UNIT_WASMI
INSTANTIATE_TEST_SUITE_P(Wasmi, CallPath, ::testing::Values("wasmi"));
#endif
#ifdef WRL_UNIT_WASMTIME
INSTANTIATE_TEST_SUITE_P(Wasmtime, CallPath, ::testing::Values("wasmtime"));
#endif
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CallPath);

#endif
