/* The Rust layer's side: the crate wasm_runtime_layer, used from Rust (rust_layer/src/lib.rs), in its own shared
 * object.
 */
#include "bench.h"

#include <dlfcn.h>

typedef void *(*open_t)(const bench_guests_t *guests, const char *backend);
typedef void (*close_t)(void *self);
typedef void (*run_t)(void *self, uint32_t op, uint64_t count);

static struct {
    void *object;
    open_t open;
    close_t close;
    run_t run;
} rust;

/* POSIX allows the conversion of dlsym()'s result to a function pointer. C does not define it. */
static bool find(const char *name, void *function)
{
    *(void **)function = dlsym(rust.object, name);
    return *(void **)function != NULL;
}

static bool load(void)
{
    if (!rust.object) {
        rust.object = dlopen(BENCH_RUST_LAYER, RTLD_NOW | RTLD_LOCAL);
    }
    return rust.object && find("wrl_bench_rust_layer_open", &rust.open) &&
           find("wrl_bench_rust_layer_close", &rust.close) && find("wrl_bench_rust_layer_run", &rust.run);
}

static void *open(const bench_guests_t *guests, const char *backend)
{
    if (!load()) {
        bench_fail(BENCH_RUST_LAYER, dlerror());
        return NULL;
    }
    return rust.open(guests, backend);
}

static void close(void *self)
{
    rust.close(self);
}

static void run(void *self, bench_op_t op, uint64_t count)
{
    rust.run(self, (uint32_t)op, count);
}

const bench_side_t bench_rust_layer = {
    .open = open,
    .close = close,
    .run = run,
    .labels =
        {
            [BENCH_CALL] = "wasm_runtime_layer's Func::call",
            [BENCH_HOST_CALL] = "Func::new",
            [BENCH_MEMORY_READ8] = "Memory::read",
            [BENCH_MEMORY_RW8] = "Memory::read, Memory::write",
            [BENCH_GLOBAL] = "Global::get, Global::set",
            [BENCH_TABLE_GET] = "Table::get",
            [BENCH_EXPORT_LOOKUP] = "Instance::get_export",
            [BENCH_INSTANTIATE] = "Instance::new",
            [BENCH_CREATE_STORE] = "Store::new, drop",
        },
};
