/* Host functions from callables: their signatures, results, errors and destruction. */
#include "world.h"

#include <functional>
#include <new>

namespace {

class Hosts : public OnBackend {
  protected:
    /* Wraps a callable in a guest: an instance imports it and exports it again as "run". */
    template <class F> wrl::Func through_guest(F &&callable, const std::string &type, const std::string &args)
    {
        imports.define_func(store, "host", "f", std::forward<F>(callable)).value();
        std::string wat = "(module (import \"host\" \"f\" (func $f " + type + ")) (func (export \"run\") " + type +
                          " (call $f " + args + ")) (memory (export \"memory\") 1) (data (i32.const 8) \"hello\"))";
        return instantiate(wat.c_str()).get_func("run").value();
    }
};
ON_EACH_BACKEND(Hosts);

int32_t twice(int32_t a)
{
    return 2 * a;
}

struct Counter {
    int count = 0;
    int operator()() noexcept
    {
        return ++count;
    }
};

TEST_P(Hosts, OfAllKindsOfCallables)
{
    EXPECT_EQ(wrl::Func::make(store, twice).value().typed<int32_t(int32_t)>().value()(4).value(), 8);
    EXPECT_EQ(wrl::Func::make(store, &twice).value().typed<int32_t(int32_t)>().value()(4).value(), 8);
    int captured = 3;
    auto by_reference = [&captured](int32_t by) { captured += by; };
    auto add = through_guest(by_reference, "(param i32)", "(local.get 0)").typed<void(int32_t)>().value();
    EXPECT_OK(add(4));
    EXPECT_EQ(captured, 7);
    auto counter = through_guest(Counter(), "(result i32)", "").typed<int()>().value();
    EXPECT_EQ(*counter(), 1);
    EXPECT_EQ(*counter(), 2);
    auto mutating = [sum = 0](int32_t by) mutable noexcept { return sum += by; };
    auto sum = through_guest(mutating, "(param i32) (result i32)", "(local.get 0)").typed<int32_t(int32_t)>().value();
    EXPECT_EQ(*sum(4), 4);
    EXPECT_EQ(*sum(4), 8);
    std::function<double(float)> function = [](float a) { return double(a) / 2; };
    EXPECT_EQ(wrl::Func::make(store, function).value().typed<double(float)>().value()(3).value(), 1.5);
    auto generic = [](auto a) { return a + 1; };
    auto inc = wrl::Func::make<int64_t(int64_t)>(store, generic).value().typed<int64_t(int64_t)>().value();
    EXPECT_EQ(*inc(INT64_C(1) << 40), (INT64_C(1) << 40) + 1);
}

TEST_P(Hosts, OfAllTypes)
{
    using Tuple = std::tuple<uint64_t, double, float, uint32_t>;
    wrl::Func func = through_guest([](uint32_t a, float b, double c, uint64_t d) { return Tuple(d, c, b, a); },
                                   "(param i32 f32 f64 i64) (result i64 f64 f32 i32)",
                                   "(local.get 0) (local.get 1) (local.get 2) (local.get 3)");
    auto run = func.typed<Tuple(uint32_t, float, double, uint64_t)>().value();
    EXPECT_EQ(run(0xFFFFFFFF, 1.5F, 2.5, UINT64_MAX).value(), Tuple(UINT64_MAX, 2.5, 1.5F, 0xFFFFFFFF));
    EXPECT_EQ(func.type().to_string(), "(i32, f32, f64, i64) -> (i64, f64, f32, i32)");

    auto flip = [](const wrl_v128_t &a) {
        wrl_v128_t b = a;
        b.bytes[0] = a.bytes[15];
        return b;
    };
    auto vector =
        through_guest(flip, "(param v128) (result v128)", "(local.get 0)").typed<wrl_v128_t(wrl_v128_t)>().value();
    wrl_v128_t given = {};
    given.bytes[15] = 5;
    EXPECT_EQ(vector(given).value().bytes[0], 5);
}

TEST_P(Hosts, OfReferences)
{
    /* A function argument can be called directly, as it knows its store. */
    auto apply = [](wrl::Func func, int32_t a) -> wrl::Result<int32_t> {
        wrl::Result<wrl::TypedFunc<int32_t(int32_t)>> typed = func.typed<int32_t(int32_t)>();
        if (!typed) {
            return typed.take_error();
        }
        return (*typed)(a);
    };
    auto run = through_guest(apply, "(param funcref i32) (result i32)", "(local.get 0) (local.get 1)")
                   .typed<int32_t(wrl::Func, int32_t)>()
                   .value();
    EXPECT_EQ(*run(wrl::Func::make(store, twice).value(), 21), 42);
    EXPECT_ERROR(run(wrl::Func(), 1), WRL_ERROR_INVALID_ARGUMENT, "null");

    auto deref = [](wrl::Externref ref) { return ref ? *ref.data<int32_t>() : -1; };
    auto read = through_guest(deref, "(param externref) (result i32)", "(local.get 0)")
                    .typed<int32_t(wrl::Externref)>()
                    .value();
    int32_t data = 6;
    EXPECT_EQ(*read(wrl::Externref::make(store, &data).value()), 6);
    EXPECT_EQ(*read(wrl::Externref()), -1);

    /* The result of a callback lasts until the guest has received it. */
    int ended = 0;
    auto fresh =
        through_guest([this, &ended] { return wrl::Externref::make(store, std::make_unique<Ended>(&ended)).value(); },
                      "(result externref)", "")
            .typed<wrl::Externref()>()
            .value();
    EXPECT_TRUE(fresh().value().data<Ended>());
    store.collect();
    EXPECT_EQ(ended, 1);
    auto same = [](const wrl::Externref &ref) { return std::tuple<wrl::Externref, wrl::Externref>(ref, ref); };
    auto pair = through_guest(same, "(param externref) (result externref externref)", "(local.get 0)")
                    .typed<std::tuple<wrl::Externref, wrl::Externref>(wrl::Externref)>()
                    .value();
    {
        wrl::Externref made = wrl::Externref::make(store, std::make_unique<Ended>(&ended)).value();
        auto [first, second] = pair(made).value();
        EXPECT_EQ(first, made);
        made.reset();
        first.reset();
        EXPECT_TRUE(second.data<Ended>());
        EXPECT_EQ(ended, 1);
    }
    store.collect();
    EXPECT_EQ(ended, 2);

    /* Returning a reference of another store is an error of the host function. */
    wrl::Store other = wrl::Store::make(engine).value();
    wrl::Func foreign = wrl::Func::make(other, [] {}).value();
    auto give = through_guest([foreign] { return foreign; }, "(result funcref)", "").typed<wrl::Func()>().value();
    EXPECT_ERROR(give(), WRL_ERROR_HOST, "another store");
}

TEST_P(Hosts, WithTheCaller)
{
    auto read = [](wrl::Caller &caller, uint32_t address, uint32_t size) -> wrl::Result<int32_t> {
        wrl::Result<wrl::Memory> memory = caller.get_memory("memory");
        if (!memory) {
            return memory.take_error();
        }
        wrl::Result<std::string> text = memory->read_string(address, size);
        if (!text) {
            return text.take_error();
        }
        return *text == "hello" ? 1 : 0;
    };
    auto run = through_guest(read, "(param i32 i32) (result i32)", "(local.get 0) (local.get 1)")
                   .typed<int32_t(uint32_t, uint32_t)>()
                   .value();
    EXPECT_EQ(*run(8, 5), 1);
    EXPECT_EQ(*run(9, 5), 0);
    EXPECT_ERROR(run(65530, 0xFFFFFFFF), WRL_ERROR_INVALID_ARGUMENT, "65530");

    wrl_store_t *expected = store.get();
    auto by_value = [expected](wrl::Caller caller) { return int32_t(caller.store().get() == expected); };
    EXPECT_EQ(*through_guest(by_value, "(result i32)", "").typed<int32_t()>().value()(), 1);
    auto by_const = [](const wrl::Caller &caller) { return int32_t(caller.get_func<int32_t()>("run").ok()); };
    EXPECT_EQ(*through_guest(by_const, "(result i32)", "").typed<int32_t()>().value()(), 1);
    auto missing = [](wrl::Caller &caller) -> wrl::Result<void> {
        return wrl::check(caller.get_export("nosuch").take_error().release());
    };
    EXPECT_ERROR(through_guest(missing, "", "").typed<void()>().value()(), WRL_ERROR_LINK, "nosuch");
}

TEST_P(Hosts, FailWithTheSameError)
{
    const wrl_error_t *made = nullptr;
    int ended = 0;
    auto fail = [&](int32_t a) -> wrl::Result<int32_t> {
        if (a == 0) {
            wrl::Error error(WRL_ERROR_HOST, "zero", std::make_unique<Ended>(&ended));
            made = error.get();
            return error;
        }
        return a;
    };
    auto run = through_guest(fail, "(param i32) (result i32)", "(local.get 0)").typed<int32_t(int32_t)>().value();
    EXPECT_EQ(*run(3), 3);
    {
        wrl::Result<int32_t> result = run(0);
        EXPECT_ERROR(result, WRL_ERROR_HOST, "zero");
        EXPECT_EQ(result.error().get(), made);
        EXPECT_NE(result.error().data<Ended>(), nullptr);
        EXPECT_EQ(ended, 0);
    }
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(*run(4), 4); /* The store is still usable. */
    auto empty = [] { return wrl::Result<void>(wrl::Error()); };
    EXPECT_ERROR(through_guest(empty, "", "").typed<void()>().value()(), WRL_ERROR_HOST, "empty wrl::Error");
    auto stop = []() -> wrl::Result<void> { return wrl::Error::exit(3); };
    EXPECT_EQ(through_guest(stop, "", "").typed<void()>().value()().error().exit_status(), 3);
    auto tuple = [](int32_t a) -> wrl::Result<std::tuple<int32_t, float>> {
        if (a == 0) {
            return wrl::Error::trap(WRL_TRAP_INTEGER_DIVISION_BY_ZERO);
        }
        return std::make_tuple(a, 0.5F);
    };
    auto two = through_guest(tuple, "(param i32) (result i32 f32)", "(local.get 0)")
                   .typed<std::tuple<int32_t, float>(int32_t)>()
                   .value();
    EXPECT_EQ(*two(7), std::make_tuple(7, 0.5F));
    EXPECT_EQ(two(0).error().trap_code(), WRL_TRAP_INTEGER_DIVISION_BY_ZERO);
}

/* down(n) passes through guest and host n times. */
const char *const down_wat = R"((module
    (import "host" "down" (func $down (param i32) (result i32)))
    (func (export "down") (param $n i32) (result i32)
        (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)))))))";

TEST_P(Hosts, CallTheGuestAgain)
{
    const wrl_error_t *made = nullptr;
    int destroyed = 0;
    auto down = [&](wrl::Caller &caller, int32_t n) -> wrl::Result<int32_t> {
        Ended on_the_way(&destroyed);
        if (n == 0) {
            return 100;
        }
        if (n < 0) {
            wrl::Error error(WRL_ERROR_HOST, "below the bottom");
            made = error.get();
            return error;
        }
        auto again = caller.get_func<int32_t(int32_t)>("down");
        if (!again) {
            return again.take_error();
        }
        return (*again)(n);
    };
    EXPECT_OK(imports.define_func(store, "host", "down", down));
    auto run = instantiate(down_wat).get_func<int32_t(int32_t)>("down").value();
    EXPECT_EQ(*run(10), 110);
    EXPECT_EQ(destroyed, 10);
    wrl::Result<int32_t> failed = run(0);
    EXPECT_ERROR(failed, WRL_ERROR_HOST, "below the bottom");
    EXPECT_EQ(failed.error().get(), made);
    /* Exceeding the limit is an error like any other. */
    EXPECT_EQ(run(100000).error().trap_code(), WRL_TRAP_STACK_OVERFLOW);
    EXPECT_EQ(*run(10), 110);
}

TEST_P(Hosts, EndOnce)
{
    int ended = 0;
    {
        wrl::Store short_lived = wrl::Store::make(engine).value();
        auto counted = [kept = Ended(&ended)](int32_t a) { return a; };
        EXPECT_OK(wrl::Func::make(short_lived, std::move(counted)));
        auto untyped = [kept = Ended(&ended)](wrl::Caller &, auto, auto) { return wrl::Result<void>(); };
        EXPECT_OK(wrl::Func::make_untyped(short_lived, wrl::FuncType::of<void()>(), std::move(untyped)));
        EXPECT_EQ(ended, 0);
    }
    EXPECT_EQ(ended, 2);
    /* The callable is also destroyed if the function cannot be made. */
    EXPECT_ERROR(wrl::Func::make(nullptr, [kept = Ended(&ended)] {}), WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_EQ(ended, 3);
    auto untyped = [kept = Ended(&ended)](wrl::Caller &, auto, auto) { return wrl::Result<void>(); };
    EXPECT_ERROR(wrl::Func::make_untyped(nullptr, wrl::FuncType::of<void()>(), std::move(untyped)),
                 WRL_ERROR_INVALID_ARGUMENT, "store");
    EXPECT_EQ(ended, 4);
    EXPECT_ERROR(imports.define_func(nullptr, "a", "b", [kept = Ended(&ended)] {}), WRL_ERROR_INVALID_ARGUMENT,
                 "store");
    EXPECT_EQ(ended, 5);
}

TEST_P(Hosts, MayEndTheStoreThatRunsThem)
{
    int ended = 0;
    auto owner = std::make_unique<wrl::Store>(wrl::Store::make(engine).value());
    wrl::Func run = wrl::Func::make(*owner, [kept = Ended(&ended), &owner, &ended] {
                        owner.reset();
                        return ended;
                    }).value();
    EXPECT_EQ(*run.typed<int()>().value()(), 0); /* The store is deleted only after the call. */
    EXPECT_EQ(ended, 1);
}

/* A callable whose allocation fails. */
struct Large {
    void operator()() const
    {
    }
    static void *operator new(size_t, const std::nothrow_t &) noexcept
    {
        return nullptr;
    }
    static void operator delete(void *)
    {
    }
};

struct LargeUntyped : Large {
    wrl::Result<void> operator()(wrl::Caller &, wrl::Span<const wrl_val_t>, wrl::Span<wrl_val_t>) const
    {
        return {};
    }
};

TEST_P(Hosts, AreRefusedWithoutMemory)
{
    EXPECT_ERROR(wrl::Func::make(store, Large()), WRL_ERROR_OUT_OF_MEMORY, "out of memory");
    EXPECT_ERROR(wrl::Func::make_untyped(store, wrl::FuncType::of<void()>(), LargeUntyped()), WRL_ERROR_OUT_OF_MEMORY,
                 "out of memory");
}

TEST_P(Hosts, Untyped)
{
    const wrl::ValType params[] = {WRL_VALKIND_I32, WRL_VALKIND_F64};
    const wrl::ValType results[] = {WRL_VALKIND_F64};
    wrl::FuncType type(params, results, "untyped");
    EXPECT_STREQ(type.name(), "untyped");
    auto callable = [](wrl::Caller &caller, wrl::Span<const wrl_val_t> args,
                       wrl::Span<wrl_val_t> out) -> wrl::Result<void> {
        EXPECT_NE(caller.get(), nullptr);
        EXPECT_EQ(args.size(), 2U);
        EXPECT_EQ(out.size(), 1U);
        if (args[0].of.i32 == 1) {
            out[0] = wrl::Val(1); /* Not the kind in the type. */
        } else if (args[0].of.i32 == 2) {
            return wrl::Error(WRL_ERROR_HOST, "two");
        } else {
            out[0] = wrl::Val(args[1].of.f64 * 2);
        }
        return {};
    };
    auto run = wrl::Func::make_untyped(store, type, callable).value().typed<double(int32_t, double)>().value();
    EXPECT_EQ(*run(0, 1.5), 3.0);
    EXPECT_ERROR(run(1, 1.5), WRL_ERROR_HOST, "\"untyped\" failed to set its results");
    EXPECT_ERROR(run(2, 1.5), WRL_ERROR_HOST, "two");
}

#if WRL_CPP_EXCEPTIONS

struct NotAnException {};

TEST_P(Hosts, ExceptionsStopAtTheCallable)
{
    auto fail = [](int32_t how) -> int32_t {
        switch (how) {
        case 0:
            throw std::runtime_error("a runtime error");
        case 1:
            throw std::bad_alloc();
        case 2:
            throw NotAnException();
        case 3:
            throw wrl::Error::trap(WRL_TRAP_NULL_REFERENCE);
        case 4:
            throw wrl::Error();
        default:
            return how;
        }
    };
    auto run = through_guest(fail, "(param i32) (result i32)", "(local.get 0)").typed<int32_t(int32_t)>().value();
    EXPECT_EQ(*run(5), 5);
    EXPECT_ERROR(run(0), WRL_ERROR_HOST, "a runtime error");
    EXPECT_ERROR(run(1), WRL_ERROR_OUT_OF_MEMORY, "out of memory");
    EXPECT_ERROR(run(2), WRL_ERROR_HOST, "not a std::exception");
    EXPECT_ERROR(run(3), WRL_ERROR_TRAP, "null reference");
    EXPECT_EQ(run(3).error().trap_code(), WRL_TRAP_NULL_REFERENCE);
    EXPECT_ERROR(run(4), WRL_ERROR_HOST, "empty wrl::Error");
    EXPECT_EQ(*run(6), 6);

    auto untyped = [](wrl::Caller &, auto, auto) -> wrl::Result<void> { throw std::runtime_error("untyped"); };
    wrl::Func func = wrl::Func::make_untyped(store, wrl::FuncType::of<void()>(), untyped).value();
    EXPECT_ERROR(func.call({}), WRL_ERROR_HOST, "untyped");
}

/* Guest, host, guest, host …: the innermost function throws, the outermost call throws the same error object, and every
 * C++ frame in between is unwound. */
TEST_P(Hosts, ExceptionsTravelThroughTheGuest)
{
    const wrl_error_t *made = nullptr;
    int destroyed = 0, ended = 0;
    auto down = [&](wrl::Caller &caller, int32_t n) -> int32_t {
        Ended on_the_way(&destroyed);
        if (n == 0) {
            wrl::Error error(WRL_ERROR_HOST, "the bottom", std::make_unique<Ended>(&ended));
            made = error.get();
            throw wrl::Error(std::move(error));
        }
        return *caller.get_func<int32_t(int32_t)>("down").value()(n);
    };
    EXPECT_OK(imports.define_func(store, "host", "down", down));
    auto run = instantiate(down_wat).get_func<int32_t(int32_t)>("down").value();
    try {
        static_cast<void>(run(10).value());
        FAIL() << "nothing was thrown";
    } catch (const wrl::Error &error) {
        EXPECT_EQ(error.get(), made);
        EXPECT_STREQ(error.what(), "the bottom");
        EXPECT_EQ(destroyed, 10);
        EXPECT_EQ(ended, 0);
    }
    EXPECT_EQ(ended, 1);
}

TEST_P(Hosts, MayCatchWhatComesFromBelow)
{
    auto down = [](wrl::Caller &caller, int32_t n) -> int32_t {
        if (n == 0) {
            throw std::runtime_error("the bottom");
        }
        try {
            return *caller.get_func<int32_t(int32_t)>("down").value()(n);
        } catch (const wrl::Error &error) {
            if (n < 5) {
                throw;
            }
            return std::string(error.what()) == "the bottom" ? 1000 : -1000;
        }
    };
    EXPECT_OK(imports.define_func(store, "host", "down", down));
    auto run = instantiate(down_wat).get_func<int32_t(int32_t)>("down").value();
    EXPECT_EQ(*run(10), 1005);
}

TEST_P(Hosts, StartFunctionsFailLikeCalls)
{
    EXPECT_OK(imports.define_func(store, "host", "f", [] { throw std::runtime_error("at the start"); }));
    wrl::Module module = compile("(module (import \"host\" \"f\" (func $f)) (start $f))");
    EXPECT_ERROR(wrl::Instance::make(store, module, imports), WRL_ERROR_HOST, "at the start");
}

/* A callable whose copy constructor throws. Nothing is left of it. */
struct Uncopyable {
    Uncopyable() = default;
    Uncopyable(const Uncopyable &)
    {
        throw std::runtime_error("no copy");
    }
    void operator()() const
    {
    }
};

TEST_P(Hosts, CopiesThatThrowAreTheProgramsOwn)
{
    Uncopyable uncopyable;
    EXPECT_THROW(static_cast<void>(wrl::Func::make(store, uncopyable)), std::runtime_error);
}

#endif

} // namespace
