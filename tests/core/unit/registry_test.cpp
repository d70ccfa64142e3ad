/* The list of backends: which ones are accepted, and which are refused with which messages. */
#include "fake_backend.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace {

/* The description that the next open function returns. The library copies descriptions but not names. */
wrl_backend_t offered;
bool offers_nothing;
uint32_t asked_abi;

const wrl_backend_t *open_offered(uint32_t abi)
{
    asked_abi = abi;
    return offers_nothing ? nullptr : &offered;
}

/* The same function at another address. */
const wrl_backend_t *open_other(uint32_t abi)
{
    asked_abi = abi + 1;
    return &offered;
}

void expect_refused(const std::string &words)
{
    size_t before = wrl_backend_count();
    EXPECT_ERROR(wrl_backend_register(open_offered), WRL_ERROR_INVALID_ARGUMENT, words);
    EXPECT_EQ(wrl_backend_count(), before);
}

struct Function {
    const char *name;
    size_t offset;
};

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, offsetof(wrl_backend_t, name)                                                                           \
    }

void take_out(const Function &function)
{
    memset(reinterpret_cast<char *>(&offered) + function.offset, 0, sizeof(void (*)(void)));
}

} // namespace

TEST(Registry, NullAndWrongVersions)
{
    EXPECT_ERROR(wrl_backend_register(nullptr), WRL_ERROR_INVALID_ARGUMENT, "open: is NULL");
    offered = null_backend_as("refused");
    offers_nothing = true;
    expect_refused("does not support version 5");
    EXPECT_EQ(asked_abi, WRL_BACKEND_ABI);
    offers_nothing = false;
    offered.abi = WRL_BACKEND_ABI + 1;
    expect_refused("implements version 6 of the backend interface, this library version 5");
    offered.abi = 0;
    expect_refused("implements version 0");
}

TEST(Registry, Names)
{
    for (const char *name : {"", "Upper", "with-dash", "with space", "dot.", "\xC3\xA9"}) {
        offered = null_backend_as(name);
        expect_refused("its name may have only");
    }
    offered = null_backend_as(nullptr);
    expect_refused("its name may have only");
    offered = null_backend_as("refused");
    offered.engine_name = nullptr;
    expect_refused("refused has no engine_name or no engine_version");
    offered = null_backend_as("refused");
    offered.engine_version = nullptr;
    expect_refused("refused has no engine_name or no engine_version");
}

TEST(Registry, Sizes)
{
    offered = null_backend_as("refused");
    offered.size = 0;
    expect_refused("has only 0 bytes");
    offered.size = offsetof(wrl_backend_t, engine_new) - 1;
    expect_refused("has only ");
    /* The functions beyond the size do not exist, whatever the bytes are. */
    offered.size = offsetof(wrl_backend_t, engine_new);
    expect_refused("refused has no function engine_new");
    offered.size = offsetof(wrl_backend_t, memory_data);
    expect_refused("refused has no function memory_data");
}

TEST(Registry, EachRequiredFunctionIsNamed)
{
    const Function required[] = {
        FUNCTION(engine_new),      FUNCTION(engine_delete), FUNCTION(engine_features), FUNCTION(module_new),
        FUNCTION(module_delete),   FUNCTION(store_new),     FUNCTION(store_delete),    FUNCTION(instance_new),
        FUNCTION(instance_export), FUNCTION(func_entry),    FUNCTION(global_new),      FUNCTION(global_get),
        FUNCTION(global_set),      FUNCTION(memory_new),    FUNCTION(memory_size),     FUNCTION(memory_grow),
        FUNCTION(memory_data),
    };
    for (const Function &function : required) {
        offered = null_backend_as("refused");
        take_out(function);
        expect_refused(std::string("refused has no function ") + function.name);
    }
}

TEST(Registry, FunctionsThatGoTogether)
{
    const Function tables[] = {FUNCTION(table_new), FUNCTION(table_size), FUNCTION(table_get), FUNCTION(table_set),
                               FUNCTION(table_grow)};
    for (const Function &function : tables) {
        offered = null_backend_as("refused");
        take_out(function);
        expect_refused(std::string("refused has no function ") + function.name + ", but has others for tables");
    }
    offered = null_backend_as("refused");
    offered.memory_read = [](void *, wrl_backend_ref_t, uint64_t, void *, size_t) -> wrl_error_t * { return nullptr; };
    expect_refused("has only one of memory_read and memory_write");
}

TEST(Registry, AnOlderBackendIsSmaller)
{
    /* Compiled with a header that ended before externref_new: the bytes beyond are not read. */
    offered = null_backend_as("older");
    offered.size = offsetof(wrl_backend_t, externref_new);
    ASSERT_OK(wrl_backend_register(open_offered));
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "older";
    wrl_engine_t *engine;
    ASSERT_OK(wrl_engine_new(&config, &engine));
    EXPECT_FALSE(wrl_engine_supports(engine, WRL_FEATURE_REFERENCE_TYPES));
    wrl_store_t *store;
    ASSERT_OK(wrl_store_new(engine, nullptr, &store));
    wrl_externref_t externref;
    EXPECT_ERROR(wrl_externref_new(store, nullptr, nullptr, &externref), WRL_ERROR_UNSUPPORTED, "");
    wrl_store_delete(store);
    wrl_engine_release(engine);
}

TEST(Registry, ANewerBackendIsLarger)
{
    struct {
        wrl_backend_t known;
        void *unknown[4];
    } newer = {null_backend_as("newer"), {&newer, &newer, &newer, &newer}};
    newer.known.size = sizeof newer;
    static const wrl_backend_t *description;
    description = &newer.known;
    ASSERT_OK(wrl_backend_register([](uint32_t) { return description; }));
    EXPECT_TRUE(wrl_backend_find("newer", nullptr));
    description = nullptr;
}

TEST(Registry, TheSameAgainAndAnotherOfTheName)
{
    offered = null_backend_as("twice");
    size_t before = wrl_backend_count();
    static const wrl_backend_open_t open = [](uint32_t) -> const wrl_backend_t * {
        static const wrl_backend_t description = null_backend_as("twice");
        return &description;
    };
    ASSERT_OK(wrl_backend_register(open));
    ASSERT_OK(wrl_backend_register(open));
    EXPECT_EQ(wrl_backend_count(), before + 1);
    EXPECT_ERROR(wrl_backend_register(open_other), WRL_ERROR_INVALID_ARGUMENT,
                 "another backend named twice is already registered");
    offered = null_backend_as("null");
    EXPECT_ERROR(wrl_backend_register(open_other), WRL_ERROR_INVALID_ARGUMENT,
                 "another backend named null is already registered");
    ASSERT_OK(wrl_backend_register(wrl_backend_null));
    EXPECT_EQ(wrl_backend_count(), before + 1);
}

TEST(Registry, IndicesKeepTheirMeaning)
{
    std::vector<std::string> before;
    wrl_backend_info_t info;
    size_t defaults = 0;
    for (size_t i = 0; wrl_backend_get(i, &info); i++) {
        before.push_back(info.name);
        defaults += info.is_default;
    }
    EXPECT_EQ(before.size(), wrl_backend_count());
    EXPECT_EQ(defaults, 1u);
    ASSERT_OK(wrl_backend_register([](uint32_t) -> const wrl_backend_t * {
        static const wrl_backend_t description = null_backend_as("last");
        return &description;
    }));
    for (size_t i = 0; i < before.size(); i++) {
        ASSERT_TRUE(wrl_backend_get(i, &info));
        EXPECT_EQ(info.name, before[i]);
    }
    ASSERT_TRUE(wrl_backend_get(before.size(), &info));
    EXPECT_STREQ(info.name, "last");
    EXPECT_STREQ(info.engine_name, "no engine");
    EXPECT_FALSE(wrl_backend_get(before.size() + 1, &info));
    EXPECT_EQ(info.name, nullptr);
    EXPECT_FALSE(wrl_backend_get(SIZE_MAX, &info));
    EXPECT_FALSE(wrl_backend_get(0, nullptr));
}

TEST(Registry, Find)
{
    wrl_backend_info_t info;
    ASSERT_TRUE(wrl_backend_find("null", &info));
    EXPECT_STREQ(info.name, "null");
    ASSERT_TRUE(wrl_backend_find(nullptr, &info));
    EXPECT_TRUE(info.is_default);
    for (const char *name : {"", "nothing", "../null", "null\n", "Null"}) {
        EXPECT_FALSE(wrl_backend_find(name, &info)) << name;
        EXPECT_EQ(info.name, nullptr);
    }
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "no\"such\n";
    wrl_engine_t *engine;
    EXPECT_ERROR(wrl_engine_new(&config, &engine), WRL_ERROR_INVALID_ARGUMENT,
                 "unknown backend \"no\\\"such\\0a\"; known backends: ");
    EXPECT_EQ(engine, nullptr);
}

TEST(Registry, LoadingWhatIsNotThere)
{
    const char *name = "unset";
    EXPECT_ERROR(wrl_backend_load(nullptr, &name), WRL_ERROR_INVALID_ARGUMENT, "path: is NULL");
    EXPECT_EQ(name, nullptr);
    EXPECT_ERROR(wrl_backend_load("/no/such/folder/wrl-none.so", &name), WRL_ERROR_IO, "wrl-none.so");
    EXPECT_ERROR(wrl_backend_load("/no/such/folder/wrl-none.so", nullptr), WRL_ERROR_IO, "");
    EXPECT_FALSE(Outcome(wrl_backend_load("", &name)).ok);
    EXPECT_FALSE(Outcome(wrl_backend_load("/", &name)).ok);
    EXPECT_FALSE(Outcome(wrl_backend_load("wrl-.so", &name)).ok);
}

#ifdef WRL_UNIT_WASMTIME
TEST(Registry, LoadingAgainGivesTheSame)
{
    const char *first, *second;
    ASSERT_OK(wrl_backend_load(WRL_UNIT_WASMTIME, &first));
    EXPECT_STREQ(first, "wasmtime");
    size_t count = wrl_backend_count();
    ASSERT_OK(wrl_backend_load(WRL_UNIT_WASMTIME, &second));
    EXPECT_EQ(first, second);
    EXPECT_EQ(wrl_backend_count(), count);
}
#endif
