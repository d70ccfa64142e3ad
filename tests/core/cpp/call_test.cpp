/* Calls: wrl::Func and wrl::TypedFunc. */
#include "world.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace {

class Calls : public OnBackend {};
ON_EACH_BACKEND(Calls);

const char *const calc_wat = R"((module
    (func (export "nothing"))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "mix") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
        (local.get 3) (local.get 2) (local.get 1) (local.get 0))
    (func (export "trap") (result i32) (unreachable))
    (func (export "same_func") (param funcref) (result funcref) (local.get 0))
    (func (export "same_externref") (param externref) (result externref) (local.get 0))
    (func (export "many") (param i32 i32 i32) (result i32 i32 i32 i32 i32)
        (local.get 0) (local.get 1) (local.get 2) (i32.const 4) (i32.const 5))))";

TEST_P(Calls, Typed)
{
    wrl::Instance instance = instantiate(calc_wat);
    EXPECT_OK(instance.get_func<void()>("nothing").value()());
    auto add = instance.get_func<int32_t(int32_t, int32_t)>("add").value();
    EXPECT_EQ(*add(40, 2), 42);
    EXPECT_EQ(*add(-1, 0), -1);
    auto add_unsigned = instance.get_func<uint32_t(uint32_t, uint32_t)>("add").value();
    EXPECT_EQ(*add_unsigned(0xFFFFFFFF, 0), 0xFFFFFFFF);
    wrl::TypedFunc<int32_t(int32_t, int32_t)> copy = add;
    EXPECT_EQ(*copy(1, 2), 3);
    EXPECT_EQ(wrl::Func(copy), instance.get_func("add").value());
    EXPECT_FALSE(wrl::TypedFunc<void()>());
    EXPECT_ERROR(wrl::TypedFunc<void()>()(), WRL_ERROR_INVALID_ARGUMENT, "store");
}

TEST_P(Calls, SeveralResultsAreATuple)
{
    auto mix = instantiate(calc_wat)
                   .get_func<std::tuple<double, float, int64_t, int32_t>(int32_t, int64_t, float, double)>("mix")
                   .value();
    auto [d, f, l, i] = mix(-1, INT64_MIN, -0.5F, 1e300).value();
    EXPECT_EQ(d, 1e300);
    EXPECT_EQ(f, -0.5F);
    EXPECT_EQ(l, INT64_MIN);
    EXPECT_EQ(i, -1);
    auto many = instantiate(calc_wat)
                    .get_func<std::tuple<int, int, int, unsigned, int32_t>(int, unsigned, int)>("many")
                    .value();
    EXPECT_EQ(*many(1, 2, 3), std::make_tuple(1, 2, 3, 4U, 5));
}

TEST_P(Calls, TheBitsOfNumbersAreKept)
{
    auto mix = instantiate(calc_wat)
                   .get_func<std::tuple<double, float, uint64_t, uint32_t>(uint32_t, uint64_t, float, double)>("mix")
                   .value();
    uint64_t nan_bits = 0x7FF0000000000123; /* A signalling NaN. */
    double nan;
    std::memcpy(&nan, &nan_bits, sizeof nan);
    auto [d, f, l, i] = mix(0x80000000U, UINT64_MAX, std::numeric_limits<float>::infinity(), nan).value();
    uint64_t bits;
    std::memcpy(&bits, &d, sizeof bits);
    EXPECT_EQ(bits, nan_bits);
    EXPECT_TRUE(std::isinf(f));
    EXPECT_EQ(l, UINT64_MAX);
    EXPECT_EQ(i, 0x80000000U);
}

TEST_P(Calls, References)
{
    wrl::Instance instance = instantiate(calc_wat);
    auto same_func = instance.get_func<wrl::Func(wrl::Func)>("same_func").value();
    wrl::Func func = instance.get_func("add").value();
    EXPECT_EQ(*same_func(func), func);
    EXPECT_EQ(*same_func(func).value().typed<int(int, int)>().value()(1, 2), 3);
    EXPECT_FALSE(*same_func(wrl::Func()));
    auto same_c_func = instance.get_func<wrl_func_t(wrl_func_t)>("same_func").value();
    EXPECT_EQ(same_c_func(func.get()).value().index, func.get().index);

    auto same_externref = instance.get_func<wrl::Externref(const wrl::Externref &)>("same_externref").value();
    int data = 5;
    wrl::Externref externref = wrl::Externref::make(store, &data).value();
    EXPECT_EQ(*same_externref(externref), externref);
    EXPECT_EQ(same_externref(externref).value().data<int>(), &data);
    EXPECT_FALSE(*same_externref({}));
    auto same_c_externref = instance.get_func<wrl_externref_t(wrl_externref_t)>("same_externref").value();
    EXPECT_TRUE(wrl_externref_is_null(*same_c_externref(wrl_externref_null())));
}

TEST_P(Calls, Vectors)
{
    ASSERT_TRUE(engine.supports(WRL_FEATURE_SIMD));
    auto swap = func<std::tuple<wrl_v128_t, wrl_v128_t>(wrl_v128_t, wrl_v128_t)>(
        R"((module (func (export "swap") (param v128 v128) (result v128 v128) (local.get 1) (local.get 0))))", "swap");
    wrl_v128_t a = {}, b = {};
    a.bytes[3] = 7;
    b.bytes[15] = 9;
    auto [first, second] = swap(a, b).value();
    EXPECT_EQ(first.bytes[15], 9);
    EXPECT_EQ(second.bytes[3], 7);
    EXPECT_EQ(second.bytes[15], 0);
}

TEST_P(Calls, AMismatchNamesBothTypes)
{
    wrl::Instance instance = instantiate(calc_wat);
    EXPECT_ERROR((instance.get_func<double(int32_t, float)>("add")), WRL_ERROR_INVALID_ARGUMENT,
                 "the function \"add\" has the type (i32, i32) -> (i32), not (i32, f32) -> (f64)");
    EXPECT_ERROR(instance.get_func("add").value().typed<void()>(), WRL_ERROR_INVALID_ARGUMENT,
                 "has the type (i32, i32) -> (i32), not () -> ()");
    EXPECT_ERROR(instance.get_func("nothing").value().typed<wrl::Externref(wrl::Func)>("mine"),
                 WRL_ERROR_INVALID_ARGUMENT,
                 "the function \"mine\" has the type () -> (), not (funcref) -> (externref)");
    EXPECT_ERROR((instance.get_func<int32_t(int32_t)>("add")), WRL_ERROR_INVALID_ARGUMENT, "(i32) -> (i32)");
    EXPECT_ERROR((instance.get_func<int32_t(int32_t, int64_t)>("add")), WRL_ERROR_INVALID_ARGUMENT, "(i32, i64)");
    EXPECT_ERROR((instance.get_func<std::tuple<int, int>(int, int)>("add")), WRL_ERROR_INVALID_ARGUMENT, "(i32, i32)");
    EXPECT_ERROR(wrl::Func().typed<void()>(), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_ERROR(wrl::Func(store, wrl_func_null()).typed<void()>(), WRL_ERROR_INVALID_ARGUMENT, "item: is a null");
    wrl::Func named = wrl::Func::make(
                          store, [] {}, "its name")
                          .value();
    EXPECT_ERROR(named.typed<int()>(), WRL_ERROR_INVALID_ARGUMENT, "the function \"its name\" has the type () -> ()");
}

TEST_P(Calls, ALongTypeIsCutInTheMessage)
{
    std::string params;
    for (int i = 0; i < 500; i++) {
        params += " i64";
    }
    wrl::Instance instance = instantiate(("(module (func (export \"f\") (param" + params + ")))").c_str());
    EXPECT_ERROR(instance.get_func<void()>("f"), WRL_ERROR_INVALID_ARGUMENT, "..., not () -> ()");
}

TEST_P(Calls, OneTupleElementIsOneResult)
{
    auto add = instantiate(calc_wat).get_func<std::tuple<int32_t>(int32_t, int32_t)>("add").value();
    EXPECT_EQ(std::get<0>(*add(1, 2)), 3);
    EXPECT_OK(instantiate(calc_wat).get_func<std::tuple<>()>("nothing").value()());
}

TEST_P(Calls, Untyped)
{
    wrl::Instance instance = instantiate(calc_wat);
    wrl::Func add = instance.get_func("add").value();
    wrl::Val results[1];
    EXPECT_OK(add.call({40, 2}, results));
    EXPECT_EQ(results[0].get<int32_t>().value(), 42);
    std::array<wrl::Val, 2> args = {40, 3};
    EXPECT_OK(add.call(args, results));
    EXPECT_EQ(results[0].get<int32_t>().value(), 43);
    EXPECT_OK(instance.get_func("nothing").value().call({}));
    EXPECT_ERROR(add.call({1}, results), WRL_ERROR_INVALID_ARGUMENT, "arg_count: 1 given, 2 needed");
    EXPECT_ERROR(add.call({1, 2.5}, results), WRL_ERROR_INVALID_ARGUMENT, "args");
    EXPECT_ERROR(add.call({1, 2}), WRL_ERROR_INVALID_ARGUMENT, "result_count");
    EXPECT_EQ(results[0].get<int32_t>().value(), 43);
    EXPECT_EQ(add.type().to_string(), "(i32, i32) -> (i32)");
    EXPECT_ERROR(wrl::Func().call({}), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_EQ(wrl::Func().type().param_count(), 0U);
}

TEST_P(Calls, TrapsTellTheirCodeAndFrames)
{
    auto trap = func<int32_t()>(calc_wat, "trap");
    wrl::Result<int32_t> result = trap();
    EXPECT_ERROR(result, WRL_ERROR_TRAP, "unreachable");
    EXPECT_EQ(result.error().trap_code(), WRL_TRAP_UNREACHABLE);
    if (engine.supports(WRL_FEATURE_BACKTRACE)) {
        ASSERT_EQ(result.error().frames().size(), 1U);
        for (const wrl::Frame &frame : result.error().frames()) {
            EXPECT_EQ(frame.func_index, 3U);
        }
    } else {
        EXPECT_EQ(result.error().frames().size(), 0U);
    }
}

TEST_P(Calls, ArgumentsConvertAsInCpp)
{
    auto mix = instantiate(calc_wat)
                   .get_func<std::tuple<double, float, long long, int>(int, long long, float, double)>("mix")
                   .value();
    short small = 3;
    EXPECT_EQ(std::get<3>(*mix(small, small, 1, 2)), 3);
}

} // namespace
