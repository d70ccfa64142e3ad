// The layer's side in C++: wrl::TypedFunc and a lambda as a host function. They should cost the same as
// wrl_func_call_raw() and wrl_func_new_raw() in C.
#include "bench.h"

#include <wrl.hpp>

namespace {

// No exception may propagate into C.
template <class Body> void guarded(const Body &body) noexcept
{
    try {
        body();
    } catch (const std::exception &error) {
        bench_fail("the layer in C++", error.what());
    }
}

} // namespace

struct bench_cpp {
    wrl::TypedFunc<int32_t(int32_t, int32_t)> add;
    wrl::TypedFunc<int32_t(int32_t)> call_host;
};

bench_cpp_t *bench_cpp_open(wrl_store_t *store, const bench_guests_t *guests)
{
    bench_cpp_t *self = nullptr;
    guarded([&] {
        wrl::StoreRef lent(store);
        wrl::Imports imports = wrl::Imports::make().value();
        auto increment = [](int32_t a) { return a + 1; };
        imports.define_func(lent, "host", "checked", increment).value();
        imports.define_func(lent, "host", "raw", increment).value();
        wrl::ByteView bytes(guests->guest, guests->guest_size);
        wrl::Module module = wrl::Module::make(lent.engine(), bytes).value();
        wrl::Instance instance = wrl::Instance::make(lent, module, imports).value();
        self = new bench_cpp_t{instance.get_func<int32_t(int32_t, int32_t)>("add").value(),
                               instance.get_func<int32_t(int32_t)>("call_raw").value()};
    });
    return self;
}

void bench_cpp_close(bench_cpp_t *self)
{
    delete self;
}

void bench_cpp_call(const bench_cpp_t *self, uint64_t count)
{
    guarded([&] {
        int32_t sum = 0;
        for (uint64_t i = 0; i < count; i++) {
            sum = self->add(sum, 1).value();
        }
        bench_check_sum("the layer in C++", sum, count);
    });
}

void bench_cpp_host_call(const bench_cpp_t *self, uint64_t count)
{
    guarded([&] {
        int32_t sum = self->call_host(static_cast<int32_t>(count)).value();
        bench_check_sum("the layer in C++", sum, count);
    });
}
