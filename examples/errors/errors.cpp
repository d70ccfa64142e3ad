/*
 * The same as errors.c in C++. The program handles an error as a value, or catches it as an exception.
 *
 * Shows the kind and the message of various errors; trap codes, and the guest's frames if the engine has backtraces; an
 * error with a payload of the program, which is thrown in a host function, propagates through the guest, and is caught
 * by the program; and a guest that ends the program with an exit status.
 *
 *     c++ -std=c++17 -I$PREFIX/include errors.cpp -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o errors_cpp
 *     ./errors_cpp
 *
 * PREFIX is where the layer is installed. `./errors_cpp BACKEND` selects the engine. The exit status is 3.
 */
#include <cstdio>
#include <memory>
#include <string>
#include <wrl.hpp>

namespace {

const char guest[] = R"((module $shop
    (import "host" "pay" (func $pay (param i32)))
    (import "host" "exit" (func $exit (param i32)))
    (func $divide (param i32 i32) (result i32)
        (i32.div_u (local.get 0) (local.get 1)))
    (func $share (export "share") (param i32 i32) (result i32)
        (call $divide (local.get 0) (local.get 1)))
    (func $again (export "again") (param i32 i32) (result i32)
        (i32.add (call $again (local.get 0) (local.get 1)) (i32.const 1)))
    (func $buy (export "buy") (param i32 i32) (result i32)
        (call $pay (i32.mul (local.get 0) (local.get 1)))
        (i32.const 0))
    (func $close (export "close") (param i32 i32) (result i32)
        (call $exit (local.get 0))
        (unreachable))))";

struct Debt {
    int32_t amount;
};

/* Always fails. The error's payload, which the error owns, is the amount that is owed. */
void pay(int32_t amount)
{
    throw wrl::Error(WRL_ERROR_HOST, "no money", std::make_unique<Debt>(Debt{amount}));
}

/* Stops the guest. None of its code runs after this. A returned error has the same effect as a thrown one. */
wrl::Result<void> end(int32_t status)
{
    return wrl::Error::exit(status);
}

std::string name_or(std::string_view name, const char *other)
{
    return std::string(name.empty() ? other : name);
}

void print_frames(const wrl::Error &error)
{
    int shown = 0;
    for (const wrl::Frame &frame : error.frames()) {
        if (++shown > 3) { /* Further frames are not printed. */
            std::printf("    and so on\n");
            break;
        }
        std::printf("    in function %d, %s, of %s\n", static_cast<int>(frame.func_index),
                    name_or(frame.func_name, "unnamed").c_str(),
                    name_or(frame.module_name, "an unnamed module").c_str());
    }
}

/* Prints everything about an error. */
void print_error(const wrl::Error &error)
{
    std::printf("    %s\n    kind %d, %s\n", error.message(), static_cast<int>(error.kind()),
                wrl_error_kind_name(error.kind()));
    if (error.kind() == WRL_ERROR_TRAP) {
        std::printf("    trap code %d, %s\n", static_cast<int>(error.trap_code()),
                    wrl_trap_code_name(error.trap_code()));
    }
    /* Only pay() makes errors with a payload, so the payload's type is known. */
    if (const Debt *debt = error.data<Debt>()) {
        std::printf("    its data: %d is owed\n", debt->amount);
    }
    print_frames(error);
}

template <class T> void report(const char *what, const wrl::Result<T> &result)
{
    std::printf("%s\n", what);
    if (result) {
        std::printf("    no error\n");
    } else {
        print_error(result.error());
    }
}

/* Calls an exported function. All functions of this guest take two numbers and return one. */
wrl::Result<int32_t> call(const wrl::Instance &instance, const char *name, int32_t a, int32_t b)
{
    return instance.get_func<int32_t(int32_t, int32_t)>(name).value()(a, b);
}

void run(const char *backend)
{
    wrl::Engine engine = wrl::Engine::make(backend).value();
    report("bytes that are not a module", wrl::Module::make(engine, std::string_view("#!/bin/sh")));
    wrl::Bytes invalid = wrl::wat_to_wasm("(module (func (result i32) (i64.const 1)))").value();
    report("a module that does not validate", wrl::Module::make(engine, invalid));

    wrl::Module module = wrl::Module::make(engine, wrl::wat_to_wasm(guest).value()).value();
    wrl::Store store = wrl::Store::make(engine).value();
    wrl::Imports imports = wrl::Imports::make().value();
    report("a missing import", wrl::Instance::make(store, module, imports));
    imports.define_func(store, "host", "pay", pay).value();
    imports.define_func(store, "host", "exit", end).value();
    wrl::Instance instance = wrl::Instance::make(store, module, imports).value();

    report("a missing export", instance.get_func("shere"));
    report("too few arguments", instance.get_func("share").value().call({}));

    report("share(6, 2)", call(instance, "share", 6, 2));
    report("share(6, 0)", call(instance, "share", 6, 0));
    report("again(0, 0), which calls itself for ever", call(instance, "again", 0, 0));
    try {
        call(instance, "buy", 5, 3).value();
    } catch (const wrl::Error &error) { /* The same error object that pay() threw. */
        std::printf("buy(5, 3)\n");
        print_error(error);
    }
    /* The guest asks to end the program. The program decides what to do, see main(). */
    call(instance, "close", 3, 0).value();
}

} // namespace

int main(int argc, char **argv)
{
    try {
        run(argc > 1 ? argv[1] : nullptr);
        return 0;
    } catch (const wrl::Error &error) {
        if (error.kind() == WRL_ERROR_EXIT) {
            std::printf("the guest ends the program with status %d\n", error.exit_status());
            return error.exit_status();
        }
        std::fprintf(stderr, "errors: %s\n", error.message());
        return 1;
    }
}
