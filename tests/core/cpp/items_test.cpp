/* The contents of a store: globals, memories, tables, externs, externrefs, instances, values. */
#include "world.h"

#include <array>
#include <cstring>

namespace {

class Items : public OnBackend {};
ON_EACH_BACKEND(Items);

TEST_P(Items, Values)
{
    EXPECT_EQ(wrl::Val().kind, WRL_VALKIND_NONE);
    EXPECT_EQ(wrl::Val(1).kind, WRL_VALKIND_I32);
    EXPECT_EQ(wrl::Val(1U).kind, WRL_VALKIND_I32);
    EXPECT_EQ(wrl::Val(int64_t(1)).kind, WRL_VALKIND_I64);
    EXPECT_EQ(wrl::Val(1ULL).kind, WRL_VALKIND_I64);
    EXPECT_EQ(wrl::Val(1.0F).kind, WRL_VALKIND_F32);
    EXPECT_EQ(wrl::Val(1.0).kind, WRL_VALKIND_F64);
    EXPECT_EQ(wrl::Val(wrl_v128_t{}).kind, WRL_VALKIND_V128);
    EXPECT_EQ(wrl::Val(WRL_I64(3)).get<int64_t>().value(), 3);
    EXPECT_EQ(wrl::Val(0xFFFFFFFFU).get<uint32_t>().value(), 0xFFFFFFFFU);
    EXPECT_EQ(wrl::Val(0xFFFFFFFFU).get<int32_t>().value(), -1);
    EXPECT_EQ(wrl::Val(1.5F).get<float>().value(), 1.5F);
    EXPECT_TRUE(wrl::Val(1.5).is<double>());
    EXPECT_FALSE(wrl::Val(1.5).is<float>());
    EXPECT_ERROR(wrl::Val(1.5).get<int32_t>(), WRL_ERROR_INVALID_ARGUMENT, "f64, not i32");
    EXPECT_FALSE(wrl::Val::null(WRL_VALKIND_FUNCREF).get<wrl::Func>(store).value());
    EXPECT_FALSE(wrl::Val::null(WRL_VALKIND_EXTERNREF).get<wrl::Externref>(store).value());
    wrl::Func func = wrl::Func::make(store, [] { return 3; }).value();
    wrl::Func again = wrl::Val(func).get<wrl::Func>(store).value();
    EXPECT_EQ(again, func);
    EXPECT_EQ(again.store().get(), store.get());
    EXPECT_EQ(*again.typed<int()>().value()(), 3);
}

TEST_P(Items, Globals)
{
    wrl::Global global = wrl::Global::make(store, wrl::GlobalType(WRL_VALKIND_F64, true), 1.5).value();
    EXPECT_EQ(global.value<double>().value(), 1.5);
    EXPECT_OK(global.set(2.5));
    EXPECT_EQ(global.value().value().of.f64, 2.5);
    EXPECT_ERROR(global.set(2.5F), WRL_ERROR_INVALID_ARGUMENT, "f64");
    EXPECT_ERROR(global.value<float>(), WRL_ERROR_INVALID_ARGUMENT, "f64, not f32");
    EXPECT_TRUE(global.type().is_mutable);
    EXPECT_ERROR(wrl::Global::make(store, wrl::GlobalType(WRL_VALKIND_I32), 1.5), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl::Global::make(store, wrl::GlobalType(WRL_VALKIND_I32), 1).value().set(2),
                 WRL_ERROR_INVALID_ARGUMENT, "immutable");
    wrl::Global null(store, {0, 0});
    EXPECT_FALSE(null);
    EXPECT_ERROR(null.value<double>(), WRL_ERROR_INVALID_ARGUMENT, "global");
    EXPECT_EQ(null.type().content.kind, WRL_VALKIND_NONE);
    EXPECT_ERROR(wrl::Extern(null).check(), WRL_ERROR_INVALID_ARGUMENT, "item");
    EXPECT_ERROR(wrl::Global().value(), WRL_ERROR_INVALID_ARGUMENT, "store");
}

TEST_P(Items, Memories)
{
    wrl::Memory memory = wrl::Memory::make(store, wrl::MemoryType(1, 2)).value();
    EXPECT_EQ(memory.type().max, 2U);
    EXPECT_EQ(memory.size(), 1U);
    EXPECT_EQ(memory.data_size(), 65536U);
    EXPECT_OK(memory.write(8, "hello", 5));
    EXPECT_EQ(memory.read_string(8, 5).value(), "hello");
    EXPECT_EQ(memory.read_string(65536, 0).value(), "");
    EXPECT_EQ(memory.read_c_string(8, 5).value(), "hello");
    EXPECT_EQ(memory.read_c_string(8, SIZE_MAX).value(), "hello");
    EXPECT_EQ(memory.read_c_string(10, 100).value(), "llo");
    EXPECT_ERROR(memory.read_c_string(8, 4), WRL_ERROR_INVALID_ARGUMENT, "offset");
    EXPECT_ERROR(memory.read_c_string(65536, 4), WRL_ERROR_INVALID_ARGUMENT, "offset");
    EXPECT_EQ(memory.slice(8, 5)[4], 'o');
    EXPECT_EQ(memory.slice(65530, 6).size(), 6U);
    EXPECT_EQ(memory.slice(65530, 7).data(), nullptr);
    EXPECT_OK(memory.write(100, uint64_t(0x1122334455667788)));
    EXPECT_EQ(memory.read<uint64_t>(100).value(), 0x1122334455667788U);
    struct Point {
        int32_t x, y;
    };
    EXPECT_OK(memory.write(65528, Point{3, -4}));
    EXPECT_EQ(memory.read<Point>(65528).value().y, -4);
    char buffer[5];
    EXPECT_OK(memory.read(8, buffer, sizeof buffer));
    EXPECT_EQ(std::string(buffer, 5), "hello");
    EXPECT_EQ(memory.data()[9], 'e');
    EXPECT_EQ(memory.data().size(), 65536U);
    EXPECT_EQ(memory.grow(1).value(), 1U);
    EXPECT_EQ(memory.data().size(), 131072U);

    EXPECT_ERROR(memory.grow(1), WRL_ERROR_RESOURCE_LIMIT, "");
    EXPECT_ERROR(memory.read<uint64_t>(131065), WRL_ERROR_INVALID_ARGUMENT, "131065");
    EXPECT_ERROR(memory.write(UINT64_MAX, 1), WRL_ERROR_INVALID_ARGUMENT, "");
    /* A size that cannot be allocated. */
    EXPECT_ERROR(memory.read_string(0, SIZE_MAX), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(memory.read_string(UINT64_MAX, 1), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(wrl::Memory::make(store, wrl::MemoryType(2, 1)), WRL_ERROR_INVALID_ARGUMENT, "");
    wrl::Memory null;
    EXPECT_EQ(null.size(), 0U);
    EXPECT_EQ(null.data_size(), 0U);
    EXPECT_EQ(null.data().data(), nullptr);
    EXPECT_EQ(null.slice(0, 0).data(), nullptr);
    EXPECT_EQ(null.type().page_size_log2, 0U);
    EXPECT_ERROR(wrl::Extern(null).check(), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_OK(wrl::Extern(memory).check());
    EXPECT_ERROR(null.read_string(0, 1), WRL_ERROR_INVALID_ARGUMENT, "store");
}

TEST_P(Items, Tables)
{
    wrl::Table table =
        wrl::Table::make(store, wrl::TableType(WRL_VALKIND_FUNCREF, 2, 4), wrl::Val::null(WRL_VALKIND_FUNCREF)).value();
    EXPECT_EQ(table.size(), 2U);
    EXPECT_EQ(table.type().max, 4U);
    EXPECT_FALSE(table.at<wrl::Func>(0).value());
    wrl::Func func = wrl::Func::make(store, [](int32_t a) { return a * 2; }).value();
    EXPECT_OK(table.set(1, func));
    EXPECT_EQ(table.at<wrl::Func>(1).value(), func);
    EXPECT_EQ(*table.at<wrl::Func>(1).value().typed<int32_t(int32_t)>().value()(4), 8);
    EXPECT_EQ(table.grow(2, func).value(), 2U);
    EXPECT_EQ(table.at(3).value().kind, WRL_VALKIND_FUNCREF);

    EXPECT_ERROR(table.at<wrl::Func>(4), WRL_ERROR_INVALID_ARGUMENT, "index");
    EXPECT_ERROR(table.at<wrl::Externref>(1), WRL_ERROR_INVALID_ARGUMENT, "funcref, not externref");
    EXPECT_ERROR(table.set(1, 5), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_ERROR(table.grow(1, func), WRL_ERROR_RESOURCE_LIMIT, "");
    EXPECT_ERROR(wrl::Table::make(store, wrl::TableType(WRL_VALKIND_FUNCREF, 1), 1), WRL_ERROR_INVALID_ARGUMENT, "");
    EXPECT_EQ(wrl::Table().size(), 0U);
    EXPECT_EQ(wrl::Table().type().element.kind, WRL_VALKIND_NONE);
    EXPECT_OK(table.fill(0, 2, wrl::Val::null(WRL_VALKIND_FUNCREF)));
    EXPECT_FALSE(table.at<wrl::Func>(1).value());
    EXPECT_OK(table.copy(0, table, 2, 2));
    EXPECT_EQ(table.at<wrl::Func>(1).value(), func);
    EXPECT_ERROR(table.fill(3, 2, func), WRL_ERROR_INVALID_ARGUMENT, "index");
    EXPECT_ERROR(table.copy(0, wrl::Table(), 0, 1), WRL_ERROR_INVALID_ARGUMENT, "source");
}

TEST_P(Items, ReferencesOfAnotherStoreAreRefused)
{
    wrl::Store other = wrl::Store::make(engine).value();
    wrl::Func func = wrl::Func::make(other, [] {}).value();
    wrl::Table table =
        wrl::Table::make(store, wrl::TableType(WRL_VALKIND_FUNCREF, 1), wrl::Val::null(WRL_VALKIND_FUNCREF)).value();
    EXPECT_ERROR(table.set(0, func), WRL_ERROR_INVALID_ARGUMENT, "another store");
    auto take = wrl::Func::make(store, [](wrl::Func) {}).value().typed<void(wrl::Func)>().value();
    EXPECT_ERROR(take(func), WRL_ERROR_INVALID_ARGUMENT, "another store");
}

TEST_P(Items, ExternrefsOwnTheirData)
{
    int ended = 0;
    {
        wrl::Store short_lived = wrl::Store::make(engine).value();
        wrl::Externref externref = wrl::Externref::make(short_lived, std::make_unique<Ended>(&ended)).value();
        EXPECT_NE(externref.data<Ended>(), nullptr);
        int lent = 5;
        EXPECT_EQ(*wrl::Externref::make(short_lived, &lent).value().data<int>(), 5);
        EXPECT_EQ(ended, 0);
    }
    EXPECT_EQ(ended, 1);
    EXPECT_ERROR(wrl::Externref::make(nullptr, std::make_unique<Ended>(&ended)), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_EQ(ended, 2);
    EXPECT_ERROR(wrl::Externref::adopt(store, wrl_externref_null()).check(), WRL_ERROR_INVALID_ARGUMENT, "externref");
    EXPECT_ERROR(wrl::Externref::adopt(store, wrl_externref_null()).checked_data<int>(), WRL_ERROR_INVALID_ARGUMENT,
                 "null");
    int thing = 0;
    wrl::Externref to_thing = wrl::Externref::make(store, &thing).value();
    EXPECT_EQ(to_thing.checked_data<int>().value(), &thing);
}

/* Objects that the store owns and that hold an externref of the same store. */
struct Holder {
    wrl::Externref held;
    int *ended;
    Holder(wrl::Externref what, int *counter) : held(std::move(what)), ended(counter)
    {
    }
    ~Holder()
    {
        ++*ended;
    }
};

TEST_P(Items, HoldsInsideTheirStore)
{
    int ended = 0;
    int holders = 0;
    {
        wrl::Store short_lived = wrl::Store::make(engine).value();
        wrl::Externref ref = wrl::Externref::make(short_lived, std::make_unique<Ended>(&ended)).value();
        EXPECT_TRUE(wrl::Func::make(short_lived, [ref]() -> wrl::Externref { return ref; }));
        EXPECT_TRUE(short_lived.set_data(std::make_unique<Holder>(ref, &holders)));
        wrl::Externref outer = wrl::Externref::make(short_lived, std::make_unique<Holder>(ref, &holders)).value();
        (void)outer.release(); /* Only the store deletes it. */
    }
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(holders, 2);
}

TEST_P(Items, ExternrefsAreHolds)
{
    int ended = 0;
    wrl::Externref externref = wrl::Externref::make(store, std::make_unique<Ended>(&ended)).value();
    const wrl_externref_t handle = externref.get();
    wrl::Externref copy = externref;
    wrl::Externref moved = std::move(externref);
    EXPECT_FALSE(externref);
    EXPECT_EQ(moved, copy);
    copy = wrl::Externref();
    EXPECT_TRUE(moved.data<Ended>());
    copy = moved;
    moved = copy;
    moved.reset();
    EXPECT_TRUE(copy.data<Ended>());
    store.collect();
    EXPECT_EQ(ended, 0);
    EXPECT_TRUE(wrl::Externref::retain(store, handle));
    const wrl_externref_t released = copy.release();
    EXPECT_FALSE(copy);
    copy = wrl::Externref::adopt(store, released);
    copy.reset();
    store.collect();
    EXPECT_EQ(ended, 1);
    EXPECT_ERROR(wrl::Externref::retain(store, handle), WRL_ERROR_INVALID_ARGUMENT, "released");
}

TEST_P(Items, TablesGiveHolds)
{
    int ended = 0;
    wrl::Store short_lived = wrl::Store::make(engine).value();
    wrl::Table table =
        wrl::Table::make(short_lived, wrl::TableType(WRL_VALKIND_EXTERNREF, 1), wrl::Val::null(WRL_VALKIND_EXTERNREF))
            .value();
    wrl::Externref made = wrl::Externref::make(short_lived, std::make_unique<Ended>(&ended)).value();
    const wrl_externref_t handle = made.get();
    EXPECT_OK(table.set(0, made));
    made.reset();
    EXPECT_ERROR(wrl::Externref::retain(short_lived, handle), WRL_ERROR_INVALID_ARGUMENT, "released");
    EXPECT_TRUE(table.at<wrl::Externref>(0).value().data<Ended>());
    EXPECT_ERROR(table.at<wrl::Func>(0), WRL_ERROR_INVALID_ARGUMENT, "externref, not funcref");
    /* Neither has kept a hold. */
    EXPECT_ERROR(wrl::Externref::retain(short_lived, handle), WRL_ERROR_INVALID_ARGUMENT, "released");
    EXPECT_EQ(ended, 0);
}

TEST_P(Items, ReferencesOfAllTypes)
{
    EXPECT_ERROR(wrl::Ref::adopt(store, wrl_ref_null()).check(), WRL_ERROR_INVALID_ARGUMENT, "ref");
    if (!engine.supports(WRL_FEATURE_GC_REFERENCES)) {
        return;
    }
    wrl::Instance instance = instantiate(R"((module
        (func (export "make") (param i32) (result i31ref) (ref.i31 (local.get 0)))
        (func (export "get") (param i31ref) (result i32) (i31.get_s (local.get 0)))))");
    wrl::Func make = instance.get_func("make").value();
    wrl::Val number = 5;
    wrl::Val made;
    ASSERT_TRUE(make.call({&number, 1}, {&made, 1}));
    wrl::Ref ref = wrl::Ref::adopt(store, made.of.ref);
    ASSERT_TRUE(ref);
    EXPECT_EQ(ref.type().value_kind(), WRL_VALKIND_REF);
    EXPECT_EQ(ref.type(), wrl::ValType(wrl_valtype_t{WRL_VALKIND_REF, 0, 0, WRL_HEAP_I31}));
    wrl::Val again = ref.val();
    ASSERT_TRUE(instance.get_func("get").value().call({&again, 1}, {&number, 1}));
    EXPECT_EQ(number.of.i32, 5);
    {
        wrl::Ref copy = ref;
        ref.reset();
        EXPECT_FALSE(ref);
        EXPECT_OK(copy.check());
        ref = std::move(copy);
        EXPECT_TRUE(wrl::Ref::retain(store, again.of.ref));
    }
    EXPECT_OK(ref.check());
    ref.reset();
    EXPECT_ERROR(wrl::Ref::retain(store, again.of.ref), WRL_ERROR_INVALID_ARGUMENT, "released");
    EXPECT_ERROR(instance.get_func("get").value().call({&again, 1}, {&number, 1}), WRL_ERROR_INVALID_ARGUMENT,
                 "value 0");
}

TEST_P(Items, InstancesHaveExports)
{
    wrl::Instance instance = instantiate(R"((module
        (func (export "f") (result i32) (i32.const 7))
        (global (export "g") (mut i32) (i32.const 8))
        (memory (export "m") 1)
        (table (export "t") 1 funcref)))");
    EXPECT_EQ(instance.export_count(), 4U);
    std::string names;
    for (size_t i = 0; i < instance.export_count(); i++) {
        wrl::Export item = instance.export_at(i).value();
        names += std::string(item.name) + " " + item.item.type().to_string() + "; ";
    }
    EXPECT_EQ(names, "f () -> (i32); g mut i32; m 1.. pages; t funcref 1..; ");
    EXPECT_EQ(*instance.get_func<int32_t()>("f").value()(), 7);
    EXPECT_EQ(instance.get_global("g").value().value<int32_t>().value(), 8);
    EXPECT_EQ(instance.get_memory(std::string("m")).value().size(), 1U);
    EXPECT_EQ(instance.get_table("t").value().size(), 1U);

    EXPECT_EQ(instance.find_export("g")->kind(), WRL_EXTERN_GLOBAL);
    EXPECT_FALSE(instance.find_export("h"));
    EXPECT_OK(instance.check());
    EXPECT_ERROR(wrl::Instance().check(), WRL_ERROR_INVALID_ARGUMENT, "store");
    wrl::Extern item = instance.get_export("g").value();
    EXPECT_EQ(item.kind(), WRL_EXTERN_GLOBAL);
    EXPECT_EQ(item.store().get(), store.get());
    EXPECT_EQ(item.as<wrl::Global>().value(), instance.get_global("g").value());
    EXPECT_ERROR(item.as<wrl::Func>(), WRL_ERROR_INVALID_ARGUMENT, "the extern is a global, not a function");
    EXPECT_ERROR(wrl::Extern().as<wrl::Tag>(), WRL_ERROR_INVALID_ARGUMENT, "not a tag");
    EXPECT_EQ(wrl::Extern().type().kind(), WRL_EXTERN_NONE);
    EXPECT_ERROR(wrl::Extern().check(), WRL_ERROR_INVALID_ARGUMENT, "store");

    EXPECT_ERROR(instance.get_func("m"), WRL_ERROR_LINK, "the export \"m\" is a memory, not a function");
    EXPECT_ERROR(instance.get_func<void()>("m"), WRL_ERROR_LINK, "\"m\" is a memory, not a function");
    EXPECT_ERROR(instance.get_global("f"), WRL_ERROR_LINK, "\"f\" is a function, not a global");
    EXPECT_ERROR(instance.get_tag("f"), WRL_ERROR_LINK, "\"f\" is a function, not a tag");
    EXPECT_ERROR(instance.get_memory("nosuch"), WRL_ERROR_LINK, "nosuch");
    EXPECT_ERROR(instance.get_export({}), WRL_ERROR_LINK, "there is no export \"\"");
    EXPECT_ERROR(instance.export_at(4), WRL_ERROR_INVALID_ARGUMENT, "index");
    EXPECT_ERROR(wrl::Instance().get_func("f"), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_EQ(wrl::Instance().export_count(), 0U);
    EXPECT_EQ(wrl::Instance().module().get(), nullptr);
}

TEST_P(Items, NamesInErrorsAreQuotedAndCut)
{
    std::string name = "a\"\\\x01";
    name += std::string(300, 'x');
    std::string escaped = "(module (func (export \"a\\\"\\\\\\01" + std::string(300, 'x') + "\")))";
    wrl::Instance instance = instantiate(escaped.c_str());
    EXPECT_ERROR(instance.get_func<int32_t()>(name), WRL_ERROR_INVALID_ARGUMENT, "\"a\\\"\\\\\\01xxx");
    EXPECT_ERROR(instance.get_func<int32_t()>(name), WRL_ERROR_INVALID_ARGUMENT, "xxx... has the type () -> ()");
    /* The C library makes this message. */
    EXPECT_ERROR(instance.get_memory(name), WRL_ERROR_LINK, "\"a\\\"\\\\\\01xxx");
    EXPECT_ERROR(instance.get_memory(name), WRL_ERROR_LINK, "xxx\xE2\x80\xA6\" is a function, not a memory");
    /* The name is cut within a character of three bytes, at each of its bytes. */
    for (size_t ahead = 0; ahead < 3; ahead++) {
        std::string euros(ahead, 'x');
        for (int i = 0; i < 100; i++) {
            euros += "\xE2\x82\xAC";
        }
        instance = instantiate(("(module (func (export \"" + euros + "\")))").c_str());
        EXPECT_ERROR(instance.get_func<int32_t()>(euros), WRL_ERROR_INVALID_ARGUMENT, "\xE2\x82\xAC... has the type");
    }
}

/* As in the C library's messages, characters that are invisible or change the text direction are escaped. */
TEST_P(Items, NamesInErrorsShowWhatTheyHold)
{
    const struct {
        const char *bytes;
        size_t size;
        bool is_shown;
    } all[] = {
        {"\0", 1, false},
        {"\x1F", 1, false},
        {"~", 1, true},
        {"\x7F", 1, false},
        {"\xC2\x80", 2, false},
        {"\xC2\x9F", 2, false},
        {"\xC2\xA0", 2, true},
        {"\xC2\xAD", 2, false},
        {"\xD8\x9C", 2, false},         /* U+061C */
        {"\xDF\xBF", 2, true},          /* U+07FF */
        {"\xE0\xA0\x80", 3, true},      /* U+0800 */
        {"\xE1\xA0\x8E", 3, false},     /* U+180E */
        {"\xCD\x8F", 2, false},         /* U+034F */
        {"\xE2\x80\x8A", 3, true},      /* U+200A */
        {"\xE2\x80\x8B", 3, false},     /* U+200B */
        {"\xE2\x80\x8F", 3, false},     /* U+200F */
        {"\xE2\x80\x90", 3, true},      /* U+2010 */
        {"\xE2\x80\xA8", 3, false},     /* U+2028 */
        {"\xE2\x80\xAE", 3, false},     /* U+202E */
        {"\xE2\x80\xAF", 3, true},      /* U+202F */
        {"\xE2\x81\xA0", 3, false},     /* U+2060 */
        {"\xE2\x81\xAF", 3, false},     /* U+206F */
        {"\xE2\x81\xB0", 3, true},      /* U+2070 */
        {"\xED\x9F\xBF", 3, true},      /* U+D7FF */
        {"\xE2\xA0\x80", 3, false},     /* U+2800 */
        {"\xE3\x85\xA3", 3, true},      /* U+3163 */
        {"\xE3\x85\xA4", 3, false},     /* U+3164 */
        {"\xE3\x85\xA5", 3, true},      /* U+3165 */
        {"\xEF\xBB\xBF", 3, false},     /* U+FEFF */
        {"\xEF\xBF\xB9", 3, false},     /* U+FFF9 */
        {"\xEF\xBF\xBD", 3, true},      /* U+FFFD */
        {"\xF0\x90\x80\x80", 4, true},  /* U+10000 */
        {"\xF3\xA0\x80\x80", 4, false}, /* U+E0000 */
        {"\xF3\xA0\x81\xBF", 4, false}, /* U+E007F */
        {"\xF3\xA0\xBF\xBF", 4, false}, /* U+E0FFF */
        {"\xF3\xA1\x80\x80", 4, true},  /* U+E1000 */
        {"\xF4\x8F\xBF\xBF", 4, true},  /* U+10FFFF */
    };
    for (const auto &one : all) {
        const std::string bytes(one.bytes, one.size);
        std::string escaped;
        for (char byte : bytes) {
            char escape[4];
            (void)std::snprintf(escape, sizeof escape, "\\%02x",
                                static_cast<unsigned>(static_cast<unsigned char>(byte)));
            escaped += escape;
        }
        wrl::Instance instance = instantiate(("(module (func (export \"a" + escaped + "b\")))").c_str());
        EXPECT_ERROR(instance.get_func<int32_t()>("a" + bytes + "b"), WRL_ERROR_INVALID_ARGUMENT,
                     "\"a" + (one.is_shown ? bytes : escaped) + "b\" has the type");
        /* The C library makes this message. */
        EXPECT_ERROR(instance.get_func("a" + bytes + "b?"), WRL_ERROR_LINK,
                     "no export \"a" + (one.is_shown ? bytes : escaped) + "b?\"");
    }
}

TEST_P(Items, TagsGoFromInstanceToInstance)
{
    if (!engine.supports(WRL_FEATURE_EXCEPTIONS)) {
        wrl::Result<wrl::Module> refused =
            wrl::Module::make(engine, wrl::wat_to_wasm("(module (tag (export \"t\") (param i32)))").value());
        EXPECT_FALSE(refused.ok());
        return;
    }
    wrl::Instance instance = instantiate("(module (tag (export \"t\") (param i32)))");
    wrl::Tag tag = instance.get_tag("t").value();
    wrl::ExternType type = wrl::Extern(tag).type();
    EXPECT_EQ(type.kind(), WRL_EXTERN_TAG);
    EXPECT_EQ(type.tag().param_count(), 1U);
    EXPECT_OK(imports.define("a", "t", tag));
    instantiate("(module (import \"a\" \"t\" (tag (param i32))))");
}

TEST_P(Items, ExternsComeFromEveryHandle)
{
    wrl::Func func = wrl::Func::make(store, [] {}).value();
    EXPECT_EQ(wrl::Extern(func).as<wrl::Func>().value(), func);
    EXPECT_EQ(wrl::Extern(func.typed<void()>().value()).as<wrl::Func>().value(), func);
    wrl::Memory memory = wrl::Memory::make(store, wrl::MemoryType(0)).value();
    EXPECT_EQ(wrl::Extern(memory).as<wrl::Memory>().value(), memory);
    EXPECT_NE(memory, wrl::Memory());
    wrl::Table table =
        wrl::Table::make(store, wrl::TableType(WRL_VALKIND_FUNCREF, 0), wrl::Val::null(WRL_VALKIND_FUNCREF)).value();
    EXPECT_EQ(wrl::Extern(table).as<wrl::Table>().value(), table);
    EXPECT_EQ(wrl::Extern(table).get().of.table.index, table.get().index);
}

} // namespace
