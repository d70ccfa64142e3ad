/* wrl_module_new_async() on the library's own threads, and with a backend that finishes compilations later. */
#include "compiled.h"
#include "guest.h"

#include <algorithm>
#include <memory>

namespace {

/* Exports a function "run". With one byte of its code changed, engines that check the code reject the module. */
Bytes run_module()
{
    return module({section(1, Bytes{1, 0x60, 0, 0}), section(3, Bytes{1, 0}),
                   section(7, Bytes{1}.text("run").byte(0).u(0)), section(10, Bytes{1, 2, 0, 0x0B})});
}

wrl_error_t *compile(wrl_engine_t *engine, const Bytes &bytes, Compiled &compiled)
{
    return wrl_module_new_async(engine, bytes.data(), bytes.size(), nullptr, Compiled::done, &compiled);
}

/* The numbers of the double's engines and modules. */
struct Count {
    int engines = Double::engines, modules = Double::modules;
    bool same() const
    {
        return Double::engines == engines && Double::modules == modules;
    }
};

struct AsyncGuest : Guest {
    explicit AsyncGuest(const char *backend) : Guest((Double::enter(), backend))
    {
    }
    ~AsyncGuest()
    {
        Compiled::wait_for_idle();
        Double::enter();
    }
};

bool refuse_threads(size_t size)
{
    return size < 1 << 20;
}

/* The double without the feature that lets other threads use it. */
const wrl_backend_t *open_one_thread(uint32_t)
{
    static const wrl_backend_t backend = [] {
        wrl_backend_t made = null_backend_as("one_thread");
        made.engine_features = [](void *, uint64_t *) {};
        return made;
    }();
    return &backend;
}

} // namespace

TEST(ModuleAsync, IsCompiledOnAnotherThread)
{
    AsyncGuest guest("double");
    Compiled compiled;
    Bytes bytes = run_module();
    ASSERT_OK(compile(guest.engine, bytes, compiled));
    std::fill(bytes.vector().begin(), bytes.vector().end(), uint8_t(0xFF));
    compiled.wait();
    ASSERT_NE(compiled.module, nullptr);
    EXPECT_EQ(compiled.take_error(), nullptr);
    EXPECT_NE(compiled.thread, std::this_thread::get_id());
    EXPECT_EQ(wrl_module_engine(compiled.module), guest.engine);
    EXPECT_EQ(wrl_module_index_space_size(compiled.module, WRL_EXTERN_FUNC), 1u);
    EXPECT_TRUE(wrl_module_get_export(compiled.module, "run", std::make_unique<wrl_exporttype_t>().get()));
    Compiled::wait_for_idle();
    EXPECT_EQ(compiled.calls(), 1);
}

TEST(ModuleAsync, WhatTheEngineSaysComesThroughDone)
{
    for (const char *backend : {"double", "deferred"}) {
        Count count;
        {
            AsyncGuest guest(backend);
            Compiled compiled;
            Double::on_module = [] { return wrl_error_new(WRL_ERROR_INVALID, "the engine's words"); };
            ASSERT_OK(compile(guest.engine, run_module(), compiled));
            compiled.wait();
            EXPECT_EQ(compiled.module, nullptr);
            EXPECT_ERROR(compiled.take_error(), WRL_ERROR_INVALID, "invalid module: the engine's words");
            Compiled::wait_for_idle();
            EXPECT_EQ(compiled.calls(), 1);
        }
        EXPECT_TRUE(count.same()) << backend;
    }
}

TEST(ModuleAsync, WhatIsKnownAtOnceIsReturned)
{
    for (const char *backend : {"double", "deferred"}) {
        AsyncGuest guest(backend);
        Compiled compiled;
        Bytes bytes = run_module();
        EXPECT_ERROR(compile(nullptr, bytes, compiled), WRL_ERROR_INVALID_ARGUMENT, "engine: is NULL");
        EXPECT_ERROR(wrl_module_new_async(guest.engine, nullptr, 1, nullptr, Compiled::done, &compiled),
                     WRL_ERROR_INVALID_ARGUMENT, "bytes: is NULL");
        EXPECT_ERROR(wrl_module_new_async(guest.engine, bytes.data(), SIZE_MAX, nullptr, Compiled::done, &compiled),
                     WRL_ERROR_INVALID_ARGUMENT, "size: ");
        EXPECT_ERROR(wrl_module_new_async(guest.engine, bytes.data(), bytes.size(), nullptr, nullptr, &compiled),
                     WRL_ERROR_INVALID_ARGUMENT, "done: is NULL");
        bytes.vector().pop_back();
        EXPECT_ERROR(compile(guest.engine, bytes, compiled), WRL_ERROR_MALFORMED, "");
        EXPECT_ERROR(compile(guest.engine, Bytes(), compiled), WRL_ERROR_MALFORMED, "");
        EXPECT_EQ(Double::compile_deferred(), 0u);
        Compiled::wait_for_idle();
        EXPECT_EQ(compiled.calls(), 0);
    }
}

TEST(ModuleAsync, AnEngineOfOneThreadIsRefused)
{
    EXPECT_OK(wrl_backend_register(open_one_thread));
    AsyncGuest guest("one_thread");
    Compiled compiled;
    EXPECT_ERROR(compile(guest.engine, run_module(), compiled), WRL_ERROR_UNSUPPORTED,
                 "wrl_module_new_async() needs the feature thread-safe, which the backend one_thread does not support");
    EXPECT_OK(guest.compile(run_module()));
    EXPECT_TRUE(wrl__work_is_idle());
    EXPECT_EQ(compiled.calls(), 0);
}

TEST(ModuleAsync, NoThreadCanBeStarted)
{
    AsyncGuest guest("double");
    Compiled compiled;
    wrl__alloc_set_hook(refuse_threads);
    wrl_error_t *error = compile(guest.engine, run_module(), compiled);
    wrl__alloc_set_hook(nullptr);
    EXPECT_ERROR(error, WRL_ERROR_RESOURCE_LIMIT, "cannot start a thread");
    EXPECT_EQ(compiled.calls(), 0);
    EXPECT_TRUE(wrl__work_is_idle());
    ASSERT_OK(compile(guest.engine, run_module(), compiled));
    compiled.wait();
    EXPECT_NE(compiled.module, nullptr);
}

/* If no other thread can be started, the existing one does all the work. */
TEST(ModuleAsync, NoFurtherThreadCanBeStarted)
{
    AsyncGuest guest("double");
    Compiled compiled[5];
    std::mutex gate;
    gate.lock();
    std::atomic<bool> first{true};
    Double::on_module = [&]() -> wrl_error_t * {
        if (first.exchange(false)) {
            gate.lock();
            gate.unlock();
        }
        return nullptr;
    };
    ASSERT_OK(compile(guest.engine, run_module(), compiled[0]));
    wrl__alloc_set_hook(refuse_threads);
    for (int i = 1; i < 5; i++) {
        EXPECT_OK(compile(guest.engine, run_module(), compiled[i]));
    }
    gate.unlock();
    for (Compiled &each : compiled) {
        each.wait();
        EXPECT_NE(each.module, nullptr);
        EXPECT_EQ(each.thread, compiled[0].thread);
    }
    Compiled::wait_for_idle();
    wrl__alloc_set_hook(nullptr);
}

TEST(ModuleAsync, ThreadsAreFew)
{
    AsyncGuest guest("double");
    std::atomic<int> running{0}, most{0};
    Double::on_module = [&]() -> wrl_error_t * {
        int now = ++running;
        int before = most;
        while (now > before && !most.compare_exchange_weak(before, now)) {
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        running--;
        return nullptr;
    };
    std::vector<std::unique_ptr<Compiled>> all;
    for (int i = 0; i < 40; i++) {
        all.push_back(std::make_unique<Compiled>());
        ASSERT_OK(compile(guest.engine, run_module(), *all.back()));
    }
    for (auto &compiled : all) {
        compiled->wait();
        EXPECT_NE(compiled->module, nullptr);
    }
    Compiled::wait_for_idle();
    EXPECT_LE(most, WRL_WORK_THREADS);
    EXPECT_GT(most, 1);
    for (auto &compiled : all) {
        EXPECT_EQ(compiled->calls(), 1);
    }
}

TEST(ModuleAsync, TheEngineIsKeptUntilDoneHasReturned)
{
    for (const char *backend : {"double", "deferred"}) {
        Count count;
        {
            AsyncGuest guest(backend);
            struct Seen {
                int engines = -1;
                bool called = false;
                std::mutex lock;
                std::condition_variable changed;
            } seen;
            Bytes bytes = run_module();
            ASSERT_OK(wrl_module_new_async(
                guest.engine, bytes.data(), bytes.size(), nullptr,
                [](void *env, wrl_error_t *error, wrl_module_t *made) {
                    Seen *told = static_cast<Seen *>(env);
                    EXPECT_EQ(error, nullptr);
                    wrl_module_release(made);
                    std::lock_guard<std::mutex> guard(told->lock);
                    told->engines = Double::engines;
                    told->called = true;
                    told->changed.notify_all();
                },
                &seen));
            wrl_store_delete(std::exchange(guest.store, nullptr));
            wrl_engine_release(std::exchange(guest.engine, nullptr));
            Double::compile_deferred();
            std::unique_lock<std::mutex> guard(seen.lock);
            seen.changed.wait(guard, [&] { return seen.called; });
            EXPECT_EQ(seen.engines, count.engines + 1) << backend;
        }
        EXPECT_TRUE(count.same()) << backend;
    }
}

TEST(ModuleAsync, DoneStartsAnother)
{
    for (const char *backend : {"double", "deferred"}) {
        AsyncGuest guest(backend);
        struct Chain {
            wrl_engine_t *engine;
            Bytes bytes;
            int left;
            Compiled last;
            static void done(void *env, wrl_error_t *error, wrl_module_t *made)
            {
                Chain *chain = static_cast<Chain *>(env);
                if (--chain->left == 0) {
                    Compiled::done(&chain->last, error, made);
                    return;
                }
                wrl_module_release(made);
                EXPECT_EQ(error, nullptr);
                EXPECT_OK(wrl_module_new_async(chain->engine, chain->bytes.data(), chain->bytes.size(), nullptr, done,
                                               chain));
            }
        } chain{guest.engine, run_module(), 10, {}};
        ASSERT_OK(
            wrl_module_new_async(guest.engine, chain.bytes.data(), chain.bytes.size(), nullptr, Chain::done, &chain));
        while (Double::compile_deferred()) {
        }
        chain.last.wait();
        EXPECT_NE(chain.last.module, nullptr);
        EXPECT_EQ(chain.last.calls(), 1);
        Compiled::wait_for_idle();
    }
}

TEST(ModuleAsync, ABackendFinishesLater)
{
    Count count;
    {
        AsyncGuest guest("deferred");
        Compiled compiled[3];
        for (Compiled &each : compiled) {
            ASSERT_OK(compile(guest.engine, run_module(), each));
        }
        EXPECT_TRUE(wrl__work_is_idle());
        for (Compiled &each : compiled) {
            EXPECT_EQ(each.calls(), 0);
        }
        EXPECT_EQ(Double::compile_deferred(), 3u);
        for (Compiled &each : compiled) {
            EXPECT_EQ(each.calls(), 1);
            EXPECT_NE(each.module, nullptr);
            EXPECT_EQ(each.thread, std::this_thread::get_id());
        }
        EXPECT_EQ(Double::modules, count.modules + 3);
        guest.module = wrl_module_retain(compiled[1].module);
        EXPECT_OK(guest.instantiate());
    }
    EXPECT_TRUE(count.same());
}

TEST(ModuleAsync, ABackendCannotStart)
{
    Count count;
    {
        AsyncGuest guest("deferred");
        Compiled compiled;
        Double::on_module_async = [] { return wrl_error_new(WRL_ERROR_RESOURCE_LIMIT, "not now"); };
        EXPECT_ERROR(compile(guest.engine, run_module(), compiled), WRL_ERROR_RESOURCE_LIMIT, "not now");
        EXPECT_EQ(Double::compile_deferred(), 0u);
        EXPECT_EQ(compiled.calls(), 0);
    }
    EXPECT_TRUE(count.same());
}

/* An error about a thread that must not wait for a large module names wrl_module_new_async() if the backend implements
 * it. */
TEST(ModuleAsync, IsNamedWhereAThreadMayNotWait)
{
    for (const char *backend : {"double", "deferred"}) {
        AsyncGuest guest(backend);
        Double::on_module = [] { return wrl_error_new(WRL_ERROR_UNSUPPORTED, "more than 8 MB"); };
        Outcome outcome(guest.compile(run_module()));
        EXPECT_EQ(outcome.kind, WRL_ERROR_UNSUPPORTED);
        EXPECT_TRUE(outcome.has("more than 8 MB"));
        EXPECT_EQ(outcome.has("wrl_module_new_async()"), std::string(backend) == "deferred") << outcome.message;
        EXPECT_EQ(outcome.has("a module of " + std::to_string(run_module().size()) + " bytes"),
                  std::string(backend) == "deferred");
    }
}
