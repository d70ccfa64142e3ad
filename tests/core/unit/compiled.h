/* Waits for the result of wrl_module_new_async(). */
#ifndef WRL_TESTS_UNIT_COMPILED_H
#define WRL_TESTS_UNIT_COMPILED_H

#include "fake_backend.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

struct Compiled {
    wrl_module_t *module = nullptr;
    std::thread::id thread; /* The thread of the callback. */

    Compiled() = default;
    Compiled(const Compiled &) = delete;
    Compiled &operator=(const Compiled &) = delete;
    ~Compiled()
    {
        wrl_module_release(module);
        wrl_error_delete(error_);
    }

    /* A callback whose `env` is a Compiled. */
    static void done(void *env, wrl_error_t *error, wrl_module_t *module)
    {
        static_cast<Compiled *>(env)->set(error, module);
    }
    int calls()
    {
        std::lock_guard<std::mutex> guard(lock_);
        return calls_;
    }
    /* Waits until done() has been called. Compilations that the double has deferred are finished now. */
    void wait()
    {
        Double::compile_deferred();
        std::unique_lock<std::mutex> guard(lock_);
        called_.wait(guard, [this] { return calls_ > 0; });
    }
    wrl_error_t *take_error()
    {
        return std::exchange(error_, nullptr);
    }
    /* Waits until the library's threads have ended and have deleted everything they held. */
    static void wait_for_idle()
    {
        while (!wrl__work_is_idle()) {
            std::this_thread::yield();
        }
    }

  private:
    void set(wrl_error_t *error, wrl_module_t *made)
    {
        std::lock_guard<std::mutex> guard(lock_);
        wrl_error_delete(std::exchange(error_, error));
        wrl_module_release(std::exchange(module, made));
        thread = std::this_thread::get_id();
        calls_++;
        called_.notify_all();
    }

    std::mutex lock_;
    std::condition_variable called_;
    wrl_error_t *error_ = nullptr;
    int calls_ = 0;
};

#endif
