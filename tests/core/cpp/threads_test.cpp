/* One module on several threads, with a store for each thread. */
#include "world.h"

#include <future>
#include <memory>
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

/* Reports its destruction, on any thread. */
class AtEnd {
  public:
    explicit AtEnd(std::shared_ptr<std::promise<void>> told) : told_(std::move(told))
    {
    }
    AtEnd(AtEnd &&other) noexcept = default;
    AtEnd &operator=(AtEnd &&other) = delete;
    ~AtEnd()
    {
        if (told_) {
            told_->set_value();
        }
    }

  private:
    std::shared_ptr<std::promise<void>> told_;
};

/* The callable is moved, called once, and destroyed once. */
TEST_P(Threads, CompileMeanwhile)
{
    int ended = 0;
    auto compiled = std::make_shared<std::promise<wrl::Module>>();
    auto destroyed = std::make_shared<std::promise<void>>();
    {
        wrl::Bytes bytes = wrl::wat_to_wasm("(module (func (export \"f\")))").value();
        auto done = [last = AtEnd(destroyed), kept = Ended(&ended), compiled](wrl::Result<wrl::Module> module) {
            compiled->set_value(std::move(module).value());
        };
        EXPECT_OK(wrl::Module::make_async(engine, bytes, std::move(done)));
    }
    wrl::Module module = compiled->get_future().get();
    EXPECT_TRUE(module.get_export("f"));
    EXPECT_EQ(module.engine().get(), engine.get());
    destroyed->get_future().get();
    EXPECT_EQ(ended, 1);
}

TEST_P(Threads, CompileMeanwhileWhatIsNoModule)
{
    int ended = 0;
    auto never = [kept = Ended(&ended)](wrl::Result<wrl::Module>) { FAIL(); };
    EXPECT_ERROR(wrl::Module::make_async(engine, std::string_view("no module"), std::move(never)), WRL_ERROR_MALFORMED,
                 "");
    EXPECT_EQ(ended, 1);

    EXPECT_ERROR(wrl::Module::validate(engine, std::string_view("no module")), WRL_ERROR_MALFORMED, "");

    /* The function has no i32 to return. */
    auto told = std::make_shared<std::promise<wrl_error_kind_t>>();
    wrl::Bytes bytes = wrl::wat_to_wasm("(module (func (result i32)))").value();
    EXPECT_ERROR(wrl::Module::validate(engine, bytes), WRL_ERROR_INVALID, "");
    EXPECT_OK(wrl::Module::validate(engine, wrl::wat_to_wasm("(module (func))").value()));
    EXPECT_OK(wrl::Module::make_async(engine, bytes, [told](const wrl::Result<wrl::Module> &module) {
        told->set_value(module.ok() ? WRL_ERROR_HOST : module.error().kind());
    }));
    EXPECT_EQ(told->get_future().get(), WRL_ERROR_INVALID);
}

} // namespace
