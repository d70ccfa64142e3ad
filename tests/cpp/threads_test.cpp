/* One module on several threads, a store for each. */
#include "world.h"

#include <thread>
#include <vector>

namespace {

class Threads : public OnBackend {};
ON_EACH_BACKEND(Threads);

TEST_P(Threads, ShareEngineAndModule)
{
    wrl::Module module = compile(R"((module
        (import "host" "add" (func $add (param i32 i32) (result i32)))
        (func (export "sum") (param $n i32) (result i32)
            (local $sum i32)
            (loop $again
                (local.set $sum (call $add (local.get $sum) (local.get $n)))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br_if $again (local.get $n)))
            (local.get $sum))))");
    constexpr int thread_count = 4;
    int ended[thread_count] = {};
    int32_t sums[thread_count] = {};
    std::vector<std::thread> threads;
    for (int i = 0; i < thread_count; i++) {
        threads.emplace_back([module, i, &ended, &sums] {
            for (int round = 0; round < 5; round++) {
                wrl::Store own = wrl::Store::make(module.engine()).value();
                wrl::Imports own_imports = wrl::Imports::make().value();
                auto add = [kept = Ended(&ended[i])](int32_t a, int32_t b) { return a + b; };
                own_imports.define_func(own, "host", "add", std::move(add)).value();
                wrl::Instance instance = wrl::Instance::make(own, module, own_imports).value();
                sums[i] = instance.get_func<int32_t(int32_t)>("sum").value()(100).value();
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    for (int i = 0; i < thread_count; i++) {
        EXPECT_EQ(sums[i], 5050);
        EXPECT_EQ(ended[i], 5);
    }
}

} // namespace
