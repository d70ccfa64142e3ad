/* wasmi's side: the crate wasmi, used from Rust (wasmi/src/lib.rs). */
#include "bench.h"

void *wrl_bench_wasmi_open(const bench_guests_t *guests);
void wrl_bench_wasmi_close(void *self);
void wrl_bench_wasmi_run(void *self, uint32_t op, uint64_t count);

static void *open(const bench_guests_t *guests, const char *backend)
{
    (void)backend;
    return wrl_bench_wasmi_open(guests);
}

static void run(void *self, bench_op_t op, uint64_t count)
{
    wrl_bench_wasmi_run(self, (uint32_t)op, count);
}

const bench_side_t bench_wasmi = {
    .open = open,
    .close = wrl_bench_wasmi_close,
    .run = run,
    .labels =
        {
            [BENCH_CALL] = "Func::call",
            [BENCH_CALL_RAW] = "TypedFunc::call",
            [BENCH_HOST_CALL] = "Func::new",
            [BENCH_HOST_CALL_RAW] = "Func::wrap",
            [BENCH_MEMORY_READ8] = "Memory::read",
            [BENCH_MEMORY_RW8] = "Memory::read, Memory::write",
            [BENCH_GLOBAL] = "Global::get, Global::set",
            [BENCH_TABLE_GET] = "Table::get",
            [BENCH_EXPORT_LOOKUP] = "Instance::get_func",
            [BENCH_INSTANTIATE] = "Instance::new",
            [BENCH_COMPILE] = "Module::new",
            [BENCH_CREATE_STORE] = "Store::new, drop",
            [BENCH_GUEST_CONVERT] = "without fuel",
            [BENCH_GUEST_CALL] = "without fuel",
        },
};
