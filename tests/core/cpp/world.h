/* A backend, an engine, a store and a module from text for most tests of the C++ headers. */
#ifndef WRL_TESTS_CPP_WORLD_H
#define WRL_TESTS_CPP_WORLD_H

#include <wrl.hpp>

#include <gtest/gtest.h>
#include <string>

/* The engines in this build. */
inline const char *const backends_built[] = {WRL_CPP_BACKENDS};

/* A base for tests that run once on each engine. */
class OnBackend : public testing::TestWithParam<const char *> {
  protected:
    wrl::Engine engine = wrl::Engine::make(GetParam()).value();
    wrl::Store store = wrl::Store::make(engine).value();
    wrl::Imports imports = wrl::Imports::make().value();

    wrl::Module compile(const char *wat)
    {
        return wrl::Module::make(engine, wrl::wat_to_wasm(wat).value()).value();
    }
    wrl::Instance instantiate(const char *wat)
    {
        return wrl::Instance::make(store, compile(wat), imports).value();
    }
    template <class Sig> wrl::TypedFunc<Sig> func(const char *wat, const char *name)
    {
        return instantiate(wat).get_func<Sig>(name).value();
    }
};

#define ON_EACH_BACKEND(suite)                                                                                         \
    INSTANTIATE_TEST_SUITE_P(Backends, suite, testing::ValuesIn(backends_built),                                       \
                             [](const auto &info) { return std::string(info.param); })

inline bool has(const wrl::Error &error, const std::string &words)
{
    return std::string(error.message()).find(words) != std::string::npos;
}

#define EXPECT_ERROR(result, expected_kind, words)                                                                     \
    do {                                                                                                               \
        auto &&result_ = (result);                                                                                     \
        ASSERT_FALSE(result_.ok());                                                                                    \
        EXPECT_EQ(result_.error().kind(), expected_kind) << result_.error().message();                                 \
        EXPECT_TRUE(has(result_.error(), words)) << result_.error().message();                                         \
    } while (0)

#define EXPECT_OK(result)                                                                                              \
    do {                                                                                                               \
        auto &&result_ = (result);                                                                                     \
        EXPECT_TRUE(result_.ok()) << (result_.ok() ? "" : result_.error().message());                                  \
    } while (0)

/* Counts its destruction. A move transfers the count, so that the callables and data of a program can be counted. */
class Ended {
  public:
    explicit Ended(int *count) : count_(count)
    {
    }
    Ended(Ended &&other) noexcept : count_(other.count_)
    {
        other.count_ = nullptr;
    }
    Ended(const Ended &) = delete;
    Ended &operator=(const Ended &) = delete;
    Ended &operator=(Ended &&) = delete;
    ~Ended()
    {
        if (count_) {
            ++*count_;
        }
    }

  private:
    int *count_;
};

#endif
