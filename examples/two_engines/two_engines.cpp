/*
 * The same as two_engines.c in C++.
 *
 * Lists the backends and compares the features of two engines. Then runs one guest on both, compares the results, and
 * makes both trap.
 *
 *     c++ -std=c++17 -I$PREFIX/include two_engines.cpp -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o two_cpp
 *     ./two_cpp wasmi wasmtime
 *
 * PREFIX is where the layer is installed. The engines are selected by name at run time.
 */
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <wrl.hpp>

namespace {

/* steps(n) returns the number of steps from n to 1 by n/2 or 3n+1. It traps for 0, which never reaches 1. */
const char guest[] = R"((module
    (func (export "steps") (param $n i64) (result i64)
        (local $steps i64)
        (if (i64.eqz (local.get $n)) (then (unreachable)))
        (block $done
            (loop $next
                (br_if $done (i64.eq (local.get $n) (i64.const 1)))
                (local.set $steps (i64.add (local.get $steps) (i64.const 1)))
                (if (i64.eqz (i64.and (local.get $n) (i64.const 1)))
                    (then (local.set $n (i64.shr_u (local.get $n) (i64.const 1))))
                    (else (local.set $n (i64.add (i64.mul (local.get $n) (i64.const 3)) (i64.const 1)))))
                (br $next)))
        (local.get $steps))))";

/* The objects of one engine. A function is valid as long as its store, which is deleted after it. */
struct Side {
    wrl::Store store;
    wrl::TypedFunc<int64_t(int64_t)> steps;
};

Side start(const char *backend, wrl::ByteView wasm)
{
    wrl::Engine engine = wrl::Engine::make(backend).value();
    wrl::Module module = wrl::Module::make(engine, wasm).value();
    wrl::Store store = wrl::Store::make(engine).value();
    wrl::Instance instance = wrl::Instance::make(store, module).value();
    auto steps = instance.get_func<int64_t(int64_t)>("steps").value();
    return {std::move(store), steps};
}

void list_backends()
{
    for (const wrl::BackendInfo &listed : wrl::backends()) {
        /* Loads a backend that is installed but not yet loaded. Skips a backend that fails to load. */
        if (auto info = wrl::find_backend(listed.name)) {
            std::printf("backend %s: %s%s\n", info->name, info->engine_name, info->is_default ? ", the default" : "");
        }
    }
}

/* A program that needs a feature checks for it first, in the same way. */
void compare_features(const wrl::Engine &a, const wrl::Engine &b)
{
    for (int number = 0; number < WRL_FEATURE_LIMIT; number++) {
        auto feature = static_cast<wrl_feature_t>(number);
        if (a.supports(feature) != b.supports(feature)) {
            std::printf("only %s has %s\n", (a.supports(feature) ? a : b).backend_name(), wrl_feature_name(feature));
        }
    }
}

void compare_results(const Side &a, const Side &b)
{
    for (int64_t n = 1; n <= 1000; n++) {
        int64_t steps = a.steps(n).value();
        if (steps != b.steps(n).value()) {
            throw wrl::Error(WRL_ERROR_HOST, ("the engines differ over steps(" + std::to_string(n) + ")").c_str());
        }
        if (n % 500 == 0) {
            std::printf("steps(%lld) = %lld on both\n", static_cast<long long>(n), static_cast<long long>(steps));
        }
    }
}

/* Trap codes are the same on all engines. */
void provoke_trap(const Side &side)
{
    wrl::Result<int64_t> steps = side.steps(0);
    if (steps) {
        throw wrl::Error(WRL_ERROR_HOST, "steps(0) did not trap");
    }
    if (steps.error().kind() != WRL_ERROR_TRAP) {
        steps.value(); /* Throws the error. */
    }
    std::printf("steps(0) on %s: %s\n", side.store.engine().backend_name(),
                wrl_trap_code_name(steps.error().trap_code()));
}

void run(const char *first, const char *second)
{
    list_backends();
    /* Translates the text once. Each engine compiles the result. */
    wrl::Bytes wasm = wrl::wat_to_wasm(guest).value();
    Side a = start(first, wasm);
    Side b = start(second, wasm);
    compare_features(a.store.engine(), b.store.engine());
    compare_results(a, b);
    provoke_trap(a);
    provoke_trap(b);
    /* A trap ends a call, not the store. */
    compare_results(a, b);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: two_engines BACKEND BACKEND\n");
        return 2;
    }
    try {
        run(argv[1], argv[2]);
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "two_engines: %s\n", error.what());
        return 1;
    }
}
