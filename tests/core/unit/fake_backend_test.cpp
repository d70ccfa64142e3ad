/* Stores and instances over a test double. This file implements its guest functions. */
#include "fake_backend.h"
#include "guest.h"

#include <cstring>
#include <thread>
#include <vector>

namespace {

/* Types 0: (i32) -> (i32), 1: () -> (); imports env.host of type 0; exports run of type 0, go of type 1, a memory. */
Bytes guest_module()
{
    return module({section(1, Bytes{2, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 0, 0}),
                   section(2, Bytes{1}.text("env").text("host").byte(0).u(0)), section(3, Bytes{2, 0, 1}),
                   section(5, Bytes{1, 1, 1, 3}),
                   section(7, Bytes{3}.text("run").byte(0).u(1).text("go").byte(0).u(2).text("memory").byte(2).u(0)),
                   section(10, Bytes{2, 4, 0, 0x20, 0, 0x0B, 2, 0, 0x0B})});
}

const wrl_valtype_t i32_type[] = {WRL_TYPE_I32};
const wrl_functype_t i32_to_i32 = WRL_FUNCTYPE(WRL_TYPES_IN(i32_type), WRL_TYPES_IN(i32_type));

struct Counter {
    int calls = 0;
    int finalized = 0;
};

wrl_error_t *add_one(void *env, wrl_caller_t *, const wrl_val_t *args, size_t, wrl_val_t *results, size_t)
{
    static_cast<Counter *>(env)->calls++;
    results[0] = WRL_I32(args[0].of.i32 + 1);
    return nullptr;
}

void finalize(void *env)
{
    static_cast<Counter *>(env)->finalized++;
}

/* A guest of the double, with the host function defined and the instance made. */
struct DoubleGuest : Guest {
    Counter counter;
    wrl_func_t host;

    explicit DoubleGuest(size_t max_reentry = 0, wrl_func_callback_t callback = add_one)
        : Guest((Double::enter(), "double"), max_reentry)
    {
        EXPECT_OK(compile(guest_module()));
        EXPECT_OK(wrl_func_new(store, &i32_to_i32, callback, &counter, nullptr, &host));
        EXPECT_OK(wrl_imports_define(imports, "env", "host", wrl_extern_from_func(host)));
        EXPECT_OK(instantiate());
    }
};

} // namespace

TEST(Double, EverythingIsDeleted)
{
    int engines = Double::engines, modules = Double::modules, stores = Double::stores;
    {
        DoubleGuest guest;
        EXPECT_EQ(Double::engines, engines + 1);
        EXPECT_EQ(Double::modules, modules + 1);
        EXPECT_EQ(Double::stores, stores + 1);
        EXPECT_EQ(Double::import_count, 1u);
        /* The instance keeps the module alive, and the store the engine. */
        wrl_module_release(guest.module);
        wrl_engine_release(guest.engine);
        guest.module = nullptr;
        guest.engine = nullptr;
        EXPECT_EQ(Double::engines, engines + 1);
        EXPECT_EQ(Double::modules, modules + 1);
    }
    EXPECT_EQ(Double::engines, engines);
    EXPECT_EQ(Double::modules, modules);
    EXPECT_EQ(Double::stores, stores);
}

TEST(Double, CallsAreTranslated)
{
    DoubleGuest guest;
    Double::guest = [](void *, const wrl_functype_t *type, wrl_raw_t *slots) -> wrl_error_t * {
        EXPECT_EQ(type->param_count, 1u);
        slots[0].i32 = slots[0].i32 * 2;
        return nullptr;
    };
    wrl_val_t arg = WRL_I32(21), result;
    ASSERT_OK(wrl_func_call(guest.store, guest.func("run"), &arg, 1, &result, 1));
    EXPECT_EQ(result.kind, WRL_VALKIND_I32);
    EXPECT_EQ(result.of.i32, 42);
    wrl_raw_t slot;
    slot.i32 = -4;
    ASSERT_OK(wrl_func_call_raw(guest.store, guest.func("run"), &slot, 1));
    EXPECT_EQ(slot.i32, -8);
    ASSERT_OK(wrl_func_call(guest.store, guest.host, &arg, 1, &result, 1));
    EXPECT_EQ(result.of.i32, 22);
    EXPECT_EQ(guest.counter.calls, 1);
}

TEST(Double, AnErrorIsTheSameObject)
{
    DoubleGuest guest;
    wrl_error_t *thrown = wrl_error_new(WRL_ERROR_HOST, "thrown");
    Double::guest = [thrown](void *, const wrl_functype_t *, wrl_raw_t *) { return thrown; };
    wrl_val_t arg = WRL_I32(1), result = WRL_I64(7);
    EXPECT_EQ(wrl_func_call(guest.store, guest.func("run"), &arg, 1, &result, 1), thrown);
    EXPECT_EQ(result.kind, WRL_VALKIND_I64);
    EXPECT_EQ(result.of.i64, 7);
    EXPECT_STREQ(wrl_error_message(thrown), "thrown");
    wrl_error_delete(thrown);
    Double::on_instance = [] { return wrl_error_new_exit(3); };
    wrl_error_t *error = guest.instantiate();
    EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_EXIT);
    EXPECT_EQ(wrl_error_exit_status(error), 3);
    wrl_error_delete(error);
    EXPECT_EQ(guest.instance.store_id, 0u);
}

TEST(Double, WrongCalls)
{
    DoubleGuest guest;
    wrl_val_t args[] = {WRL_I32(1), WRL_I32(2)}, result;
    wrl_val_t wide = WRL_I64(1);
    wrl_func_t run = guest.func("run");
    EXPECT_ERROR(wrl_func_call(guest.store, run, args, 2, &result, 1), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl_func_call(guest.store, run, args, 0, &result, 1), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl_func_call(guest.store, run, args, 1, &result, 0), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl_func_call(guest.store, run, nullptr, 1, &result, 1), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl_func_call(guest.store, run, &wide, 1, &result, 1), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl_func_call(guest.store, {0, 0}, args, 1, &result, 1), WRL_ERROR_INVALID_ARGUMENT, "null handle");
    EXPECT_ERROR(wrl_func_call(guest.store, {run.store_id, 999}, args, 1, &result, 1), WRL_ERROR_INVALID_ARGUMENT,
                 "999");
    EXPECT_ERROR(wrl_func_call(guest.store, {run.store_id + 1, 0}, args, 1, &result, 1), WRL_ERROR_INVALID_ARGUMENT,
                 "another store");
    EXPECT_ERROR(wrl_func_call(nullptr, run, args, 1, &result, 1), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_ERROR(wrl_func_call_raw(guest.store, run, nullptr, 0), WRL_ERROR_INVALID_ARGUMENT, "");
}

TEST(Double, ReentryIsLimited)
{
    for (size_t limit : {1, 2, 5, 0}) {
        DoubleGuest guest(limit);
        size_t depth = 0, deepest = 0;
        wrl_func_t run = guest.func("run");
        Double::guest = [&](void *, const wrl_functype_t *, wrl_raw_t *) -> wrl_error_t * {
            deepest = ++depth > deepest ? depth : deepest;
            wrl_raw_t slot = {};
            wrl_error_t *error = wrl_func_call_raw(guest.store, run, &slot, 1);
            depth--;
            return error;
        };
        for (int round = 0; round < 2; round++) {
            deepest = 0;
            wrl_raw_t slot = {};
            wrl_error_t *error = wrl_func_call_raw(guest.store, run, &slot, 1);
            EXPECT_EQ(wrl_error_trap_code(error), WRL_TRAP_STACK_OVERFLOW);
            wrl_error_delete(error);
            EXPECT_EQ(deepest, limit ? limit : WRL_DEFAULT_MAX_REENTRY);
            EXPECT_EQ(depth, 0u);
        }
    }
}

/* Instantiation runs the start function and therefore counts as a call. */
TEST(Double, ReentryThroughInstancesIsLimited)
{
    DoubleGuest guest(4);
    size_t depth = 0, deepest = 0;
    Double::on_instance = [&]() -> wrl_error_t * {
        deepest = ++depth > deepest ? depth : deepest;
        wrl_instance_t inner;
        wrl_error_t *error = deepest > 50 ? wrl_error_new(WRL_ERROR_HOST, "there is no limit")
                                          : wrl_instance_new(guest.store, guest.module, guest.imports, nullptr, &inner);
        depth--;
        return error;
    };
    for (int round = 0; round < 3; round++) {
        deepest = 0;
        wrl_error_t *error = guest.instantiate();
        EXPECT_EQ(wrl_error_trap_code(error), WRL_TRAP_STACK_OVERFLOW) << wrl_error_message(error);
        wrl_error_delete(error);
        EXPECT_EQ(deepest, 4u);
    }
    Double::on_instance = nullptr;
    EXPECT_OK(guest.instantiate());
}

TEST(Double, DeletedWhileItRuns)
{
    int stores = Double::stores;
    Counter data;
    DoubleGuest guest;
    ASSERT_OK(wrl_store_set_data(guest.store, &data, finalize));
    wrl_func_t run = guest.func("run");
    bool inner = false;
    Double::guest = [&](void *, const wrl_functype_t *, wrl_raw_t *) -> wrl_error_t * {
        if (!inner) {
            inner = true;
            wrl_store_delete(guest.store);
            wrl_raw_t slot = {};
            EXPECT_OK(wrl_func_call_raw(guest.store, run, &slot, 1));
            wrl_store_delete(guest.store);
        }
        EXPECT_EQ(Double::stores, stores + 1);
        EXPECT_EQ(data.finalized, 0);
        return nullptr;
    };
    wrl_raw_t slot = {};
    EXPECT_OK(wrl_func_call_raw(guest.store, run, &slot, 1));
    EXPECT_EQ(Double::stores, stores);
    EXPECT_EQ(data.finalized, 1);
    guest.store = nullptr;
}

TEST(Double, DeletedWhileAnInstanceIsMade)
{
    int stores = Double::stores;
    Counter data;
    DoubleGuest guest;
    ASSERT_OK(wrl_store_set_data(guest.store, &data, finalize));
    Double::on_instance = [&]() -> wrl_error_t * {
        wrl_store_delete(guest.store);
        EXPECT_EQ(data.finalized, 0);
        return nullptr;
    };
    wrl_error_t *error = guest.instantiate();
    wrl_error_delete(error);
    EXPECT_EQ(Double::stores, stores);
    EXPECT_EQ(data.finalized, 1);
    guest.store = nullptr;
}

namespace {

/* Work that an instantiation postpones, here the end of an externref. */
struct Late {
    wrl_store_t *store;
    wrl_externref_t externref;
    bool deletes; /* Whether its finalizer deletes the store. */
    int started = 0;
    int finalized = 0;

    static void finalize(void *data)
    {
        Late *self = static_cast<Late *>(data);
        self->finalized++;
        EXPECT_EQ(self->started, 1);
        if (self->deletes) {
            wrl_store_delete(self->store);
        }
    }
    static wrl_error_t *start(void *env, wrl_caller_t *, wrl_raw_t *)
    {
        Late *self = static_cast<Late *>(env);
        self->started++;
        EXPECT_EQ(self->finalized, 0);
        return nullptr;
    }
};

} // namespace

/* The layer calls an imported start function after the instance has been made, in the same store. */
TEST(Double, WhatInstantiationLeavesIsDoneAfterAnImportedStartFunction)
{
    const Bytes bytes = module({section(1, Bytes{1, 0x60, 0, 0}),
                                section(2, Bytes{1}.text("env").text("host").byte(0).u(0)), section(8, Bytes{0})});
    const wrl_functype_t nothing = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    for (bool deletes : {false, true}) {
        int stores = Double::stores;
        Double::enter();
        Guest guest("double");
        Late late = {guest.store, {0, 0}, deletes};
        wrl_func_t func;
        ASSERT_OK(guest.compile(bytes));
        ASSERT_OK(wrl_func_new_raw(guest.store, &nothing, Late::start, &late, nullptr, &func));
        ASSERT_OK(wrl_imports_define(guest.imports, "env", "host", wrl_extern_from_func(func)));
        ASSERT_OK(wrl_externref_new(guest.store, &late, Late::finalize, &late.externref));
        Double::on_instance = [&] { return wrl_externref_release(guest.store, late.externref); };
        EXPECT_OK(guest.instantiate());
        EXPECT_EQ(late.started, 1);
        EXPECT_EQ(late.finalized, 1);
        EXPECT_EQ(Double::stores, stores + (deletes ? 0 : 1));
        if (deletes) {
            guest.store = nullptr;
        }
    }
}

TEST(Double, HiddenMemoryIsReadAndWrittenByTheBackend)
{
    DoubleGuest guest;
    wrl_memory_t memory;
    ASSERT_TRUE(wrl_instance_get_memory(guest.store, guest.instance, "memory", &memory));
    uint8_t *data;
    uint64_t size;
    data = wrl_memory_data(guest.store, memory, &size);
    EXPECT_EQ(data, nullptr);
    EXPECT_EQ(size, 65536u);
    char buffer[4] = "abc";
    ASSERT_OK(wrl_memory_write(guest.store, memory, 65532, buffer, 4));
    memset(buffer, 0, 4);
    ASSERT_OK(wrl_memory_read(guest.store, memory, 65532, buffer, 4));
    EXPECT_STREQ(buffer, "abc");
    EXPECT_ERROR(wrl_memory_read(guest.store, memory, 65533, buffer, 4), WRL_ERROR_INVALID_ARGUMENT, "65533");
    EXPECT_ERROR(wrl_memory_write(guest.store, memory, UINT64_MAX, buffer, 1), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl_memory_write(guest.store, memory, UINT64_MAX, buffer, SIZE_MAX), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_OK(wrl_memory_read(guest.store, memory, 65536, nullptr, 0));
    EXPECT_ERROR(wrl_memory_read(guest.store, memory, 65537, nullptr, 0), WRL_ERROR_INVALID_ARGUMENT, "");
}

/* The layer asks for a memory's address once, and again after guest code has run. For a shared memory, which other
 * threads may grow, the layer asks each time. */
TEST(Double, PlacesOfMemoriesAreKeptInMind)
{
    DoubleGuest guest;
    Double::guest = [](void *, const wrl_functype_t *, wrl_raw_t *) -> wrl_error_t * { return nullptr; };
    wrl_func_t go = guest.func("go");
    wrl_memorytype_t type = WRL_MEMORYTYPE(1, 3);
    for (bool shared : {false, true}) {
        type.is_shared = shared;
        wrl_memory_t memory;
        ASSERT_OK(wrl_memory_new(guest.store, &type, &memory));
        size_t before = Double::places_asked;
        char byte = 0;
        for (int i = 0; i < 10; i++) {
            ASSERT_OK(wrl_memory_read(guest.store, memory, 65535, &byte, 1));
        }
        EXPECT_EQ(Double::places_asked - before, shared ? 10u : 1u);
        before = Double::places_asked;
        for (int i = 0; i < 10; i++) {
            ASSERT_OK(wrl_func_call(guest.store, go, nullptr, 0, nullptr, 0));
            ASSERT_OK(wrl_memory_write(guest.store, memory, 65535, &byte, 1));
        }
        EXPECT_EQ(Double::places_asked - before, 10u);
    }
}

/* For a function that only the backend knows, the core asks for its type, and releases the buffer that this needs. */
TEST(Double, UnknownFunctionsAreAskedForTheirType)
{
    static size_t large;
    Double::enter();
    Guest guest("double");
    ASSERT_OK(guest.compile(
        module({section(1, Bytes{1, 0x60, 0, 1, 0x70}), section(3, Bytes{1, 0}),
                section(7, Bytes{1}.text("get").add({0, 0})), section(10, Bytes{1, 4, 0, 0xD0, 0x70, 0x0B})})));
    ASSERT_OK(guest.instantiate());
    wrl_func_t get = guest.func("get"), last = wrl_func_null();
    Double::guest = [](void *store, const wrl_functype_t *, wrl_raw_t *slots) -> wrl_error_t * {
        static wrl_host_func_t unknown = {nullptr, &i32_to_i32};
        wrl_backend_ref_t ref;
        wrl_error_t *error = wrl_backend_null(WRL_BACKEND_ABI)->func_new(store, &unknown, &ref);
        memcpy(slots[0].words, ref.words, sizeof ref.words);
        return error;
    };
    large = 0;
    wrl__alloc_set_hook([](size_t size) {
        large += size >= 16000;
        return true;
    });
    for (int i = 0; i < 100; i++) {
        wrl_val_t result;
        wrl_functype_t type;
        EXPECT_OK(wrl_func_call(guest.store, get, nullptr, 0, &result, 1));
        EXPECT_NE(result.of.func.index, last.index);
        last = result.of.func;
        type = wrl_func_type(guest.store, last);
        EXPECT_TRUE(wrl_functype_equal(&type, &i32_to_i32));
    }
    wrl__alloc_set_hook(nullptr);
    EXPECT_LE(large, 2u);
}

TEST(Double, LinkErrorsNameWhatIsWrong)
{
    Double::enter();
    Guest guest("double");
    ASSERT_OK(guest.compile(guest_module()));
    EXPECT_ERROR(guest.instantiate(), WRL_ERROR_LINK, "\"env\" \"host\"");
    wrl_memory_t memory;
    const wrl_memorytype_t type = WRL_MEMORYTYPE(1, 1);
    ASSERT_OK(wrl_memory_new(guest.store, &type, &memory));
    ASSERT_OK(wrl_imports_define(guest.imports, "env", "host", wrl_extern_from_memory(memory)));
    EXPECT_ERROR(guest.instantiate(), WRL_ERROR_LINK, "expected function (i32) -> (i32), found memory 1..1 pages");
    Guest other("double");
    ASSERT_OK(wrl_memory_new(other.store, &type, &memory));
    ASSERT_OK(wrl_imports_define(guest.imports, "env", "host", wrl_extern_from_memory(memory)));
    EXPECT_ERROR(guest.instantiate(), WRL_ERROR_INVALID_ARGUMENT, "belongs to another store");
    EXPECT_EQ(guest.instance.store_id, 0u);
    EXPECT_ERROR(wrl_instance_new(guest.store, guest.module, nullptr, nullptr, &guest.instance), WRL_ERROR_LINK,
                 "is missing");
}

TEST(Double, HostFunctionsMustSetTheirResults)
{
    DoubleGuest guest(0, [](void *, wrl_caller_t *, const wrl_val_t *, size_t, wrl_val_t *results, size_t) {
        EXPECT_EQ(results[0].kind, WRL_VALKIND_NONE);
        return static_cast<wrl_error_t *>(nullptr);
    });
    wrl_val_t arg = WRL_I32(1), result;
    EXPECT_ERROR(wrl_func_call(guest.store, guest.host, &arg, 1, &result, 1), WRL_ERROR_HOST, "");
}

/* An externref that a guest made is passed to the host with the backend's payload, and back to the guest with the same
 * payload. */
TEST(Double, ForeignExternrefs)
{
    Double::enter();
    Guest guest("double");
    ASSERT_OK(guest.compile(module({
        section(1, Bytes{1, 0x60, 1, 0x6F, 1, 0x6F}),
        section(3, Bytes{1, 0}),
        section(7, std::vector<Bytes>{Bytes().text("run").add({0, 0})}),
        section(10, Bytes{1, 4, 0, 0x20, 0, 0x0B}),
    })));
    ASSERT_OK(guest.instantiate());
    static uint64_t seen[2];
    Double::guest = [](void *, const wrl_functype_t *, wrl_raw_t *slots) -> wrl_error_t * {
        memcpy(seen, slots[0].words, sizeof seen);
        slots[0].words[0] = WRL_FOREIGN_EXTERNREF;
        slots[0].words[1] = 77;
        return nullptr;
    };
    wrl_val_t value = WRL_NULL_EXTERNREF;
    ASSERT_OK(wrl_func_call(guest.store, guest.func("run"), &value, 1, &value, 1));
    EXPECT_EQ(seen[0], 0u);
    EXPECT_FALSE(wrl_externref_is_null(value.of.externref));
    EXPECT_ERROR(wrl_externref_get(guest.store, value.of.externref, NULL), WRL_ERROR_UNSUPPORTED, "externref");
    EXPECT_TRUE(wrl_externref_data(guest.store, value.of.externref) == NULL);
    ASSERT_OK(wrl_func_call(guest.store, guest.func("run"), &value, 1, &value, 1));
    EXPECT_EQ(seen[0], WRL_FOREIGN_EXTERNREF);
    EXPECT_EQ(seen[1], 77u);
    /* The host's next externref is another one. */
    int thing;
    EXPECT_OK(wrl_externref_new(guest.store, &thing, nullptr, &value.of.externref));
    ASSERT_OK(wrl_func_call(guest.store, guest.func("run"), &value, 1, &value, 1));
    EXPECT_EQ(seen[0], 3u);
}

TEST(Double, FinalizersInOrder)
{
    static std::vector<int> order;
    order.clear();
    Double::enter();
    Guest guest("double");
    EXPECT_OK(wrl_store_set_data(guest.store, nullptr, [](void *) { order.push_back(3); }));
    wrl_externref_t externref;
    EXPECT_OK(wrl_externref_new(
        guest.store, nullptr, [](void *) { order.push_back(2); }, &externref));
    wrl_func_t func;
    EXPECT_OK(wrl_func_new(
        guest.store, &i32_to_i32, add_one, nullptr, [](void *) { order.push_back(1); }, &func));
    wrl_store_delete(guest.store);
    guest.store = nullptr;
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Double, FinalizersOfWhatFailed)
{
    Double::enter();
    Guest guest("double");
    Counter counter;
    wrl_func_t func;
    wrl_externref_t externref;
    wrl_store_t *store;
    EXPECT_FALSE(Outcome(wrl_func_new(guest.store, nullptr, add_one, &counter, finalize, &func)).ok);
    EXPECT_EQ(counter.finalized, 1);
    EXPECT_FALSE(Outcome(wrl_func_new(guest.store, &i32_to_i32, nullptr, &counter, finalize, &func)).ok);
    EXPECT_EQ(counter.finalized, 2);
    EXPECT_FALSE(Outcome(wrl_func_new_raw(nullptr, &i32_to_i32, nullptr, &counter, finalize, &func)).ok);
    EXPECT_EQ(counter.finalized, 3);
    EXPECT_FALSE(Outcome(wrl_func_new(guest.store, &i32_to_i32, add_one, &counter, finalize, nullptr)).ok);
    EXPECT_EQ(counter.finalized, 4);
    EXPECT_FALSE(Outcome(wrl_externref_new(nullptr, &counter, finalize, &externref)).ok);
    EXPECT_EQ(counter.finalized, 5);
    EXPECT_FALSE(Outcome(wrl_externref_new(guest.store, &counter, finalize, nullptr)).ok);
    EXPECT_EQ(counter.finalized, 6);
    const wrl_store_config_t config = {sizeof config, &counter, finalize};
    EXPECT_FALSE(Outcome(wrl_store_new(nullptr, &config, &store)).ok);
    EXPECT_EQ(counter.finalized, 7);
    EXPECT_FALSE(Outcome(wrl_store_new(guest.engine, &config, nullptr)).ok);
    EXPECT_EQ(counter.finalized, 8);
    EXPECT_FALSE(Outcome(wrl_store_set_data(nullptr, &counter, finalize)).ok);
    EXPECT_EQ(counter.finalized, 9);
    EXPECT_OK(wrl_store_set_data(guest.store, &counter, finalize));
    EXPECT_OK(wrl_store_set_data(guest.store, &counter, finalize));
    EXPECT_EQ(counter.finalized, 10);
    EXPECT_EQ(wrl_store_take_data(guest.store), &counter);
    EXPECT_EQ(wrl_store_take_data(guest.store), nullptr);
    EXPECT_EQ(counter.finalized, 10);
}

TEST(Store, InThreads)
{
    Double::enter();
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_engine_t *engine;
    config.backend = "null";
    ASSERT_OK(wrl_engine_new(&config, &engine));
    Bytes bytes = rich_module();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([engine, &bytes] {
            for (int round = 0; round < 200; round++) {
                wrl_module_t *made;
                EXPECT_OK(wrl_module_new(engine, bytes.data(), bytes.size(), nullptr, &made));
                wrl_store_t *store;
                EXPECT_OK(wrl_store_new(engine, nullptr, &store));
                EXPECT_TRUE(wrl_backend_find("null", nullptr));
                wrl_store_delete(store);
                wrl_module_release(made);
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    wrl_engine_release(engine);
}

#ifdef WRL_CHECK_TYPES

namespace {

/* A backend that reports every function without parameters, every memory as empty, and every table as full. */
wrl_backend_t liar;

wrl_error_t *no_params(void *, wrl_backend_ref_t, wrl_valtype_t *, size_t *param_count, size_t *result_count)
{
    *param_count = *result_count = 0;
    return nullptr;
}

uint64_t empty(void *, wrl_backend_ref_t)
{
    return 0;
}

uint64_t full(void *, wrl_backend_ref_t)
{
    return UINT64_MAX - 1;
}

} // namespace

TEST(CheckTypesDeathTest, ItemsOfOtherTypesEndTheProcess)
{
    liar = null_backend_as("liar");
    liar.func_type = no_params;
    liar.memory_size = empty;
    liar.table_size = full;
    ASSERT_OK(wrl_backend_register([](uint32_t) -> const wrl_backend_t * { return &liar; }));
    Guest guest("liar");
    const wrl_functype_t nothing = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    const wrl_memorytype_t empty_memory = WRL_MEMORYTYPE(0, 1), memory_type = WRL_MEMORYTYPE(1, 2);
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, 2);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    Counter counter;
    wrl_func_t func;
    wrl_memory_t memory;
    wrl_table_t table;
    EXPECT_OK(wrl_func_new(guest.store, &nothing, add_one, &counter, nullptr, &func));
    EXPECT_OK(wrl_memory_new(guest.store, &empty_memory, &memory));
    EXPECT_DEATH(wrl_error_delete(wrl_func_new(guest.store, &i32_to_i32, add_one, &counter, nullptr, &func)),
                 "the engine's type of a function differs");
    EXPECT_DEATH(wrl_error_delete(wrl_memory_new(guest.store, &memory_type, &memory)),
                 "the engine's type of a memory differs");
    EXPECT_DEATH(wrl_error_delete(wrl_table_new(guest.store, &table_type, &null, &table)),
                 "the engine's type of a table differs");
}

#endif
