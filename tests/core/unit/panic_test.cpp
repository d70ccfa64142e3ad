/*
 * An engine that panics. wasmi panics on objects of another store. The core never passes such objects, so the test
 * calls the functions of the backend's table directly. Each panic must be returned as an error, and the store must stay
 * usable.
 */
#include "guest.h"

#ifdef WRL_UNIT_WASMI

#include <cstring>
#include <memory>

extern "C" {
extern const wrl_core_t wrl__core; /* From src/engine.h, which is not valid C++. */
const wrl_backend_t *wrl_backend_wasmi(uint32_t abi);
}

namespace {

const wrl_valtype_t i32_type[] = {WRL_TYPE_I32};
const wrl_valtype_t wide_type[] = {WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32,
                                   WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32,
                                   WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32,
                                   WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32, WRL_TYPE_I32};

/* Imports env.f, exports "f" (adds one to its parameter), "wide" (the same for 20), "call" (calls env.f), "t", "m". */
Bytes guest_module()
{
    Bytes wide{0x60, 20};
    for (int i = 0; i < 20; i++) {
        wide.byte(0x7F);
    }
    wide.add({1, 0x7F});
    return module({
        section(1, std::vector<Bytes>{{0x60, 1, 0x7F, 1, 0x7F}, wide, {0x60, 0, 0}}),
        section(2, Bytes{1}.text("env").text("f").add({0, 2})),
        section(3, Bytes{3, 0, 1, 2}),
        section(4, Bytes{1, 0x70, 0, 2}),
        section(5, Bytes{1, 0, 1}),
        section(6, Bytes{1, 0x7F, 1, 0x41, 7, 0x0B}),
        section(7, std::vector<Bytes>{Bytes().text("f").add({0, 1}), Bytes().text("wide").add({0, 2}),
                                      Bytes().text("call").add({0, 3}), Bytes().text("t").add({1, 0}),
                                      Bytes().text("m").add({2, 0}), Bytes().text("g").add({3, 0})}),
        section(10, std::vector<Bytes>{{7, 0, 0x20, 0, 0x41, 1, 0x6A, 0x0B},
                                       {7, 0, 0x20, 0, 0x41, 1, 0x6A, 0x0B},
                                       {4, 0, 0x10, 0, 0x0B}}),
    });
}

wrl_error_t *(*on_host_call)(void *caller);

wrl_error_t *host_call(wrl_host_func_t *, void *caller, wrl_raw_t *)
{
    return on_host_call ? on_host_call(caller) : nullptr;
}

const wrl_functype_t narrow = WRL_FUNCTYPE(WRL_TYPES_IN(i32_type), WRL_TYPES_IN(i32_type));
const wrl_functype_t wide = WRL_FUNCTYPE(WRL_TYPES_N(wide_type, 20), WRL_TYPES_N(wide_type, 1));
const wrl_functype_t nothing = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
wrl_host_func_t host = {host_call, &nothing};

/* A backend store with an instance of the module above. */
struct World {
    const wrl_backend_t &backend = *wrl_backend_wasmi(WRL_BACKEND_ABI);
    void *store = nullptr;
    wrl_backend_ref_t instance{}, host_func{}, func{}, wide_func{}, call{}, table{}, memory{}, global{};

    World(void *engine, void *module)
    {
        EXPECT_OK(backend.store_new(engine, &store));
        EXPECT_OK(backend.func_new(store, &host, &host_func));
        wrl_backend_extern_t import = {WRL_EXTERN_FUNC, host_func};
        EXPECT_OK(backend.instance_new(store, module, &import, 1, 0, &instance));
        func = get(0, "f");
        wide_func = get(1, "wide");
        call = get(2, "call");
        table = get(3, "t");
        memory = get(4, "m");
        global = get(5, "g");
    }
    ~World()
    {
        backend.store_delete(store);
    }
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    wrl_backend_ref_t get(size_t index, const char *name)
    {
        wrl_backend_ref_t item{};
        wrl_externtype_t type{};
        EXPECT_OK(backend.instance_export(store, instance, index, name, strlen(name), &type, &item));
        return item;
    }
    wrl_error_t *enter(const wrl_backend_ref_t &callee, const wrl_functype_t &type, int32_t argument, int32_t *result)
    {
        wrl_raw_t slots[20] = {};
        slots[0].i32 = argument;
        wrl_backend_entry_t entry = nullptr;
        EXPECT_OK(backend.func_entry(store, callee, &type, &entry));
        wrl_error_t *error = entry(store, callee, &type, slots);
        *result = slots[0].i32;
        return error;
    }
    /* Checks that everything still works. */
    void check()
    {
        int32_t result;
        EXPECT_OK(enter(func, narrow, 41, &result));
        EXPECT_EQ(result, 42);
        EXPECT_OK(enter(wide_func, wide, 41, &result));
        EXPECT_EQ(result, 42);
        EXPECT_OK(enter(call, nothing, 0, &result));
        EXPECT_EQ(backend.memory_size(store, memory), 1u);
        EXPECT_EQ(backend.table_size(store, table), 2u);
    }
};

class Panic : public ::testing::Test {
  protected:
    void SetUp() override
    {
        const wrl_backend_t &backend = *wrl_backend_wasmi(WRL_BACKEND_ABI);
        Bytes bytes = guest_module();
        const wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        ASSERT_OK(backend.engine_new(&wrl__core, &config, &engine));
        ASSERT_OK(backend.module_new(engine, bytes.data(), bytes.size(), &module));
        ours = std::make_unique<World>(engine, module);
        theirs = std::make_unique<World>(engine, module);
    }
    void TearDown() override
    {
        on_host_call = nullptr;
        ours->check();
        theirs->check();
        ours.reset();
        theirs.reset();
        const wrl_backend_t &backend = *wrl_backend_wasmi(WRL_BACKEND_ABI);
        backend.module_delete(module);
        backend.engine_delete(engine);
    }
    void *engine = nullptr, *module = nullptr;
    std::unique_ptr<World> ours, theirs;
};

/* A panic's message contains its place in the source. */
#define EXPECT_PANIC(call, expected_kind) EXPECT_ERROR(call, expected_kind, ".rs:")

/* The worlds that the host function below uses. */
World *calling, *foreign;

} // namespace

TEST_F(Panic, CallsOfAnothersFunctionAreErrors)
{
    int32_t result;
    EXPECT_PANIC(ours->enter(theirs->func, narrow, 1, &result), WRL_ERROR_TRAP);
    EXPECT_PANIC(ours->enter(theirs->wide_func, wide, 1, &result), WRL_ERROR_TRAP);
    EXPECT_PANIC(ours->enter(theirs->call, nothing, 1, &result), WRL_ERROR_TRAP);
}

TEST_F(Panic, NothingIsPrinted)
{
    testing::internal::CaptureStderr();
    int32_t result;
    EXPECT_PANIC(ours->enter(theirs->func, narrow, 1, &result), WRL_ERROR_TRAP);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(Panic, ThousandsOfThemLeaveNothingBehind)
{
    for (int i = 0; i < 2000; i++) {
        int32_t result;
        wrl_error_t *error = ours->enter(theirs->wide_func, wide, 1, &result);
        ASSERT_NE(error, nullptr);
        wrl_error_delete(error);
    }
}

TEST_F(Panic, QuestionsAboutAnothersItemsAreErrors)
{
    const wrl_backend_t &backend = ours->backend;
    wrl_valtype_t types[2 * WRL_MAX_PARAMS];
    size_t params, results;
    EXPECT_PANIC(backend.func_type(ours->store, theirs->func, types, &params, &results), WRL_ERROR_RESOURCE_LIMIT);
    wrl_backend_ref_t item;
    wrl_externtype_t type{};
    EXPECT_PANIC(backend.instance_export(ours->store, theirs->instance, 0, "f", 1, &type, &item),
                 WRL_ERROR_RESOURCE_LIMIT);
    wrl_raw_t value{};
    const wrl_globaltype_t global_type = WRL_GLOBALTYPE(WRL_VALKIND_I32, true);
    EXPECT_PANIC(backend.global_get(ours->store, theirs->global, &global_type, &value), WRL_ERROR_RESOURCE_LIMIT);
    EXPECT_PANIC(backend.global_set(ours->store, theirs->global, &global_type, &value), WRL_ERROR_RESOURCE_LIMIT);
    const wrl_tabletype_t table_type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, WRL_NO_MAX);
    EXPECT_PANIC(backend.table_get(ours->store, theirs->table, &table_type, 0, &value), WRL_ERROR_RESOURCE_LIMIT);
    EXPECT_PANIC(backend.table_set(ours->store, theirs->table, &table_type, 0, &value), WRL_ERROR_RESOURCE_LIMIT);
    uint64_t previous;
    EXPECT_PANIC(backend.table_grow(ours->store, theirs->table, &table_type, 1, &value, &previous),
                 WRL_ERROR_RESOURCE_LIMIT);
    EXPECT_PANIC(backend.memory_grow(ours->store, theirs->memory, 1, &previous), WRL_ERROR_RESOURCE_LIMIT);
    EXPECT_EQ(backend.memory_size(ours->store, theirs->memory), 0u);
    EXPECT_EQ(backend.table_size(ours->store, theirs->table), 0u);
    uint8_t something, *data = &something;
    uint64_t size = 1;
    backend.memory_data(ours->store, theirs->memory, &data, &size);
    EXPECT_EQ(data, nullptr);
    EXPECT_EQ(size, 0u);
}

TEST_F(Panic, AnInstanceOverAnothersImportsIsAnError)
{
    wrl_backend_extern_t import = {WRL_EXTERN_FUNC, theirs->host_func};
    wrl_backend_ref_t instance;
    EXPECT_PANIC(ours->backend.instance_new(ours->store, module, &import, 1, 0, &instance), WRL_ERROR_TRAP);
}

/* The panic occurs below a guest's frames but is caught before it reaches them. */
TEST_F(Panic, BelowAHostFunctionItUnwindsTheGuestAsAnError)
{
    calling = ours.get();
    foreign = theirs.get();
    on_host_call = [](void *) {
        int32_t result;
        return calling->enter(foreign->func, narrow, 1, &result);
    };
    int32_t result;
    EXPECT_PANIC(ours->enter(ours->call, nothing, 0, &result), WRL_ERROR_TRAP);
}

#endif
