/*
 * The same as threads.c in C++. A future reports the result or exception of a thread. The mutex is held until the end
 * of a block.
 *
 * Shows several threads with one module and a store each; then one store that the threads use in turn under a mutex,
 * and that the main thread uses alone after they have ended.
 *
 *     c++ -std=c++17 -pthread -I$PREFIX/include threads.cpp -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o threads_cpp
 *     ./threads_cpp
 *
 * PREFIX is where the layer is installed. `./threads_cpp BACKEND` selects the engine.
 */
#include <array>
#include <cstdio>
#include <exception>
#include <future>
#include <mutex>
#include <wrl.hpp>

namespace {

/* sum(from, to) adds up the numbers from `from` to `to` - 1. add(n) adds to a total and returns it. */
const char guest[] = R"((module
    (func (export "sum") (param $from i64) (param $to i64) (result i64)
        (local $sum i64)
        (block $done
            (loop $next
                (br_if $done (i64.ge_s (local.get $from) (local.get $to)))
                (local.set $sum (i64.add (local.get $sum) (local.get $from)))
                (local.set $from (i64.add (local.get $from) (i64.const 1)))
                (br $next)))
        (local.get $sum))
    (global $total (mut i64) (i64.const 0))
    (func (export "add") (param $n i64) (result i64)
        (global.set $total (i64.add (global.get $total) (local.get $n)))
        (global.get $total))))";

constexpr int threads = 4;
constexpr int numbers = 250000;
constexpr int turns = 1000;

/* A function of the store that the threads share. Only the thread that holds the mutex may use that store. */
struct Shared {
    std::mutex mutex;
    wrl::TypedFunc<int64_t(int64_t)> add;
};

/* Uses the thread's own store, which needs no lock. */
int64_t sum_alone(const wrl::Module &module, int64_t from)
{
    wrl::Store store = wrl::Store::make(module.engine()).value();
    wrl::Instance instance = wrl::Instance::make(store, module).value();
    auto sum = instance.get_func<int64_t(int64_t, int64_t)>("sum").value();
    return sum(from, from + numbers).value();
}

int64_t work(const wrl::Module &module, Shared &shared, int64_t from)
{
    int64_t sum = sum_alone(module, from);
    for (int turn = 0; turn < turns; turn++) {
        std::lock_guard<std::mutex> lock(shared.mutex);
        shared.add(1).value();
    }
    return sum;
}

void run(const char *backend)
{
    wrl::Engine engine = wrl::Engine::make(backend).value();
    if (!engine.supports(WRL_FEATURE_THREAD_SAFE)) {
        throw wrl::Error(WRL_ERROR_UNSUPPORTED, "this engine is not thread-safe");
    }
    wrl::Module module = wrl::Module::make(engine, wrl::wat_to_wasm(guest).value()).value();
    wrl::Store store = wrl::Store::make(engine).value();
    wrl::Instance instance = wrl::Instance::make(store, module).value();
    Shared shared{{}, instance.get_func<int64_t(int64_t)>("add").value()};

    /* If get() throws, the destructors of the other futures wait for their threads before the objects that the threads
     * use are deleted. */
    std::array<std::future<int64_t>, threads> tasks;
    for (size_t i = 0; i < tasks.size(); i++) {
        int64_t from = static_cast<int64_t>(i) * numbers;
        tasks[i] = std::async(std::launch::async, [&, from] { return work(module, shared, from); });
    }
    int64_t sum = 0;
    for (std::future<int64_t> &task : tasks) {
        sum += task.get();
    }
    std::printf("%d threads, a store each: the numbers below %d add up to %lld\n", threads, threads * numbers,
                static_cast<long long>(sum));

    /* The threads have ended, so this thread may use the store without the mutex. */
    std::printf("%d threads, one store: %lld turns were taken\n", threads,
                static_cast<long long>(shared.add(0).value()));
}

} // namespace

int main(int argc, char **argv)
{
    try {
        run(argc > 1 ? argv[1] : nullptr);
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "threads: %s\n", error.what());
        return 1;
    }
}
