/*
 * The same as host_functions.c in C++. Host functions are C++ functions and lambdas, whose signatures define their
 * types.
 *
 * Shows a host function that reads its caller's memory; one that owns its data, which is deleted with the store; one
 * with numbers only; and how an exception in a host function propagates to the program's call.
 *
 *     c++ -std=c++17 -I$PREFIX/include host_functions.cpp -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o functions_cpp
 *     ./functions_cpp
 *
 * PREFIX is where the layer is installed. `./functions_cpp BACKEND` selects the engine.
 */
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <wrl.hpp>

namespace {

const char guest[] = R"((module
    (import "host" "print" (func $print (param i32 i32)))
    (import "host" "celsius" (func $celsius (param f64) (result f64)))
    (import "host" "take" (func $take (param i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "it is warm")
    (func (export "weather") (param $fahrenheit f64) (result f64)
        (call $print (i32.const 16) (i32.const 10))
        (call $celsius (local.get $fahrenheit)))
    (func (export "order") (param $count i32) (result i32)
        (call $take (local.get $count)))))";

/* Prints a text in the caller's memory. Arguments of a guest are not trusted: this function limits the size, and
 * read_string() rejects a range that is out of bounds. An exception stops the guest. */
void print(wrl::Caller &caller, uint32_t address, uint32_t size)
{
    if (size > 80) {
        throw std::length_error("print: a line has at most 80 bytes");
    }
    std::string text = caller.get_memory("memory").value().read_string(address, size).value();
    std::printf("the guest says: %s\n", text.c_str());
}

struct Stock {
    int32_t left = 10;

    int32_t take(int32_t count)
    {
        if (count < 0 || count > left) {
            throw std::runtime_error("take: " + std::to_string(count) + " wanted, " + std::to_string(left) + " left");
        }
        left -= count;
        return left;
    }
    ~Stock()
    {
        std::printf("the stock ends with %d left\n", left);
    }
};

/* Makes the host functions and defines them under the names that the guest imports. */
void define_host(wrl::StoreRef store, wrl::Imports &imports)
{
    imports.define_func(store, "host", "print", print).value();
    auto celsius = [](double fahrenheit) { return (fahrenheit - 32) * 5 / 9; };
    imports.define_func(store, "host", "celsius", celsius).value();
    /* The store owns the lambda, and the lambda owns the stock. */
    auto take = [stock = std::make_unique<Stock>()](int32_t count) { return stock->take(count); };
    imports.define_func(store, "host", "take", std::move(take)).value();
}

/* An order that is too large is not fatal: the error stops the guest's code, but the store remains usable. */
void place(const wrl::TypedFunc<int32_t(int32_t)> &order, int32_t count)
{
    wrl::Result<int32_t> left = order(count);
    if (!left && left.error().kind() == WRL_ERROR_HOST) {
        std::printf("order(%d) failed: %s\n", count, left.error().message());
        return;
    }
    std::printf("order(%d) leaves %d\n", count, left.value()); /* value() throws any other error. */
}

void run(const char *backend)
{
    wrl::Engine engine = wrl::Engine::make(backend).value();
    wrl::Module module = wrl::Module::make(engine, wrl::wat_to_wasm(guest).value()).value();
    wrl::Store store = wrl::Store::make(engine).value();
    wrl::Imports imports = wrl::Imports::make().value();
    define_host(store, imports);
    wrl::Instance instance = wrl::Instance::make(store, module, imports).value();

    auto weather = instance.get_func<double(double)>("weather").value();
    std::printf("weather(86) = %g\n", weather(86).value());
    auto order = instance.get_func<int32_t(int32_t)>("order").value();
    place(order, 7);
    place(order, 7);
    place(order, 2);
}

} // namespace

int main(int argc, char **argv)
{
    try {
        run(argc > 1 ? argv[1] : nullptr);
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "host_functions: %s\n", error.what());
        return 1;
    }
}
