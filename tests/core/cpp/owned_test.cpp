/* The objects that the program owns: engines, modules, stores, imports, bytes. */
#include "world.h"

#include <vector>

namespace {

const char *const add_wat =
    R"((module $calc (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))))";

template <class T> void move_to_itself(T &object)
{
    T &alias = object;
    object = std::move(alias);
}

class Owned : public OnBackend {};
ON_EACH_BACKEND(Owned);

TEST_P(Owned, EnginesAreShared)
{
    EXPECT_STREQ(engine.backend_name(), GetParam());
    EXPECT_NE(std::string(engine.version()), "");
    EXPECT_TRUE(engine.supports(WRL_FEATURE_EXECUTION));
    wrl::Engine copy = engine;
    EXPECT_EQ(copy.get(), engine.get());
    wrl::Engine moved = std::move(copy);
    EXPECT_EQ(copy.get(), nullptr);
    EXPECT_FALSE(copy.supports(WRL_FEATURE_EXECUTION));
    copy = moved;
    move_to_itself(copy);
    copy = *&copy;
    EXPECT_EQ(copy.get(), engine.get());
    wrl_engine_t *released = copy.release();
    EXPECT_EQ(copy.get(), nullptr);
    copy = wrl::Engine::adopt(released);
    EXPECT_EQ(wrl::Engine::retain(released).get(), engine.get());
    EXPECT_EQ(store.engine().get(), engine.get());
}

TEST_P(Owned, EnginesOutliveTheirHolder)
{
    wrl::Result<wrl::Engine> made = wrl::Engine::make(GetParam());
    ASSERT_TRUE(made);
    wrl::Store other = wrl::Store::make(*made).value();
    made = wrl::Error();
    EXPECT_STREQ(other.engine().backend_name(), GetParam());
}

TEST_P(Owned, EnginesTakeAConfiguration)
{
    wrl::EngineConfig config;
    config.backend = GetParam();
    config.max_reentry = 3;
    EXPECT_STREQ(wrl::Engine::make(config).value().backend_name(), GetParam());
    config.stack_reserve = 65536;
    EXPECT_STREQ(wrl::Engine::make(config).value().backend_name(), GetParam());
    config.stack_size = 1;
    EXPECT_ERROR(wrl::Engine::make(config), WRL_ERROR_INVALID_ARGUMENT, "stack_size");
    config.size = 1;
    EXPECT_ERROR(wrl::Engine::make(config), WRL_ERROR_INVALID_ARGUMENT, "config");
}

TEST_P(Owned, StoresHaveFuel)
{
    wrl::EngineConfig config;
    config.backend = GetParam();
    config.fuel = true;
    EXPECT_ERROR(store.set_fuel(1), WRL_ERROR_UNSUPPORTED, "fuel");
    if (!engine.supports(WRL_FEATURE_FUEL)) {
        EXPECT_ERROR(wrl::Engine::make(config), WRL_ERROR_UNSUPPORTED, "fuel");
        return;
    }
    engine = wrl::Engine::make(config).value();
    store = wrl::Store::make(engine).value();
    EXPECT_OK(store.set_fuel(1000));
    EXPECT_OK(store.add_fuel(234));
    EXPECT_EQ(store.fuel(), 1234u);
    auto work =
        wrl::Func::make(store, [](wrl::Caller caller, int32_t fuel) { return caller.use_fuel(uint32_t(fuel)); });
    wrl::TypedFunc<void(int32_t)> use = work.value().typed<void(int32_t)>().value();
    EXPECT_OK(use(1000));
    EXPECT_EQ(store.fuel(), 234u);
    wrl::Result<void> used = use(1000);
    ASSERT_FALSE(used.ok());
    EXPECT_EQ(used.error().trap_code(), WRL_TRAP_OUT_OF_FUEL);
    EXPECT_EQ(store.fuel(), 0u);
}

TEST(Engine, OfAnUnknownBackend)
{
    EXPECT_ERROR(wrl::Engine::make("nosuch"), WRL_ERROR_INVALID_ARGUMENT, "nosuch");
}

TEST(Engine, BackendsAreListed)
{
    size_t defaults = 0;
    bool found_null = false;
    for (wrl::BackendInfo info : wrl::backends()) {
        defaults += info.is_default;
        found_null = found_null || std::string(info.name) == "null";
    }
    EXPECT_EQ(defaults, 1U);
    EXPECT_TRUE(found_null);
    EXPECT_STREQ(wrl::find_backend("null").value().name, "null");
    EXPECT_TRUE(wrl::find_backend(nullptr).value().is_default);
    EXPECT_FALSE(wrl::find_backend("nosuch"));
    EXPECT_ERROR(wrl::load_backend("/nosuch/wrl-nosuch.so"), WRL_ERROR_IO, "nosuch");
    EXPECT_ERROR(wrl::register_backend(nullptr), WRL_ERROR_INVALID_ARGUMENT, "open");
}

TEST_P(Owned, ModulesAreShared)
{
    wrl::Module module = compile(add_wat);
    wrl::Module copy = module;
    EXPECT_EQ(copy.get(), module.get());
    wrl::Module moved = std::move(copy);
    EXPECT_EQ(copy.get(), nullptr);
    copy = moved;
    move_to_itself(copy);
    EXPECT_EQ(copy.get(), module.get());
    copy = wrl::Module::adopt(copy.release());
    EXPECT_EQ(wrl::Module::retain(copy.get()).get(), module.get());
    EXPECT_EQ(module.engine().get(), engine.get());
    /* The instance keeps the module alive. */
    wrl::Instance instance = wrl::Instance::make(store, compile(add_wat)).value();
    EXPECT_EQ(instance.module().name(), "calc");
}

TEST_P(Owned, ModulesTakeAnyBytes)
{
    wrl::Bytes bytes = wrl::wat_to_wasm(add_wat).value();
    std::vector<uint8_t> vector(bytes.data(), bytes.data() + bytes.size());
    std::string text(vector.begin(), vector.end());
    EXPECT_OK(wrl::Module::make(engine, vector));
    EXPECT_OK(wrl::Module::make(engine, text));
    EXPECT_OK(wrl::Module::make(engine, std::string_view(text)));
    EXPECT_OK(wrl::Module::make(engine, wrl::Span<const uint8_t>(bytes.data(), bytes.size())));
    EXPECT_OK(wrl::Module::make(engine, {text.data(), text.size()}));
    EXPECT_ERROR(wrl::Module::make(engine, {}), WRL_ERROR_MALFORMED, "");
    EXPECT_ERROR(wrl::Module::make(engine, std::string("no module")), WRL_ERROR_MALFORMED, "");
    const uint8_t array[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    EXPECT_OK(wrl::Module::make(engine, array));
}

TEST_P(Owned, ModulesTellWhatIsInThem)
{
    const char *text = R"((module $tells
        (import "a" "f" (func (param i32)))
        (import "b" "g" (global (mut i64)))
        (import "b" "m" (memory 1 2))
        (table (export "t") 3 funcref)
        (@custom "note" "hello")
        (func $two (export "h") (param f32 f64) (result i32 i64) (unreachable))))";
    wrl::ModuleConfig config;
    config.keep_custom_sections = true;
    wrl::Module module = wrl::Module::make(engine, wrl::wat_to_wasm(text).value(), config).value();
    EXPECT_EQ(module.name(), "tells");
    std::string listed;
    for (const wrl::ImportType &import : module.imports()) {
        listed += std::string(import.module) + "." + std::string(import.name) + " " + import.type.to_string() + "; ";
    }
    EXPECT_EQ(listed, "a.f (i32) -> (); b.g mut i64; b.m 1..2 pages; ");
    ASSERT_EQ(module.exports().size(), 2U);
    EXPECT_EQ(module.exports()[0].name, "t");
    EXPECT_EQ(module.exports()[0].type.kind(), WRL_EXTERN_TABLE);
    EXPECT_EQ(module.exports()[0].type.table().min, 3U);
    EXPECT_EQ(module.exports()[9].type.kind(), WRL_EXTERN_NONE);
    EXPECT_EQ(module.imports()[9].type.kind(), WRL_EXTERN_NONE);
    EXPECT_EQ(module.imports()[1].type.global().content.kind, WRL_VALKIND_I64);
    EXPECT_EQ(module.imports()[2].type.memory().max, 2U);

    std::optional<wrl::ExportType> h = module.get_export("h");
    ASSERT_TRUE(h);
    wrl::FuncType type = h->type.func();
    EXPECT_EQ(type.to_string(), "(f32, f64) -> (i32, i64)");
    EXPECT_EQ(type.param_count(), 2U);
    EXPECT_EQ(type.param(1), wrl::ValType(WRL_VALKIND_F64));
    EXPECT_NE(type.param(0), type.param(1));
    EXPECT_EQ(type.param(0).to_string(), "f32");
    EXPECT_EQ(type.result_count(), 2U);
    EXPECT_EQ(type.result(0), wrl::ValType());
    EXPECT_EQ(type, (wrl::FuncType::of<std::tuple<uint32_t, int64_t>(float, double)>()));
    EXPECT_NE(type, wrl::FuncType::of<void()>());
    EXPECT_FALSE(module.get_export("nosuch"));
    EXPECT_FALSE(module.get_export({}));

    EXPECT_EQ(module.index_space_size(WRL_EXTERN_FUNC), 2U);
    EXPECT_STREQ(module.index_space_type(WRL_EXTERN_FUNC, 1).value().func().name(), "two");
    EXPECT_FALSE(module.index_space_type(WRL_EXTERN_FUNC, 2));
    size_t custom_sections = 0;
    for (const wrl::Section &section : module.sections()) {
        custom_sections += section.id == 0;
    }
    EXPECT_EQ(custom_sections, 2U); /* note, name */
    std::optional<wrl::Section> note = module.custom_section("note");
    ASSERT_TRUE(note);
    EXPECT_EQ(std::string(note->data.begin(), note->data.end()), "hello");
    EXPECT_EQ(note->data_size, 5U);
    EXPECT_FALSE(module.custom_section("nosuch"));
    note = compile(text).custom_section("note");
    ASSERT_TRUE(note);
    EXPECT_EQ(note->data.size(), 0U);
    EXPECT_EQ(note->data_size, 5U);
}

TEST_P(Owned, StoresOwnTheirData)
{
    int ended = 0;
    {
        wrl::Store first = wrl::Store::make(engine, std::make_unique<Ended>(&ended)).value();
        EXPECT_NE(first.data<Ended>(), nullptr);
        EXPECT_OK(first.set_data(std::make_unique<Ended>(&ended)));
        EXPECT_EQ(ended, 1);
        std::unique_ptr<Ended> taken = first.take_data<Ended>();
        EXPECT_EQ(first.data<Ended>(), nullptr);
        taken.reset();
        EXPECT_EQ(ended, 2);
        EXPECT_OK(first.set_data(std::make_unique<Ended>(&ended)));
        wrl::Store second = std::move(first);
        EXPECT_EQ(first.get(), nullptr);
        EXPECT_EQ(first.data<Ended>(), nullptr);
        move_to_itself(second);
        EXPECT_NE(second.data<Ended>(), nullptr);
        EXPECT_EQ(ended, 2);
        first = std::move(second);
        EXPECT_EQ(ended, 2);
    }
    EXPECT_EQ(ended, 3);
    /* The data is also deleted if the store cannot be made. */
    wrl::Engine none = wrl::Engine::adopt(nullptr);
    EXPECT_ERROR(wrl::Store::make(none, std::make_unique<Ended>(&ended)), WRL_ERROR_INVALID_ARGUMENT, "engine");
    EXPECT_EQ(ended, 4);
    int lent = 5;
    EXPECT_OK(store.set_data(&lent));
    EXPECT_EQ(*store.data<int>(), 5);
}

TEST_P(Owned, AssignmentEndsTheStoreThatWasThere)
{
    int first_ended = 0, second_ended = 0;
    wrl::Store first = wrl::Store::make(engine, std::make_unique<Ended>(&first_ended)).value();
    wrl::Store second = wrl::Store::make(engine, std::make_unique<Ended>(&second_ended)).value();
    first = std::move(second);
    EXPECT_EQ(first_ended, 1);
    EXPECT_EQ(second_ended, 0);
    wrl_store_delete(first.release());
    EXPECT_EQ(second_ended, 1);
    wrl_store_t *c_store = nullptr;
    ASSERT_EQ(wrl_store_new(engine.get(), nullptr, &c_store), nullptr);
    first = wrl::Store::adopt(c_store);
    EXPECT_EQ(wrl::StoreRef(first).get(), c_store);
}

TEST_P(Owned, HandlesStayGoodWhenTheStoreMoves)
{
    auto add = func<int32_t(int32_t, int32_t)>(add_wat, "add");
    wrl::Store moved = std::move(store);
    EXPECT_EQ(*add(2, 3), 5);
    store = std::move(moved);
    EXPECT_EQ(*add(3, 4), 7);
}

TEST_P(Owned, WhatWasMovedFromIsRefused)
{
    wrl::Module module = compile(add_wat);
    wrl::Module moved_module = std::move(module);
    EXPECT_ERROR(wrl::Instance::make(store, module), WRL_ERROR_INVALID_ARGUMENT, "module");
    wrl::Store moved_store = std::move(store);
    EXPECT_ERROR(wrl::Instance::make(store, moved_module), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_ERROR(wrl::Func::make(store, [] {}), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_ERROR(store.set_data(nullptr), WRL_ERROR_INVALID_ARGUMENT, "store");
    wrl::Imports moved_imports = std::move(imports);
    EXPECT_ERROR(imports.define("a", "b", wrl::Extern()), WRL_ERROR_INVALID_ARGUMENT, "imports");
    EXPECT_EQ(imports.entries().size(), 0U);
    wrl::Engine moved_engine = std::move(engine);
    EXPECT_ERROR(wrl::Module::make(engine, std::string("x")), WRL_ERROR_INVALID_ARGUMENT, "engine");
}

TEST_P(Owned, ImportsAreNamed)
{
    auto log = wrl::Func::make(store, [](int32_t) {}).value();
    auto count = wrl::Global::make(store, wrl::GlobalType(WRL_VALKIND_I32, true), 1).value();
    EXPECT_OK(imports.define("host", "log", log));
    EXPECT_OK(imports.define_module("more", {{"log", log}, {"count", count}}));
    const wrl::NamedExtern named[] = {{"again", count}};
    EXPECT_OK(imports.define_module("more", named));
    EXPECT_OK(imports.define_instance("calc", instantiate(add_wat)));
    EXPECT_TRUE(imports.has_module("calc"));
    EXPECT_FALSE(imports.has_module("nosuch"));
    std::string names;
    for (const wrl::Import &import : imports.entries()) {
        names += std::string(import.module) + "." + std::string(import.name) + " ";
    }
    EXPECT_EQ(names, "host.log more.log more.count more.again calc.add ");
    EXPECT_TRUE(imports.remove("more", "again"));
    EXPECT_FALSE(imports.remove("more", "again"));
    EXPECT_EQ(imports.entries().size(), 4U);
    ASSERT_TRUE(imports.find("host", "log"));
    EXPECT_EQ(wrl::Func(store, imports.find("host", "log")->of.func), log);
    EXPECT_FALSE(imports.find("host", "nosuch"));
    EXPECT_OK(imports.define(std::string_view("a\0b", 3), "c", log));
    EXPECT_TRUE(imports.find(std::string_view("a\0b", 3), "c"));
    EXPECT_FALSE(imports.find("a", "c"));
    EXPECT_ERROR(imports.define_func(store, nullptr, "f", [] {}), WRL_ERROR_INVALID_ARGUMENT, "module");
    EXPECT_ERROR(imports.define_func(store, "m", nullptr, [] {}), WRL_ERROR_INVALID_ARGUMENT, "name");

    wrl::Imports moved = std::move(imports);
    EXPECT_EQ(imports.get(), nullptr);
    move_to_itself(moved);
    EXPECT_EQ(moved.entries().size(), 5U);
    moved = wrl::Imports::adopt(moved.release());
    EXPECT_EQ(moved.entries().size(), 5U);
    EXPECT_EQ(moved.entries()[5].item.kind, WRL_EXTERN_NONE);
}

TEST_P(Owned, LinkErrorsNameTheImport)
{
    wrl::Module module = compile(R"((module (import "host" "missing" (func))))");
    EXPECT_ERROR(wrl::Instance::make(store, module), WRL_ERROR_LINK, "missing");
    EXPECT_OK(imports.define_func(store, "host", "missing", [](double) {}));
    EXPECT_ERROR(wrl::Instance::make(store, module, imports), WRL_ERROR_LINK, "(f64) -> ()");
}

TEST(Wat, IsTranslated)
{
    EXPECT_TRUE(wrl::wat_supported());
    wrl::Bytes bytes = wrl::wat_to_wasm("(module)").value();
    EXPECT_EQ(bytes.size(), 8U);
    wrl::Bytes moved = std::move(bytes);
    EXPECT_EQ(bytes.size(), 0U);
    EXPECT_EQ(bytes.data(), nullptr);
    move_to_itself(moved);
    EXPECT_EQ(moved.size(), 8U);
    bytes = std::move(moved);
    EXPECT_EQ(bytes.size(), 8U);
    bytes = wrl::Bytes::adopt(bytes.release());
    EXPECT_EQ(bytes.data()[1], 'a');
    EXPECT_ERROR(wrl::wat_to_wasm("(modul)"), WRL_ERROR_MALFORMED, "");
    EXPECT_ERROR(wrl::wat_to_wasm({}), WRL_ERROR_MALFORMED, "");
}

} // namespace
